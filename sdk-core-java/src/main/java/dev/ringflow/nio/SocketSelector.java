package dev.ringflow.nio;

import dev.ringflow.spi.DriverCounters;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The selector that the loop thread waits on, and what it tells when a channel is ready. Everything but {@link #wakeup}
 * is confined to the loop thread.
 */
final class SocketSelector {
    private static final Consumer<SelectionKey> TELL = key -> ((SelectableSocket) key.attachment()).ready(key);

    private final Selector selector;
    private final DriverCounters counters;
    private volatile boolean open = true;

    SocketSelector(DriverCounters counters) throws IOException {
        this.selector = Selector.open();
        this.counters = counters;
    }

    SelectionKey register(SelectableSocket socket, int interest) throws IOException {
        counters.systemCalls().add(1);
        return socket.channel().register(selector, interest, socket);
    }

    /**
     * Waits for channels and tells them. It also lets go of the file descriptors of channels closed before.
     *
     * @param timeoutNanos 0 does not wait, {@link Long#MAX_VALUE} waits without end
     */
    void select(long timeoutNanos) throws IOException {
        counters.systemCalls().add(1);
        counters.enters().add(1);
        if (timeoutNanos == 0) {
            selector.selectNow(TELL);
        } else {
            counters.waits().add(1);
            forgetInterrupt();
            selector.select(TELL, timeoutNanos == Long.MAX_VALUE ? 0 : roundedUp(timeoutNanos));
        }
    }

    /** An interrupt that somebody's callback left behind would keep the selector from waiting ever again. */
    private static void forgetInterrupt() {
        boolean interrupted = Thread.interrupted();
        assert !interrupted || !Thread.currentThread().isInterrupted();
    }

    /** Rounded down it would wait too short, again and again, until the time has come. */
    private static long roundedUp(long nanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        return TimeUnit.MILLISECONDS.toNanos(millis) == nanos ? millis : millis + 1;
    }

    /** Any thread. */
    void wakeup() {
        if (open) {
            selector.wakeup(); // harmless, too, if it is closed at this very moment
        }
    }

    void close() throws IOException {
        open = false;
        selector.close();
    }
}
