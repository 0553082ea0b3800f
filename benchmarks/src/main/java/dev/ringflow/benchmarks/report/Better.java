package dev.ringflow.benchmarks.report;

/** Which values of a metric are to be wished for. */
public enum Better {
    /** The smaller the better: times, system calls, bytes. */
    LOWER,
    /** The larger the better: requests a second. */
    HIGHER
}
