package dev.ringflow.uring;

import static dev.ringflow.uring.Request.NOWHERE;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_LINKED_FILE;
import static dev.ringflow.uring.UringConstants.IORING_FILE_INDEX_ALLOC;
import static dev.ringflow.uring.UringConstants.IORING_OP_PIPE;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static dev.ringflow.uring.UringConstants.O_CLOEXEC;
import static dev.ringflow.uring.UringConstants.O_NONBLOCK;
import static dev.ringflow.uring.UringConstants.O_RDWR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Iovec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.Variadic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F15 and F20: making pipes, and writing to pipes and terminals. */
@Timeout(60)
class PipeRequestsTest {
    private static final long TIOCSPTLCK = 0x40045431L;
    private static final long TIOCGPTN = 0x80045430L;

    private final ByteBuffer fds = Memory.allocate(8, 4);
    private final ByteBuffer in = Memory.allocate(64, 8);
    private Uring ring;

    @BeforeEach
    void open() throws UringException {
        ring = Uring.open(8);
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private int run(final Consumer<Sqe> preparation) {
        return Request.result(ring, preparation);
    }

    private int read(final int fd, final int flags) {
        return run(sqe -> {
            sqe.prepRead(fd, in, -1);
            sqe.setFlags(flags);
        });
    }

    private int write(final int fd, final String text, final int flags) {
        final ByteBuffer out = Native.bytes(text);
        return run(sqe -> {
            sqe.prepWrite(fd, out, -1);
            sqe.setFlags(flags);
        });
    }

    private void assertCarries(final int from, final int to, final int flags) {
        final String text = "32 bytes through this pipe, yes!";
        assertThat(write(to, text, flags)).isEqualTo(32);
        assertThat(read(from, flags)).isEqualTo(32);
        assertThat(Native.text(in, 32)).isEqualTo(text);
    }

    /** F15. */
    @Test
    void shouldMakeAPipe() {
        Native.assumeOpcode(ring, IORING_OP_PIPE);
        for (final boolean typed : new boolean[] {true, false}) {
            assertThat(run(sqe -> {
                        if (typed) {
                            sqe.prepPipe(fds, O_CLOEXEC);
                        } else {
                            sqe.prepPipe(Memory.address(fds), O_CLOEXEC);
                        }
                    }))
                    .isZero();
            final int[] pipe = {fds.getInt(0), fds.getInt(4)};
            assertThat(Native.isCloseOnExec(pipe[0])).isTrue();
            assertThat(Native.isCloseOnExec(pipe[1])).isTrue();
            assertCarries(pipe[0], pipe[1], 0);
            assertThat(run(sqe -> sqe.prepClose(pipe[1]))).isZero();
            assertThat(read(pipe[0], 0)).as("the writer has closed").isZero();
            assertThat(run(sqe -> sqe.prepClose(pipe[0]))).isZero();
        }
    }

    /** F15. */
    @Test
    void shouldMakeAPipeThatDoesNotBlock() {
        Native.assumeOpcode(ring, IORING_OP_PIPE);
        assertThat(run(sqe -> sqe.prepPipe(fds, O_CLOEXEC | O_NONBLOCK))).isZero();
        assertThat(LibC.read(fds.getInt(0), Memory.address(in), 8)).isEqualTo(-Errno.EAGAIN);
        assertThat(run(sqe -> {
                    sqe.prepRead(fds.getInt(0), in, -1);
                    sqe.setRwFlags(UringConstants.RWF_NOWAIT); // the ring waits in spite of O_NONBLOCK
                }))
                .isEqualTo(-Errno.EAGAIN);
        Native.close(fds.getInt(0), fds.getInt(4));
    }

    /** F15: a failure leaves no descriptor behind. */
    @Test
    void shouldTellWhatIsWrongWithAPipe() throws Exception {
        Native.assumeOpcode(ring, IORING_OP_PIPE);
        final List<String> before = Native.openFiles();
        assertThat(run(sqe -> sqe.prepPipe(NOWHERE, O_CLOEXEC))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepPipe(fds, UringConstants.O_APPEND)))
                .as("flags")
                .isEqualTo(-Errno.EINVAL);
        assertThat(before).containsAll(Native.openFiles());
        final ByteBuffer small = Memory.allocate(7, 4);
        final Sqe sqe = ring.getSqe();
        assertThatThrownBy(() -> sqe.prepPipe(small, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sqe.prepPipeDirect(small, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** F15. */
    @Test
    void shouldMakeAPipeInFreeSlots() {
        Native.assumeOpcode(ring, IORING_OP_PIPE);
        assertThat(ring.registerFilesSparse(3)).isZero();
        assertThat(run(sqe -> sqe.prepPipeDirect(fds, 0, IORING_FILE_INDEX_ALLOC)))
                .isZero();
        assertThat(fds.getInt(0)).isZero();
        assertThat(fds.getInt(4)).isEqualTo(1);
        assertCarries(0, 1, IOSQE_FIXED_FILE);

        assertThat(run(sqe -> sqe.prepPipeDirect(fds, 0, IORING_FILE_INDEX_ALLOC)))
                .as("one free slot is too few")
                .isEqualTo(-Errno.ENFILE);
        assertThat(run(sqe -> sqe.prepCloseDirect(1))).isZero();
        assertThat(read(0, IOSQE_FIXED_FILE)).as("the writer has closed").isZero();
        assertThat(run(sqe -> sqe.prepPipeDirect(fds, 0, IORING_FILE_INDEX_ALLOC)))
                .as("both free slots are there after all")
                .isZero();
        assertCarries(fds.getInt(0), fds.getInt(4), IOSQE_FIXED_FILE);
    }

    /** F15: some kernels write zeroes instead of the slots. */
    @Test
    void shouldMakeAPipeInSlotsOfOnesChoice() {
        Native.assumeOpcode(ring, IORING_OP_PIPE);
        assertThat(ring.registerFilesSparse(6)).isZero();
        assertThat(run(sqe -> sqe.prepPipeDirect(Memory.address(fds), 0, 3))).isZero();
        assertThat(fds.getInt(0)).isIn(3, 0);
        assertThat(fds.getInt(4)).isEqualTo(fds.getInt(0) == 3 ? 4 : 0);
        assertCarries(3, 4, IOSQE_FIXED_FILE);

        assertThat(run(sqe -> sqe.prepPipeDirect(fds, 0, 6))).as("no such slot").isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepPipeDirect(fds, O_CLOEXEC, 0)))
                .as("slots are not inherited")
                .isEqualTo(-Errno.EINVAL);
        assertThat(ring.unregisterFiles()).isZero();
        assertThat(run(sqe -> sqe.prepPipeDirect(fds, 0, 0))).as("no table").isEqualTo(-Errno.ENXIO);
    }

    /** F15. */
    @Test
    void shouldReadWhatIsLeftAfterTheWriterHasClosed() {
        final int[] pipe = Native.pipe();
        assertThat(write(pipe[1], "left over", 0)).isEqualTo(9);
        assertThat(run(sqe -> sqe.prepClose(pipe[1]))).isZero();
        assertThat(read(pipe[0], 0)).isEqualTo(9);
        assertThat(Native.text(in, 9)).isEqualTo("left over");
        assertThat(read(pipe[0], 0)).isZero();
        Native.close(pipe[0]);
    }

    /** F15: the read is there first. */
    @Test
    void shouldEndAWaitingReadWhenTheWriterCloses() {
        final int[] pipe = Native.pipe();
        final Sqe waiting = ring.getSqe();
        waiting.prepRead(pipe[0], in, -1);
        waiting.setData64(1);
        ring.submit();
        assertThat(ring.cqReady()).isZero();
        final Sqe closing = ring.getSqe();
        closing.prepClose(pipe[1]);
        closing.setData64(2);
        assertThat(Completion.awaitSorted(ring, 2)).containsExactly(new Completion(1, 0, 0), new Completion(2, 0, 0));
        Native.close(pipe[0]);
    }

    /** The JVM ignores SIGPIPE, so the errno is all there is. */
    @Test
    void shouldNotWriteWhereNobodyReads() {
        final int[] pipe = Native.pipe();
        Native.close(pipe[0]);
        assertThat(write(pipe[1], "lost", 0)).isEqualTo(-Errno.EPIPE);
        assertThat(read(pipe[1], 0)).as("the writing end").isEqualTo(-Errno.EBADF);
        Native.close(pipe[1]);
    }

    /** F20: plain, vectored, registered and linked, as a program writes to its standard output. */
    @Test
    void shouldWriteInOrderToAnOutputThatIsAPipe() {
        final int[] pipe = Native.pipe();
        final ByteBuffer text = Native.bytes("plain vector fixed linked");
        final ByteBuffer vectors = Memory.allocate(Iovec.SIZE, 8);
        Iovec.set(vectors, 0, Memory.address(text), 25);
        assertThat(ring.registerBuffers(Memory.address(vectors), 1)).isZero();
        Iovec.set(vectors, 0, Memory.address(text) + 6, 7);
        for (int i = 0; i < 4; i++) {
            final Sqe sqe = ring.getSqe();
            switch (i) {
                case 0 -> sqe.prepWrite(pipe[1], text.slice(0, 6), -1);
                case 1 -> sqe.prepWritev(pipe[1], Memory.address(vectors), 1, -1);
                case 2 -> sqe.prepWriteFixed(pipe[1], text.slice(13, 6), -1, 0);
                default -> sqe.prepWrite(pipe[1], text.slice(19, 6), 0);
            }
            sqe.setData64(i);
            sqe.setFlags(i < 3 ? IOSQE_IO_LINK : 0);
        }
        assertThat(Completion.await(ring, 4)).extracting(Completion::res).containsExactly(6, 7, 6, 6);
        assertThat(read(pipe[0], 0)).isEqualTo(25);
        assertThat(Native.text(in, 25)).isEqualTo("plain vector fixed linked");
        Native.close(pipe);
    }

    /** F20. */
    @Test
    void shouldMakeWriteAndReadAPipeInOneChain() {
        Native.assumeOpcode(ring, IORING_OP_PIPE);
        Native.assumeFeature(ring, IORING_FEAT_LINKED_FILE);
        assertThat(ring.registerFilesSparse(2)).isZero();
        final ByteBuffer out = Native.bytes("chain");
        for (int i = 0; i < 3; i++) {
            final Sqe sqe = ring.getSqe();
            switch (i) {
                case 0 -> sqe.prepPipeDirect(fds, 0, 0);
                case 1 -> sqe.prepWrite(1, out, -1);
                default -> sqe.prepRead(0, in, -1);
            }
            sqe.setFlags((i > 0 ? IOSQE_FIXED_FILE : 0) | (i < 2 ? IOSQE_IO_LINK : 0));
        }
        assertThat(Completion.await(ring, 3)).extracting(Completion::res).containsExactly(0, 5, 5);
        assertThat(Native.text(in, 5)).isEqualTo("chain");
    }

    /** What terminals need. */
    public interface Terminal {
        @Variadic(fixedCount = 2)
        int ioctl(int fd, long request, long argument);
    }

    /** F20. */
    @Test
    void shouldWriteToATerminal() {
        final ByteBuffer multiplexer = Native.bytes("/dev/ptmx\0");
        final int controller = run(sqe -> sqe.prepOpen(multiplexer, O_RDWR | O_CLOEXEC | UringConstants.O_NOCTTY, 0));
        assumeTrue(controller > 0, () -> "no terminals here: " + Errno.name(controller));
        final Terminal libc = LibraryLoader.create(Terminal.class).load("c");
        final ByteBuffer number = Memory.allocate(4, 4);
        assertThat(libc.ioctl(controller, TIOCSPTLCK, Memory.address(number))).isZero();
        assertThat(libc.ioctl(controller, TIOCGPTN, Memory.address(number))).isZero();
        final ByteBuffer name = Native.bytes("/dev/pts/" + number.getInt(0) + "\0");
        final int terminal = run(sqe -> sqe.prepOpen(name, O_RDWR | O_CLOEXEC | UringConstants.O_NOCTTY, 0));
        assertThat(terminal).isPositive();

        assertThat(write(terminal, "tty", 0)).isEqualTo(3);
        assertThat(read(controller, 0)).isEqualTo(3);
        assertThat(Native.text(in, 3)).isEqualTo("tty");
        assertThat(write(controller, "line\n", 0)).isEqualTo(5);
        assertThat(read(terminal, 0)).as("what was typed").isEqualTo(5);
        assertThat(Native.text(in, 5)).isEqualTo("line\n");
        Native.close(terminal, controller);
    }
}
