package dev.ringflow.net.packet;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.RingGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Packets over rings: one ring, with a thread, for each queue, and ports on them. Any thread may use it.
 *
 * <pre>{@code
 * try (PacketTransport transport = PacketTransport.open(PacketOptions.defaults())) {
 *     PacketPort port = transport.bindAsync(PacketEndpoint.udp(new InetSocketAddress("127.0.0.1", 7779))).join();
 *     PacketTransmitter answers = port.transmitter();
 *     port.addReceiver(packet -> {
 *         ByteBuffer answer = answers.nextBuffer();
 *         if (answer != null) {
 *             answer.put(packet.data());
 *             answers.reply(packet.length(), packet);
 *         }
 *         return true;
 *     });
 *     port.start();
 * }
 * }</pre>
 */
public final class PacketTransport implements AutoCloseable {
    private static final int MOST_GROUPS = 0xFFFF;
    private static final AtomicInteger GROUP =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(MOST_GROUPS));

    private final PacketOptions options;
    private final List<Ring> rings;
    private final @Nullable RingGroup own;
    private final AtomicInteger turn = new AtomicInteger();
    private final Queue<PacketPort> ports = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    private PacketTransport(PacketOptions options, List<Ring> rings, @Nullable RingGroup own) {
        this.options = options;
        this.rings = rings;
        this.own = own;
    }

    /**
     * Opens a transport with rings of its own.
     *
     * @param options how many rings, of which size, and what each port has
     * @return an open transport, for the caller to close
     * @throws dev.ringflow.RingUnavailableException if no driver works, or not the one that was asked for
     */
    public static PacketTransport open(PacketOptions options) {
        RingGroup own = RingGroup.open(options.ringOptions(), options.queues());
        return new PacketTransport(options, own.rings(), own);
    }

    /**
     * Opens a transport on a ring that is used for other things, too, and stays open when the transport is closed.
     *
     * @param ring the ring
     * @param options what each port has; all that concerns the ring itself does not count
     * @return an open transport, for the caller to close
     */
    public static PacketTransport open(Ring ring, PacketOptions options) {
        return new PacketTransport(options, List.of(ring), null);
    }

    /**
     * Opens a transport with a queue on each ring of a group, which stays open when the transport is closed.
     *
     * @param group the rings
     * @param options what each port has; all that concerns the rings themselves does not count
     * @return an open transport, for the caller to close
     */
    public static PacketTransport open(RingGroup group, PacketOptions options) {
        return new PacketTransport(options, group.rings(), null);
    }

    /**
     * Opens a port on one of the queues, each in turn.
     *
     * @param endpoint what to bind it to
     * @return a future of the port, not started yet; fails with {@link java.net.BindException} if the address is taken or
     *     not one of this machine, with {@link UnsupportedOperationException} if the driver has no such packets, and with
     *     {@link dev.ringflow.RingException} if CAP_NET_RAW is missing, or the interface
     * @throws IllegalStateException if the transport is closed
     */
    public RingFuture<PacketPort> bindAsync(PacketEndpoint endpoint) {
        RingFuture<PacketPort> future = new RingFuture<>();
        bind(endpoint, future);
        return future;
    }

    /**
     * The callback form of {@link #bindAsync}.
     *
     * @param endpoint what to bind it to
     * @param callback whom to tell, on the loop thread of the port's ring
     */
    public void bind(PacketEndpoint endpoint, RingCallback<PacketPort> callback) {
        requireOpen();
        open(rings.get(Math.floorMod(turn.getAndIncrement(), rings.size())), endpoint, 0, callback);
    }

    private void open(Ring ring, PacketEndpoint endpoint, int group, RingCallback<PacketPort> callback) {
        PacketPort.open(ring, endpoint, options, group, new Kept(callback));
    }

    /** Remembers the port for {@link #start}, {@link #stop} and {@link #close}. */
    private final class Kept implements RingCallback<PacketPort> {
        private final RingCallback<PacketPort> callback;

        Kept(RingCallback<PacketPort> callback) {
            this.callback = callback;
        }

        @Override
        public void submitted(Ring ring, dev.ringflow.spi.Operation operation, int activation) {
            callback.submitted(ring, operation, activation);
        }

        @Override
        public boolean completed(PacketPort port) {
            ports.removeIf(each -> !each.isOpen());
            ports.add(port);
            boolean taken = callback.completed(port);
            if (closed) {
                port.closeAsync();
            }
            return taken;
        }

        @Override
        public void failed(Throwable cause) {
            callback.failed(cause);
        }
    }

    /**
     * Opens a port on each of the queues, all bound to the same: the kernel gives all packets of a flow to the same one.
     * For UDP that is {@code SO_REUSEPORT}, for an interface {@code PACKET_FANOUT}. Raw IP has no such thing: each port
     * gets a copy of every packet.
     *
     * @param endpoint what to bind them to
     * @return a future of the ports, in the order of {@link #rings()}; if one of them cannot be had it fails, and the
     *     others are closed
     * @throws IllegalStateException if the transport is closed
     */
    public CompletableFuture<List<PacketPort>> bindEachAsync(PacketEndpoint endpoint) {
        requireOpen();
        int group = 1 + Math.floorMod(GROUP.getAndIncrement(), MOST_GROUPS);
        List<PacketPort> all = new ArrayList<>();
        CompletableFuture<List<PacketPort>> answer = new CompletableFuture<>();
        bindNext(endpoint, group, all, answer);
        return answer;
    }

    private void bindNext(
            PacketEndpoint endpoint, int group, List<PacketPort> all, CompletableFuture<List<PacketPort>> answer) {
        if (all.size() == rings.size()) {
            answer.complete(List.copyOf(all));
            return;
        }
        RingFuture<PacketPort> next = new RingFuture<>();
        open(rings.get(all.size()), endpoint, rings.size() == 1 ? 0 : group, next);
        next.whenComplete((port, failure) -> {
            if (failure != null) {
                all.forEach(PacketPort::closeAsync);
                answer.completeExceptionally(failure);
                return;
            }
            all.add(port);
            var chosen = port.localAddress();
            bindNext(chosen == null ? endpoint : endpoint.boundTo(chosen), group, all, answer);
        });
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The transport is closed");
        }
    }

    /** Starts all ports that are open now; see {@link PacketPort#start}. */
    public void start() {
        ports.forEach(PacketPort::start);
    }

    /** Stops all ports that are open now; see {@link PacketPort#stop}. */
    public void stop() {
        ports.forEach(PacketPort::stop);
    }

    /**
     * The rings, one for each queue.
     *
     * @return an unmodifiable list
     */
    public List<Ring> rings() {
        return rings;
    }

    /**
     * The ports that are open.
     *
     * @return an unmodifiable copy
     */
    public List<PacketPort> ports() {
        return ports.stream().filter(PacketPort::isOpen).toList();
    }

    /**
     * How it was set up.
     *
     * @return the options
     */
    public PacketOptions options() {
        return options;
    }

    /**
     * What all ports together have done that are open.
     *
     * @return recent numbers
     */
    public PacketStatistics statistics() {
        return ports().stream().map(PacketPort::statistics).reduce(PacketStatistics.NONE, PacketStatistics::plus);
    }

    /**
     * Closes all ports, and then the rings if they are its own.
     *
     * @return a future that completes, on a loop thread, when everything is released
     */
    public CompletableFuture<Void> closeAsync() {
        closed = true;
        CompletableFuture<Void> portsClosed = CompletableFuture.allOf(
                ports.stream().map(PacketPort::closeAsync).toArray(CompletableFuture<?>[]::new));
        RingGroup group = own;
        return group == null
                ? portsClosed
                : portsClosed.handle((done, failure) -> group.closeAsync()).thenCompose(each -> each);
    }

    /** Does what {@link #closeAsync} does, and waits for it except on a loop thread of its own. */
    @Override
    public void close() {
        CompletableFuture<Void> done = closeAsync();
        if (rings.stream().noneMatch(Ring::isLoopThread)) {
            done.exceptionally(failure -> null).join();
        }
    }

    @Override
    public String toString() {
        return "PacketTransport[" + rings.size() + " queues, " + ports().size() + " ports]";
    }
}
