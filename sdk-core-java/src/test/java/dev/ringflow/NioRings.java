package dev.ringflow;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Rings that run anywhere, for tests of what belongs to no driver. */
final class NioRings {
    private NioRings() {}

    static RingOptions.Builder options() {
        return RingOptions.builder().driver("nio");
    }

    static Ring open() {
        return Ring.open(options().build());
    }

    /** Runs something on the loop thread and waits for it. */
    static void onLoop(Ring ring, Runnable task) throws Exception {
        CompletableFuture.runAsync(task, ring).get(30, TimeUnit.SECONDS);
    }
}
