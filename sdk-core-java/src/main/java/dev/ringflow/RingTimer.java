package dev.ringflow;

/** A task that a ring will run later. Any thread may use it. */
public interface RingTimer {
    /**
     * Calls the task off. It may still run if its time has come already.
     *
     * @return true if this call made it void; false if it ran, runs, or was cancelled before
     */
    boolean cancel();
}
