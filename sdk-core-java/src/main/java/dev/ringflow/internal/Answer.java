package dev.ringflow.internal;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns the one completion of an operation into what its callback is told. Without state: one object serves every
 * operation of its kind.
 *
 * @param <T> what the callback takes
 */
public abstract class Answer<T extends @Nullable Object> implements OperationHandler {
    /** Tells the callback that it is done, and nothing else. */
    public static final Answer<@Nullable Void> DONE = new Answer<>() {
        @Override
        protected @Nullable Void value(Operation operation, int result) {
            return null;
        }
    };

    /** For subclasses. */
    protected Answer() {}

    /**
     * Submits an operation whose completion this turns into an answer.
     *
     * @param operation a filled operation
     * @param callback whom to tell
     */
    public final void start(Operation operation, RingCallback<T> callback) {
        Ring ring = operation.ring();
        operation.handler(this).callback(callback);
        callback.submitted(ring, operation, operation.activation());
        ring.submit(operation);
    }

    /**
     * Makes the answer.
     *
     * @param operation the operation, its outputs filled in
     * @param result its result, 0 or more
     * @return what the callback takes
     */
    protected abstract T value(Operation operation, int result);

    /**
     * Undoes what was made for an answer that nobody wants.
     *
     * @param value the answer
     */
    protected void discard(T value) {}

    @Override
    @SuppressWarnings("unchecked") // start() sets it
    public final void completed(Operation operation, int result, int flags) {
        RingCallback<T> callback = (RingCallback<T>) Objects.requireNonNull(operation.callback());
        if (result < 0) {
            callback.failed(operation.ring().failure(operation, result));
            return;
        }
        T value = value(operation, result);
        boolean taken = false;
        try {
            taken = callback.completed(value);
        } finally {
            if (!taken) {
                discard(value);
            }
        }
    }
}
