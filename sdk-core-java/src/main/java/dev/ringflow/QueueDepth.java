package dev.ringflow;

/** Sizes of the submission queue that suit a kind of load; see {@link RingOptions.Builder#depth}. */
public enum QueueDepth {
    /** 16 entries: few operations at a time, each of them soon. */
    LOW_LATENCY(16),
    /** 64 entries: a bit of both. */
    BALANCED(64),
    /** 256 entries: many operations at a time, in large batches. The default of a ring. */
    THROUGHPUT(256);

    private final int entries;

    QueueDepth(int entries) {
        this.entries = entries;
    }

    /**
     * The size.
     *
     * @return submission queue entries
     */
    public int entries() {
        return entries;
    }
}
