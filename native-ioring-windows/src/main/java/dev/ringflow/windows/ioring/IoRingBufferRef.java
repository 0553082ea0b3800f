package dev.ringflow.windows.ioring;

import static dev.ringflow.windows.ioring.IoRingConstants.IORING_REF_RAW;
import static dev.ringflow.windows.ioring.IoRingConstants.IORING_REF_REGISTERED;

import java.nio.ByteBuffer;

/**
 * {@code IORING_BUFFER_REF}: memory, by its address or by the index of a registered buffer and an offset in it. Build
 * functions copy it, so one object serves all operations: set it anew and use it again. Not safe for use by several threads.
 */
public final class IoRingBufferRef {
    int kind;
    long value;

    /** Names no memory yet. */
    public IoRingBufferRef() {}

    /**
     * {@code IoRingBufferRefFromPointer}: memory by its address.
     *
     * @param address delicate: Windows' until the completion
     * @return a new reference
     */
    public static IoRingBufferRef fromPointer(final long address) {
        return new IoRingBufferRef().setPointer(address);
    }

    /**
     * {@code IoRingBufferRefFromIndexAndOffset}: memory by its place in what {@link IoRing#buildRegisterBuffers} registered.
     *
     * @param index from 0 on
     * @param offset in bytes from the buffer's beginning
     * @return a new reference
     * @throws IllegalArgumentException if one of them is negative
     */
    public static IoRingBufferRef fromIndexAndOffset(final int index, final int offset) {
        return new IoRingBufferRef().setIndexAndOffset(index, offset);
    }

    /**
     * Names memory by its address.
     *
     * @param address delicate: Windows' until the completion
     * @return this
     */
    public IoRingBufferRef setPointer(final long address) {
        kind = IORING_REF_RAW;
        value = address;
        return this;
    }

    /**
     * Names a buffer's memory from its position on. The buffer's limit is not known here: say at most {@code remaining()} to
     * the build function, and keep the buffer reachable until the completion.
     *
     * @param direct a direct buffer
     * @return this
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public IoRingBufferRef setBuffer(final ByteBuffer direct) {
        return setPointer(IoRingMemory.address(direct) + direct.position());
    }

    /**
     * Names memory by the index of a registered buffer, which is looked at when the operation runs.
     *
     * @param index from 0 on
     * @param offset in bytes from the buffer's beginning
     * @return this
     * @throws IllegalArgumentException if one of them is negative
     */
    public IoRingBufferRef setIndexAndOffset(final int index, final int offset) {
        if (index < 0 || offset < 0) {
            throw new IllegalArgumentException("index " + index + ", offset " + offset);
        }
        kind = IORING_REF_REGISTERED;
        value = (long) offset << Integer.SIZE | index;
        return this;
    }

    /**
     * Whether this is an index.
     *
     * @return false for an address
     */
    public boolean isRegistered() {
        return kind == IORING_REF_REGISTERED;
    }

    @Override
    public String toString() {
        return isRegistered()
                ? "buffer " + (int) value + " + " + (int) (value >>> Integer.SIZE)
                : "address 0x" + Long.toHexString(value);
    }
}
