package dev.ringflow.windows.ioring;

import java.nio.ByteBuffer;

/**
 * {@code IORING_CQE}: a completion. {@link IoRing#popCompletion} fills it again and again. Not safe for use by several
 * threads.
 */
public final class IoRingCompletion {
    private final ByteBuffer memory = IoRingMemory.allocate(IoRingLayout.CQE_SIZE, Long.BYTES);
    private final long address = IoRingMemory.address(memory);

    /** Holds nothing yet: all zero. */
    public IoRingCompletion() {}

    long address() {
        return address;
    }

    /**
     * The operation.
     *
     * @return the user data that the build function was given
     */
    public long userData() {
        return memory.getLong(IoRingLayout.CQE_USER_DATA);
    }

    /**
     * How it ended.
     *
     * @return an {@code HRESULT}, see {@link HResult}; {@link HResult#HANDLE_EOF} for a read at or after the end of the file
     */
    public int resultCode() {
        return memory.getInt(IoRingLayout.CQE_RESULT_CODE);
    }

    /**
     * What it brought.
     *
     * @return of reads and writes the number of bytes, which may be fewer than asked
     */
    public long information() {
        return memory.getLong(IoRingLayout.CQE_INFORMATION);
    }

    /**
     * Whether a read began at or after the end of the file.
     *
     * @return true for {@link HResult#HANDLE_EOF}
     */
    public boolean isEndOfFile() {
        return resultCode() == HResult.HANDLE_EOF;
    }

    @Override
    public String toString() {
        return "completion of " + userData() + ": " + HResult.name(resultCode()) + ", " + information();
    }
}
