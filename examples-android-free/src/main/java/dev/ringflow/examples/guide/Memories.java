package dev.ringflow.examples.guide;

import dev.ringflow.Ring;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferGroupOptions;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.BufferPoolOptions;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.RingSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Memory that the kernel knows already. */
public final class Memories {
    private Memories() {}

    // snippet-begin: pool
    public static byte firstByte(Ring ring, RingFile file, long record) {
        BufferPoolOptions options = BufferPoolOptions.builder()
                .bufferSize(4096)
                .slabSize(64)
                .maxSlabs(16)
                .build();
        try (BufferPool pool = ring.bufferPool(options);
                RingBuffer buffer = pool.acquire()) {
            file.readFullyAsync(buffer, record * 4096).join();
            return buffer.byteBuffer().get(0);
        }
    }
    // snippet-end: pool

    // snippet-begin: group
    public static BufferGroup messages(Ring ring) {
        return ring.bufferGroup(
                BufferGroupOptions.builder().count(256).bufferSize(2048).build());
    }

    /** Counts the bytes that come on a connection, with at most eight buffers held at a time. */
    public static CompletableFuture<Long> count(RingSocket socket, BufferGroup group) {
        CompletableFuture<Long> total = new CompletableFuture<>();
        IncomingOptions options =
                IncomingOptions.builder().group(group).maxHeld(8).build();
        socket.incomingPublisher(options).subscribe(new Flow.Subscriber<>() {
            private long bytes;

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ReceivedBuffer buffer) {
                try (buffer) { // gives it back to the group
                    bytes += buffer.remaining();
                }
            }

            @Override
            public void onError(Throwable failure) {
                total.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                total.complete(bytes);
            }
        });
        return total;
    }
    // snippet-end: group
}
