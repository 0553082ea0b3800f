package dev.ringflow.examples.events;

import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import dev.ringflow.event.ForeignDescriptor;
import dev.ringflow.event.PollEvents;
import dev.ringflow.uring.event.Timerfd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * A timer of the kernel, a timerfd, on a ring: the ring waits until it is readable, and reads how often its time has come.
 * For clocks of a ring's own, see {@link Ring#ticksPublisher(Duration)}; this shows a descriptor that the ring did not open.
 */
public final class AlarmClock {
    private AlarmClock() {}

    /**
     * Rings five times, once a second.
     *
     * @param args none
     * @throws IOException if the system has no such timer
     */
    public static void main(String[] args) throws IOException {
        try (Ring ring = Ring.open(RingOptions.builder().driver("uring").build())) {
            ring(ring, Duration.ofSeconds(1), 5, times -> System.out.println("ring, for the " + times + ". time"));
        }
    }

    // snippet-begin: timerfd
    /**
     * Waits until the time has come again and again.
     *
     * @param ring a ring of the driver uring
     * @param period from time to time
     * @param times how often
     * @param alarm told each time how often it was
     * @throws IOException if the system has no such timer
     */
    public static void ring(Ring ring, Duration period, int times, LongConsumer alarm) throws IOException {
        ByteBuffer expirations = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
        try (Timerfd timer = Timerfd.open();
                ForeignDescriptor descriptor = ForeignDescriptor.of(ring, timer.number())) {
            timer.set(period, period);
            for (long rung = 0; rung < times; ) {
                descriptor.pollAsync(PollEvents.READABLE).join();
                descriptor.readAsync(expirations.clear()).join();
                rung += expirations.getLong(0);
                alarm.accept(rung);
            }
        }
    }
    // snippet-end: timerfd
}
