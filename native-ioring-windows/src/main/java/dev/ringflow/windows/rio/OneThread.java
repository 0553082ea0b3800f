package dev.ringflow.windows.rio;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Lets one thread at a time use a queue, and refuses a second: the kernel's queues are not synchronised. */
final class OneThread {
    private final AtomicReference<@Nullable Thread> inside = new AtomicReference<>();

    void enter(final String what) {
        final Thread other = inside.compareAndExchange(null, Thread.currentThread());
        if (other != null) {
            throw new IllegalStateException(what + " is being used by thread " + other.getName()
                    + ": one thread at a time may use a completion queue and its request queues");
        }
    }

    void leave() {
        inside.setRelease(null);
    }
}
