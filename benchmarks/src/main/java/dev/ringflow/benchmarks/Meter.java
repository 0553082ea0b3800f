package dev.ringflow.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Takes the time, the processor's time and the heap of one round. */
final class Meter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final long heap = heap();
    private final long cpu = SYSTEM.getProcessCpuTime();
    private final long start = System.nanoTime();

    private static long heap() {
        long sum = 0;
        for (final long each : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, each);
        }
        return sum;
    }

    /** Ends the round; {@code systemCalls} is their number, or below 0 when nobody counted. */
    FileCost end(final long requests, final long systemCalls) {
        final long nanos = System.nanoTime() - start;
        final long cpuNanos = SYSTEM.getProcessCpuTime() - cpu;
        final long bytes = heap() - heap;
        return new FileCost(
                requests * 1e9 / nanos,
                (double) cpuNanos / requests,
                (double) bytes / requests,
                systemCalls < 0 ? Double.NaN : (double) systemCalls / requests);
    }
}
