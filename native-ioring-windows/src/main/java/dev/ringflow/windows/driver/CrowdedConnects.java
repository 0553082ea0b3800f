package dev.ringflow.windows.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Connections to local servers whose queue is full: no event tells when there is room, so they ask again now and then.
 * Confined to the loop thread.
 */
final class CrowdedConnects {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final List<ConnectingSocket> waiting = new ArrayList<>();
    private long next;

    void add(ConnectingSocket socket) {
        if (waiting.isEmpty()) {
            next = System.nanoTime() + PAUSE_NANOS;
        }
        waiting.add(socket);
    }

    void remove(ConnectingSocket socket) {
        waiting.remove(socket);
    }

    /** How long the loop may wait. */
    long limit(long timeoutNanos) {
        return waiting.isEmpty() ? timeoutNanos : Math.min(timeoutNanos, Math.max(0, next - System.nanoTime()));
    }

    void tryAgain() {
        if (!waiting.isEmpty() && System.nanoTime() - next >= 0) {
            next = System.nanoTime() + PAUSE_NANOS;
            waiting.removeIf(each -> !each.isStillRefused());
        }
    }
}
