package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FILE_INDEX_ALLOC;
import static dev.ringflow.uring.UringConstants.IORING_FIXED_FD_NO_CLOEXEC;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_FILES_SKIP;
import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of registered files, changed by requests; and descriptors made of what is in it. */
@Timeout(60)
class FileTableRequestsTest {
    private Uring ring;
    private int[] pipe;
    private final ByteBuffer buffer = Memory.allocate(64, 8);

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(16);
        pipe = Native.pipe();
    }

    @AfterEach
    void close() {
        ring.close();
        Native.close(pipe);
    }

    private Sqe sqe(final long userData) {
        final Sqe sqe = ring.getSqe();
        sqe.setData64(userData);
        return sqe;
    }

    private static ByteBuffer ints(final int... values) {
        final ByteBuffer memory = Memory.allocate(values.length * Integer.BYTES, Integer.BYTES);
        for (int i = 0; i < values.length; i++) {
            memory.putInt(i * Integer.BYTES, values[i]);
        }
        return memory;
    }

    private int update(final int offset, final int... files) {
        sqe(1).prepFilesUpdate(ints(files), offset);
        return Completion.awaitResult(ring);
    }

    private int readSlot(final int slot) {
        Native.write(pipe[1], "x");
        final Sqe read = sqe(2);
        read.prepRead(slot, Memory.address(buffer), 1, -1);
        read.setFlags(IOSQE_FIXED_FILE);
        final int result = Completion.awaitResult(ring);
        if (result < 0) {
            LibC.read(pipe[0], Memory.address(buffer), 1);
        }
        return result;
    }

    private void registerEmpty(final int slots) {
        final int[] files = new int[slots];
        Arrays.fill(files, -1);
        assertThat(ring.registerFiles(files)).isZero();
    }

    /** R4. */
    @Test
    void shouldReplaceTenFilesAtOnce() {
        registerEmpty(12);
        final int[] files = new int[10];
        Arrays.fill(files, pipe[0]);
        assertThat(update(1, files)).isEqualTo(10);
        assertThat(readSlot(0)).isEqualTo(-Errno.EBADF);
        assertThat(readSlot(1)).isEqualTo(1);
        assertThat(readSlot(10)).isEqualTo(1);
        assertThat(readSlot(11)).isEqualTo(-Errno.EBADF);

        assertThat(update(5, -1, pipe[0])).isEqualTo(2);
        assertThat(readSlot(5)).as("emptied").isEqualTo(-Errno.EBADF);
        assertThat(readSlot(6)).isEqualTo(1);
    }

    /** R4. */
    @Test
    void shouldLeaveASlotThatIsSkipped() {
        registerEmpty(3);
        assertThat(update(1, pipe[0])).isEqualTo(1);
        final int result = update(0, pipe[0], IORING_REGISTER_FILES_SKIP, pipe[0]);
        assumeTrue(result == 3, "this kernel skips no slots");
        for (int slot = 0; slot < 3; slot++) {
            assertThat(readSlot(slot)).isEqualTo(1);
        }
    }

    /** R4. */
    @Test
    void shouldRefuseWithoutTableOrOutsideIt() {
        assertThat(update(0, pipe[0])).isIn(-Errno.ENXIO, -Errno.EBADF, -Errno.EINVAL);
        registerEmpty(2);
        assertThat(update(1, pipe[0], pipe[0])).as("longer than the table").isEqualTo(-Errno.EINVAL);
        assertThat(update(0, 12_345)).as("no such file").isEqualTo(-Errno.EBADF);
        assertThat(update(0, pipe[0], 12_345)).as("as far as it goes").isEqualTo(1);
        assertThat(readSlot(0)).isEqualTo(1);
        sqe(1).prepFilesUpdate(8, 1, 0);
        assertThat(Completion.awaitResult(ring)).as("address").isEqualTo(-Errno.EFAULT);
    }

    /** R4: each ring has a table of its own. */
    @Test
    void shouldNotTouchTheTableOfAnotherRing() throws IOException {
        registerEmpty(2);
        try (Uring other = Uring.open(8)) {
            other.getSqe().prepFilesUpdate(ints(pipe[0]), 0);
            assertThat(Completion.awaitResult(other)).isNegative();
        }
        assertThat(readSlot(0)).isEqualTo(-Errno.EBADF);
    }

    /** R4: the buffer is read by a worker thread, after the submission. */
    @Test
    void shouldReplaceByAWorker() {
        registerEmpty(4);
        final Sqe sqe = sqe(1);
        sqe.prepFilesUpdate(ints(pipe[0], pipe[0]), 1);
        sqe.setFlags(IOSQE_ASYNC);
        assertThat(Completion.awaitResult(ring)).isEqualTo(2);
        assertThat(readSlot(2)).isEqualTo(1);
    }

    /** R4: the request after it in a chain sees the file. */
    @Test
    void shouldUseAFileThatTheRequestBeforePutThere() {
        Native.assumeFeature(ring, UringConstants.IORING_FEAT_LINKED_FILE);
        registerEmpty(2);
        Native.write(pipe[1], "linked");
        final Sqe update = sqe(1);
        update.prepFilesUpdate(ints(pipe[0]), 1);
        update.setFlags(IOSQE_IO_LINK);
        final Sqe read = sqe(2);
        read.prepRead(1, Memory.address(buffer), 6, -1);
        read.setFlags(IOSQE_FIXED_FILE);
        assertThat(Completion.awaitSorted(ring, 2)).extracting(Completion::res).containsExactly(1, 6);
    }

    @Test
    void shouldWriteTheSlotsThatTheKernelPicks() {
        registerEmpty(4);
        assertThat(update(1, pipe[0])).isEqualTo(1);
        final ByteBuffer files = ints(pipe[0], pipe[0], pipe[0], pipe[0]);
        files.position(4).limit(12);
        sqe(1).prepFilesUpdate(files, IORING_FILE_INDEX_ALLOC);
        final int result = Completion.awaitResult(ring);
        assumeTrue(result != -Errno.EINVAL && result != -Errno.EOVERFLOW, "this kernel picks no slots here");
        assertThat(result).isEqualTo(2);
        files.clear();
        assertThat(files.getInt(0)).isEqualTo(pipe[0]);
        assertThat(files.getInt(4)).isIn(0, 2, 3);
        assertThat(files.getInt(8)).isIn(0, 2, 3).isNotEqualTo(files.getInt(4));
        assertThat(files.getInt(12)).isEqualTo(pipe[0]);
        assertThat(readSlot(files.getInt(4))).isEqualTo(1);

        sqe(1).prepFilesUpdate(ints(pipe[0], pipe[0]), IORING_FILE_INDEX_ALLOC);
        assertThat(Completion.awaitResult(ring)).as("one is left").isIn(1, -Errno.ENFILE);
        final Sqe sqe = sqe(1);
        assertThatThrownBy(() -> sqe.prepFilesUpdate(ints(1).asReadOnlyBuffer(), IORING_FILE_INDEX_ALLOC))
                .isInstanceOf(ReadOnlyBufferException.class);
        sqe.prepFilesUpdate(ints(pipe[0]).asReadOnlyBuffer(), 0);
        assertThat(Completion.awaitResult(ring)).as("read only is enough").isEqualTo(1);
    }

    private void assumeInstall() {
        Native.assumeOpcode(ring, UringConstants.IORING_OP_FIXED_FD_INSTALL);
    }

    /** R8. */
    @Test
    void shouldMakeADescriptorOfARegisteredFile() {
        assumeInstall();
        assertThat(ring.registerFiles(-1, pipe[0])).isZero();
        for (final int flags : new int[] {0, IORING_FIXED_FD_NO_CLOEXEC}) {
            sqe(1).prepFixedFdInstall(1, flags);
            final int fd = Completion.awaitResult(ring);
            assertThat(fd).isPositive();
            assertThat(Native.isCloseOnExec(fd)).isEqualTo(flags == 0);
            Native.write(pipe[1], "real");
            assertThat(LibC.read(fd, Memory.address(buffer), 64)).isEqualTo(4);
            Native.close(fd);
        }
        assertThat(readSlot(1)).as("it stays in the table").isEqualTo(1);
    }

    /** R8: the descriptor lives on when the slot is emptied. */
    @Test
    void shouldOutliveTheSlot() {
        assumeInstall();
        assertThat(ring.registerFiles(pipe[0])).isZero();
        sqe(1).prepFixedFdInstall(0, 0);
        final int fd = Completion.awaitResult(ring);
        assertThat(ring.registerFilesUpdate(0, -1)).isEqualTo(1);
        Native.write(pipe[1], "real");
        assertThat(LibC.read(fd, Memory.address(buffer), 64)).isEqualTo(4);
        Native.close(fd);
    }

    /** R8. */
    @Test
    void shouldRefuseToInstallWhatIsNotThere() {
        assumeInstall();
        assertThat(ring.registerFiles(-1, pipe[0])).isZero();
        sqe(1).prepFixedFdInstall(0, 0);
        assertThat(Completion.awaitResult(ring)).as("empty").isEqualTo(-Errno.EBADF);
        sqe(2).prepFixedFdInstall(2, 0);
        assertThat(Completion.awaitResult(ring)).as("outside").isEqualTo(-Errno.EBADF);
        final Sqe notFixed = sqe(3);
        notFixed.prepFixedFdInstall(pipe[0], 0);
        notFixed.setFlags(0);
        assertThat(Completion.awaitResult(ring)).as("not registered").isEqualTo(-Errno.EBADF);
        sqe(4).prepFixedFdInstall(1, 1 << 20);
        assertThat(Completion.awaitResult(ring)).as("flags").isEqualTo(-Errno.EINVAL);
    }
}
