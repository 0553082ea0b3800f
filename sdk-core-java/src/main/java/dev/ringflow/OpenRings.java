package dev.ringflow;

import dev.ringflow.internal.BuffersOut;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The rings of the process, and who is told of their opening and closing. Any thread. */
final class OpenRings {
    private static final Set<Ring> OPEN = ConcurrentHashMap.newKeySet();

    private OpenRings() {}

    static void opened(Ring ring, EventLoop loop, RingOptions options) {
        OPEN.add(ring);
        RingEvents.begin();
        BuffersOut.of(ring).onShortage((from, out) -> RingEvents.current().bufferShortage(ring.name(), from, out));
        RingEvents.current().opened(ring, options);
        if (options.jmx()) {
            RingBeans.markProcess();
            RingBeans.SHARED.opened(ring);
        }
        Watchdog.SHARED.begin(loop.watch());
        loop.endHook().set(() -> closed(ring, loop));
    }

    private static void closed(Ring ring, EventLoop loop) {
        Watchdog.SHARED.end(loop.watch());
        RingBeans.SHARED.closed(ring);
        OPEN.remove(ring);
        RingEvents.current().closed(ring);
    }

    /** All that are open now. */
    static Iterable<Ring> all() {
        return OPEN;
    }
}
