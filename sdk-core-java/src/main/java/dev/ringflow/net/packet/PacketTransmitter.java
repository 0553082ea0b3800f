package dev.ringflow.net.packet;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import dev.ringflow.spi.PacketLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sends packets of a port from buffers of its own, which go round and round: {@link #nextBuffer}, fill it,
 * {@link #send}. Nothing is allocated, locked or copied for a packet.
 *
 * <p><b>Batches.</b> What was sent since the loop last looked is handed to the kernel by one submission. Whoever has
 * several packets at hand {@link #queue}s them, and calls {@link #flush} once.
 *
 * <p><b>Back-pressure.</b> A packet that the kernel has no room for waits there, and keeps its buffer. When all are in
 * use {@link #nextBuffer} answers null, and counts that as dropped: the caller drops the packet, or tries again later.
 *
 * <p><b>Threads.</b> A transmitter is one thread's at a time, any thread's: make one for each that sends. Packets of one
 * transmitter usually leave in their order; UDP, IP and Ethernet promise nothing.
 */
public final class PacketTransmitter implements AutoCloseable {
    private static final VarHandle SCHEDULED;
    private static final OperationHandler SENT = PacketTransmitter::completed;

    static {
        try {
            SCHEDULED = MethodHandles.lookup().findVarHandle(PacketTransmitter.class, "scheduled", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A buffer of a transmitter. */
    private static final class Outgoing {
        final PacketTransmitter owner;
        final PacketSlot slot;

        Outgoing(PacketTransmitter owner, PacketSlot slot) {
            this.owner = owner;
            this.slot = slot;
        }
    }

    private final PacketPort port;
    private final TransmitMemory.Part part;
    private final int front;
    private final boolean link;
    private final Queue<Outgoing> free;
    private final Queue<Outgoing> filled;
    private final Runnable handOver = this::handOver;
    private @Nullable Outgoing current;
    private int sequence = ThreadLocalRandom.current().nextInt();
    private volatile boolean closed;

    @SuppressWarnings("unused") // by SCHEDULED
    private volatile boolean scheduled;

    PacketTransmitter(PacketPort port, TransmitMemory.Part part) {
        this.port = port;
        this.part = part;
        this.front = PacketSlot.front(port.isSynthesized());
        this.link = port.endpoint().kind() == PacketEndpoint.Kind.LINK;
        int count = part.count();
        this.free = new SpscVarHandleArrayQueue<>(count);
        this.filled = new SpscVarHandleArrayQueue<>(count);
        for (int i = 0; i < count; i++) {
            free.offer(new Outgoing(this, new PacketSlot(part.memory(i), port.isSynthesized(), i)));
        }
    }

    /**
     * The port whose packets it sends.
     *
     * @return the port
     */
    public PacketPort port() {
        return port;
    }

    /**
     * How many buffers it has.
     *
     * @return the most packets that can be on their way at once
     */
    public int buffers() {
        return part.count();
    }

    /**
     * The buffer for the next packet. Until {@link #send} or {@link #queue} is called it is always the same one.
     *
     * @return a direct buffer in the order of the network, to be filled from 0 on: its limit is the longest packet. Null
     *     if all buffers are in use, which is counted as dropped, or if the transmitter is closed
     */
    public @Nullable ByteBuffer nextBuffer() {
        Outgoing next = current;
        if (next == null) {
            if (closed) {
                return null;
            }
            next = free.poll();
            if (next == null) {
                port.counters().dropped.increment();
                return null;
            }
            current = next;
        }
        return next.slot.data.clear();
    }

    /**
     * A number for the next packet: random at first, then one more each time, wrapping around.
     *
     * @return the number
     */
    public int nextSequenceNumber() {
        return sequence++;
    }

    /**
     * Sends the packet in {@link #nextBuffer}: to the peer that the port is connected to, or below IP as its Ethernet
     * header says.
     *
     * @param length bytes from 0 on
     * @throws IllegalStateException if {@link #nextBuffer} was not called, or the port does not know where to
     * @throws IllegalArgumentException if it is longer than the buffer
     */
    public void send(int length) {
        queue(length);
        flush();
    }

    /**
     * Sends the packet in {@link #nextBuffer}.
     *
     * @param length bytes from 0 on
     * @param to where to
     * @throws IllegalStateException if {@link #nextBuffer} was not called
     * @throws IllegalArgumentException if it is longer than the buffer
     */
    public void send(int length, PacketAddress to) {
        queue(length, to);
        flush();
    }

    /**
     * Sends the packet in {@link #nextBuffer} to whoever sent another one. Loop thread only, while that one is valid.
     *
     * @param length bytes from 0 on
     * @param packet a packet that a receiver was just given
     * @throws IllegalStateException if {@link #nextBuffer} was not called, or the packet does not tell its sender
     * @throws IllegalArgumentException if it is longer than the buffer
     */
    public void reply(int length, Packet packet) {
        Outgoing outgoing = take(length);
        int name = packet.putSender(outgoing.slot.memory);
        if (name == 0) {
            throw new IllegalStateException(packet + " does not tell its sender");
        }
        enqueue(outgoing, length, name);
        flush();
    }

    /**
     * Puts the packet in {@link #nextBuffer} into the queue, as {@link #send(int)} would, and leaves it there until
     * {@link #flush}.
     *
     * @param length bytes from 0 on
     */
    public void queue(int length) {
        Outgoing outgoing = take(length);
        int name = 0;
        if (front > 0) {
            if (length < EthernetHeader.least(link)) {
                throw new IllegalArgumentException(
                        "A packet of " + length + " bytes has no headers that tell where it goes to");
            }
            name = port.ethernet().putDestination(outgoing.slot.memory, link);
        } else if (!port.knowsDestination()) {
            throw new IllegalStateException(port + " is not connected: a packet needs an address");
        }
        enqueue(outgoing, length, name);
    }

    /**
     * Puts the packet in {@link #nextBuffer} into the queue, as {@link #send(int, PacketAddress)} would, and leaves it
     * there until {@link #flush}.
     *
     * @param length bytes from 0 on
     * @param to where to
     */
    public void queue(int length, PacketAddress to) {
        Outgoing outgoing = take(length);
        int name = to.put(outgoing.slot.memory, PacketLayout.NAME);
        if (link) {
            PacketLayout.putInterface(outgoing.slot.memory, PacketLayout.NAME, port.interfaceIndex());
        }
        enqueue(outgoing, length, name);
    }

    private Outgoing take(int length) {
        Outgoing outgoing = current;
        if (outgoing == null) {
            throw new IllegalStateException("No packet was begun: call nextBuffer() first");
        }
        Objects.checkFromIndexSize(0, length, outgoing.slot.data.capacity());
        if (length < front) {
            throw new IllegalArgumentException("A packet of " + length + " bytes has no Ethernet header");
        }
        return outgoing;
    }

    private void enqueue(Outgoing outgoing, int length, int name) {
        ByteBuffer memory = outgoing.slot.memory;
        memory.putInt(PacketLayout.NAME_LENGTH, name);
        memory.putInt(PacketLayout.LENGTH, length - front);
        current = null;
        filled.offer(outgoing);
    }

    /** Has everything queued so far handed to the kernel. Costs next to nothing when that is under way already. */
    public void flush() {
        if (!(boolean) SCHEDULED.getVolatile(this) && SCHEDULED.compareAndSet(this, false, true)) {
            try {
                port.ring().execute(handOver);
            } catch (RejectedExecutionException ringClosed) {
                closed = true; // what is queued will never be sent, nor its memory be used
            }
        }
    }

    /** Loop thread: takes all that is there. What comes after the last look schedules this again. */
    private void handOver() {
        SCHEDULED.setVolatile(this, false);
        boolean any = false;
        for (Outgoing next = filled.poll(); next != null; next = filled.poll()) {
            any = true;
            PacketSlot slot = next.slot;
            int length = PacketSlot.size(slot.memory.getInt(PacketLayout.LENGTH));
            Operation send = port.operation(OpCode.SEND_PACKET)
                    .memory(slot.memory, 0, length)
                    .bufferIndex(part.registeredIndex())
                    .handler(SENT)
                    .callback(next);
            port.ring().submit(send);
        }
        if (any) {
            port.counters().batches.add(1);
        }
    }

    private static void completed(Operation operation, int result, int flags) {
        Outgoing outgoing = (Outgoing) Objects.requireNonNull(operation.callback());
        PacketCounters counters = outgoing.owner.port.counters();
        if (result < 0) {
            counters.sendErrors.add(1);
        } else {
            counters.sent.add(1);
            counters.sentBytes.add(result);
        }
        outgoing.owner.free.offer(outgoing);
        outgoing.owner.giveBackIfDone();
    }

    /**
     * Ends it: packets that were sent still go out; then its buffers are the port's again, for another transmitter. A
     * packet that was begun is left out. Called by the thread that sends. Closing again has no effect.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        Outgoing begun = current;
        if (begun != null) {
            current = null;
        }
        flush();
        closed = true;
        try {
            port.ring().execute(() -> {
                if (begun != null) {
                    free.offer(begun);
                }
                giveBackIfDone();
            });
        } catch (RejectedExecutionException ringClosed) {
            // the memory goes with the ring
        }
    }

    /** Loop thread. */
    private void giveBackIfDone() {
        if (closed && free.size() == part.count()) {
            part.giveBack();
        }
    }

    @Override
    public String toString() {
        return "PacketTransmitter[" + part.count() + " buffers of " + port + (closed ? ", closed]" : "]");
    }
}
