package dev.ringflow;

import dev.ringflow.spi.Driver;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;

/** Turns a failed result into an exception: what means the same from every driver here, the rest by the driver. */
final class OperationFailures {
    private OperationFailures() {}

    static Throwable failure(EventLoop loop, Driver driver, Operation operation, int result) {
        if (result == ResultCodes.FAILED) {
            Throwable reason = operation.failure();
            return reason == null ? new IllegalStateException(operation + " failed without a reason") : reason;
        }
        if (result == ResultCodes.CANCELED) {
            return cancelled(loop, operation);
        }
        if (result == ResultCodes.TIMED_OUT && operation.timeoutNanos() > 0) {
            return new OperationTimeoutException(describe(operation), Duration.ofNanos(operation.timeoutNanos()));
        }
        return driver.failure(operation, result);
    }

    private static Throwable cancelled(EventLoop loop, Operation operation) {
        Handle handle = operation.handle();
        if (handle != null && !handle.isOpen()) {
            return new AsynchronousCloseException();
        }
        if (loop.isClosing()) {
            return loop.closedException(operation.opCode().toString());
        }
        return new CancellationException(operation.opCode() + " was cancelled");
    }

    private static String describe(Operation operation) {
        Object target = operation.owner() != null ? operation.owner() : operation.argument();
        String what = operation.opCode().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return target == null ? what : what + " of " + target;
    }
}
