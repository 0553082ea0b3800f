package dev.ringflow;

/** A scheduled task that wants to know when its ring is closed before its time has come. */
public interface RingTask extends Runnable {
    /**
     * Called once instead of {@link #run()}, on the loop thread, when the ring closes.
     *
     * @param why says that the ring is closed
     */
    void abandoned(RingClosedException why);
}
