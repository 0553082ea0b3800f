package dev.ringflow.benchmarks;

/**
 * What one NOP takes, in nanoseconds: by the clock on the wall, and of the processor's time. The latter leaves out the
 * time in which other programs had the processor.
 */
record NopCost(double wallNanos, double cpuNanos) {
    static NopCost of(final long operations, final long wallNanos, final long cpuNanos) {
        return new NopCost((double) wallNanos / operations, (double) cpuNanos / operations);
    }
}
