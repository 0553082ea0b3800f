package dev.ringflow.benchmarks;

/**
 * What a round of requests took. Unknown numbers are NaN.
 *
 * @param perSecond requests in a second, or bytes in a second of a copy
 * @param cpuNanos processor time of the whole process for each request: threads of the JVM and of the kernel's pool too
 * @param heapBytes bytes of heap for each request, on all threads
 * @param systemCalls system calls for each request
 * @param medianNanos the time from beginning to end that half of the requests stay within
 * @param slowNanos the time that 99 of 100 requests stay within
 */
record FileCost(
        double perSecond, double cpuNanos, double heapBytes, double systemCalls, double medianNanos, double slowNanos) {
    FileCost(final double perSecond, final double cpuNanos, final double heapBytes, final double systemCalls) {
        this(perSecond, cpuNanos, heapBytes, systemCalls, Double.NaN, Double.NaN);
    }

    FileCost with(final Latencies latencies) {
        return new FileCost(
                perSecond, cpuNanos, heapBytes, systemCalls, latencies.quantile(0.5), latencies.quantile(0.99));
    }
}
