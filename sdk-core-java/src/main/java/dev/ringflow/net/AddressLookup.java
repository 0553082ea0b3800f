package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.Handle;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** Asks a driver for a socket's address, on the loop thread, where no handle can be closed and used again meanwhile. */
final class AddressLookup {
    private AddressLookup() {}

    /** Either of {@link Driver#localAddress} and {@link Driver#remoteAddress}. */
    interface Question {
        SocketAddress ask(Driver driver, Handle handle) throws IOException;
    }

    static SocketAddress ask(Ring ring, Handle handle, Question question) throws IOException {
        if (ring.isLoopThread()) {
            return onLoop(ring, handle, question);
        }
        CompletableFuture<SocketAddress> answer = new CompletableFuture<>();
        try {
            ring.execute(() -> {
                try {
                    answer.complete(onLoop(ring, handle, question));
                } catch (IOException | RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            throw new ClosedChannelException();
        }
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw e;
        }
    }

    private static SocketAddress onLoop(Ring ring, Handle handle, Question question) throws IOException {
        if (!handle.isOpen()) {
            throw new ClosedChannelException();
        }
        return question.ask(ring.unsafeDriver(), handle);
    }
}
