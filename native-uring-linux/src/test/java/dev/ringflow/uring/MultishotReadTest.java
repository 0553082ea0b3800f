package dev.ringflow.uring;

import static dev.ringflow.uring.Request.NO_FD;
import static dev.ringflow.uring.UringConstants.IORING_CQE_BUFFER_SHIFT;
import static dev.ringflow.uring.UringConstants.IORING_CQE_F_BUFFER;
import static dev.ringflow.uring.UringConstants.IORING_OP_READ_MULTISHOT;
import static dev.ringflow.uring.UringConstants.IOSQE_BUFFER_SELECT;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reads that stay armed, into provided buffers. */
@Timeout(60)
class MultishotReadTest {
    private static final int GROUP = 7;
    private static final int SIZE = 16;
    private static final int COUNT = 4;

    private final ByteBuffer pool = Memory.allocate(COUNT * SIZE, 64);
    private Uring ring;
    private int[] pipe;

    @BeforeEach
    void open() throws UringException {
        ring = Uring.open(8);
        pipe = Native.pipe();
        Native.assumeOpcode(ring, IORING_OP_READ_MULTISHOT);
        provide(0, COUNT);
    }

    @AfterEach
    void close() {
        ring.close();
        Native.close(pipe);
    }

    private void provide(final int id, final int count) {
        final Sqe sqe = ring.getSqe();
        sqe.prepProvideBuffers(Memory.address(pool) + id * SIZE, SIZE, count, GROUP, id);
        sqe.setData64(99);
        final List<Completion> completions = Completion.await(ring, 1);
        assertThat(completions.get(0).userData()).isEqualTo(99);
        assertThat(completions.get(0).res()).isNotNegative();
    }

    private void arm(final int fd, final int nbytes) {
        final Sqe sqe = ring.getSqe();
        sqe.prepReadMultishot(fd, nbytes, 0, GROUP);
        sqe.setData64(1);
    }

    private String text(final Completion completion) {
        final byte[] bytes = new byte[completion.res()];
        pool.get(buffer(completion) * SIZE, bytes);
        return new String(bytes);
    }

    private static int buffer(final Completion completion) {
        assertThat(completion.flags() & IORING_CQE_F_BUFFER).isNotZero();
        return completion.flags() >>> IORING_CQE_BUFFER_SHIFT;
    }

    private Completion next() {
        return Completion.await(ring, 1).get(0);
    }

    @Test
    void shouldReadUntilTheWriterCloses() {
        arm(pipe[0], 0);
        final Set<Integer> buffers = new HashSet<>();
        for (final String text : new String[] {"one", "two", "three"}) {
            Native.write(pipe[1], text);
            final Completion read = next();
            assertThat(read.userData()).isEqualTo(1);
            assertThat(read.hasMore()).as("still armed").isTrue();
            assertThat(text(read)).isEqualTo(text);
            assertThat(buffers.add(buffer(read))).as("a buffer of its own").isTrue();
        }
        Native.close(pipe[1]);
        assertThat(next()).as("the end of the file").isEqualTo(new Completion(1, 0, 0));
    }

    @Test
    void shouldEndWithoutBuffersAndGoOnWithNewOnes() {
        arm(pipe[0], 0);
        for (int i = 0; i < COUNT; i++) {
            Native.write(pipe[1], "text " + i);
            final Completion read = next();
            assertThat(text(read)).isEqualTo("text " + i);
            assertThat(buffer(read)).isBetween(0, COUNT - 1);
            if (i < COUNT - 1) {
                assertThat(read.hasMore()).isTrue();
            } else if (!read.hasMore()) {
                arm(pipe[0], 0);
            }
        }
        Native.write(pipe[1], "one more");
        final Completion out = next();
        assertThat(out.res()).isEqualTo(-Errno.ENOBUFS);
        assertThat(out.flags()).as("no buffer and no more").isZero();

        provide(2, 1);
        arm(pipe[0], 0);
        final Completion again = next();
        assertThat(text(again)).as("nothing was lost").isEqualTo("one more");
        assertThat(buffer(again)).isEqualTo(2);
    }

    @Test
    void shouldSplitWhatIsLargerThanABuffer() {
        Native.write(pipe[1], "0123456789abcdefSECOND");
        arm(pipe[0], 0);
        final List<Completion> both = Completion.await(ring, 2);
        assertThat(both).allMatch(Completion::hasMore);
        assertThat(text(both.get(0))).isEqualTo("0123456789abcdef");
        assertThat(text(both.get(1))).isEqualTo("SECOND");
    }

    @Test
    void shouldEndByCancel() {
        arm(pipe[0], 0);
        ring.submit();
        final Sqe cancel = ring.getSqe();
        cancel.prepCancel64(1, 0);
        cancel.setData64(2);
        assertThat(Completion.awaitSorted(ring, 2))
                .containsExactly(new Completion(1, -Errno.ECANCELED, 0), new Completion(2, 0, 0));
    }

    @Test
    void shouldReadRegisteredFilesWhenBothFlagsAreSet() {
        assertThat(ring.registerFiles(pipe[0])).isZero();
        Native.write(pipe[1], "slot");
        final Sqe sqe = ring.getSqe();
        sqe.prepReadMultishot(0, 0, 0, GROUP);
        sqe.setFlags(IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT);
        assertThat(text(next())).isEqualTo("slot");
    }

    @Test
    void shouldTellWhatIsWrong(@TempDir final Path directory) throws IOException {
        arm(NO_FD, 0);
        assertThat(next()).isEqualTo(new Completion(1, -Errno.EBADF, 0));
        final int file = Native.open(directory.resolve("file"));
        arm(file, 0);
        assertThat(next()).as("a file that cannot be polled").isEqualTo(new Completion(1, -Errno.EBADFD, 0));
        Native.close(file);
        final Sqe plain = ring.getSqe();
        plain.prepReadMultishot(pipe[0], 0, 0, GROUP);
        plain.setFlags(0);
        assertThat(next().res()).as("without a group").isEqualTo(-Errno.EINVAL);
        Native.write(pipe[1], "x");
        ring.getSqe().prepReadMultishot(pipe[0], 0, 0, GROUP + 1);
        assertThat(next().res()).as("an empty group").isEqualTo(-Errno.ENOBUFS);
    }
}
