package dev.ringflow.net;

import dev.ringflow.RingCallback;
import dev.ringflow.buffer.ReceivedBuffer;
import org.jspecify.annotations.Nullable;

/** Hands the one buffer of a receive to a callback, which owns it then. */
record ReceivedOnce(RingCallback<@Nullable ReceivedBuffer> callback)
        implements GroupReception.Consumer<ReceivedBuffer> {
    @Override
    public void received(ReceivedBuffer buffer) {
        buffer.retain();
        boolean taken = false;
        try {
            taken = callback.completed(buffer);
        } finally {
            if (taken) {
                buffer.delivered();
            } else {
                buffer.close();
            }
        }
    }

    @Override
    public void ended(@Nullable Throwable why) {
        if (why == null) {
            callback.completed(null);
        } else {
            callback.failed(why);
        }
    }
}
