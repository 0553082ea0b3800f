package dev.ringflow;

import java.io.IOException;

/**
 * A failure that the JDK has no exception of its own for. It carries the platform's error, and what a person can do.
 */
public class RingException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final int code;
    private final String codeName;
    private final String advice;

    /**
     * Makes one.
     *
     * @param operation what failed and on what, such as {@code write to /var/log/x}
     * @param code the errno or HRESULT; 0 if there is none
     * @param codeName its symbolic name, such as {@code ENOSPC}
     * @param meaning a short sentence about the code
     * @param advice what a person can do; may be empty
     */
    public RingException(String operation, int code, String codeName, String meaning, String advice) {
        super(operation + ": " + meaning + " (" + codeName + (code == 0 ? "" : " " + code) + ")"
                + (advice.isEmpty() ? "" : ". " + advice));
        this.operation = operation;
        this.code = code;
        this.codeName = codeName;
        this.advice = advice;
    }

    /**
     * What failed and on what.
     *
     * @return such as {@code write to /var/log/x}
     */
    public String operation() {
        return operation;
    }

    /**
     * The platform's error number.
     *
     * @return the errno (positive) or HRESULT; 0 if there is none
     */
    public int code() {
        return code;
    }

    /**
     * The symbolic name of {@link #code()}.
     *
     * @return such as {@code ENOSPC}
     */
    public String codeName() {
        return codeName;
    }

    /**
     * What a person can do about it.
     *
     * @return a sentence; empty when there is nothing to say
     */
    public String advice() {
        return advice;
    }
}
