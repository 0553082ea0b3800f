package dev.ringflow.file;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** How a blocking call on a file waits for the ring. */
final class BlockingWait {
    private BlockingWait() {}

    /** Refuses to wait on the one thread that everybody waits for. Comes before anything is submitted. */
    static void requireOtherThread(RingFile file, String call) {
        if (file.ring().isLoopThread()) {
            throw new IllegalStateException(call + " of " + file + " waits for the ring, and was called on the loop"
                    + " thread of that ring, which would wait for itself. Use the asynchronous methods there, or another"
                    + " thread");
        }
    }

    /** Waits to the end; an interrupt is kept for later. */
    static <T extends @Nullable Object> T uninterrupted(CompletableFuture<T> future) throws IOException {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw rethrown(e.getCause() == null ? e : e.getCause());
        } catch (CancellationException e) {
            throw rethrown(e);
        }
    }

    /**
     * Waits; an interrupt closes the file, as it does with the JDK's channels. Returns or throws when the kernel has let
     * go of the operation's memory and not before.
     */
    static <T extends @Nullable Object> T closedByInterrupt(RingFile file, CompletableFuture<T> future)
            throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw interrupted(file, future);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause() == null ? e : e.getCause());
        } catch (CancellationException e) {
            throw rethrown(e);
        }
    }

    private static IOException interrupted(RingFile file, CompletableFuture<?> future) {
        CompletableFuture<?> closed = file.closeAsync();
        CompletableFuture.allOf(future, closed).exceptionally(failure -> null).join();
        Thread.currentThread().interrupt();
        return new ClosedByInterruptException();
    }

    /** A thread that comes with an interrupt closes the file at once. */
    static void requireNoInterrupt(RingFile file) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted(file, CompletableFuture.completedFuture(null));
        }
    }

    /** Closes the file, and waits for it except on the loop thread. A failure is told to whoever closed first. */
    static void forClose(RingFile file) throws IOException {
        boolean wasOpen = file.isOpen();
        CompletableFuture<@Nullable Void> closed = file.closeAsync();
        if (file.ring().isLoopThread()) {
            return;
        }
        try {
            uninterrupted(closed);
        } catch (IOException e) {
            if (wasOpen) {
                throw e;
            }
        } finally {
            file.locks.close();
        }
    }

    private static IOException rethrown(Throwable cause) {
        Throwable told = ChannelFailures.of(cause);
        if (told instanceof IOException failure) {
            return failure;
        } else if (told instanceof RuntimeException failure) {
            throw failure;
        } else if (told instanceof Error failure) {
            throw failure;
        }
        return new IOException(told);
    }
}
