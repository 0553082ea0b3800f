package dev.ringflow.examples.guide;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.net.RingSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** How to give something up. */
public final class Giving {
    private Giving() {}

    // snippet-begin: cancel
    /** What was received in time, or a cancelled future; the buffer is the caller's again. */
    public static CompletableFuture<Integer> receiveWithin(
            Ring ring, RingSocket socket, ByteBuffer buffer, Duration limit) {
        RingFuture<Integer> receive = socket.receiveAsync(buffer);
        ring.schedule(limit, () -> receive.cancel(false));
        return receive.released().thenCompose(itIsMineAgain -> receive);
    }
    // snippet-end: cancel
}
