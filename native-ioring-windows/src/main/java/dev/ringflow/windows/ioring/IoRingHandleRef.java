package dev.ringflow.windows.ioring;

import static dev.ringflow.windows.ioring.IoRingConstants.IORING_REF_RAW;
import static dev.ringflow.windows.ioring.IoRingConstants.IORING_REF_REGISTERED;

/**
 * {@code IORING_HANDLE_REF}: a file, by its handle or by the index of a registered one. Immutable: keep one for each file.
 */
public final class IoRingHandleRef {
    final int kind;
    final long value;

    private IoRingHandleRef(final int kind, final long value) {
        this.kind = kind;
        this.value = value;
    }

    /**
     * {@code IoRingHandleRefFromHandle}: a file by its handle.
     *
     * @param handle an open handle, best one with {@code FILE_FLAG_OVERLAPPED}: without, Windows runs one operation after
     *     the other
     * @return the reference
     */
    public static IoRingHandleRef fromHandle(final long handle) {
        return new IoRingHandleRef(IORING_REF_RAW, handle);
    }

    /**
     * {@code IoRingHandleRefFromIndex}: a file by its place in what {@link IoRing#buildRegisterFileHandles} registered. The
     * index is looked at when the operation runs.
     *
     * @param index from 0 on
     * @return the reference
     * @throws IllegalArgumentException if the index is negative
     */
    public static IoRingHandleRef fromIndex(final int index) {
        if (index < 0) {
            throw new IllegalArgumentException("index: " + index);
        }
        return new IoRingHandleRef(IORING_REF_REGISTERED, index);
    }

    /**
     * Whether this is an index.
     *
     * @return false for a handle
     */
    public boolean isRegistered() {
        return kind == IORING_REF_REGISTERED;
    }

    /**
     * The handle or the index.
     *
     * @return which of them, {@link #isRegistered()} tells
     */
    public long value() {
        return value;
    }

    @Override
    public String toString() {
        return isRegistered() ? "file " + value : "handle 0x" + Long.toHexString(value);
    }
}
