package dev.ringflow.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A transfer that could not go on: the message says what happened, to which file, and what to do. */
public class TransferException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Says why.
     *
     * @param message what happened, to what, and what to do
     */
    public TransferException(String message) {
        this(message, null);
    }

    /**
     * Says why.
     *
     * @param message what happened, to what, and what to do
     * @param cause what it was caused by, or null
     */
    public TransferException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
