package dev.ringflow.internal.transfer;

import dev.ringflow.RingClosedException;
import dev.ringflow.RingFuture;
import dev.ringflow.RingTimer;
import dev.ringflow.net.RingSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The connection to the other end, and whether that is still alive. Loop thread. */
final class PeerSocket {
    private static final long LAST_WORDS_NANOS = 2_000_000_000L;
    private static final long BEAT_NANOS = 5_000_000_000L;

    private final TransferRun<?> run;
    private final RingSocket socket;
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    private CompletableFuture<@Nullable Void> sending = TransferRun.done();
    private long lastActivity = System.nanoTime();
    private @Nullable RingTimer idleTimer;
    private @Nullable RingTimer beat;

    PeerSocket(TransferRun<?> run, RingSocket socket) {
        this.run = run;
        this.socket = socket;
    }

    RingSocket socket() {
        return socket;
    }

    /** Something came or went. */
    void touch() {
        lastActivity = System.nanoTime();
    }

    /** Fails the transfer when nothing comes or goes for too long. */
    void watch() {
        touch();
        watch(run.options().idleTimeout().toNanos());
    }

    private void watch(long nanos) {
        idleTimer = run.ring().scheduleNanos(nanos, () -> {
            long limit = run.options().idleTimeout().toNanos();
            long idle = System.nanoTime() - lastActivity;
            if (idle >= limit) {
                run.fail(new SocketTimeoutException("The peer " + socket + " has been silent for "
                        + run.options().idleTimeout() + ": the transfer was given up"));
            } else {
                watch(limit - idle);
            }
        });
    }

    /** Tells the peer every few seconds that this end is alive. */
    void beginBeats() {
        touch();
        beat = run.ring().scheduleNanos(BEAT_NANOS, () -> {
            send(Reply.simple(Reply.Kind.WORKING)).exceptionally(lost -> null);
            beginBeats();
        });
    }

    void endBeats() {
        if (beat != null) {
            beat.cancel();
            beat = null;
        }
    }

    /** Sends bytes after all that is being sent. */
    CompletableFuture<@Nullable Void> send(ByteBuffer bytes) {
        CompletableFuture<@Nullable Void> sent = sending.handle((nothing, failure) -> socket.sendFullyAsync(bytes))
                .thenCompose(future -> future)
                .thenApply(count -> {
                    touch();
                    return null;
                });
        sending = sent;
        return sent;
    }

    /** Receives as many bytes as remain in a buffer. */
    CompletableFuture<ByteBuffer> receive(ByteBuffer into) {
        RingFuture<Integer> received = socket.receiveFullyAsync(into);
        return received.thenApply(count -> {
            touch();
            return into.flip();
        });
    }

    /** No more timers. */
    void rest() {
        endBeats();
        if (idleTimer != null) {
            idleTimer.cancel();
            idleTimer = null;
        }
    }

    void close() {
        rest();
        socket.closeAsync().whenComplete((nothing, ignored) -> closed.complete(null));
    }

    /** Closes it soon, so that what is said last can still arrive. */
    void closeSoon() {
        try {
            run.ring().scheduleNanos(LAST_WORDS_NANOS, this::close);
        } catch (RingClosedException e) {
            close();
        }
    }

    /** When it is closed. */
    CompletableFuture<@Nullable Void> closed() {
        return closed;
    }
}
