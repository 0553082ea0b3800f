package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static dev.ringflow.uring.UringConstants.POSIX_FADV_DONTNEED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.struct.Iovec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** F4: reads are whole up to the end of the file, and every byte is the right one. */
@Timeout(60)
class FileReadTest {
    private static final int PAGE = 4096;
    private static final int SIZE = 25 * PAGE + 1234;

    @TempDir
    private Path directory;

    private Uring ring;
    private byte[] content;
    private int fd;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(32);
        content = new byte[SIZE];
        new Random(42).nextBytes(content);
        fd = Native.open(Files.write(directory.resolve("file"), content));
        assertThat(run(sqe -> sqe.prepFsync(fd, 0))).isZero();
    }

    @AfterEach
    void close() {
        Native.close(fd);
        ring.close();
    }

    private int run(final Consumer<Sqe> preparation) {
        return Request.result(ring, preparation);
    }

    private void dropCache() {
        assertThat(run(sqe -> sqe.prepFadvise(fd, 0, 0, POSIX_FADV_DONTNEED))).isZero();
    }

    /** F4. */
    @Test
    void shouldReadToTheEndAcrossPages() {
        final ByteBuffer in = Memory.allocate(2 * PAGE, PAGE);
        for (final int offset : new int[] {SIZE - PAGE - 100, SIZE - 1234, SIZE - 1, SIZE - 2 * PAGE, 24 * PAGE - 1}) {
            for (final int flags : new int[] {0, IOSQE_ASYNC}) {
                dropCache();
                final int expected = Math.min(2 * PAGE, SIZE - offset);
                assertThat(run(sqe -> {
                            sqe.prepRead(fd, in, offset);
                            sqe.setFlags(flags);
                        }))
                        .as("from %s on", offset)
                        .isEqualTo(expected);
                assertContent(in, 0, offset, expected);
            }
        }
        assertThat(run(sqe -> sqe.prepRead(fd, in, SIZE))).as("the end").isZero();
        assertThat(run(sqe -> sqe.prepRead(fd, in, SIZE + 5L * PAGE)))
                .as("beyond")
                .isZero();
    }

    private void assertContent(final ByteBuffer in, final int start, final int offset, final int length) {
        for (int i = 0; i < length; i++) {
            if (in.get(start + i) != content[offset + i]) {
                assertThat(in.get(start + i))
                        .as("byte %s of the file", offset + i)
                        .isEqualTo(content[offset + i]);
            }
        }
    }

    /** F4: the vectors hold more than the file, and none ends where a page does. */
    @Test
    void shouldReadTheWholeFileIntoVectors() {
        final int pieces = 20;
        final int piece = 6007;
        final ByteBuffer in = Memory.allocate(pieces * piece, 8);
        final ByteBuffer vectors = Memory.allocate(pieces * Iovec.SIZE, 8);
        for (int i = 0; i < pieces; i++) {
            Iovec.set(vectors, i, Memory.address(in) + i * piece, piece);
        }
        for (final int flags : new int[] {0, IOSQE_ASYNC}) {
            dropCache();
            assertThat(run(sqe -> {
                        sqe.prepReadv(fd, Memory.address(vectors), pieces, 0);
                        sqe.setFlags(flags);
                    }))
                    .isEqualTo(SIZE);
            assertContent(in, 0, 0, SIZE);
            for (int i = SIZE; i < in.capacity(); i++) {
                assertThat(in.get(i)).isZero();
            }
        }
    }

    /** F4: many reads at once, anywhere. */
    @Test
    void shouldReadTheRightBytesAnywhere() {
        final Random random = new Random(7);
        final ByteBuffer in = Memory.allocate(32 * 3 * PAGE, PAGE);
        for (int round = 0; round < 8; round++) {
            if (round % 2 == 0) {
                dropCache();
            }
            final List<int[]> asked = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                final int offset = random.nextInt(SIZE);
                final int length = 1 + random.nextInt(3 * PAGE);
                asked.add(new int[] {offset, length});
                final Sqe sqe = ring.getSqe();
                sqe.prepRead(fd, in.slice(i * 3 * PAGE, length), offset);
                sqe.setData64(i);
                sqe.setFlags(random.nextBoolean() ? IOSQE_ASYNC : 0);
            }
            for (final Completion completion : Completion.await(ring, 32)) {
                final int index = (int) completion.userData();
                final int[] read = asked.get(index);
                assertThat(completion.res()).isEqualTo(Math.min(read[1], SIZE - read[0]));
                assertContent(in, index * 3 * PAGE, read[0], completion.res());
            }
        }
    }
}
