package dev.ringflow.internal.transfer;

import dev.ringflow.file.TransferException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Listens to what the receiver says, from the hello to the end. Loop thread. */
final class PeerReplies {
    private final TransferRun<?> run;
    private final PeerSocket peer;
    private final ByteBuffer header = ByteBuffer.allocateDirect(Reply.LENGTH);
    private final CompletableFuture<BitSet> lacking = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> outcome = new CompletableFuture<>();
    private @Nullable Geometry geometry;

    PeerReplies(TransferRun<?> run, PeerSocket peer) {
        this.run = run;
        this.peer = peer;
    }

    /** Begins to listen; the future tells which chunks the receiver lacks. */
    CompletableFuture<BitSet> start(Geometry of) {
        geometry = of;
        listen();
        return lacking;
    }

    /** Completes when the receiver has the file; fails when it says why not, or hangs up. */
    CompletableFuture<@Nullable Void> outcome() {
        return outcome;
    }

    boolean isListening() {
        return geometry != null && !outcome.isDone();
    }

    private void listen() {
        peer.receive(header.clear())
                .thenCompose(bytes -> {
                    Reply reply;
                    try {
                        reply = Reply.decode(bytes);
                    } catch (TransferException e) {
                        return CompletableFuture.failedFuture(e);
                    }
                    return peer.receive(ByteBuffer.allocateDirect(reply.bodyLength()))
                            .thenAccept(body -> take(reply, body));
                })
                .exceptionally(failure -> {
                    end(TransferRun.cause(failure));
                    return null;
                });
    }

    private void take(Reply reply, ByteBuffer body) {
        switch (reply.kind()) {
            case WORKING -> listen();
            case DONE -> done();
            case FAILED ->
                end(new TransferException(
                        "The receiver did not take the file: " + StandardCharsets.UTF_8.decode(body)));
            case LACKS -> lacks(body);
        }
    }

    private void lacks(ByteBuffer body) {
        Geometry of = java.util.Objects.requireNonNull(geometry);
        if (lacking.isDone()) {
            end(Hello.broken("what it lacks for a second time"));
            return;
        }
        try {
            BitSet missing = Reply.missing(body, of);
            listen();
            lacking.complete(missing);
        } catch (TransferException e) {
            end(e);
        }
    }

    private void done() {
        if (!lacking.isDone()) {
            end(Hello.broken("that it was done before it had begun"));
        } else {
            outcome.complete(null);
        }
    }

    private void end(Throwable reason) {
        Throwable told = reason instanceof java.io.IOException && !(reason instanceof TransferException)
                ? new TransferException(
                        "The receiver hung up before it had the file. Send it again: what has arrived "
                                + "will not be sent twice.",
                        reason)
                : reason;
        outcome.completeExceptionally(told);
        lacking.completeExceptionally(told);
        run.fail(told);
    }
}
