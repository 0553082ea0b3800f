package dev.ringflow.windows.ioring;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The arrays that operations in flight read: kept reachable from the build function to the completion, so that the garbage
 * collector cannot give to somebody else what Windows still reads. A completion is told from others by its user data only.
 *
 * <p>One thread holds and another may release. Rings that use none pay one look at a field for each completion.
 */
final class HeldMemory {
    private static final System.Logger LOGGER = System.getLogger("dev.ringflow.windows.ioring");

    /** What closed rings left behind. */
    private static final Queue<Object> ABANDONED = new ConcurrentLinkedQueue<>();

    private final Map<Long, Deque<Object>> inFlight = new HashMap<>();
    private volatile int size;

    /** Before the entry is built: a thread that pops must find it. */
    synchronized void hold(final long userData, final Object memory) {
        inFlight.computeIfAbsent(userData, key -> new ArrayDeque<>()).add(memory);
        size++; // guarded by this
    }

    /** The entry was not built after all. */
    synchronized void forget(final long userData) {
        final Deque<Object> held = inFlight.get(userData);
        if (held != null) {
            held.removeLast();
            size--;
            if (held.isEmpty()) {
                inFlight.remove(userData);
            }
        }
    }

    boolean isInUse() {
        return size != 0;
    }

    /** A completion came. */
    synchronized void complete(final long userData) {
        final Deque<Object> held = inFlight.get(userData);
        if (held != null) {
            held.removeFirst();
            size--;
            if (held.isEmpty()) {
                inFlight.remove(userData);
            }
        }
    }

    /** The ring is closed: what is in flight may still be read, so it is never freed. */
    synchronized void abandon() {
        if (size == 0) {
            return;
        }
        ABANDONED.addAll(inFlight.values());
        LOGGER.log(
                System.Logger.Level.WARNING,
                "a ring was closed with {0} registrations or segment lists in flight: their memory is never freed. Pop"
                        + " their completions before closing a ring.",
                size);
        inFlight.clear();
        size = 0;
    }

    int size() {
        return size;
    }
}
