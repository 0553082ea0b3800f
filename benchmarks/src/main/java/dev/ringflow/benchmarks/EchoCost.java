package dev.ringflow.benchmarks;

/**
 * What one round of a server came to, for each request.
 *
 * @param perSecond requests a second
 * @param cpuNanos time of the processor, of the whole server process
 * @param kernelShare how much of that was in the kernel, from 0 to 1
 * @param systemCalls NaN if nobody counted
 * @param heapBytes of a Java process
 * @param median latency in nanoseconds
 * @param slow what 99 of 100 requests stay within, in nanoseconds
 * @param slowest what 999 of 1000 stay within
 * @param clientsBusy the share of its processor that the generator used
 */
record EchoCost(
        double perSecond,
        double cpuNanos,
        double kernelShare,
        double systemCalls,
        double heapBytes,
        double median,
        double slow,
        double slowest,
        double clientsBusy) {
    static EchoCost of(
            final LoadGenerator.Load load, final EchoProcess.Counters before, final EchoProcess.Counters after) {
        final double requests = load.requests();
        final ProcessTime from = before.time();
        final ProcessTime to = after.time();
        final double user = to.userTicks() - from.userTicks();
        final double kernel = to.systemTicks() - from.systemTicks();
        return new EchoCost(
                load.perSecond(),
                (to.nanos() - from.nanos()) / requests,
                kernel / Math.max(1, user + kernel),
                after.systemCalls() < 0 ? Double.NaN : (after.systemCalls() - before.systemCalls()) / requests,
                (after.heapBytes() - before.heapBytes()) / requests,
                load.median(),
                load.slow(),
                load.slowest(),
                load.busy());
    }
}
