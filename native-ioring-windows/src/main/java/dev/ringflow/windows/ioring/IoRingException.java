package dev.ringflow.windows.ioring;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A ring, an event or a file that could not be had: which error, what was asked, and what a person can do about it. Only
 * what opens something throws this; the ring's other functions answer the {@code HRESULT}.
 */
public final class IoRingException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String operation;
    private final String advice;

    /**
     * Makes one.
     *
     * @param code an {@code HRESULT}
     * @param operation what was asked, for example {@code "SubmitIoRing()"}
     */
    public IoRingException(final int code, final String operation) {
        this(code, operation, HResult.advice(code), null);
    }

    IoRingException(final int code, final String operation, final String advice, final @Nullable Throwable cause) {
        super(operation + ": " + HResult.describe(code) + " " + advice, cause);
        this.code = code;
        this.operation = operation;
        this.advice = advice;
    }

    /**
     * The error.
     *
     * @return an {@code HRESULT} below zero, one of {@link HResult}; {@link HResult#E_NOTIMPL} where there is no I/O ring
     */
    public int code() {
        return code;
    }

    /**
     * The error by name.
     *
     * @return for example {@code "IORING_E_VERSION_NOT_SUPPORTED"}
     */
    public String codeName() {
        return HResult.name(code);
    }

    /**
     * What was asked of Windows.
     *
     * @return for example {@code "CreateIoRing(version=300, submission queue of 8)"}
     */
    public String operation() {
        return operation;
    }

    /**
     * What a person can do about it.
     *
     * @return one or more sentences
     */
    public String advice() {
        return advice;
    }
}
