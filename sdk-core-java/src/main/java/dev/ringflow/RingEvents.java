package dev.ringflow;

import dev.ringflow.spi.OpCode;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a flight recording is told. While nobody has ever recorded in the process, or the module {@code jdk.jfr} is missing,
 * this does nothing; then the classes of the events are not even loaded. Any thread.
 */
class RingEvents {
    private static final RingEvents NONE = new RingEvents();

    private static volatile RingEvents current = NONE;
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    RingEvents() {}

    /** Waits for a recorder; called at the opening of each ring, and has an effect at the first. */
    static void begin() {
        if (!BEGUN.get() && BEGUN.compareAndSet(false, true)) {
            try {
                FlightEvents.awaitRecorder();
            } catch (LinkageError | RuntimeException noRecorderHere) {
                LoopReports.log(System.Logger.Level.DEBUG, "There is no flight recorder", noRecorderHere);
            }
        }
    }

    /** From here on events go to a recorder. */
    static void current(RingEvents recorder) {
        current = recorder;
    }

    static RingEvents current() {
        return current;
    }

    void opened(Ring ring, RingOptions options) {}

    void closed(Ring ring) {}

    void stall(String ring, String thread, long nanos, String callback, String stack) {}

    void overflow(String ring, long overflows) {}

    void bufferShortage(String ring, Object from, long out) {}

    void fallback(String ring, OpCode operation, Capabilities capabilities) {}
}
