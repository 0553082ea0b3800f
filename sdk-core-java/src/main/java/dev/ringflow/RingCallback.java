package dev.ringflow;

import dev.ringflow.spi.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Whoever waits for an operation: the form below {@link RingFuture} and the coroutines, without an object of the
 * library's between the kernel and the caller.
 *
 * <p>Exactly one of {@link #completed} and {@link #failed} is called, once, on the loop thread, and only after the
 * kernel has let go of the operation's memory. Both should return soon: the loop waits for them.
 *
 * @param <T> what the operation delivers
 */
public interface RingCallback<T extends @Nullable Object> {
    /**
     * Called on the submitting thread before the operation can complete, with what {@link Ring#cancel} needs.
     *
     * @param ring the ring
     * @param operation the operation; it is recycled after completion, so never touch it otherwise
     * @param activation tells this use of it from later ones
     */
    default void submitted(Ring ring, Operation operation, int activation) {}

    /**
     * Takes the result of a send without copying as soon as it is known, while the memory still is the kernel's;
     * {@link #completed} follows with the same value when the memory is free. Does nothing unless it is overridden. Not
     * called where both come at once, or when the send fails.
     *
     * @param value what the operation delivered
     */
    default void sent(T value) {}

    /**
     * Takes the result.
     *
     * @param value what the operation delivered
     * @return false if nobody wants it any more: then a file or connection that was opened is closed again
     */
    boolean completed(T value);

    /**
     * Takes the failure.
     *
     * @param cause why; {@link java.util.concurrent.CancellationException} after {@link Ring#cancel}
     */
    void failed(Throwable cause);
}
