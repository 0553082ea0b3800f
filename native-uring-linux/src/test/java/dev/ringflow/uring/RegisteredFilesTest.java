package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_RSRC_TAGS;
import static dev.ringflow.uring.UringConstants.IORING_FILE_INDEX_ALLOC;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_FILES_SKIP;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.O_RDONLY;
import static dev.ringflow.uring.UringConstants.RLIMIT_NOFILE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The table of registered files. */
@Timeout(60)
class RegisteredFilesTest {
    private static final int MANY = 1 << 20;

    @TempDir
    private Path directory;

    private Uring ring;
    private int first;
    private int second;
    private final ByteBuffer buffer = Memory.allocate(64, 8);

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(16);
        first = file("first");
        second = file("second");
    }

    @AfterEach
    void close() {
        ring.close();
        Native.close(first, second);
    }

    private int file(final String name) throws IOException {
        return Native.open(Files.writeString(directory.resolve(name), name));
    }

    private int read(final Uring from, final int index) {
        final Sqe sqe = from.getSqe();
        sqe.prepRead(index, buffer, 0);
        sqe.setFlags(IOSQE_FIXED_FILE);
        return Completion.awaitResult(from);
    }

    private String text(final int index) {
        final int length = read(ring, index);
        assertThat(length).as("reading from slot %s", index).isNotNegative();
        return Native.text(buffer, length);
    }

    /** R1. */
    @Test
    void shouldKeepAFileOpenWhenItsDescriptorIsClosed() throws IOException {
        final int file = file("kept");
        assertThat(ring.registerFiles(first, file)).isZero();
        Native.close(file);

        assertThat(text(1)).isEqualTo("kept");
        assertThat(text(0)).isEqualTo("first");
        assertThat(read(ring, 2)).as("outside of the table").isEqualTo(-Errno.EBADF);
    }

    /** R1. */
    @Test
    void shouldLeaveSlotsEmpty() {
        assertThat(ring.registerFiles(-1, first, -1)).isZero();

        assertThat(read(ring, 0)).isEqualTo(-Errno.EBADF);
        assertThat(text(1)).isEqualTo("first");
        assertThat(read(ring, 2)).isEqualTo(-Errno.EBADF);
    }

    /** R1. */
    @Test
    void shouldShrinkGrowAndReplaceByUpdates() {
        assertThat(ring.registerFiles(first, second, -1, -1)).isZero();

        assertThat(ring.registerFilesUpdate(0, -1)).as("shrink").isEqualTo(1);
        assertThat(read(ring, 0)).isEqualTo(-Errno.EBADF);
        assertThat(ring.registerFilesUpdate(2, first, second)).as("grow").isEqualTo(2);
        assertThat(text(3)).isEqualTo("second");
        assertThat(ring.registerFilesUpdate(1, first)).as("replace").isEqualTo(1);
        assertThat(text(1)).isEqualTo("first");
        assertThat(text(2)).isEqualTo("first");
    }

    /** R1. */
    @Test
    void shouldLeaveASlotThatAnUpdateSkips() {
        assertThat(ring.registerFiles(first, second)).isZero();
        final int updated = ring.registerFilesUpdate(0, IORING_REGISTER_FILES_SKIP, first);
        assumeTrue(updated != -Errno.EBADF, "this kernel cannot skip slots");

        assertThat(updated).isEqualTo(2);
        assertThat(text(0)).isEqualTo("first");
        assertThat(text(1)).isEqualTo("first");
    }

    /** R1. */
    @Test
    void shouldUseTheLastSlotOfAHugeTable() {
        final int[] files = new int[huge()];
        Arrays.fill(files, -1);
        files[files.length - 1] = second;

        assertThat(ring.registerFiles(files)).isZero();

        assertThat(text(files.length - 1)).isEqualTo("second");
        assertThat(read(ring, 0)).isEqualTo(-Errno.EBADF);
        assertThat(ring.registerFilesUpdate(0, first)).isEqualTo(1);
        assertThat(text(0)).isEqualTo("first");
        assertThat(ring.unregisterFiles()).isZero();
    }

    private static int huge() {
        final ByteBuffer limit = Memory.allocate(16, 8);
        assertThat(LibC.getrlimit(RLIMIT_NOFILE, Memory.address(limit))).isZero();
        return (int) Math.min(20_000, limit.getLong(0));
    }

    /** R1. */
    @Test
    void shouldRefuseMoreFilesThanTheKernelHasRoomFor() {
        final int[] files = new int[MANY + 1];
        Arrays.fill(files, -1);
        assertThat(ring.registerFiles(files)).isEqualTo(-Errno.EMFILE);
        assertThat(ring.registerFiles()).as("none at all").isEqualTo(-Errno.EINVAL);
        assertThat(ring.unregisterFiles()).isEqualTo(-Errno.ENXIO);
    }

    /** R1. */
    @Test
    void shouldRefuseMoreFilesThanTheProcessMayOpen() throws Exception {
        final int[] files = new int[1001];
        Arrays.fill(files, -1);
        final int result = OrdinaryUser.withLimit(RLIMIT_NOFILE, 1000, () -> ring.registerFiles(files));
        assumeTrue(result != 0, "this kernel knows its own limit only");

        assertThat(result).isEqualTo(-Errno.EMFILE);
        assertThat(ring.registerFiles(files)).as("with the usual limit").isZero();
    }

    /** R1. */
    @Test
    void shouldRefuseToRegisterARing() throws IOException {
        assertThat(ring.registerFiles(ring.ringFd())).as("itself").isEqualTo(-Errno.EBADF);
        try (Uring other = Uring.open(4)) {
            assertThat(ring.registerFiles(first, other.ringFd())).as("another").isEqualTo(-Errno.EBADF);
            assertThat(ring.registerFiles(first)).as("nothing is left of that").isZero();
            assertThat(ring.registerFilesUpdate(0, other.ringFd())).isEqualTo(-Errno.EBADF);
        }
    }

    /** R1. */
    @Test
    void shouldRefuseWhatIsNoOpenFile() {
        final int closed = Native.LIBC.dup(first);
        Native.close(closed);
        assertThat(ring.registerFiles(first, closed)).isEqualTo(-Errno.EBADF);
        assertThat(ring.registerFiles(first, -7)).isEqualTo(-Errno.EBADF);
        assertThat(ring.registerFiles(first, second)).isZero();

        assertThat(ring.registerFilesUpdate(0, closed)).isEqualTo(-Errno.EBADF);
        assertThat(ring.registerFilesUpdate(0, second, closed))
                .as("how many before it")
                .isEqualTo(1);
        assertThat(text(0)).isEqualTo("second");
    }

    /** R1, R4. */
    @Test
    void shouldRefuseUpdatesWithoutTableOrOutsideOfIt() {
        assertThat(ring.registerFilesUpdate(0, first)).isEqualTo(-Errno.ENXIO);
        assertThat(ring.registerFiles(first, second)).isZero();
        assertThat(ring.registerFilesUpdate(1, first, first)).isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerFilesUpdate(2, first)).isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerFilesUpdate(-1, first, first)).isIn(-Errno.EINVAL, -Errno.EOVERFLOW);
    }

    /** R4. */
    @Test
    void shouldUpdateByARequest() {
        final int[] empty = new int[10];
        Arrays.fill(empty, -1);
        final ByteBuffer files = Memory.allocate(40, 4);
        for (int i = 0; i < 10; i++) {
            files.putInt(i * 4, i % 2 == 0 ? first : second);
        }
        ring.getSqe().prepFilesUpdate(files, 0);
        assertThat(Completion.awaitResult(ring)).as("without a table").isIn(-Errno.ENXIO, -Errno.EINVAL);

        assertThat(ring.registerFiles(empty)).isZero();
        ring.getSqe().prepFilesUpdate(files, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(10);
        assertThat(text(8)).isEqualTo("first");
        assertThat(text(9)).isEqualTo("second");

        ring.getSqe().prepFilesUpdate(files, 1);
        assertThat(Completion.awaitResult(ring)).as("beyond the end").isEqualTo(-Errno.EINVAL);
        ring.getSqe().prepFilesUpdate(0, 1, 0);
        assertThat(Completion.awaitResult(ring)).as("no memory").isEqualTo(-Errno.EFAULT);
    }

    /** R4. */
    @Test
    void shouldKeepTheTablesOfTwoRingsApart() throws IOException {
        try (Uring other = Uring.open(4)) {
            assertThat(ring.registerFiles(first)).isZero();
            assertThat(other.registerFiles(first)).isZero();

            assertThat(other.registerFilesUpdate(0, second)).isEqualTo(1);
            assertThat(read(other, 0)).isEqualTo(6);
            assertThat(text(0)).isEqualTo("first");

            assertThat(other.unregisterFiles()).isZero();
            assertThat(read(other, 0)).isEqualTo(-Errno.EBADF);
            assertThat(text(0)).isEqualTo("first");
        }
    }

    /** R9. */
    @Test
    void shouldRefuseASecondTableAndASecondRemoval() {
        assertThat(ring.unregisterFiles()).isEqualTo(-Errno.ENXIO);
        assertThat(ring.registerFiles(first)).isZero();
        assertThat(ring.registerFiles(second)).isEqualTo(-Errno.EBUSY);
        assertThat(text(0)).isEqualTo("first");
        assertThat(ring.unregisterFiles()).isZero();
        assertThat(ring.unregisterFiles()).isEqualTo(-Errno.ENXIO);
        assertThat(ring.registerFiles(second)).as("again").isZero();
        assertThat(text(0)).isEqualTo("second");
    }

    /** R9. */
    @Test
    void shouldCompleteARequestWhoseFileIsUnregistered() throws Exception {
        ring.close();
        ring = Uring.open(UringParams.of(8).withWishedFlags(0)); // with DEFER_TASKRUN, Linux 6.1 would wait for ever
        final int[] pipe = Native.pipe();
        assertThat(ring.registerFiles(pipe[0])).isZero();
        Native.close(pipe[0]);
        final Sqe sqe = ring.getSqe();
        sqe.prepRead(0, buffer, -1);
        sqe.setFlags(IOSQE_FIXED_FILE);
        assertThat(ring.submit()).isEqualTo(1);

        final Thread writer = new Thread(() -> {
            LockSupport.parkNanos(50_000_000); // older kernels wait for the request before they unregister
            Native.write(pipe[1], "late");
        });
        writer.start();
        assertThat(ring.unregisterFiles()).isZero();

        assertThat(Completion.awaitResult(ring)).isEqualTo(4);
        assertThat(Native.text(buffer, 4)).isEqualTo("late");
        writer.join();
        Native.close(pipe[1]);
    }

    @Test
    void shouldPostTheTagOfAReplacedFileWhenItsLastRequestIsDone() throws Exception {
        Native.assumeFeature(ring, IORING_FEAT_RSRC_TAGS);
        final int[] pipe = Native.pipe();
        assertThat(ring.registerFilesTags(new int[] {pipe[0], first}, new long[] {77, 0}))
                .isZero();
        final Sqe sqe = ring.getSqe();
        sqe.prepRead(0, buffer, -1);
        sqe.setFlags(IOSQE_FIXED_FILE);
        sqe.setData64(1);
        assertThat(ring.submit()).isEqualTo(1);

        assertThat(ring.registerFilesUpdateTag(0, new int[] {second}, new long[] {78}))
                .isEqualTo(1);
        ring.getEvents();
        assertThat(ring.cqReady()).as("the request still uses it").isZero();
        assertThat(text(0)).as("the new one works already").isEqualTo("second");

        Native.write(pipe[1], "data");
        final List<Completion> completions = Completion.await(ring, 2);
        assertThat(completions).containsExactly(new Completion(1, 4, 0), new Completion(77, 0, 0));

        assertThat(ring.unregisterFiles()).isZero();
        ring.getEvents();
        assertThat(Completion.await(ring, Math.min(1, ring.cqReady())))
                .as("only newer kernels post tags of what is unregistered")
                .allMatch(new Completion(78, 0, 0)::equals);
        Native.close(pipe);
    }

    @Test
    void shouldRefuseTagsForEmptySlotsAndTheWrongNumberOfTags() {
        Native.assumeFeature(ring, IORING_FEAT_RSRC_TAGS);
        assertThat(ring.registerFilesTags(new int[] {-1}, new long[] {5})).isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerFilesUpdateTag(0, new int[] {first}, new long[] {5}))
                .as("without a table")
                .isEqualTo(-Errno.ENXIO);
        assertThat(ring.registerFilesTags(new int[] {first}, new long[] {5})).isZero();
        assertThat(ring.registerFilesUpdateTag(0, new int[] {-1}, new long[] {6}))
                .isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerFilesUpdateTag(1, new int[] {second}, new long[] {6}))
                .as("outside of it")
                .isEqualTo(-Errno.EINVAL);

        assertThatThrownBy(() -> ring.registerFilesTags(new int[2], new long[1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ring.registerFilesUpdateTag(0, new int[1], new long[2]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldPickSlotsFromTheRangeOnly() throws IOException {
        assumeTrue(ring.registerFilesSparse(8) == 0, "this kernel has no sparse tables");
        final int result = ring.registerFileAllocRange(5, 2);
        assumeTrue(result != -Errno.EINVAL, "this kernel has no ranges");
        assertThat(result).isZero();
        final ByteBuffer path = Native.path(directory.resolve("first"));

        for (final int slot : new int[] {5, 6}) {
            ring.getSqe().prepOpenDirect(path, O_RDONLY, 0, IORING_FILE_INDEX_ALLOC);
            assertThat(Completion.awaitResult(ring)).isEqualTo(slot);
        }
        ring.getSqe().prepOpenDirect(path, O_RDONLY, 0, IORING_FILE_INDEX_ALLOC);
        assertThat(Completion.awaitResult(ring)).as("the range is full").isEqualTo(-Errno.ENFILE);
        assertThat(text(6)).isEqualTo("first");

        assertThat(ring.registerFileAllocRange(7, 2)).as("beyond the table").isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerFileAllocRange(-1, 2)).as("overflow").isEqualTo(-Errno.EOVERFLOW);
    }
}
