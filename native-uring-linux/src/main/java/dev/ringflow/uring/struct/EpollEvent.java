package dev.ringflow.uring.struct;

import java.nio.ByteBuffer;

/**
 * What epoll watches for, and what it found. Packed to 12 bytes on x86; of 16 bytes elsewhere, so use {@link #SIZE} and
 * the offsets here.
 *
 * <pre>{@code
 * struct epoll_event {
 *     __poll_t events;
 *     __u64    data;
 * } EPOLL_PACKED;
 * }</pre>
 *
 * <p>Source: {@code epoll_ctl(2)}, {@code epoll_wait(2)}.
 */
public final class EpollEvent {
    private static final boolean PACKED = isX86();

    /** Offset of {@code events}. */
    public static final int EVENTS = 0;

    /** Offset of {@code data}. */
    public static final int DATA = PACKED ? 4 : 8;

    /** Size of the struct in bytes. */
    public static final int SIZE = DATA + Long.BYTES;

    private EpollEvent() {}

    private static boolean isX86() {
        final String machine = System.getProperty("os.arch", "");
        return machine.equals("amd64") || machine.equals("x86_64") || machine.equals("x86") || machine.equals("i386");
    }

    /**
     * Sets an event.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins; one of an array begins at a multiple of {@link #SIZE}
     * @param events {@code EPOLL} events and flags
     * @param data what {@code epoll_wait(2)} gives back
     */
    public static void set(final ByteBuffer memory, final int offset, final int events, final long data) {
        memory.putInt(offset + EVENTS, events);
        memory.putLong(offset + DATA, data);
    }

    /**
     * The events.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return {@code EPOLL} events
     */
    public static int events(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + EVENTS);
    }

    /**
     * What was given when the file was added.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return 64 bits
     */
    public static long data(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + DATA);
    }
}
