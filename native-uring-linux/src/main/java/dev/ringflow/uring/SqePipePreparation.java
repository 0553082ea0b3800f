package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_OP_PIPE;
import static dev.ringflow.uring.UringConstants.IORING_OP_SPLICE;
import static dev.ringflow.uring.UringConstants.IORING_OP_TEE;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/** The prep functions for pipes; {@link Sqe} tells what holds for all of them. */
public abstract class SqePipePreparation extends SqeFileRangePreparation {
    private static final int FDS_SIZE = 2 * Integer.BYTES;

    SqePipePreparation(final LongBuffer words, final HeldMemory heldMemory) {
        super(words, heldMemory);
    }

    /**
     * {@code io_uring_prep_splice(3)}: {@code splice(2)}, which moves bytes between two files of which at least one
     * is a pipe. Completes with the bytes moved, 0 at the end of the input. Since Linux 5.7.
     *
     * @param fdIn where from; with {@code SPLICE_F_FD_IN_FIXED} the index of a registered file
     * @param offIn position in the input; -1 for a pipe, or for the file's own position
     * @param fdOut where to; with {@code IOSQE_FIXED_FILE} the index of a registered file
     * @param offOut position in the output; -1 for a pipe, or for the file's own position
     * @param nbytes at most so many bytes
     * @param spliceFlags {@code SPLICE_F_} flags
     */
    public final void prepSplice(
            final int fdIn,
            final long offIn,
            final int fdOut,
            final long offOut,
            final int nbytes,
            final int spliceFlags) {
        prepRw(IORING_OP_SPLICE, fdOut, offIn, nbytes, offOut);
        fileIndex(fdIn);
        rwFlags(spliceFlags);
    }

    /**
     * {@code io_uring_prep_tee(3)}: {@code tee(2)}, which copies bytes from one pipe to another and leaves them in
     * the first. Completes with the bytes copied. Since Linux 5.8.
     *
     * @param fdIn the pipe to copy from; with {@code SPLICE_F_FD_IN_FIXED} the index of a registered file
     * @param fdOut the pipe to copy to; with {@code IOSQE_FIXED_FILE} the index of a registered file
     * @param nbytes at most so many bytes
     * @param spliceFlags {@code SPLICE_F_} flags
     */
    public final void prepTee(final int fdIn, final int fdOut, final int nbytes, final int spliceFlags) {
        prepRw(IORING_OP_TEE, fdOut, 0, nbytes, 0);
        fileIndex(fdIn);
        rwFlags(spliceFlags);
    }

    /**
     * {@code io_uring_prep_pipe(3)}: {@code pipe2(2)}. Completes with 0. Since Linux 6.16.
     *
     * @param fdsAddress where the two ints go, the reading end first; delicate: the kernel's until the completion
     * @param pipeFlags {@code O_CLOEXEC}, {@code O_NONBLOCK}, {@code O_DIRECT}; nothing is added
     */
    public final void prepPipe(final long fdsAddress, final int pipeFlags) {
        prepRw(IORING_OP_PIPE, 0, fdsAddress, 0, 0);
        rwFlags(pipeFlags);
    }

    /**
     * {@link #prepPipe(long, int)} into a buffer.
     *
     * @param fds where the two ints go, from position on, the reading end first; direct and writable; held until the
     *     completion
     * @param pipeFlags {@code O_CLOEXEC}, {@code O_NONBLOCK}, {@code O_DIRECT}; nothing is added
     */
    public final void prepPipe(final ByteBuffer fds, final int pipeFlags) {
        prepPipe(targetStruct(fds, FDS_SIZE), pipeFlags);
    }

    /**
     * {@code io_uring_prep_pipe_direct(3)}: {@link #prepPipe(long, int)} into the table of registered files.
     * Completes with 0, or -ENFILE when the table has no two free slots. The ints are the slots; but some
     * kernels write zeroes for slots that were asked for by number (6.18 does). Since Linux 6.16.
     *
     * @param fdsAddress where the two ints go, the reading end first; delicate: the kernel's until the completion
     * @param pipeFlags {@code O_NONBLOCK}, {@code O_DIRECT}; not {@code O_CLOEXEC}
     * @param fileIndex slot of the reading end, the writing end gets the next one; or {@code
     *     IORING_FILE_INDEX_ALLOC} for any two free ones
     */
    public final void prepPipeDirect(final long fdsAddress, final int pipeFlags, final int fileIndex) {
        prepPipe(fdsAddress, pipeFlags);
        targetFixedFile(fileIndex);
    }

    /**
     * {@link #prepPipeDirect(long, int, int)} with a buffer for the slots.
     *
     * @param fds where the two ints go, from position on, the reading end first; direct and writable; held until the
     *     completion
     * @param pipeFlags {@code O_NONBLOCK}, {@code O_DIRECT}; not {@code O_CLOEXEC}
     * @param fileIndex slot of the reading end, the writing end gets the next one; or {@code
     *     IORING_FILE_INDEX_ALLOC} for any two free ones
     */
    public final void prepPipeDirect(final ByteBuffer fds, final int pipeFlags, final int fileIndex) {
        prepPipeDirect(targetStruct(fds, FDS_SIZE), pipeFlags, fileIndex);
    }
}
