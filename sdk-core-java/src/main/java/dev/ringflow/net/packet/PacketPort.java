package dev.ringflow.net.packet;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.internal.Answer;
import dev.ringflow.internal.CloseOnce;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.PacketLayout;
import dev.ringflow.spi.PacketSocketInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A socket for packets on one ring, with its buffers: receivers take what comes, transmitters send. Made by
 * {@link PacketTransport}. Any thread may use it; receivers are called on the ring's loop thread.
 *
 * <p>Nothing is received before {@link #start}: the kernel keeps what comes meanwhile, as much as its socket buffer
 * holds. Linux from 6.0 on receives by one operation into provided buffers; elsewhere
 * {@link PacketOptions#postedReceives} are posted at once. Failures, such as a peer's refusal or an interface that goes
 * down, are counted, and the port goes on.
 */
public final class PacketPort implements AutoCloseable {
    static final int ALIGNMENT = 64;

    private static final Receiver[] NOBODY = {};
    private static final Answer<Long> OVERRUNS = new Answer<>() {
        @Override
        protected Long value(Operation operation, int result) {
            return (Long) Objects.requireNonNull(operation.resultObject());
        }
    };

    /** Someone who takes packets. */
    private record Receiver(PacketMatch match, PacketReceiver receiver) {}

    /** A receiver's place among those of a port. */
    public final class Registration implements AutoCloseable {
        private final Receiver receiver;

        private Registration(Receiver receiver) {
            this.receiver = receiver;
        }

        /** Takes the receiver out; it may still be asked about a packet of this moment. Again it has no effect. */
        @Override
        public void close() {
            remove(receiver);
        }
    }

    private final Ring ring;
    private final Handle handle;
    private final PacketEndpoint endpoint;
    private final PacketSocketInfo bound;
    private final PacketOptions options;
    private final CloseOnce closing;
    private final PacketCounters counters = new PacketCounters();
    private final EthernetHeader ethernet;
    private final int front;
    private final PacketReception reception;
    private final TransmitMemory transmitMemory;
    private final Packet packet;
    private volatile Receiver[] receivers = NOBODY;
    private volatile boolean started;

    /** Loop thread. */
    private PacketPort(
            Ring ring, Handle handle, PacketEndpoint endpoint, PacketSocketInfo bound, PacketOptions options) {
        this.ring = ring;
        this.handle = handle;
        this.endpoint = endpoint;
        this.bound = bound;
        this.options = options;
        this.closing = new CloseOnce(ring, handle);
        this.front = PacketSlot.front(endpoint.isSynthesized());
        this.ethernet = new EthernetHeader(bound.hardwareAddress(), bound.interfaceIndex());
        ByteBuffer nothing = ByteBuffer.allocate(PacketLayout.PAYLOAD).order(ByteOrder.nativeOrder());
        this.packet = new Packet(this, nothing);
        int half = options.bufferCount() / 2;
        this.transmitMemory = new TransmitMemory(ring, half, options.bufferSize(), options.registeredBuffers());
        this.reception = reception(half);
    }

    @SuppressWarnings("NullAway") // the receptions keep this, and use it later
    private PacketReception reception(int count) {
        if (ring.capabilities().support(OpCode.RECEIVE_PACKETS) == Support.NATIVE) {
            try {
                return new ProvidedReception(
                        this,
                        ring.unsafeDriver()
                                .provideBuffers(Math.min(count, 32_768), PacketSlot.size(options.bufferSize())));
            } catch (IOException | UnsupportedOperationException refused) {
                // posted receives do as well
            }
        }
        return new PostedReception(this, Math.min(count, options.postedReceives()), options.bufferSize());
    }

    /** Opens a port; the queue's number tells those apart that share an address. */
    static void open(
            Ring ring, PacketEndpoint endpoint, PacketOptions options, int group, RingCallback<PacketPort> callback) {
        Answer<PacketPort> answer = new Answer<>() {
            @Override
            protected PacketPort value(Operation operation, int result) {
                PacketSocketInfo bound = (PacketSocketInfo) Objects.requireNonNull(operation.resultObject());
                return new PacketPort(ring, operation.takeResultHandle(), endpoint, bound, options);
            }

            @Override
            protected void discard(PacketPort port) {
                port.closeAsync();
            }
        };
        answer.start(
                ring.operation()
                        .opCode(OpCode.OPEN_PACKET_SOCKET)
                        .argument(endpoint)
                        .flags(group),
                callback);
    }

    // Receiving.

    /**
     * Adds a receiver of all packets, behind those that are there.
     *
     * @param receiver asked about each packet that none before it consumed
     * @return its place, to be closed when it has had enough
     */
    public Registration addReceiver(PacketReceiver receiver) {
        return addReceiver(PacketMatch.ALL, receiver);
    }

    /**
     * Adds a receiver of certain packets, behind those that are there.
     *
     * @param match which packets
     * @param receiver asked about each of them that none before it consumed
     * @return its place, to be closed when it has had enough
     */
    public Registration addReceiver(PacketMatch match, PacketReceiver receiver) {
        Receiver added =
                new Receiver(Objects.requireNonNull(match, "match"), Objects.requireNonNull(receiver, "receiver"));
        synchronized (closing) {
            Receiver[] more = Arrays.copyOf(receivers, receivers.length + 1);
            more[more.length - 1] = added;
            receivers = more;
        }
        return new Registration(added);
    }

    private void remove(Receiver receiver) {
        synchronized (closing) {
            receivers =
                    Arrays.stream(receivers).filter(each -> each != receiver).toArray(Receiver[]::new);
        }
    }

    /** Begins to receive, or goes on after {@link #stop}. Without effect if it is started, or closed. */
    public void start() {
        started = true;
        onLoop(reception::start);
    }

    /**
     * Receives no more, until {@link #start}: the kernel keeps what comes, as much as it has room for. Packets that are
     * on their way are still delivered.
     */
    public void stop() {
        started = false;
        onLoop(reception::stop);
    }

    /**
     * Whether it was started.
     *
     * @return true between {@link #start} and {@link #stop}, as long as the port is open
     */
    public boolean isStarted() {
        return started && isOpen();
    }

    private void onLoop(Runnable task) {
        if (ring.isLoopThread()) {
            task.run();
            return;
        }
        try {
            ring.execute(task);
        } catch (RejectedExecutionException ringClosed) {
            // and the port with it
        }
    }

    /** Loop thread: a packet has come. */
    void deliver(PacketSlot slot) {
        ByteBuffer memory = slot.memory;
        int length = Math.min(memory.getInt(PacketLayout.LENGTH), memory.capacity() - PacketLayout.PAYLOAD);
        counters.received.add(1);
        counters.receivedBytes.add(length);
        if ((memory.getInt(PacketLayout.FLAGS) & PacketLayout.TRUNCATED) != 0) {
            counters.truncated.add(1);
        }
        if (front > 0) {
            ethernet.putBefore(memory, length);
        }
        packet.show(memory, slot.data.clear().limit(front + length));
        for (Receiver each : receivers) {
            if (each.match.matches(packet)) {
                boolean consumed = each.receiver.tryConsume(packet);
                if (consumed) {
                    return;
                }
                slot.data.clear().limit(front + length);
            }
        }
        counters.declined.add(1);
    }

    // Sending.

    /**
     * Makes a transmitter with a quarter of the buffers that the port has to send from.
     *
     * @return a transmitter, for the caller to close or to leave to the port
     * @throws IllegalStateException if too few are left
     */
    public PacketTransmitter transmitter() {
        return transmitter(Math.max(1, transmitMemory.count() / 4));
    }

    /**
     * Makes a transmitter.
     *
     * @param buffers how many buffers it has: packets that can be on their way at once
     * @return a transmitter, for the caller to close or to leave to the port
     * @throws IllegalArgumentException if that is less than 1
     * @throws IllegalStateException if too few are left
     */
    public PacketTransmitter transmitter(int buffers) {
        if (buffers < 1) {
            throw new IllegalArgumentException("A transmitter needs at least 1 buffer, not " + buffers);
        }
        return new PacketTransmitter(this, transmitMemory.take(buffers));
    }

    boolean knowsDestination() {
        boolean frames = endpoint.kind() == PacketEndpoint.Kind.LINK && endpoint.hasHeaders();
        return endpoint.peer() != null || frames && bound.interfaceIndex() > 0;
    }

    Operation operation(OpCode code) {
        return ring.operation().opCode(code).handle(handle).owner(this);
    }

    EthernetHeader ethernet() {
        return ethernet;
    }

    boolean isSynthesized() {
        return front > 0;
    }

    PacketCounters counters() {
        return counters;
    }

    // What it is.

    /**
     * The ring that it is on.
     *
     * @return the ring
     */
    public Ring ring() {
        return ring;
    }

    /**
     * What it is bound to, as it was asked for.
     *
     * @return the endpoint
     */
    public PacketEndpoint endpoint() {
        return endpoint;
    }

    /**
     * Where it is bound, with the port that the system chose.
     *
     * @return the address, or null for a port below IP
     */
    public @Nullable InetSocketAddress localAddress() {
        return bound.local();
    }

    /**
     * The number of the interface that it is bound to below IP.
     *
     * @return the number, 0 for none
     */
    public int interfaceIndex() {
        return bound.interfaceIndex();
    }

    /**
     * The hardware address of the interface that it is bound to below IP.
     *
     * @return a copy of its bytes, none above Ethernet
     */
    public byte[] hardwareAddress() {
        return bound.hardwareAddress().clone();
    }

    /**
     * What it has done so far.
     *
     * @return recent numbers
     */
    public PacketStatistics statistics() {
        return counters.look();
    }

    /**
     * How many packets the kernel has lost because its socket buffer was full: the port was too slow for them. See
     * {@code SO_MEMINFO} of socket(7).
     *
     * @return a future of the number since the port was opened; fails with {@link UnsupportedOperationException} with the
     *     driver {@code nio}
     */
    public RingFuture<Long> overrunsAsync() {
        RingFuture<Long> future = new RingFuture<>();
        OVERRUNS.start(operation(OpCode.PACKET_OVERRUNS), future);
        return future;
    }

    /**
     * How it receives and sends, for people.
     *
     * @return such as {@code one receive for all packets, 2048 provided buffers; sends from registered buffers}
     */
    public String describe() {
        return reception.describe() + "; sends from " + (transmitMemory.isRegistered() ? "registered" : "plain")
                + " buffers";
    }

    // The end.

    /**
     * Whether it is open.
     *
     * @return false from the moment that closing began
     */
    public boolean isOpen() {
        return closing.isOpen();
    }

    /**
     * Closes the port: cancels what is in flight, waits until the kernel has let go of all buffers, and then closes the
     * socket. Transmitters have nothing to send to any more. Closing again has no effect.
     *
     * @return a future that completes when it is closed
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        boolean first = isOpen();
        CompletableFuture<@Nullable Void> closed = closing.begin();
        if (!first) {
            return closed;
        }
        return closed.<@Nullable Void>thenApply(done -> {
            release();
            return null;
        });
    }

    private boolean released;

    /** Loop thread, unless the ring has ended, and all memory with it. */
    private void release() {
        if (ring.isLoopThread() && !released) {
            released = true;
            reception.release();
            transmitMemory.release();
        }
    }

    /** Does what {@link #closeAsync} does, and waits for it except on the loop thread. */
    @Override
    public void close() {
        CompletableFuture<@Nullable Void> closed = closeAsync();
        if (!ring.isLoopThread()) {
            closed.exceptionally(failure -> null).join();
        }
    }

    @Override
    public String toString() {
        InetSocketAddress local = bound.local();
        boolean udp = endpoint.kind() == PacketEndpoint.Kind.UDP;
        return "PacketPort[" + (udp && local != null ? "udp " + local : endpoint) + (isOpen() ? "]" : ", closed]");
    }
}
