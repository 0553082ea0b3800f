package dev.ringflow.micrometer;

import dev.ringflow.RingMetrics;
import java.util.function.ToLongFunction;

/** What there is of each ring. */
enum RingMeter {
    SUBMITTED("operations.submitted", true, RingMetrics::submitted, "Operations given to the kernel"),
    COMPLETED("operations.completed", true, RingMetrics::completed, "Completions delivered"),
    IN_FLIGHT("operations.in.flight", false, RingMetrics::inFlight, "Operations that have not completed yet"),
    CANCELS("operations.cancelled", true, RingMetrics::cancels, "Cancellations asked of the kernel"),
    FALLBACKS("operations.fallbacks", true, RingMetrics::fallbacks, "Operations for which something else stood in"),
    REARMS("operations.rearmed", true, RingMetrics::rearms, "Multishot operations begun anew"),
    SYSTEM_CALLS("system.calls", true, RingMetrics::systemCalls, "System calls of the driver on the loop thread"),
    ENTERS("enters", true, RingMetrics::enters, "Calls that submit, wait or fetch"),
    WAITS("waits", true, RingMetrics::waits, "Times that the loop went to wait"),
    WAKEUPS("wakeups", true, RingMetrics::wakeups, "Times that another thread had to wake the loop"),
    OVERFLOWS("overflows", true, RingMetrics::overflows, "Times that the completion queue had overflowed"),
    CALLBACK_FAILURES("callback.failures", true, RingMetrics::callbackFailures, "Callbacks and tasks that threw"),
    STALLS("stalls", true, RingMetrics::stalls, "Times that a callback held the loop"),
    OPEN_HANDLES("handles.open", false, RingMetrics::openHandles, "Files and sockets that are open"),
    BUFFERS_OUT("buffers.out", false, RingMetrics::buffersOut, "Buffers that the application or the kernel holds"),
    ZERO_COPY_SENDS("zerocopy.sends", true, RingMetrics::zeroCopySends, "Sends that were to do without copying"),
    ZERO_COPIES_COPIED("zerocopy.copied", true, RingMetrics::zeroCopiesCopied, "Those of them that were copied");

    private static final String PREFIX = "ringflow.";

    private final String id;
    private final boolean counts;
    private final ToLongFunction<RingMetrics> value;
    private final String description;

    RingMeter(String id, boolean counts, ToLongFunction<RingMetrics> value, String description) {
        this.id = id;
        this.counts = counts;
        this.value = value;
        this.description = description;
    }

    String id() {
        return PREFIX + id;
    }

    /** Whether it only ever grows. */
    boolean counts() {
        return counts;
    }

    double of(RingMetrics metrics) {
        return value.applyAsLong(metrics);
    }

    String description() {
        return description;
    }
}
