package dev.ringflow.nio;

import java.util.ArrayList;
import java.util.List;

/**
 * Connections to unix sockets whose server has as many waiting as it takes. The system lets a caller wait for that who
 * blocks, and has nothing for a selector: so they are tried again every few milliseconds. Confined to the loop thread.
 */
final class CrowdedConnects {
    private static final long PAUSE_NANOS = 5_000_000;

    private List<ConnectingSocket> waiting = new ArrayList<>();
    private long lastTry;

    void add(ConnectingSocket connect) {
        if (waiting.isEmpty()) {
            lastTry = System.nanoTime();
        }
        waiting.add(connect);
    }

    void remove(ConnectingSocket connect) {
        waiting.remove(connect);
    }

    /** How long the loop may wait at most. */
    long limit(long timeoutNanos) {
        return waiting.isEmpty() ? timeoutNanos : Math.min(timeoutNanos, PAUSE_NANOS);
    }

    void tryAgain() {
        if (!waiting.isEmpty() && System.nanoTime() - lastTry >= PAUSE_NANOS) {
            lastTry = System.nanoTime();
            List<ConnectingSocket> due = waiting;
            waiting = new ArrayList<>();
            due.forEach(ConnectingSocket::start);
        }
    }
}
