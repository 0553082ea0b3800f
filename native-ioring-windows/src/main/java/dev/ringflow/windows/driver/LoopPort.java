package dev.ringflow.windows.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.windows.iocp.CompletionEntries;
import dev.ringflow.windows.iocp.CompletionPort;
import dev.ringflow.windows.iocp.WinsockException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The completion port that the loop thread waits on, and whose each key belongs to a {@link PortListener}. Confined to the
 * loop thread, except {@link #wake} and {@link #post}.
 */
final class LoopPort {
    /** Key of what only wakes. */
    private static final int WAKE = 0;

    private static final int BATCH = 256;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long LONGEST_MILLIS = 24 * 3600 * 1000L;

    private final CompletionPort port;
    private final CompletionEntries entries = CompletionEntries.allocate(BATCH);
    private final List<PortListener> listeners = new ArrayList<>();
    private final DriverCounters counters;
    private final AtomicBoolean awake = new AtomicBoolean();
    /** Keeps a late post from reaching a closed port. */
    private final ReentrantLock gate = new ReentrantLock();

    private boolean closed;
    private volatile @Nullable Throwable fault;

    LoopPort(CompletionPort port, DriverCounters counters) {
        this.port = port;
        this.counters = counters;
        listeners.add((batch, index) -> awake.set(false));
    }

    /** For {@code associate}, {@code AcceptPool.listen} and {@code Rio.createPortQueue}. */
    CompletionPort port() {
        return port;
    }

    /** A new key, whose entries a listener gets. */
    long register(PortListener listener) {
        listeners.add(listener);
        return listeners.size() - 1L;
    }

    /** Any thread: ends a wait, or the next one. However often before that, one entry is posted. Nothing once closed. */
    void wake() {
        if (!awake.get() && awake.compareAndSet(false, true)) {
            post(WAKE);
        }
    }

    /** Any thread: an entry of a key, which may come together with others. Nothing once closed. */
    void post(long key) {
        gate.lock();
        try {
            if (!closed) {
                port.post(key, 0, 0);
            }
        } catch (WinsockException e) {
            fault = e;
        } finally {
            gate.unlock();
        }
    }

    /** Why the port is of no use any more. */
    @Nullable
    Throwable fault() {
        return fault;
    }

    /** Waits for entries, gives them to their listeners, and takes what else is there without waiting. */
    void await(long timeoutNanos) {
        int milliseconds = milliseconds(timeoutNanos);
        try {
            int count;
            do {
                if (milliseconds != 0) {
                    counters.waits().add(1);
                }
                counters.systemCalls().add(1);
                counters.enters().add(1);
                count = port.await(entries, milliseconds);
                for (int i = 0; i < count; i++) {
                    listeners.get((int) entries.key(i)).completed(entries, i);
                }
                milliseconds = 0;
            } while (count == BATCH);
        } catch (WinsockException e) {
            fault = e;
        }
    }

    /** Rounded up: a timer that is asked before its time would be asked again and again. */
    private static int milliseconds(long nanos) {
        if (nanos == Long.MAX_VALUE) {
            return CompletionPort.FOREVER;
        }
        long millis = nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI == 0 ? 0 : 1);
        return (int) Math.min(millis, LONGEST_MILLIS);
    }

    void close() {
        gate.lock();
        try {
            closed = true;
            port.close();
        } finally {
            gate.unlock();
        }
    }
}
