package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.spi.DetachedHandle;
import dev.ringflow.spi.Handle;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Takes a connection from one ring to another. At every moment it belongs to exactly one: the ring that it leaves, the move
 * itself, or the ring that it comes to; whoever has it when a ring closes closes it.
 */
final class SocketMove {
    private final RingSocket socket;
    private final @Nullable SocketAddress remote;
    private final Ring target;
    private final RingCallback<RingSocket> callback;

    SocketMove(RingSocket socket, @Nullable SocketAddress remote, Ring target, RingCallback<RingSocket> callback) {
        this.socket = socket;
        this.remote = remote;
        this.target = target;
        this.callback = callback;
    }

    void start() {
        Ring source = socket.ring();
        if (source.isLoopThread()) {
            leave();
            return;
        }
        try {
            source.execute(this::leave);
        } catch (RejectedExecutionException e) {
            callback.failed(new RingClosedException("moving " + socket, e));
        }
    }

    private void leave() {
        DetachedHandle connection;
        try {
            connection = socket.ring().detach(socket.unsafeHandle());
        } catch (IOException | RuntimeException e) {
            callback.failed(e);
            return;
        }
        try {
            target.execute(() -> arrive(connection));
        } catch (RejectedExecutionException e) {
            lost(connection);
        }
    }

    private void arrive(DetachedHandle connection) {
        Handle handle = target.adopt(connection);
        if (handle == null) {
            lost(connection);
            return;
        }
        RingSocket moved = new RingSocket(target, handle, remote);
        moved.zeroCopyThreshold(socket.zeroCopyThreshold());
        boolean taken = false;
        try {
            taken = callback.completed(moved);
        } finally {
            if (!taken) {
                moved.closeAsync();
            }
        }
    }

    private void lost(DetachedHandle connection) {
        connection.close();
        callback.failed(new RingClosedException(
                "The connection is closed, since the ring that it was to move to is closed: " + target));
    }
}
