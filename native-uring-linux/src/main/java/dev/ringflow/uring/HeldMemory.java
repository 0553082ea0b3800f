package dev.ringflow.uring;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The buffers that typed prep methods took: kept reachable from the preparation to the terminal completion, so that
 * the garbage collector cannot give to somebody else what the kernel still uses.
 *
 * <p>A completion is told from others by its user data only. So a buffer is let go when as many terminal completions
 * with its user data came as typed requests with that user data went in. A request whose completion is suppressed
 * ({@code IOSQE_CQE_SKIP_SUCCESS}; also those linked behind one that fails) keeps its buffers until the ring is closed.
 *
 * <p>Rings that use addresses only pay one look at a field for each batch. Typed forms allocate.
 */
final class HeldMemory {
    private static final System.Logger LOGGER = System.getLogger("dev.ringflow.uring");

    /** What closed rings left behind. */
    private static final Queue<Held> ABANDONED = new ConcurrentLinkedQueue<>();

    private static final class Held {
        private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>();
        private int requests;
    }

    private final ArrayDeque<Object> prepared = new ArrayDeque<>();
    private final Map<Long, Held> inFlight = new HashMap<>();

    /** Notes a buffer of an entry that is being prepared. */
    void hold(final SqeSlot slot, final ByteBuffer buffer) {
        prepared.add(slot);
        prepared.add(buffer);
    }

    boolean hasPrepared() {
        return !prepared.isEmpty();
    }

    boolean isInUse() {
        return !inFlight.isEmpty();
    }

    /** The entries prepared so far go to the kernel: from here on their user data is known. */
    void submit() {
        final Set<SqeSlot> counted = Collections.newSetFromMap(new IdentityHashMap<>());
        while (!prepared.isEmpty()) {
            final SqeSlot slot = (SqeSlot) prepared.remove();
            final Held held = inFlight.computeIfAbsent(slot.getWord(SqeSlot.USER_DATA), userData -> new Held());
            held.buffers.add((ByteBuffer) prepared.remove());
            held.requests += counted.add(slot) ? 1 : 0;
        }
    }

    /** A completion came. */
    void complete(final long userData, final int flags) {
        if ((flags & UringConstants.IORING_CQE_F_MORE) != 0) {
            return;
        }
        final Held held = inFlight.get(userData);
        if (held != null && --held.requests == 0) {
            inFlight.remove(userData);
        }
    }

    /** The ring is closed: what is in flight may still be written to, so it is never freed. */
    void abandon() {
        if (inFlight.isEmpty()) {
            return;
        }
        ABANDONED.addAll(inFlight.values());
        LOGGER.log(
                System.Logger.Level.WARNING,
                "a ring was closed with {0} requests in flight: their buffers are never freed. Cancel requests, and reap"
                        + " their completions, before closing a ring.",
                requests());
        inFlight.clear();
        prepared.clear();
    }

    /** How many requests hold buffers. */
    int requests() {
        return inFlight.values().stream().mapToInt(held -> held.requests).sum();
    }
}
