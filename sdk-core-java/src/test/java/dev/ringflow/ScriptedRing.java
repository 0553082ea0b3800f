package dev.ringflow;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A ring on a {@link ScriptedDriver}. */
record ScriptedRing(Ring ring, ScriptedDriver driver) {
    static ScriptedRing open(ScriptedDriver.Script script) {
        var provider = new ScriptedDriver.Provider("scripted", 0, null, script);
        EventLoop loop = EventLoop.start(
                provider,
                RingOptions.builder().closeTimeout(Duration.ofMillis(200)).build());
        Ring ring = new Ring(loop);
        return new ScriptedRing(ring, Objects.requireNonNull(provider.opened));
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }
}
