package dev.ringflow;

import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.BufferPoolOptions;
import dev.ringflow.net.GroupServerSocket;
import dev.ringflow.net.ListenOptions;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Several rings, usually one for each core, that are opened and closed together and can share one {@link BufferPool}.
 * Files and sockets belong to the ring that opened them. Any thread may use a group.
 */
public final class RingGroup implements AutoCloseable {
    private final List<Ring> rings;
    private final AtomicInteger turn = new AtomicInteger();

    private RingGroup(List<Ring> rings) {
        this.rings = List.copyOf(rings);
    }

    /**
     * Opens one ring for each core with the best driver that works here.
     *
     * @return an open group
     * @throws RingUnavailableException if no driver works
     */
    public static RingGroup open() {
        return open(RingOptions.defaults());
    }

    /**
     * Opens one ring for each core.
     *
     * @param options for each of them
     * @return an open group
     * @throws UnknownDriverException if the driver that the options name is not there
     * @throws RingUnavailableException if it cannot be used; the message says why and what to do
     */
    public static RingGroup open(RingOptions options) {
        return open(options, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Opens a number of rings: all of them, or none if one cannot be had.
     *
     * @param options for each of them
     * @param count how many, at least 1
     * @return an open group
     * @throws IllegalArgumentException if the number is less than 1
     * @throws UnknownDriverException if the driver that the options name is not there
     * @throws RingUnavailableException if it cannot be used; the message says why and what to do
     */
    public static RingGroup open(RingOptions options, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("A group needs at least 1 ring, not " + count);
        }
        List<Ring> rings = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                rings.add(Ring.open(options));
            }
        } catch (RuntimeException | Error e) {
            rings.forEach(Ring::close);
            throw e;
        }
        return new RingGroup(rings);
    }

    /**
     * The rings.
     *
     * @return an unmodifiable list, always the same
     */
    public List<Ring> rings() {
        return rings;
    }

    /**
     * How many rings there are.
     *
     * @return at least 1
     */
    public int size() {
        return rings.size();
    }

    /**
     * Chooses a ring for new work: each in turn.
     *
     * @return a ring of the group
     */
    public Ring next() {
        return rings.get(Math.floorMod(turn.getAndIncrement(), rings.size()));
    }

    /**
     * Makes a pool whose buffers all rings of the group use, registered with each of them if that can be had. Waits
     * until that is done, except on a loop thread.
     *
     * @param options sizes and limits
     * @return the pool, which the caller closes, best before the group
     * @throws RingClosedException if a ring of the group is closed
     */
    public BufferPool bufferPool(BufferPoolOptions options) {
        return BufferPool.create(this, options);
    }

    /**
     * Listens for connections with a socket on each ring, among which the system spreads them. Where a system cannot do
     * that, as Windows, there is one listening socket, as for a unix socket.
     *
     * @param address where; port 0 lets the system choose. For a unix socket there is one listening socket, and
     *     {@link GroupServerSocket#serve} hands the connections to the rings in turn
     * @return a future as of {@link #listenAsync(SocketAddress, ListenOptions)}
     */
    public CompletableFuture<GroupServerSocket> listenAsync(SocketAddress address) {
        return listenAsync(address, ListenOptions.builder().reusePort(true).build())
                .exceptionallyCompose(failure -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    return cause instanceof UnsupportedOperationException
                            ? listenAsync(address, ListenOptions.defaults())
                            : CompletableFuture.failedFuture(failure);
                });
    }

    /**
     * Listens for connections.
     *
     * @param address where; port 0 lets the system choose
     * @param options how the sockets are made. With {@link ListenOptions.Builder#reusePort} each ring has one; otherwise
     *     there is one, and {@link GroupServerSocket#serve} hands the connections to the rings in turn
     * @return a future that completes on a loop thread; fails with {@link java.net.BindException} if the address is taken,
     *     and then no socket is left open
     * @throws java.nio.channels.UnresolvedAddressException if the address is not resolved
     */
    public CompletableFuture<GroupServerSocket> listenAsync(SocketAddress address, ListenOptions options) {
        return GroupServerSocket.listenAsync(this, address, options);
    }

    /**
     * Begins to close all rings, as {@link Ring#closeAsync()} does, and does not wait.
     *
     * @return a future that completes, on a loop thread, when everything is released
     */
    public CompletableFuture<Void> closeAsync() {
        return CompletableFuture.allOf(rings.stream().map(Ring::closeAsync).toArray(CompletableFuture<?>[]::new));
    }

    /**
     * Closes all rings and waits until the kernel has let go of everything. On the loop thread of one of them it cannot
     * wait, and only begins to close. Closing again has no effect.
     */
    @Override
    public void close() {
        CompletableFuture<Void> closed = closeAsync();
        if (rings.stream().noneMatch(Ring::isLoopThread)) {
            closed.join();
        }
    }

    @Override
    public String toString() {
        return "RingGroup" + rings;
    }
}
