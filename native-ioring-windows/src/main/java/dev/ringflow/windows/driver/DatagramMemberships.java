package dev.ringflow.windows.driver;

import dev.ringflow.net.MulticastMembership;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.iocp.SocketAddresses;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** The multicast groups that a socket has joined, by {@code GROUP_REQ} and {@code GROUP_SOURCE_REQ} of ws2ipdef.h. */
final class DatagramMemberships {
    private static final int JOIN_GROUP = 41;
    private static final int LEAVE_GROUP = 42;
    private static final int JOIN_SOURCE_GROUP = 45;
    private static final int LEAVE_SOURCE_GROUP = 46;
    private static final int IPPROTO_IP = 0;
    private static final int MULTICAST_IF = 9;

    private final long socket;
    private final Set<MulticastMembership> joined = new HashSet<>();

    DatagramMemberships(long socket) {
        this.socket = socket;
    }

    /** Lets multicast datagrams go out by an interface. */
    static void sendBy(long socket, int family, NetworkInterface by) throws WinsockException {
        int index = by.getIndex();
        if (family == WinsockConstants.AF_INET6) {
            Winsock.setOption(socket, WinsockConstants.IPPROTO_IPV6, MULTICAST_IF, index);
        }
        // an address of 0.x.y.z is the number of an interface
        Winsock.setOption(
                socket,
                IPPROTO_IP,
                MULTICAST_IF,
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(index) : index);
    }

    void join(Operation operation) throws IOException {
        MulticastMembership membership = membership(operation);
        if (joined.contains(membership)) {
            throw new IOException("Joined already: " + membership);
        }
        set(operation, membership, membership.source() == null ? JOIN_GROUP : JOIN_SOURCE_GROUP);
        joined.add(membership);
    }

    void leave(Operation operation) throws IOException {
        MulticastMembership membership = membership(operation);
        if (!joined.remove(membership)) {
            throw new IOException("Not joined: " + membership);
        }
        set(operation, membership, membership.source() == null ? LEAVE_GROUP : LEAVE_SOURCE_GROUP);
    }

    private static MulticastMembership membership(Operation operation) {
        return (MulticastMembership) Objects.requireNonNull(operation.argument());
    }

    private void set(Operation operation, MulticastMembership membership, int option) throws IOException {
        InetAddress source = membership.source();
        int names = source == null ? 1 : 2;
        ByteBuffer request = DirectMemory.allocate(Long.BYTES + names * SocketAddresses.STORAGE_SIZE, Long.BYTES);
        request.putInt(0, membership.by().getIndex());
        SocketAddresses.set(request, Long.BYTES, new InetSocketAddress(membership.group(), 0));
        if (source != null) {
            SocketAddresses.set(request, Long.BYTES + SocketAddresses.STORAGE_SIZE, new InetSocketAddress(source, 0));
        }
        boolean four = membership.group() instanceof Inet4Address;
        int level = four ? IPPROTO_IP : WinsockConstants.IPPROTO_IPV6;
        try {
            Winsock.setOption(socket, level, option, request);
        } catch (WinsockException e) {
            throw SocketFailures.of(operation, e);
        }
    }

    @Override
    public String toString() {
        return joined.toString();
    }
}
