package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingGroup;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Listening for all rings of a {@link RingGroup}; {@link RingGroup#listenAsync(SocketAddress)} makes it. Any thread may use
 * it.
 *
 * <p>With {@link ListenOptions.Builder#reusePort} there is a listening socket on each ring, all on one port, and the system
 * spreads the connections among them by a hash of the addresses: no connection ever changes rings. Otherwise, as for unix
 * sockets, there is one listening socket, and {@link #serve} hands the connections to the rings in turn.
 */
public final class GroupServerSocket implements AutoCloseable {
    private final RingGroup group;
    private final List<RingServerSocket> listeners;

    private GroupServerSocket(RingGroup group, List<RingServerSocket> listeners) {
        this.group = group;
        this.listeners = List.copyOf(listeners);
    }

    /**
     * Listens; what {@link RingGroup#listenAsync(SocketAddress, ListenOptions)} stands on.
     *
     * @param group the rings
     * @param address where; port 0 lets the system choose
     * @param options how the sockets are made
     * @return a future as of that method
     */
    public static CompletableFuture<GroupServerSocket> listenAsync(
            RingGroup group, SocketAddress address, ListenOptions options) {
        Objects.requireNonNull(group, "group");
        Ring first = group.next();
        boolean each = address instanceof InetSocketAddress
                && Boolean.TRUE.equals(options.socketOptions(true).get(StandardSocketOptions.SO_REUSEPORT));
        CompletableFuture<RingServerSocket> begun = first.listenAsync(address, options);
        if (!each) {
            return begun.thenApply(listener -> new GroupServerSocket(group, List.of(listener)));
        }
        return begun.thenCompose(listener -> onTheOthers(group, (InetSocketAddress) address, options, listener));
    }

    private static CompletableFuture<GroupServerSocket> onTheOthers(
            RingGroup group, InetSocketAddress address, ListenOptions options, RingServerSocket first) {
        InetSocketAddress chosen = new InetSocketAddress(address.getAddress(), first.localPort());
        List<CompletableFuture<RingServerSocket>> all = new ArrayList<>();
        for (Ring ring : group.rings()) {
            all.add(
                    ring == first.ring()
                            ? CompletableFuture.completedFuture(first)
                            : ring.listenAsync(chosen, options));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).handle((nothing, failure) -> {
            if (failure == null) {
                return new GroupServerSocket(
                        group, all.stream().map(CompletableFuture::join).toList());
            }
            for (CompletableFuture<RingServerSocket> each : all) {
                each.thenAccept(RingServerSocket::closeAsync);
            }
            throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
        });
    }

    /**
     * The group.
     *
     * @return the rings that it listens for
     */
    public RingGroup group() {
        return group;
    }

    /**
     * The listening sockets, for whoever takes connections from each himself, as by
     * {@link RingServerSocket#connectionsPublisher()}.
     *
     * @return one for each ring, in the order of {@link RingGroup#rings()}; or a single one
     */
    public List<RingServerSocket> listeners() {
        return listeners;
    }

    /**
     * Where it listens, with the port that the system chose.
     *
     * @return the address
     */
    public SocketAddress localAddress() {
        return listeners.get(0).localAddress();
    }

    /**
     * The port that it listens on.
     *
     * @return the port, or -1 if it is none of TCP
     */
    public int localPort() {
        return listeners.get(0).localPort();
    }

    /**
     * Takes every connection, until this is closed. To be called once.
     *
     * @param handler gets each connection on the loop thread of the ring that it lives on, and closes it in the end. One
     *     that throws is logged, and its connection closed
     * @return a future that completes when all listening sockets are closed, and fails if one of them failed
     */
    public CompletableFuture<@Nullable Void> serve(Consumer<? super RingSocket> handler) {
        Objects.requireNonNull(handler, "handler");
        boolean handsOver = listeners.size() < group.size();
        return CompletableFuture.allOf(listeners.stream()
                        .map(each -> new GroupAccepting(each, handsOver ? group : null, handler).begin())
                        .toArray(CompletableFuture<?>[]::new))
                .<@Nullable Void>thenApply(done -> null);
    }

    /**
     * Closes all listening sockets. Accepted connections stay open. Closing again has no effect.
     *
     * @return a future that completes when they are closed
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        return CompletableFuture.allOf(
                        listeners.stream().map(RingServerSocket::closeAsync).toArray(CompletableFuture<?>[]::new))
                .<@Nullable Void>thenApply(done -> null);
    }

    /** Does what {@link #closeAsync} does, and waits for it except on a loop thread of the group. */
    @Override
    public void close() {
        CompletableFuture<@Nullable Void> closed = closeAsync();
        if (group.rings().stream().noneMatch(Ring::isLoopThread)) {
            closed.join();
        }
    }

    @Override
    public String toString() {
        return "GroupServerSocket" + listeners;
    }
}
