package dev.ringflow.windows.ioring;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets each side of a ring be used by one thread at a time, and none after the close. Windows checks neither: it would crash
 * the process, or damage the queue.
 */
final class CallGuard {
    /** Building, submitting, and all that is not popping. */
    static final int BUILDING = 1;

    /** Popping completions. */
    static final int POPPING = 2;

    private static final int CLOSED = 4;

    private final AtomicInteger state = new AtomicInteger();

    void enter(final int side) {
        int now = state.get();
        while ((now & (CLOSED | side)) == 0) {
            if (state.compareAndSet(now, now | side)) {
                return;
            }
            now = state.get();
        }
        throw refused(now);
    }

    void leave(final int side) {
        state.addAndGet(-side);
    }

    /** Answers whether this call closed it. */
    boolean close() {
        if (state.compareAndSet(0, CLOSED)) {
            return true;
        }
        if (!isClosed()) {
            throw new IllegalStateException("another thread is using the ring: close it when that thread is through");
        }
        return false;
    }

    boolean isClosed() {
        return (state.get() & CLOSED) != 0;
    }

    private static IllegalStateException refused(final int now) {
        return new IllegalStateException(
                (now & CLOSED) != 0
                        ? "the ring is closed"
                        : "another thread is using this side of the ring: one thread builds and submits, one pops");
    }
}
