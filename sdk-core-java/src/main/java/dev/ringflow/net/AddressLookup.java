package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.Handle;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** Asks a driver about a socket, on the loop thread, where no handle can be closed and used again meanwhile. */
final class AddressLookup {
    private AddressLookup() {}

    /** Such as {@link Driver#localAddress}. */
    interface Question<T> {
        T ask(Driver driver, Handle handle) throws IOException;
    }

    static <T> T ask(Ring ring, Handle handle, Question<T> question) throws IOException {
        if (ring.isLoopThread()) {
            return onLoop(ring, handle, question);
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
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

    private static <T> T onLoop(Ring ring, Handle handle, Question<T> question) throws IOException {
        if (!handle.isOpen()) {
            throw new ClosedChannelException();
        }
        return question.ask(ring.unsafeDriver(), handle);
    }
}
