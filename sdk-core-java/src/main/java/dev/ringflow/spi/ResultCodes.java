package dev.ringflow.spi;

/** Results below zero that mean the same from every driver. Any other negative result is the platform's own. */
public final class ResultCodes {
    /** The operation was cancelled before it did anything; the number is Linux's {@code -ECANCELED}. */
    public static final int CANCELED = -125;

    /** The operation was cancelled because its time was over; the number is Linux's {@code -ETIME}. */
    public static final int TIMED_OUT = -62;

    /** A group of provided buffers has none left; the number is Linux's {@code -ENOBUFS}. */
    public static final int NO_BUFFERS = -105;

    /** The driver left the reason in {@link Operation#failure()}. */
    public static final int FAILED = Integer.MIN_VALUE;

    private ResultCodes() {}
}
