package dev.ringflow.windows.iocp;

import java.io.IOException;

/**
 * What Winsock, a completion port or Registered I/O refused: which error, what was asked, of what, and what a person
 * can do about it.
 */
public final class WinsockException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int error;
    private final String asked;

    /**
     * Makes an exception.
     *
     * @param error the error, positive or negated
     * @param asked the function with what it was called on, for example {@code "bind(127.0.0.1:80)"}
     */
    public WinsockException(final int error, final String asked) {
        super(asked + ": " + WinsockError.name(error) + " (" + Math.abs(error) + "). " + WinsockError.meaning(error)
                + " " + WinsockError.advice(error));
        this.error = Math.abs(error);
        this.asked = asked;
    }

    /**
     * The error.
     *
     * @return a positive number, one of {@link WinsockError} or another of Windows'
     */
    public int error() {
        return error;
    }

    /**
     * The error by name.
     *
     * @return for example {@code "WSAEADDRINUSE"}
     */
    public String errorName() {
        return WinsockError.name(error);
    }

    /**
     * What was asked, of what.
     *
     * @return for example {@code "bind(127.0.0.1:80)"}
     */
    public String asked() {
        return asked;
    }

    /**
     * What a person can do about it.
     *
     * @return one or more sentences
     */
    public String advice() {
        return WinsockError.advice(error);
    }
}
