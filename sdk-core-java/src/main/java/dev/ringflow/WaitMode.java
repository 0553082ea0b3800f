package dev.ringflow;

/** How a ring waits for completions when it has nothing else to do; see {@link RingOptions.Builder#waiting}. */
public enum WaitMode {
    /** Sleeps until the kernel wakes it: the least use of processors, and what suits most programs. */
    INTERRUPT,
    /**
     * Looks again and again for a while whenever something has happened, and sleeps only after that: a sleep and a
     * wake-up less for each completion, and a processor used up meanwhile.
     */
    BUSY_POLL,
    /**
     * As {@link #BUSY_POLL}, but only while operations are in flight, and not while that has been of no use lately.
     */
    HYBRID
}
