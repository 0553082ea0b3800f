package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingGroup;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes the connections of one listening socket, and hands them over if need be. Confined to its loop thread. */
final class GroupAccepting implements RingCallback<RingSocket> {
    private final RingServerSocket listener;
    private final @Nullable RingGroup handsOverTo;
    private final Consumer<? super RingSocket> handler;
    private final ConnectionStream connections;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private boolean asking;
    private boolean looping;

    GroupAccepting(RingServerSocket listener, @Nullable RingGroup handsOverTo, Consumer<? super RingSocket> handler) {
        this.listener = listener;
        this.handsOverTo = handsOverTo;
        this.handler = handler;
        this.connections = listener.connectionStream();
    }

    CompletableFuture<@Nullable Void> begin() {
        try {
            listener.ring().execute(this::ask);
        } catch (RejectedExecutionException e) {
            ended.completeExceptionally(new RingClosedException("serve " + listener, e));
        }
        return ended;
    }

    /** A loop instead of a recursion: {@code next} may answer before it returns. */
    private void ask() {
        if (looping) {
            return;
        }
        looping = true;
        try {
            while (!asking && !ended.isDone()) {
                asking = true;
                connections.next(this);
            }
        } finally {
            looping = false;
        }
    }

    @Override
    public boolean completed(RingSocket connection) {
        asking = false;
        try {
            Ring ring = handsOverTo == null ? listener.ring() : handsOverTo.next();
            if (ring == listener.ring()) {
                handler.accept(connection);
            } else {
                connection.moveTo(ring, new Arrival(handler));
            }
            return true;
        } finally {
            ask(); // if the handler threw, too: the loop logs that
        }
    }

    @Override
    public void failed(Throwable cause) {
        asking = false;
        if (cause instanceof ClosedChannelException) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(cause);
        }
    }

    /** On the loop thread of the ring that the connection has come to. */
    private record Arrival(Consumer<? super RingSocket> handler) implements RingCallback<RingSocket> {
        @Override
        public boolean completed(RingSocket connection) {
            handler.accept(connection);
            return true;
        }

        @Override
        public void failed(Throwable ringIsClosed) {
            // and the connection with it
        }
    }
}
