package dev.ringflow.windows.internal;

/** Sizes and offsets of {@code OVERLAPPED} and {@code OVERLAPPED_ENTRY} on 64-bit Windows, in bytes. */
public final class OverlappedLayout {
    /** Size of {@code OVERLAPPED}. */
    public static final int SIZE = 32;

    /** The NTSTATUS, 64 bits. */
    public static final int INTERNAL = 0;

    /** The number of bytes, 64 bits. */
    public static final int INTERNAL_HIGH = 8;

    /** The lower half of the position in the file. */
    public static final int OFFSET = 16;

    /** The upper half of the position in the file. */
    public static final int OFFSET_HIGH = 20;

    /** An event to set, or 0. */
    public static final int EVENT = 24;

    /** Size of {@code OVERLAPPED_ENTRY}. */
    public static final int ENTRY_SIZE = 32;

    /** The key that the file was bound with, 64 bits. */
    public static final int ENTRY_KEY = 0;

    /** Address of the request's {@code OVERLAPPED}. */
    public static final int ENTRY_OVERLAPPED = 8;

    /** The NTSTATUS, 64 bits. */
    public static final int ENTRY_INTERNAL = 16;

    /** The number of bytes, 32 bits. */
    public static final int ENTRY_BYTES = 24;

    private OverlappedLayout() {}
}
