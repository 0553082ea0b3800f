package dev.ringflow.spi;

/** Where a driver delivers completions: the event loop that owns it. */
public interface CompletionListener {
    /**
     * Takes one completion. Called only from within {@link Driver#poll}, on the loop thread. Never throws.
     *
     * @param operation the operation that completed
     * @param result the result
     * @param flags bits of {@link CompletionFlags}
     */
    void completed(Operation operation, int result, int flags);
}
