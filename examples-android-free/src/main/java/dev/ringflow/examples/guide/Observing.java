package dev.ringflow.examples.guide;

import dev.ringflow.Ring;
import dev.ringflow.RingMetrics;
import dev.ringflow.RingOptions;
import java.time.Duration;
import java.util.function.BiConsumer;
import jdk.jfr.consumer.RecordingStream;

/** What a ring tells of itself. */
public final class Observing {
    private Observing() {}

    // snippet-begin: metrics
    /** System calls for each operation between two looks at a ring. */
    public static double callsPerOperation(RingMetrics before, RingMetrics after) {
        long operations = after.completed() - before.completed();
        return operations == 0 ? 0 : (double) (after.systemCalls() - before.systemCalls()) / operations;
    }

    // snippet-end: metrics

    // snippet-begin: watch
    /** A ring whose loop must not be held for longer than a time. */
    public static Ring watched(Duration limit) {
        return Ring.open(
                RingOptions.builder().threadName("orders").stallLimit(limit).build());
    }

    // snippet-end: watch

    // snippet-begin: stream
    /** Tells of each stall in this process: the ring's name, and the callback that held its loop. */
    public static RecordingStream onStall(BiConsumer<String, String> listener) {
        RecordingStream stream = new RecordingStream();
        stream.enable("dev.ringflow.LoopStall");
        stream.onEvent(
                "dev.ringflow.LoopStall",
                event -> listener.accept(event.getString("ring"), event.getString("callback")));
        stream.startAsync();
        return stream; // for the caller to close
    }
    // snippet-end: stream
}
