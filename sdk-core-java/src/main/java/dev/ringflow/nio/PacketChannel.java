package dev.ringflow.nio;

import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.PacketLayout;
import dev.ringflow.spi.PacketSocketInfo;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.util.Objects;

/** A socket for packets of UDP, the only ones that a JDK has. Confined to the loop thread. */
final class PacketChannel extends DuplexSocket {
    /** The most packets received in one turn, so that a flood of them does not keep others waiting. */
    private static final int BURST = 64;

    private final DatagramChannel channel;

    private PacketChannel(NioDriver driver, DatagramChannel channel) {
        super(driver, BURST);
        this.channel = channel;
    }

    static PacketChannel open(NioDriver driver, Operation operation) throws IOException {
        PacketEndpoint endpoint = (PacketEndpoint) Objects.requireNonNull(operation.argument());
        requireUdp(endpoint);
        driver.counters().systemCalls().add(3);
        InetSocketAddress local = Objects.requireNonNull(endpoint.local());
        boolean six = local.getAddress() instanceof Inet6Address;
        DatagramChannel channel =
                DatagramChannel.open(six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            channel.configureBlocking(false);
            if (operation.flags() != 0) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            if (endpoint.socketBuffer() > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, endpoint.socketBuffer());
                channel.setOption(StandardSocketOptions.SO_SNDBUF, endpoint.socketBuffer());
            }
            channel.bind(local);
            InetSocketAddress peer = endpoint.peer();
            if (peer != null) {
                channel.connect(peer);
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        return new PacketChannel(driver, channel);
    }

    private static void requireUdp(PacketEndpoint endpoint) {
        if (endpoint.kind() != PacketEndpoint.Kind.UDP) {
            throw new UnsupportedOperationException("Packets of " + endpoint + " are not supported by the driver "
                    + NioDriverProvider.NAME + ": a JDK has no raw sockets. Use UDP, or the driver uring on Linux.");
        }
        if (endpoint.networkInterface() != null || endpoint.namespace() != null) {
            throw new UnsupportedOperationException("Binding to an interface or in a network namespace is not supported"
                    + " by the driver " + NioDriverProvider.NAME + ". Bind to an address, or use the driver uring.");
        }
    }

    PacketSocketInfo info() throws IOException {
        return new PacketSocketInfo((InetSocketAddress) channel.getLocalAddress(), 0, new byte[0]);
    }

    // Receiving.

    void receive(Operation operation) throws IOException {
        receiveOrWait(operation, payload(operation));
    }

    private static ByteBuffer payload(Operation operation) {
        return OperationMemory.of(operation).position(PacketLayout.PAYLOAD).slice();
    }

    @Override
    boolean received(Operation operation, ByteBuffer payload) throws IOException {
        counters.systemCalls().add(1);
        SocketAddress sender = channel.receive(payload);
        if (sender == null) {
            return false;
        }
        ByteBuffer memory = Objects.requireNonNull(operation.memory());
        int at = operation.memoryOffset();
        int name = sender instanceof InetSocketAddress inet
                ? PacketLayout.putInet(memory, at + PacketLayout.NAME, inet.getAddress(), inet.getPort())
                : 0;
        memory.putInt(at + PacketLayout.NAME_LENGTH, name);
        memory.putInt(at + PacketLayout.LENGTH, payload.position());
        memory.putInt(at + PacketLayout.FLAGS, 0);
        completions.done(operation, payload.position());
        return true;
    }

    // Sending.

    void send(Operation operation) throws IOException {
        sendOrWait(operation, payload(operation));
    }

    @Override
    boolean sent(Operation operation, ByteBuffer payload) throws IOException {
        counters.systemCalls().add(1);
        ByteBuffer memory = Objects.requireNonNull(operation.memory());
        int at = operation.memoryOffset();
        int length = payload.remaining();
        int bytes;
        if (memory.getInt(at + PacketLayout.NAME_LENGTH) == 0) {
            if (length == 0) {
                throw new UnsupportedOperationException(
                        "A JDK sends no empty packet by a connected socket, and the driver " + NioDriverProvider.NAME
                                + " has nothing else");
            }
            bytes = channel.write(payload);
        } else {
            bytes = channel.send(
                    payload,
                    new InetSocketAddress(
                            PacketLayout.inet(memory, at + PacketLayout.NAME),
                            PacketLayout.port(memory, at + PacketLayout.NAME)));
        }
        if (bytes == 0 && length > 0) {
            return false;
        }
        completions.done(operation, bytes);
        return true;
    }

    @Override
    SelectableChannel channel() {
        return channel;
    }
}
