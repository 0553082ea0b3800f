package dev.ringflow.benchmarks.report;

/**
 * What is measured.
 *
 * @param name what people call it
 * @param unit of its values
 * @param better which values are to be wished for
 * @param counted whether it is counted rather than timed, so that a busy machine hardly moves it: system calls, bytes of
 *     heap. Such a figure is compared with an older one as it is; a timed one only by its ratio to the reference, which
 *     suffered from the same neighbours
 * @param floor a difference of a counted figure below which it says nothing, in the unit
 */
public record Metric(String name, String unit, Better better, boolean counted, double floor) {
    /** Requests a second. */
    public static final Metric SPEED = timed("speed", "requests/s", Better.HIGHER);
    /** Mebibytes a second. */
    public static final Metric THROUGHPUT = timed("speed", "MiB/s", Better.HIGHER);
    /** Time of the processor, of the whole process for each request. */
    public static final Metric CPU = timed("CPU time", "µs/request", Better.LOWER);
    /** System calls for each request. */
    public static final Metric CALLS = counted("system calls", "calls/request", 0.01);
    /** System calls that a submission thread saves, of those that were made without one. */
    public static final Metric CALLS_SAVED = new Metric("system calls saved", "%", Better.HIGHER, true, 5);
    /** Bytes of heap for each request, on all threads. */
    public static final Metric HEAP = counted("heap", "bytes/request", 4);

    /** A metric by the clock. */
    public static Metric timed(final String name, final String unit, final Better better) {
        return new Metric(name, unit, better, false, 0);
    }

    /** A metric that is counted, of which less is better. */
    public static Metric counted(final String name, final String unit, final double floor) {
        return new Metric(name, unit, Better.LOWER, true, floor);
    }
}
