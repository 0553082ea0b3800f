package dev.ringflow.uring.event;

import dev.ringflow.RingException;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * A counter that is readable while it is not 0; see eventfd(2). Reading delivers 8 bytes, the count, and sets it to 0.
 */
public final class Eventfd extends EventDescriptor {
    private Eventfd(final int number) {
        super(number);
    }

    /**
     * Opens a counter.
     *
     * @param initial its count, 0 or more
     * @return the counter, for the caller to close
     * @throws RingException if the system refuses
     */
    public static Eventfd open(final int initial) throws RingException {
        return new Eventfd(checked("eventfd", LibC.eventfd(initial, UringConstants.EFD_CLOEXEC)));
    }

    /**
     * Adds to the count, and so wakes who waits. Waits itself if the count would go beyond what 64 bits hold.
     *
     * @param count how much, at least 1
     * @throws RingException if the system refuses
     * @throws IllegalStateException if it is closed
     */
    public void add(final long count) throws RingException {
        if (count < 1) {
            throw new IllegalArgumentException("count must be at least 1, got " + count);
        }
        requireOpen();
        final ByteBuffer memory = Memory.allocate(Long.BYTES, Long.BYTES).putLong(0, count);
        final long written = LibC.write(number(), Memory.address(memory), Long.BYTES);
        Reference.reachabilityFence(memory);
        checked("write to " + this, written == Long.BYTES ? 0 : written < 0 ? (int) written : -Errno.EIO);
    }
}
