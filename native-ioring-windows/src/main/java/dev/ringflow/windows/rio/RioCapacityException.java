package dev.ringflow.windows.rio;

/**
 * A queue has no room for what was asked, by its own account: the kernel was not asked. Make the queue larger, take
 * completions out, or close sockets.
 */
public final class RioCapacityException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    RioCapacityException(final String message) {
        super(message);
    }
}
