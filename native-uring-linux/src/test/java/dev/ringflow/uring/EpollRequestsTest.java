package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.EPOLLET;
import static dev.ringflow.uring.UringConstants.EPOLLIN;
import static dev.ringflow.uring.UringConstants.EPOLLOUT;
import static dev.ringflow.uring.UringConstants.EPOLL_CTL_ADD;
import static dev.ringflow.uring.UringConstants.EPOLL_CTL_DEL;
import static dev.ringflow.uring.UringConstants.EPOLL_CTL_MOD;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.uring.struct.EpollEvent;
import dev.ringflow.uring.struct.Timespec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import java.util.TreeSet;
import jnr.ffi.LibraryLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Epoll by way of the ring: files added, changed and taken away, and waits that end by event, time or cancel. */
@Timeout(60)
class EpollRequestsTest {
    private static final long MILLIS = 1_000_000L;
    private static final Calls LIBC = LibraryLoader.create(Calls.class).load("c");

    private Uring ring;
    private int epoll;
    private int[] pipe;
    private int[] otherPipe;
    private final ByteBuffer event = Memory.allocate(EpollEvent.SIZE, 8);
    private final ByteBuffer events = Memory.allocate(4 * EpollEvent.SIZE, 8);
    private final ByteBuffer time = Memory.allocate(Timespec.SIZE, 8);

    /** What epoll takes of the C library. */
    public interface Calls {
        int epoll_create1(int flags);

        int epoll_wait(int fd, long events, int count, int timeout);
    }

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(16);
        Native.assumeOpcode(ring, UringConstants.IORING_OP_EPOLL_CTL);
        epoll = LIBC.epoll_create1(UringConstants.EPOLL_CLOEXEC);
        assertThat(epoll).isPositive();
        pipe = Native.pipe();
        otherPipe = Native.pipe();
    }

    @AfterEach
    void close() {
        ring.close();
        if (pipe != null) {
            Native.close(pipe);
            Native.close(otherPipe);
            Native.close(epoll);
        }
    }

    private Sqe sqe(final long userData) {
        final Sqe sqe = ring.getSqe();
        sqe.setData64(userData);
        return sqe;
    }

    private int control(final int fd, final int operation, final int wanted, final long data) {
        EpollEvent.set(event, 0, wanted, data);
        sqe(1).prepEpollCtl(epoll, fd, operation, event);
        return Completion.awaitResult(ring);
    }

    private int ready() {
        return LIBC.epoll_wait(epoll, Memory.address(events), 4, 0);
    }

    @Test
    void shouldAddChangeAndTakeAwayAFile() {
        Native.write(pipe[1], "x");
        assertThat(control(pipe[0], EPOLL_CTL_ADD, EPOLLIN, 0x1122334455667788L))
                .isZero();
        assertThat(ready()).isEqualTo(1);
        assertThat(EpollEvent.events(events, 0)).isEqualTo(EPOLLIN);
        assertThat(EpollEvent.data(events, 0)).isEqualTo(0x1122334455667788L);
        assertThat(control(pipe[0], EPOLL_CTL_ADD, EPOLLIN, 1)).as("twice").isEqualTo(-Errno.EEXIST);

        assertThat(control(pipe[0], EPOLL_CTL_MOD, EPOLLIN, -2)).isZero();
        assertThat(ready()).isEqualTo(1);
        assertThat(EpollEvent.data(events, 0)).isEqualTo(-2);
        assertThat(control(pipe[0], EPOLL_CTL_MOD, EPOLLOUT, -2)).isZero();
        assertThat(ready()).as("a reading end has no room to write").isZero();

        sqe(2).prepEpollCtl(epoll, pipe[0], EPOLL_CTL_DEL, 0);
        assertThat(Completion.awaitResult(ring)).isZero();
        assertThat(ready()).isZero();
        sqe(3).prepEpollCtl(epoll, pipe[0], EPOLL_CTL_DEL, 0);
        assertThat(Completion.awaitResult(ring)).as("gone").isEqualTo(-Errno.ENOENT);
        assertThat(control(pipe[0], EPOLL_CTL_MOD, EPOLLIN, 1)).as("gone").isEqualTo(-Errno.ENOENT);
    }

    @Test
    void shouldRefuseWhatCannotBeWatched() {
        assertThat(control(12_345, EPOLL_CTL_ADD, EPOLLIN, 1)).isEqualTo(-Errno.EBADF);
        assertThat(control(epoll, EPOLL_CTL_ADD, EPOLLIN, 1)).as("itself").isEqualTo(-Errno.EINVAL);
        sqe(1).prepEpollCtl(pipe[0], pipe[1], EPOLL_CTL_DEL, 0);
        assertThat(Completion.awaitResult(ring)).as("no epoll file").isEqualTo(-Errno.EINVAL);
        sqe(2).prepEpollCtl(epoll, pipe[0], EPOLL_CTL_ADD, 8);
        assertThat(Completion.awaitResult(ring)).as("address").isEqualTo(-Errno.EFAULT);
        final Sqe sqe = sqe(3);
        assertThatThrownBy(
                        () -> sqe.prepEpollCtl(epoll, pipe[0], EPOLL_CTL_ADD, Memory.allocate(EpollEvent.SIZE - 1, 8)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sqe.prepEpollWait(epoll, events.asReadOnlyBuffer(), 0))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> sqe.prepEpollWait(epoll, Memory.allocate(EpollEvent.SIZE - 1, 8), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void assumeEpollWait() {
        Native.assumeOpcode(ring, UringConstants.IORING_OP_EPOLL_WAIT);
    }

    @Test
    void shouldWaitForEvents() {
        assumeEpollWait();
        control(pipe[0], EPOLL_CTL_ADD, EPOLLIN, 10);
        control(otherPipe[0], EPOLL_CTL_ADD, EPOLLIN, 20);
        sqe(1).prepEpollWait(epoll, events, 0);
        ring.submit();
        assertThat(ring.waitCqeTimeout(3 * MILLIS)).isEqualTo(-Errno.ETIME);
        Native.write(otherPipe[1], "x");
        assertThat(Completion.awaitResult(ring)).isEqualTo(1);
        assertThat(EpollEvent.data(events, 0)).isEqualTo(20);

        Native.write(pipe[1], "x");
        sqe(2).prepEpollWait(epoll, events, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(2);
        final TreeSet<Long> ready = new TreeSet<>();
        for (int i = 0; i < 2; i++) {
            assertThat(EpollEvent.events(events, i * EpollEvent.SIZE)).isEqualTo(EPOLLIN);
            ready.add(EpollEvent.data(events, i * EpollEvent.SIZE));
        }
        assertThat(ready).containsExactly(10L, 20L);

        final ByteBuffer one = events.duplicate().order(events.order());
        one.position(2 * EpollEvent.SIZE).limit(4 * EpollEvent.SIZE - 1);
        sqe(3).prepEpollWait(epoll, one, 0);
        assertThat(Completion.awaitResult(ring)).as("room for one").isEqualTo(1);
        assertThat(EpollEvent.data(events, 2 * EpollEvent.SIZE)).isIn(10L, 20L);
        assertThat(EpollEvent.data(events, 3 * EpollEvent.SIZE)).isZero();
    }

    @Test
    void shouldTellAnEdgeOnce() {
        assumeEpollWait();
        control(pipe[0], EPOLL_CTL_ADD, EPOLLIN | EPOLLET, 10);
        Native.write(pipe[1], "x");
        sqe(1).prepEpollWait(epoll, Memory.address(events), 4, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(1);
        sqe(2).prepEpollWait(epoll, Memory.address(events), 4, 0);
        ring.submit();
        assertThat(ring.waitCqeTimeout(3 * MILLIS)).isEqualTo(-Errno.ETIME);
        Native.write(pipe[1], "x");
        assertThat(Completion.awaitResult(ring)).isEqualTo(1);
    }

    @Test
    void shouldEndAWaitByItsLinkTimeout() {
        assumeEpollWait();
        final Sqe wait = sqe(1);
        wait.prepEpollWait(epoll, events, 0);
        wait.setFlags(IOSQE_IO_LINK);
        Timespec.setNanos(time, 0, 10 * MILLIS);
        sqe(2).prepLinkTimeout(time, 0);
        assertThat(Completion.awaitSorted(ring, 2))
                .extracting(Completion::res)
                .containsExactly(-Errno.ECANCELED, -Errno.ETIME);

        control(pipe[0], EPOLL_CTL_ADD, EPOLLIN, 10);
        Native.write(pipe[1], "x");
        final Sqe ready = sqe(3);
        ready.prepEpollWait(epoll, events, 0);
        ready.setFlags(IOSQE_IO_LINK);
        Timespec.setNanos(time, 0, 10_000 * MILLIS);
        sqe(4).prepLinkTimeout(time, 0);
        assertThat(Completion.awaitSorted(ring, 2)).extracting(Completion::res).containsExactly(1, -Errno.ECANCELED);
    }

    @Test
    void shouldCancelAWait() {
        assumeEpollWait();
        sqe(1).prepEpollWait(epoll, events, 0);
        ring.submit();
        sqe(2).prepCancel64(1, 0);
        final List<Completion> both = Completion.awaitSorted(ring, 2);
        assertThat(both).containsExactly(new Completion(1, -Errno.ECANCELED, 0), new Completion(2, 0, 0));
    }

    @Test
    void shouldRefuseWaitsThatCannotBe() {
        assumeEpollWait();
        control(pipe[0], EPOLL_CTL_ADD, EPOLLIN, 10);
        Native.write(pipe[1], "x");
        sqe(1).prepEpollWait(epoll, Memory.address(events), 0, 0);
        assertThat(Completion.awaitResult(ring)).as("no room").isEqualTo(-Errno.EINVAL);
        sqe(2).prepEpollWait(epoll, 8, 4, 0);
        assertThat(Completion.awaitResult(ring)).as("address").isEqualTo(-Errno.EFAULT);
        sqe(3).prepEpollWait(pipe[0], Memory.address(events), 4, 0);
        assertThat(Completion.awaitResult(ring)).as("no epoll file").isEqualTo(-Errno.EINVAL);
        sqe(4).prepEpollWait(epoll, Memory.address(events), 4, 1);
        assertThat(Completion.awaitResult(ring)).as("flags").isEqualTo(-Errno.EINVAL);
    }
}
