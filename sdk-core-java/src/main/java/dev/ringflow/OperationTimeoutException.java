package dev.ringflow;

import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * An operation took longer than it was given, and was cancelled. Its memory is the caller's again.
 *
 * <p>What was asked may have been done in part: a stream that was being read may have lost bytes to the buffer, and
 * whatever a file was written with may be there or not. So on a stream it is best to give up the connection.
 */
public class OperationTimeoutException extends InterruptedIOException {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final Duration timeout;

    /**
     * Makes one.
     *
     * @param operation what took too long and on what, such as {@code read of /var/log/x}
     * @param timeout the time that it had
     */
    public OperationTimeoutException(String operation, Duration timeout) {
        super(operation + " was cancelled: it was not done within " + seconds(timeout));
        this.operation = operation;
        this.timeout = timeout;
    }

    private static String seconds(Duration time) {
        return time.toMillis() > 0 ? time.toMillis() + " ms" : time.toNanos() + " ns";
    }

    /**
     * What took too long and on what.
     *
     * @return such as {@code read of /var/log/x}
     */
    public String operation() {
        return operation;
    }

    /**
     * The time that it had.
     *
     * @return the time that was set for the operation
     */
    public Duration timeout() {
        return timeout;
    }
}
