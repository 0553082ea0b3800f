package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ReceivedHandles;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts the bytes of a receive and the open files that came with them together. */
final class DescriptorsReceived implements RingCallback<Integer> {
    private final RingCallback<ReceivedDescriptors> callback;
    /** Read while the operation is being completed, and before it is recycled. */
    private @Nullable Operation operation;

    DescriptorsReceived(RingCallback<ReceivedDescriptors> callback) {
        this.callback = callback;
    }

    @Override
    public void submitted(Ring ring, Operation submitted, int activation) {
        operation = submitted;
        callback.submitted(ring, submitted, activation);
    }

    @Override
    public boolean completed(Integer bytes) {
        Operation done = Objects.requireNonNull(operation);
        ReceivedHandles handles = done.resultObject() instanceof ReceivedHandles received
                ? received
                : new ReceivedHandles(List.of(), false);
        ReceivedDescriptors whole = new ReceivedDescriptors(done.ring(), bytes, handles);
        boolean taken = false;
        try {
            taken = callback.completed(whole);
        } finally {
            if (!taken) {
                whole.close();
            }
        }
        return taken;
    }

    @Override
    public void failed(Throwable cause) {
        Operation done = operation;
        if (done != null && done.resultObject() instanceof ReceivedHandles received) {
            new ReceivedDescriptors(done.ring(), 0, received).close(); // the buffer was tampered with
        }
        callback.failed(cause);
    }
}
