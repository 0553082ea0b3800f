package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_SETUP_R_DISABLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages to a ring from who has none. */
@Timeout(60)
class SyncMsgTest {
    private Uring ring;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(8);
        final int result = send(ring.ringFd(), 1);
        assumeTrue(result != -Errno.EINVAL && result != -Errno.EBADF, "this kernel has no messages without a ring");
        assertThat(result).isZero();
        assertThat(Completion.await(ring, 1)).containsExactly(new Completion(1, 7, 0));
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private static int send(final int fd, final long data) {
        return Uring.registerSyncMsg(sqe -> sqe.prepMsgRing(fd, 7, data, 0));
    }

    /** X1. */
    @Test
    void shouldPostFromAnyThread() throws Exception {
        final int fd = ring.ringFd();
        final Thread thread = new Thread(() -> {
            for (int i = 0; i < 4; i++) {
                assertThat(send(fd, 100 + i)).isZero();
            }
        });
        thread.start();
        assertThat(Completion.awaitSorted(ring, 4))
                .extracting(Completion::userData)
                .containsExactly(100L, 101L, 102L, 103L);
        thread.join();
    }

    /** X1. */
    @Test
    void shouldTellWhyItCannotPost() throws IOException {
        final int[] pipe = Native.pipe();
        assertThat(send(pipe[0], 1)).as("no ring").isEqualTo(-Errno.EBADFD);
        assertThat(send(1_000_000, 1)).as("not open").isEqualTo(-Errno.EBADF);
        try (Uring disabled = Uring.open(UringParams.of(4).withFlags(IORING_SETUP_R_DISABLED))) {
            assertThat(send(disabled.ringFd(), 1)).isEqualTo(-Errno.EBADFD);
        }
        assertThat(Uring.registerSyncMsg(Sqe::prepNop)).as("another operation").isEqualTo(-Errno.EINVAL);
        Native.close(pipe);
    }

    @Test
    void shouldNotLetTheEntryBeUsedLater() {
        final AtomicReference<Sqe> kept = new AtomicReference<>();
        assertThat(Uring.registerSyncMsg(sqe -> {
                    sqe.prepMsgRing(ring.ringFd(), 7, 2, 0);
                    kept.set(sqe);
                }))
                .isZero();
        assertThatThrownBy(() -> kept.get().prepNop()).isInstanceOf(IllegalStateException.class);
    }
}
