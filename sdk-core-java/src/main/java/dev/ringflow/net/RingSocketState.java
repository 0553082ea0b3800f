package dev.ringflow.net;

import dev.ringflow.OpenDescriptor;
import dev.ringflow.Ring;
import dev.ringflow.internal.CloseOnce;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What every socket on a ring has; {@link RingSocket}, {@link RingServerSocket} and {@link RingDatagramSocket} are the
 * classes to use.
 */
public abstract class RingSocketState implements OpenDescriptor, AutoCloseable {
    final Ring ring;
    final Handle handle;
    final CloseOnce closing;
    private volatile @Nullable SocketAddress local;

    RingSocketState(Ring ring, Handle handle, @Nullable SocketAddress local) {
        this.ring = ring;
        this.handle = handle;
        this.local = local;
        this.closing = new CloseOnce(ring, handle);
    }

    /**
     * The ring that it is open on.
     *
     * @return the ring
     */
    @Override
    public final Ring ring() {
        return ring;
    }

    /**
     * Whether it takes operations. A peer that has gone does not make it false: that shows in the next operation.
     *
     * @return false from the moment that closing began
     */
    public final boolean isOpen() {
        return closing.isOpen();
    }

    /**
     * What stands for the socket in operations. For layers built on the ring: whoever submits operations of his own on it
     * keeps the rules that this class keeps for everybody else.
     *
     * @return the handle
     */
    @Override
    public final Handle unsafeHandle() {
        return handle;
    }

    final SocketAddress boundAddress() throws IOException {
        SocketAddress known = local;
        if (known == null) {
            known = AddressLookup.ask(ring, handle, Driver::localAddress);
            local = known;
        }
        return known;
    }

    static int port(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getPort() : -1;
    }

    /**
     * Closes the socket: cancels what is in flight on it, waits until the kernel has let go, and then closes. Closing again
     * has no effect.
     *
     * @return a future that completes when the socket is closed
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        return closing.begin();
    }

    /**
     * When the socket has been closed by {@link #closeAsync} or {@link #close}, whoever calls it. Asking does not close
     * it. A ring that closes with the socket open does not tell.
     *
     * @return a future of its own for each caller; completes on the loop thread, and fails if the system reports an error
     *     at closing
     */
    public final CompletableFuture<@Nullable Void> whenClosed() {
        return closing.whenClosed();
    }

    /** Does what {@link #closeAsync} does, and waits for it except on the loop thread. */
    @Override
    public void close() {
        closing.close();
    }

    final Operation operation(OpCode code) {
        return ring.operation().opCode(code).handle(handle).owner(this);
    }
}
