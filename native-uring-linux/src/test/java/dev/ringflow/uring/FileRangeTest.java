package dev.ringflow.uring;

import static dev.ringflow.uring.Request.NOWHERE;
import static dev.ringflow.uring.Request.NO_FD;
import static dev.ringflow.uring.UringConstants.FALLOC_FL_COLLAPSE_RANGE;
import static dev.ringflow.uring.UringConstants.FALLOC_FL_KEEP_SIZE;
import static dev.ringflow.uring.UringConstants.FALLOC_FL_PUNCH_HOLE;
import static dev.ringflow.uring.UringConstants.IORING_FSYNC_DATASYNC;
import static dev.ringflow.uring.UringConstants.IORING_OP_FTRUNCATE;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_DRAIN;
import static dev.ringflow.uring.UringConstants.MADV_DONTNEED;
import static dev.ringflow.uring.UringConstants.MADV_WILLNEED;
import static dev.ringflow.uring.UringConstants.POSIX_FADV_DONTNEED;
import static dev.ringflow.uring.UringConstants.POSIX_FADV_NOREUSE;
import static dev.ringflow.uring.UringConstants.POSIX_FADV_NORMAL;
import static dev.ringflow.uring.UringConstants.POSIX_FADV_RANDOM;
import static dev.ringflow.uring.UringConstants.POSIX_FADV_SEQUENTIAL;
import static dev.ringflow.uring.UringConstants.POSIX_FADV_WILLNEED;
import static dev.ringflow.uring.UringConstants.SYNC_FILE_RANGE_WAIT_BEFORE;
import static dev.ringflow.uring.UringConstants.SYNC_FILE_RANGE_WRITE;
import static dev.ringflow.uring.UringConstants.SYNC_FILE_RANGE_WRITE_AND_WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import jnr.ffi.LibraryLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** F6, F7, F13: sizes of files, syncing, advice. */
@Timeout(60)
class FileRangeTest {
    private static final int KIB = 1024;
    private static final int RLIMIT_FSIZE = 1;

    @TempDir
    private Path directory;

    private Uring ring;
    private Path file;
    private int fd;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(16);
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

    private void assumeAllocation() {
        final int result = run(sqe -> sqe.prepFallocate(fd, 0, 0, 1));
        assumeTrue(result != -Errno.EOPNOTSUPP, "the file system cannot allocate");
        assertThat(result).isZero();
    }

    /** F7. */
    @Test
    void shouldAllocate() throws IOException {
        assumeAllocation();
        assertThat(run(sqe -> sqe.prepFallocate(fd, 0, 0, 128 * KIB))).isZero();
        assertThat(Files.size(file)).isEqualTo(128 * KIB);
        assertThat(run(sqe -> sqe.prepFallocate(fd, FALLOC_FL_KEEP_SIZE, 128 * KIB, 64 * KIB)))
                .isZero();
        assertThat(Files.size(file)).as("kept").isEqualTo(128 * KIB);
        assertThat(run(sqe -> sqe.prepFallocate(fd, 0, 192 * KIB, 1))).isZero();
        assertThat(Files.size(file)).isEqualTo(192 * KIB + 1);
    }

    /** F7. */
    @Test
    void shouldMakeHolesAndCloseThem() throws IOException {
        assumeAllocation();
        Files.write(file, Request.copy(Request.fill(ByteBuffer.allocate(64 * KIB), 1)));
        final int result =
                run(sqe -> sqe.prepFallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4 * KIB, 4 * KIB));
        assumeTrue(result != -Errno.EOPNOTSUPP, "the file system cannot make holes");
        assertThat(result).isZero();
        final byte[] holed = Files.readAllBytes(file);
        assertThat(holed).hasSize(64 * KIB);
        for (int i = 0; i < 12 * KIB; i++) {
            final boolean hole = i >= 4 * KIB && i < 8 * KIB;
            assertThat(holed[i]).as("byte %s", i).isEqualTo(hole ? 0 : Request.pattern(1, i));
        }
        final int collapsed = run(sqe -> sqe.prepFallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 4 * KIB, 4 * KIB));
        if (collapsed == 0) {
            assertThat(Files.readAllBytes(file)[4 * KIB]).isEqualTo(Request.pattern(1, 8 * KIB));
            assertThat(Files.size(file)).isEqualTo(60 * KIB);
        } else {
            assertThat(collapsed).isEqualTo(-Errno.EOPNOTSUPP);
        }
    }

    /** F7. */
    @Test
    void shouldTellWhatIsWrongWithAnAllocation() throws IOException {
        assumeAllocation();
        assertThat(run(sqe -> sqe.prepFallocate(NO_FD, 0, 0, 1))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepFallocate(fd, 0, -1, 1))).isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepFallocate(fd, 0, 0, 0))).isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepFallocate(fd, 1 << 20, 0, 1))).as("flags").isEqualTo(-Errno.EOPNOTSUPP);
        assertThat(run(sqe -> sqe.prepFallocate(fd, 0, Long.MAX_VALUE - 1, 1)))
                .as("larger than files can be")
                .isEqualTo(-Errno.EFBIG);
        final int[] pipe = Native.pipe();
        assertThat(run(sqe -> sqe.prepFallocate(pipe[1], 0, 0, 1))).isEqualTo(-Errno.ESPIPE);
        Native.close(pipe);
        assertThat(Files.size(file)).isEqualTo(1);
    }

    /** Limits of the process. */
    public interface Limits {
        int setrlimit(int resource, long limit);
    }

    /** F7: the limit is far above what anybody else here writes, and nothing of that size is ever allocated. */
    @Test
    void shouldRefuseToAllocateBeyondTheLimitOfTheProcess() throws IOException {
        assumeAllocation();
        final Limits libc = LibraryLoader.create(Limits.class).load("c");
        final ByteBuffer limit = Memory.allocate(16, 8);
        assertThat(LibC.getrlimit(RLIMIT_FSIZE, Memory.address(limit))).isZero();
        final long before = limit.getLong(0);
        limit.putLong(0, 1L << 40);
        assertThat(libc.setrlimit(RLIMIT_FSIZE, Memory.address(limit))).isZero();
        try {
            assertThat(run(sqe -> sqe.prepFallocate(fd, 0, 1L << 40, 4 * KIB))).isEqualTo(-Errno.EFBIG);
        } finally {
            limit.putLong(0, before);
            assertThat(libc.setrlimit(RLIMIT_FSIZE, Memory.address(limit))).isZero();
        }
        assertThat(Files.size(file)).isEqualTo(1);
    }

    /** F7. */
    @Test
    void shouldSetLengths() throws IOException {
        Native.assumeOpcode(ring, IORING_OP_FTRUNCATE);
        for (final long length : new long[] {1, 0, 4096, 123_456_789_012L, 5}) {
            assertThat(run(sqe -> sqe.prepFtruncate(fd, length))).isZero();
            assertThat(Files.size(file)).isEqualTo(length);
        }
        assertThat(run(sqe -> sqe.prepFtruncate(fd, -1))).isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepFtruncate(fd, Long.MAX_VALUE))).isEqualTo(-Errno.EFBIG);
        assertThat(run(sqe -> sqe.prepFtruncate(NO_FD, 1))).isEqualTo(-Errno.EBADF);
        final int[] pipe = Native.pipe();
        assertThat(run(sqe -> sqe.prepFtruncate(pipe[1], 1))).isEqualTo(-Errno.EINVAL);
        Native.close(pipe);
        final ByteBuffer name = Native.path(file);
        final int readOnly = run(sqe -> sqe.prepOpen(name, UringConstants.O_RDONLY | UringConstants.O_CLOEXEC, 0));
        assertThat(run(sqe -> sqe.prepFtruncate(readOnly, 1)))
                .as("open for reading")
                .isEqualTo(-Errno.EINVAL);
        Native.close(readOnly);
        assertThat(Files.size(file)).isEqualTo(5);
    }

    /** F6: the sync is the last, and finds all that was written. */
    @Test
    void shouldSyncWhatWasWrittenBefore() throws IOException {
        final ByteBuffer out = Request.fill(Memory.allocate(4 * KIB, 4096), 2);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 4; i++) {
                final Sqe write = ring.getSqe();
                write.prepWrite(fd, out, i * 4L * KIB);
                write.setData64(i);
            }
            final Sqe sync = ring.getSqe();
            sync.prepFsync(fd, round == 0 ? 0 : IORING_FSYNC_DATASYNC);
            sync.setData64(99);
            sync.setFlags(IOSQE_IO_DRAIN);
            final List<Completion> completions = Completion.await(ring, 5);
            assertThat(completions.get(4)).isEqualTo(new Completion(99, 0, 0));
            assertThat(completions.subList(0, 4)).allMatch(completion -> completion.res() == 4 * KIB);
        }
        assertThat(Files.size(file)).isEqualTo(16 * KIB);
        final int[] pipe = Native.pipe();
        assertThat(run(sqe -> sqe.prepFsync(pipe[1], 0))).as("a pipe").isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepFsync(fd, 1 << 5))).as("flags").isEqualTo(-Errno.EINVAL);
        Native.close(pipe);
    }

    @Test
    void shouldSyncRanges() throws IOException {
        Files.write(file, new byte[64 * KIB]);
        assertThat(run(sqe -> sqe.prepSyncFileRange(fd, 4 * KIB, 4 * KIB, SYNC_FILE_RANGE_WRITE)))
                .isZero();
        assertThat(run(sqe -> sqe.prepSyncFileRange(fd, 0, 0, SYNC_FILE_RANGE_WRITE_AND_WAIT)))
                .isZero();
        assertThat(run(sqe -> sqe.prepSyncFileRange(fd, -1, 0, SYNC_FILE_RANGE_WAIT_BEFORE)))
                .as("a length of 32 bits without a sign")
                .isZero();
        assertThat(run(sqe -> sqe.prepSyncFileRange(fd, 1, 0, 1 << 10)))
                .as("flags")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepSyncFileRange(fd, 1, -1, 0)))
                .as("a negative offset")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepSyncFileRange(NO_FD, 1, 0, 0))).isEqualTo(-Errno.EBADF);
        final int[] pipe = Native.pipe();
        assertThat(run(sqe -> sqe.prepSyncFileRange(pipe[1], 1, 0, 0))).isEqualTo(-Errno.ESPIPE);
        Native.close(pipe);
    }

    /** F13. */
    @Test
    void shouldAdviseOnFiles() throws IOException {
        final byte[] content = Request.copy(Request.fill(ByteBuffer.allocate(64 * KIB), 3));
        Files.write(file, content);
        final ByteBuffer in = Memory.allocate(64 * KIB, 8);
        for (final int advice : new int[] {
            POSIX_FADV_NORMAL,
            POSIX_FADV_RANDOM,
            POSIX_FADV_SEQUENTIAL,
            POSIX_FADV_WILLNEED,
            POSIX_FADV_DONTNEED,
            POSIX_FADV_NOREUSE
        }) {
            assertThat(run(sqe -> sqe.prepFadvise(fd, 0, 64 * KIB, advice))).isZero();
            assertThat(run(sqe -> sqe.prepFadvise(fd, 4096, 0, advice)))
                    .as("to the end")
                    .isZero();
            assertThat(run(sqe -> sqe.prepRead(fd, in, 0)))
                    .as("after advice %s", advice)
                    .isEqualTo(64 * KIB);
            assertThat(Request.copy(in)).isEqualTo(content);
        }
        assertThat(run(sqe -> sqe.prepFadvise(fd, 0, 0, 99)))
                .as("no such advice")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepFadvise(NO_FD, 0, 0, POSIX_FADV_NORMAL))).isEqualTo(-Errno.EBADF);
        final int[] pipe = Native.pipe();
        assertThat(run(sqe -> sqe.prepFadvise(pipe[0], 0, 0, POSIX_FADV_NORMAL)))
                .isEqualTo(-Errno.ESPIPE);
        Native.close(pipe);
    }

    /** F13. */
    @Test
    void shouldAdviseOnRangesOf64Bits() {
        final int result = run(sqe -> sqe.prepFadvise64(fd, 0, 1L << 33, POSIX_FADV_WILLNEED));
        assumeTrue(result != -Errno.EINVAL, "this kernel has no lengths of 64 bits for advice");
        assertThat(result).isZero();
        assertThat(run(sqe -> sqe.prepFadvise64(fd, 1L << 40, 0, POSIX_FADV_DONTNEED)))
                .isZero();
        assertThat(run(sqe -> sqe.prepFadvise64(fd, 0, -1, POSIX_FADV_NORMAL))).isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepFadvise64(NO_FD, 0, 1, POSIX_FADV_NORMAL)))
                .isEqualTo(-Errno.EBADF);
        final int page = LibC.pageSize();
        final ByteBuffer pages = Request.fill(Memory.allocate(2 * page, page), 4);
        assertThat(run(sqe -> sqe.prepMadvise64(Memory.address(pages), page, MADV_DONTNEED)))
                .isZero();
        assertThat(pages.get(0)).isZero();
        assertThat(pages.get(page)).as("the next page").isEqualTo(Request.pattern(4, page));
        assertThat(run(sqe -> sqe.prepMadvise64(Memory.address(pages), 1L << 62, MADV_WILLNEED)))
                .as("more than there is")
                .isIn(-Errno.EINVAL, -Errno.ENOMEM);
    }

    /** F13: what the kernel was told to drop is gone, of these pages only. */
    @Test
    void shouldAdviseOnMemory() {
        final int page = LibC.pageSize();
        final ByteBuffer pages = Request.fill(Memory.allocate(3 * page, page), 5);
        assertThat(run(sqe -> sqe.prepMadvise(pages, MADV_WILLNEED))).isZero();
        pages.position(page).limit(2 * page);
        assertThat(run(sqe -> sqe.prepMadvise(pages, MADV_DONTNEED))).isZero();
        pages.clear();
        for (int i = 0; i < pages.capacity(); i++) {
            final boolean dropped = i >= page && i < 2 * page;
            assertThat(pages.get(i)).as("byte %s", i).isEqualTo(dropped ? 0 : Request.pattern(5, i));
        }
        final long start = Memory.address(pages);
        assertThat(run(sqe -> sqe.prepMadvise(start, page, MADV_DONTNEED))).isZero();
        assertThat(pages.get(1)).isZero();
        assertThat(run(sqe -> sqe.prepMadvise(start + 1, page, MADV_WILLNEED)))
                .as("not aligned")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepMadvise(start, page, 9999)))
                .as("no such advice")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepMadvise(NOWHERE & -page, page, MADV_DONTNEED)))
                .as("nothing is mapped there")
                .isEqualTo(-Errno.ENOMEM);
    }
}
