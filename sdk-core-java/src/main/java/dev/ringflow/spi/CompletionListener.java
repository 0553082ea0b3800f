package dev.ringflow.spi;

/**
 * Where a driver delivers completions, and tells what happens to it: the event loop that owns it. Everything is called on
 * the loop thread and never throws.
 */
public interface CompletionListener {
    /**
     * Takes one completion. Called only from within {@link Driver#poll}.
     *
     * @param operation the operation that completed
     * @param result the result
     * @param flags bits of {@link CompletionFlags}
     */
    void completed(Operation operation, int result, int flags);

    /**
     * The driver has waited, or has looked without waiting, and goes on to deliver. Called once in each
     * {@link Driver#poll}, before the first completion: from here on the loop is busy, which a watchdog has to know.
     */
    default void awake() {}

    /** The completion queue has overflowed; nothing is lost. */
    default void overflowed() {}

    /**
     * An operation that the capabilities call {@link dev.ringflow.Support#NATIVE} is done by a helper thread or in another
     * form all the same.
     *
     * @param operation the operation, which has not completed yet
     */
    default void fallback(Operation operation) {}
}
