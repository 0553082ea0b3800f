package dev.ringflow.spi;

/**
 * Takes the completions of an {@link Operation}. Handlers keep no state of a request: one object serves every operation
 * of its kind, and what belongs to the request is in the operation.
 */
@FunctionalInterface
public interface OperationHandler {
    /**
     * Called on the loop thread for each completion. Without {@link CompletionFlags#MORE} in {@code flags} it is the
     * terminal one: the kernel has let go of the operation's memory, and the operation is recycled when this method
     * returns, unless it was submitted again.
     *
     * @param operation the operation, its outputs filled in
     * @param result what {@link OpCode} says, or a failure below zero
     * @param flags bits of {@link CompletionFlags}
     */
    void completed(Operation operation, int result, int flags);
}
