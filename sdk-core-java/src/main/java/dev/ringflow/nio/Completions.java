package dev.ringflow.nio;

import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.CompletionListener;
import dev.ringflow.spi.DatagramHead;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What has ended and was not told yet, first in, first out: operations end at any time, and are told from within
 * {@link dev.ringflow.spi.Driver#poll} alone. Confined to the loop thread.
 */
final class Completions {
    private record Completion(
            Operation operation,
            int result,
            int flags,
            @Nullable Handle handle,
            @Nullable Object object,
            @Nullable Throwable failure) {}

    private final ArrayDeque<Completion> ready = new ArrayDeque<>();

    boolean isEmpty() {
        return ready.isEmpty();
    }

    void done(Operation operation, int result) {
        end(operation, result, null, null, null);
    }

    void answered(Operation operation, Object object) {
        end(operation, 0, null, object, null);
    }

    void opened(Operation operation, Handle handle, @Nullable Object object) {
        end(operation, 0, handle, object, null);
    }

    void failed(Operation operation, Throwable failure) {
        end(operation, ResultCodes.FAILED, null, null, failure);
    }

    void cancelled(Operation operation) {
        end(operation, ResultCodes.CANCELED, null, null, null);
    }

    /** One of several handles; the operation goes on. */
    void openedOneMore(Operation operation, Handle handle) {
        ready.add(new Completion(operation, 0, CompletionFlags.MORE, handle, null, null));
    }

    /** Bytes in a buffer of the operation's group. */
    void received(Operation operation, int bytes, int buffer, boolean goesOn) {
        int flags = CompletionFlags.buffer(buffer) | (goesOn ? CompletionFlags.MORE : 0);
        if (!goesOn) {
            operation.driverState(null);
        }
        ready.add(new Completion(operation, bytes, flags, null, null, null));
    }

    /** A datagram in a buffer of the operation's group; the operation goes on. */
    void oneMoreDatagram(Operation operation, DatagramHead head, int buffer) {
        int flags = CompletionFlags.buffer(buffer) | CompletionFlags.MORE;
        ready.add(new Completion(operation, head.length(), flags, null, head, null));
    }

    private void end(
            Operation operation,
            int result,
            @Nullable Handle handle,
            @Nullable Object object,
            @Nullable Throwable failure) {
        operation.driverState(null);
        ready.add(new Completion(operation, result, 0, handle, object, failure));
    }

    /** Tells what is there, and not what is added meanwhile; how many that were. */
    int deliver(CompletionListener listener) {
        int count = ready.size();
        for (int i = 0; i < count; i++) {
            Completion each = ready.remove();
            Operation operation = each.operation;
            operation.resultHandle(each.handle);
            operation.resultObject(each.object);
            operation.failure(each.failure);
            listener.completed(operation, each.result, each.flags);
        }
        return count;
    }
}
