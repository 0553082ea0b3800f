package dev.ringflow.examples.guide;

import dev.ringflow.RingFuture;
import dev.ringflow.net.RingSocket;
import java.nio.ByteBuffer;

/** Sending without the kernel's copy. */
public final class ZeroCopy {
    private ZeroCopy() {}

    // snippet-begin: send
    /** Sends two large blocks from one buffer. */
    public static void sendTwice(RingSocket socket, ByteBuffer buffer) {
        socket.zeroCopyThreshold(64 * 1024); // from this size on, without copying
        RingFuture<Integer> first = socket.sendFullyAsync(buffer);
        first.join(); // sent: the peer may be answering already
        first.released().join(); // the memory is ours again: only now fill it anew
        socket.sendFullyAsync(buffer.rewind()).released().join();
    }
    // snippet-end: send
}
