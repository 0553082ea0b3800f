package dev.ringflow;

import dev.ringflow.spi.OpCode;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The events of a flight recording. Registered when the process begins to record, and not before. */
final class FlightEvents extends RingEvents {
    private static final String CATEGORY = "RingFlow";

    /** Begins when there is a recorder, at once or later. */
    static void awaitRecorder() {
        FlightRecorder.addListener(new FlightRecorderListener() {
            @Override
            public void recorderInitialized(FlightRecorder recorder) {
                FlightRecorder.register(RingOpened.class);
                FlightRecorder.register(RingClosed.class);
                FlightRecorder.register(LoopStall.class);
                FlightRecorder.register(Overflow.class);
                FlightRecorder.register(BufferShortage.class);
                FlightRecorder.register(Fallback.class);
                FlightRecorder.addPeriodicEvent(RingStatistics.class, RingStatistics::commitAll);
                RingEvents.current(new FlightEvents());
            }
        });
    }

    @Override
    void opened(Ring ring, RingOptions options) {
        RingOpened event = new RingOpened();
        if (event.shouldCommit()) {
            event.ring = ring.name();
            event.driver = ring.driver();
            event.entries = options.entries();
            event.waitMode = options.waitMode().toString();
            event.commit();
        }
    }

    @Override
    void closed(Ring ring) {
        RingClosed event = new RingClosed();
        if (event.shouldCommit()) {
            RingMetrics metrics = ring.metrics();
            event.ring = ring.name();
            event.driver = metrics.driver();
            event.completed = metrics.completed();
            event.leftInKernel = metrics.inFlight();
            event.commit();
        }
    }

    @Override
    void stall(String ring, String thread, long nanos, String callback, String stack) {
        LoopStall event = new LoopStall();
        if (event.shouldCommit()) {
            event.ring = ring;
            event.loopThread = thread;
            event.held = nanos;
            event.callback = callback;
            event.loopStack = stack;
            event.commit();
        }
    }

    @Override
    void overflow(String ring, long overflows) {
        Overflow event = new Overflow();
        if (event.shouldCommit()) {
            event.ring = ring;
            event.overflows = overflows;
            event.commit();
        }
    }

    @Override
    void bufferShortage(String ring, Object from, long out) {
        BufferShortage event = new BufferShortage();
        if (event.shouldCommit()) {
            event.ring = ring;
            event.buffers = from.toString();
            event.out = out;
            event.commit();
        }
    }

    @Override
    void fallback(String ring, OpCode operation, Capabilities capabilities) {
        Fallback event = new Fallback();
        if (event.shouldCommit()) {
            event.ring = ring;
            event.operation = operation.toString();
            event.support = capabilities.support(operation).toString();
            event.commit();
        }
    }

    @Name("dev.ringflow.RingOpened")
    @Label("Ring Opened")
    @Category(CATEGORY)
    static final class RingOpened extends Event {
        @Label("Ring")
        String ring = "";

        @Label("Driver")
        String driver = "";

        @Label("Submission Queue Entries")
        int entries;

        @Label("Wait Mode")
        String waitMode = "";
    }

    @Name("dev.ringflow.RingClosed")
    @Label("Ring Closed")
    @Category(CATEGORY)
    @StackTrace(false)
    static final class RingClosed extends Event {
        @Label("Ring")
        String ring = "";

        @Label("Driver")
        String driver = "";

        @Label("Completions")
        long completed;

        @Label("Operations Left in the Kernel")
        long leftInKernel;
    }

    @Name("dev.ringflow.LoopStall")
    @Label("Loop Stall")
    @Description("A callback holds the loop of a ring, and everything else on the ring waits for it")
    @Category(CATEGORY)
    @StackTrace(false)
    static final class LoopStall extends Event {
        @Label("Ring")
        String ring = "";

        @Label("Loop Thread")
        String loopThread = "";

        @Label("Held So Far")
        @Timespan(Timespan.NANOSECONDS)
        long held;

        @Label("Callback")
        String callback = "";

        @Label("Stack of the Loop Thread")
        String loopStack = "";
    }

    @Name("dev.ringflow.Overflow")
    @Label("Completion Queue Overflow")
    @Category(CATEGORY)
    @StackTrace(false)
    static final class Overflow extends Event {
        @Label("Ring")
        String ring = "";

        @Label("Overflows So Far")
        long overflows;
    }

    @Name("dev.ringflow.BufferShortage")
    @Label("Buffer Shortage")
    @Description("All buffers are held: a stream pauses, or a lease is served from other memory, or waits")
    @Category(CATEGORY)
    static final class BufferShortage extends Event {
        @Label("Ring")
        String ring = "";

        @Label("Buffers")
        String buffers = "";

        @Label("Buffers Out")
        long out;
    }

    @Name("dev.ringflow.Fallback")
    @Label("Fallback")
    @Description("An operation that the kernel's queue does not do: another form, or a helper thread, stands in for it")
    @Category(CATEGORY)
    @Enabled(false)
    @StackTrace(false)
    static final class Fallback extends Event {
        @Label("Ring")
        String ring = "";

        @Label("Operation")
        String operation = "";

        @Label("Support")
        String support = "";
    }

    @Name("dev.ringflow.RingStatistics")
    @Label("Ring Statistics")
    @Category(CATEGORY)
    @Period("1 s")
    @StackTrace(false)
    static final class RingStatistics extends Event {
        @Label("Ring")
        String ring = "";

        @Label("Driver")
        String driver = "";

        @Label("Operations Submitted")
        long submitted;

        @Label("Completions")
        long completed;

        @Label("Operations in Flight")
        long inFlight;

        @Label("System Calls")
        long systemCalls;

        @Label("Enters")
        long enters;

        @Label("Waits")
        long waits;

        @Label("Wake-ups")
        long wakeups;

        @Label("Overflows")
        long overflows;

        @Label("Cancellations")
        long cancels;

        @Label("Callback Failures")
        long callbackFailures;

        @Label("Open Files and Sockets")
        long openHandles;

        @Label("Zero-Copy Sends")
        long zeroCopySends;

        @Label("Zero-Copy Sends That Were Copied")
        long zeroCopiesCopied;

        @Label("Buffers Out")
        long buffersOut;

        @Label("Re-arms")
        long rearms;

        @Label("Fallbacks")
        long fallbacks;

        @Label("Stalls")
        long stalls;

        static void commitAll() {
            for (Ring each : OpenRings.all()) {
                RingStatistics event = new RingStatistics();
                event.fill(each.name(), each.metrics());
                event.commit();
            }
        }

        private void fill(String name, RingMetrics metrics) {
            ring = name;
            driver = metrics.driver();
            submitted = metrics.submitted();
            completed = metrics.completed();
            inFlight = metrics.inFlight();
            systemCalls = metrics.systemCalls();
            enters = metrics.enters();
            waits = metrics.waits();
            wakeups = metrics.wakeups();
            overflows = metrics.overflows();
            cancels = metrics.cancels();
            callbackFailures = metrics.callbackFailures();
            openHandles = metrics.openHandles();
            zeroCopySends = metrics.zeroCopySends();
            zeroCopiesCopied = metrics.zeroCopiesCopied();
            buffersOut = metrics.buffersOut();
            rearms = metrics.rearms();
            fallbacks = metrics.fallbacks();
            stalls = metrics.stalls();
        }
    }
}
