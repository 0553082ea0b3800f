package dev.ringflow.uring;

import static dev.ringflow.uring.Request.NOWHERE;
import static dev.ringflow.uring.Request.NO_FD;
import static dev.ringflow.uring.UringConstants.IORING_OP_READV_FIXED;
import static dev.ringflow.uring.UringConstants.IORING_OP_WRITEV_FIXED;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static dev.ringflow.uring.UringConstants.MADV_HUGEPAGE;
import static dev.ringflow.uring.UringConstants.MAP_ANONYMOUS;
import static dev.ringflow.uring.UringConstants.MAP_PRIVATE;
import static dev.ringflow.uring.UringConstants.PROT_READ;
import static dev.ringflow.uring.UringConstants.PROT_WRITE;
import static dev.ringflow.uring.UringConstants.RWF_DSYNC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Iovec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** F17: registered buffers, at all kinds of places. */
@Timeout(60)
class RegisteredBufferIoTest {
    private static final int PAGE = 4096;
    private static final int BUFFER = 3 * PAGE;
    private static final int HUGE_PAGE = 2 << 20;
    private static final int MAP_HUGETLB = 0x40000;

    @TempDir
    private Path directory;

    private final ByteBuffer first = Memory.allocate(BUFFER, PAGE);
    private final ByteBuffer second = Memory.allocate(BUFFER, PAGE);
    private final ByteBuffer vectors = Memory.allocate(4 * Iovec.SIZE, 8);
    private Uring ring;
    private Path file;
    private int fd;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(8);
        file = directory.resolve("file");
        fd = Native.open(file);
    }

    @AfterEach
    void close() {
        Native.close(fd);
        ring.close();
    }

    private int run(final Consumer<Sqe> preparation) {
        return Request.result(ring, preparation);
    }

    private void register(final ByteBuffer... buffers) {
        for (int i = 0; i < buffers.length; i++) {
            Iovec.set(vectors, i, Memory.address(buffers[i]), buffers[i].capacity());
        }
        assertThat(ring.registerBuffers(Memory.address(vectors), buffers.length))
                .isZero();
    }

    /** F17: unaligned pieces that begin and end anywhere, within one page and across several. */
    @Test
    void shouldTransferAnyPieceOfARegisteredBuffer() throws IOException {
        register(first, second);
        Request.fill(first, 1);
        for (final int[] piece : new int[][] {
            {0, 1},
            {0, PAGE},
            {1, PAGE},
            {PAGE - 1, 2},
            {100, 2 * PAGE},
            {PAGE, 2 * PAGE},
            {PAGE + 5, PAGE + 9},
            {BUFFER - 1, 1},
            {0, BUFFER}
        }) {
            final int start = piece[0];
            final int length = piece[1];
            Request.fill(second, 9);
            final byte[] expected = Request.copy(second);
            for (int i = 0; i < length; i++) {
                expected[BUFFER - length + i] = first.get(start + i);
            }
            assertThat(run(sqe -> sqe.prepWriteFixed(fd, Memory.address(first) + start, length, 7, 0)))
                    .isEqualTo(length);
            assertThat(Arrays.copyOfRange(Files.readAllBytes(file), 7, 7 + length))
                    .isEqualTo(Arrays.copyOfRange(Request.copy(first), start, start + length));
            assertThat(run(sqe -> sqe.prepReadFixed(fd, Memory.address(second) + BUFFER - length, length, 7, 1)))
                    .isEqualTo(length);
            assertThat(Request.copy(second)).as("the piece, and nothing else").isEqualTo(expected);
        }
    }

    /** F17. */
    @Test
    void shouldRefuseWhatIsOutside() throws UringException {
        register(first, second);
        final long start = Memory.address(first);
        final long end = start + BUFFER;
        for (final long[] piece : new long[][] {
            {end, 1},
            {end - 1, 2},
            {start - 1, 1},
            {start - 1, 2},
            {start, BUFFER + 1},
            {start, 0x7FFFF000},
            {NOWHERE, 1}
        }) {
            assertThat(run(sqe -> sqe.prepReadFixed(fd, piece[0], (int) piece[1], 0, 0)))
                    .as("reading %s bytes at %s", piece[1], piece[0] - start)
                    .isEqualTo(-Errno.EFAULT);
            assertThat(run(sqe -> sqe.prepWriteFixed(fd, piece[0], (int) piece[1], 0, 0)))
                    .as("writing %s bytes at %s", piece[1], piece[0] - start)
                    .isEqualTo(-Errno.EFAULT);
        }
        assertThat(run(sqe -> sqe.prepReadFixed(fd, start, 1, 0, 2)))
                .as("no such index")
                .isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepReadFixed(fd, start, 1, 0, 1)))
                .as("the other's")
                .isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepReadFixed(NO_FD, start, 1, 0, 0))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepWriteFixed(NO_FD, start, 1, 0, 0))).isEqualTo(-Errno.EBADF);
        try (Uring bare = Uring.open(2)) {
            assertThat(Request.result(bare, sqe -> sqe.prepReadFixed(fd, start, 1, 0, 0)))
                    .as("no table")
                    .isEqualTo(-Errno.EFAULT);
        }
    }

    /** F17: a copy by links, and a failure that ends the chain. */
    @Test
    void shouldLinkTransfersOfRegisteredBuffers() {
        register(first, second);
        Request.fill(first, 3);
        for (int i = 0; i < 3; i++) {
            final Sqe write = ring.getSqe();
            write.prepWriteFixed(fd, Memory.address(first) + i * PAGE, PAGE, (2 - i) * PAGE, 0);
            write.setFlags(IOSQE_IO_LINK);
        }
        ring.getSqe().prepReadFixed(fd, Memory.address(second), BUFFER, 0, 1);
        assertThat(Completion.await(ring, 4)).extracting(Completion::res).containsExactly(PAGE, PAGE, PAGE, BUFFER);
        for (int i = 0; i < 3; i++) {
            assertThat(second.slice((2 - i) * PAGE, PAGE)).isEqualTo(first.slice(i * PAGE, PAGE));
        }

        final Sqe bad = ring.getSqe();
        bad.prepReadFixed(fd, Memory.address(second), 1, 0, 9);
        bad.setData64(1);
        bad.setFlags(IOSQE_IO_LINK);
        final Sqe next = ring.getSqe();
        next.prepReadFixed(fd, Memory.address(second), 1, 0, 1);
        next.setData64(2);
        assertThat(Completion.awaitSorted(ring, 2))
                .extracting(Completion::res)
                .containsExactly(-Errno.EFAULT, -Errno.ECANCELED);
    }

    /** F17: direct I/O into the middle of a registered buffer. */
    @Test
    void shouldTransferPiecesPastThePageCache() {
        final int direct = Request.openDirect(ring, file);
        register(first, second);
        Request.fill(first, 4);
        assertThat(run(sqe -> sqe.prepWriteFixed(direct, Memory.address(first) + PAGE, 2 * PAGE, PAGE, 0)))
                .isEqualTo(2 * PAGE);
        assertThat(run(sqe -> sqe.prepReadFixed(direct, Memory.address(second) + PAGE, PAGE, 2 * PAGE, 1)))
                .isEqualTo(PAGE);
        assertThat(second.slice(PAGE, PAGE)).isEqualTo(first.slice(2 * PAGE, PAGE));
        assertThat(second.slice(0, PAGE)).isEqualTo(ByteBuffer.allocate(PAGE));
        assertThat(run(sqe -> sqe.prepReadFixed(direct, Memory.address(second), PAGE, 1, 1)))
                .as("not aligned")
                .isEqualTo(-Errno.EINVAL);
        Native.close(direct);
    }

    /** F17. */
    @Test
    void shouldTransferSeveralPiecesOfARegisteredBuffer() throws IOException {
        Native.assumeOpcode(ring, IORING_OP_READV_FIXED);
        Native.assumeOpcode(ring, IORING_OP_WRITEV_FIXED);
        register(first, second);
        Request.fill(first, 5);
        final ByteBuffer pieces = Memory.allocate(3 * Iovec.SIZE, 8);
        Iovec.set(pieces, 0, Memory.address(first) + 5000, 100);
        Iovec.set(pieces, 1, Memory.address(first) + 1, PAGE);
        Iovec.set(pieces, 2, Memory.address(first) + BUFFER - 3, 3);
        final int total = 100 + PAGE + 3;
        assertThat(run(sqe -> sqe.prepWritevFixed(fd, Memory.address(pieces), 3, 0, RWF_DSYNC, 0)))
                .isEqualTo(total);
        final byte[] written = Files.readAllBytes(file);
        assertThat(written).hasSize(total);
        final byte[] all = Request.copy(first);
        assertThat(Arrays.copyOf(written, 100)).isEqualTo(Arrays.copyOfRange(all, 5000, 5100));
        assertThat(Arrays.copyOfRange(written, 100, 100 + PAGE)).isEqualTo(Arrays.copyOfRange(all, 1, 1 + PAGE));
        assertThat(Arrays.copyOfRange(written, 100 + PAGE, total))
                .isEqualTo(Arrays.copyOfRange(all, BUFFER - 3, BUFFER));

        Iovec.set(pieces, 0, Memory.address(second) + 2 * PAGE, 50);
        Iovec.set(pieces, 1, Memory.address(second) + 10, total);
        assertThat(run(sqe -> sqe.prepReadvFixed(fd, Memory.address(pieces), 2, 0, 0, 1)))
                .as("short at the end of the file")
                .isEqualTo(total);
        assertThat(Arrays.copyOfRange(Request.copy(second), 2 * PAGE, 2 * PAGE + 50))
                .isEqualTo(Arrays.copyOf(written, 50));
        assertThat(Arrays.copyOfRange(Request.copy(second), 10, 10 + total - 50))
                .isEqualTo(Arrays.copyOfRange(written, 50, total));
    }

    /** F17. */
    @Test
    void shouldRefusePiecesThatAreOutside() {
        Native.assumeOpcode(ring, IORING_OP_READV_FIXED);
        register(first, second);
        final ByteBuffer pieces = Memory.allocate(2 * Iovec.SIZE, 8);
        final long at = Memory.address(pieces);
        Iovec.set(pieces, 0, Memory.address(first), 10);
        Iovec.set(pieces, 1, Memory.address(first) + BUFFER - 1, 2);
        assertThat(run(sqe -> sqe.prepReadvFixed(fd, at, 2, 0, 0, 0))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepWritevFixed(fd, at, 2, 0, 0, 0))).isEqualTo(-Errno.EFAULT);
        Iovec.set(pieces, 1, Memory.address(second), 2);
        assertThat(run(sqe -> sqe.prepWritevFixed(fd, at, 2, 0, 0, 0)))
                .as("two buffers")
                .isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepWritevFixed(fd, at, 1, 0, 0, 2)))
                .as("no such index")
                .isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepReadvFixed(fd, NOWHERE, 1, 0, 0, 0))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepReadvFixed(NO_FD, at, 1, 0, 0, 0))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepReadvFixed(fd, at, 1, 0, 1 << 30, 0)))
                .as("flags that there are not")
                .isEqualTo(-Errno.EOPNOTSUPP);
    }

    /** F17. */
    @Test
    void shouldTransferPiecesOfHugePages() {
        final long mapped = mapHugePages();
        final long buffer = (mapped + HUGE_PAGE - 1) & -HUGE_PAGE;
        try {
            Iovec.set(vectors, 0, buffer, HUGE_PAGE);
            final int registered = ring.registerBuffers(Memory.address(vectors), 1);
            assumeTrue(registered != -Errno.ENOMEM, "2 MiB are over the limit of locked memory");
            assertThat(registered).isZero();
            final ByteBuffer view = Memory.view(buffer, HUGE_PAGE);
            Request.fill(view, 6);
            final int length = 100_000;
            final int from = 3 * PAGE + 17;
            final int to = HUGE_PAGE - length;
            assertThat(run(sqe -> sqe.prepWriteFixed(fd, buffer + from, length, 0, 0)))
                    .isEqualTo(length);
            assertThat(run(sqe -> sqe.prepReadFixed(fd, buffer + to, length, 0, 0)))
                    .isEqualTo(length);
            assertThat(view.slice(to, length)).isEqualTo(view.slice(from, length));
            assertThat(view.get(from)).as("untouched").isEqualTo(Request.pattern(6, from));
            assertThat(run(sqe -> sqe.prepReadFixed(fd, buffer + to + 1, length, 0, 0)))
                    .isEqualTo(-Errno.EFAULT);
            assertThat(ring.unregisterBuffers()).isZero();
        } finally {
            assertThat(LibC.munmap(mapped, 2 * HUGE_PAGE)).isZero();
        }
    }

    /** Reserved huge pages, or else ordinary memory that may become huge. */
    private long mapHugePages() {
        final int protection = PROT_READ | PROT_WRITE;
        final int flags = MAP_PRIVATE | MAP_ANONYMOUS;
        final long reserved = LibC.mmap(0, 2L * HUGE_PAGE, protection, flags | MAP_HUGETLB, -1, 0);
        if (reserved > 0) {
            return reserved;
        }
        final long mapped = LibC.mmap(0, 2L * HUGE_PAGE, protection, flags, -1, 0);
        assertThat(mapped).isPositive();
        final int advised = run(sqe -> sqe.prepMadvise(mapped, 2 * HUGE_PAGE, MADV_HUGEPAGE));
        if (advised != 0) {
            LibC.munmap(mapped, 2L * HUGE_PAGE);
        }
        assumeTrue(advised == 0, "this kernel has no huge pages");
        return mapped;
    }
}
