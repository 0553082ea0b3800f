package dev.ringflow;

/** The ring was closed, or is being closed, and takes nothing any more. */
public class RingClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message what was asked of which ring
     */
    public RingClosedException(String message) {
        super(message);
    }

    /**
     * Makes one for a ring that died.
     *
     * @param message what was asked of which ring
     * @param cause why the ring is closed
     */
    public RingClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
