package dev.ringflow.nio;

import dev.ringflow.net.MulticastMembership;
import dev.ringflow.spi.DatagramHead;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.PickedBuffers;
import dev.ringflow.spi.ResultCodes;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A datagram socket. Confined to the loop thread. */
final class DatagramChannelSocket extends DuplexSocket {
    /** More than any datagram: a JDK does not tell whether one was cut. */
    private static final int LARGEST = 65_536;

    /** The most datagrams taken in one turn, so that a fast peer does not keep others waiting. */
    private static final int BURST = 16;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final DatagramChannel channel;
    private final Map<MulticastMembership, MembershipKey> memberships = new HashMap<>();
    private @Nullable ByteBuffer whole;

    DatagramChannelSocket(NioDriver driver, DatagramChannel channel) {
        super(driver, NO_LIMIT);
        this.channel = channel;
    }

    static DatagramChannelSocket open(NioDriver driver, Operation operation) throws IOException {
        driver.counters().systemCalls().add(2);
        return new DatagramChannelSocket(driver, DatagramChannels.open(operation));
    }

    @Override
    SelectableChannel channel() {
        return channel;
    }

    @Override
    SocketAddress remoteAddress() throws IOException {
        SocketAddress peer = channel.getRemoteAddress();
        return peer == null ? super.remoteAddress() : peer;
    }

    void connect(Operation operation) throws IOException {
        counters.systemCalls().add(1);
        channel.disconnect();
        if (operation.argument() instanceof SocketAddress peer) {
            channel.connect(peer);
        }
        completions.answered(operation, channel.getLocalAddress());
    }

    // Multicast.

    void join(Operation operation) throws IOException {
        counters.systemCalls().add(1);
        MulticastMembership membership = membership(operation);
        if (memberships.containsKey(membership)) {
            throw new IOException("Joined already: " + membership);
        }
        memberships.put(
                membership,
                membership.source() == null
                        ? channel.join(membership.group(), membership.by())
                        : channel.join(membership.group(), membership.by(), membership.source()));
        completions.done(operation, 0);
    }

    void leave(Operation operation) throws IOException {
        counters.systemCalls().add(1);
        MembershipKey key = memberships.remove(membership(operation));
        if (key == null) {
            throw new IOException("Not joined: " + operation.argument());
        }
        key.drop();
        completions.done(operation, 0);
    }

    private static MulticastMembership membership(Operation operation) {
        return (MulticastMembership) Objects.requireNonNull(operation.argument());
    }

    // Receiving.

    void receive(Operation operation) throws IOException {
        if (operation.provided() != null) {
            enqueue(receives, operation, NOTHING, SelectionKey.OP_READ);
            return;
        }
        receiveOrWait(operation, OperationMemory.of(operation));
    }

    @Override
    boolean received(Operation operation, ByteBuffer memory) throws IOException {
        if (operation.provided() instanceof PickedBuffers group) {
            return !goesOn(operation, group);
        }
        DatagramHead head = operation.argument() instanceof DatagramHead wanted ? wanted : new DatagramHead();
        if (!takeOne(memory, head)) {
            return false;
        }
        completions.done(operation, head.length());
        return true;
    }

    /** Receives a datagram, by way of memory that holds any if this does not; false if there is none now. */
    private boolean takeOne(ByteBuffer memory, DatagramHead head) throws IOException {
        counters.systemCalls().add(1);
        int room = memory.remaining();
        ByteBuffer target = room >= LARGEST - 1 ? memory : whole();
        int start = target.position();
        SocketAddress sender = channel.receive(target);
        if (sender == null) {
            return false;
        }
        int length = target.position() - start;
        if (target != memory) {
            memory.put(memory.position(), target, start, Math.min(length, room));
        }
        head.clear();
        head.payload(0, Math.min(length, room), length > room);
        head.sender(sender);
        return true;
    }

    private ByteBuffer whole() {
        ByteBuffer memory = whole;
        if (memory == null) {
            memory = ByteBuffer.allocateDirect(LARGEST);
            whole = memory;
        }
        return memory.clear();
    }

    /** Takes a buffer for each datagram, and gives it back if none came; false when the operation has ended. */
    private boolean goesOn(Operation operation, PickedBuffers group) throws IOException {
        for (int i = 0; i < BURST; i++) {
            int id = group.take();
            if (id == PickedBuffers.NONE) {
                completions.done(operation, ResultCodes.NO_BUFFERS);
                return false;
            }
            DatagramHead head = new DatagramHead();
            boolean came = false;
            try {
                came = takeOne(group.memory(id).clear(), head);
            } finally {
                if (!came) {
                    group.giveBack(id);
                }
            }
            if (!came) {
                return true;
            }
            completions.oneMoreDatagram(operation, head, id);
        }
        return true;
    }

    // Sending.

    void send(Operation operation) throws IOException {
        if (operation.secondArgument() != null) {
            throw DatagramChannels.unsupported("settings of a single send: " + operation.secondArgument());
        }
        ByteBuffer memory = OperationMemory.of(operation);
        if (!memory.hasRemaining() && channel.isConnected()) {
            throw DatagramChannels.unsupported("an empty datagram of a connected socket, which a JDK swallows");
        }
        sendOrWait(operation, memory);
    }

    @Override
    boolean sent(Operation operation, ByteBuffer memory) throws IOException {
        counters.systemCalls().add(1);
        boolean nothing = !memory.hasRemaining();
        int bytes = operation.argument() instanceof SocketAddress receiver
                ? channel.send(memory, receiver)
                : channel.write(memory);
        if (bytes == 0 && !nothing) {
            return false;
        }
        completions.done(operation, bytes);
        return true;
    }
}
