package dev.ringflow.net.packet;

import dev.ringflow.spi.PacketLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.UnresolvedAddressException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where packets go to, in the form that the kernel reads: made once, and then used for any number of packets without
 * allocating. Immutable.
 */
public final class PacketAddress {
    private final byte[] encoded;

    private PacketAddress(byte[] encoded) {
        this.encoded = encoded;
    }

    /**
     * A peer of UDP.
     *
     * @param peer its address and port
     * @return the address
     * @throws UnresolvedAddressException if it is not resolved
     */
    public static PacketAddress of(InetSocketAddress peer) {
        if (peer.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        return inet(peer.getAddress(), peer.getPort());
    }

    /**
     * A host, for raw IP.
     *
     * @param host its address
     * @return the address
     */
    public static PacketAddress of(InetAddress host) {
        return inet(host, 0);
    }

    /**
     * A station on an Ethernet, for ports below IP whose packets have no Ethernet header. The port adds the interface.
     *
     * @param etherType the protocol of the packet, such as 0x0800 for IPv4
     * @param hardware its hardware address, usually 6 bytes, at most 8
     * @return the address
     * @throws IllegalArgumentException if the hardware address is longer
     */
    public static PacketAddress ofLink(int etherType, byte... hardware) {
        ByteBuffer memory = memory();
        int length = PacketLayout.putLink(memory, 0, 0, etherType, hardware);
        return new PacketAddress(Arrays.copyOf(memory.array(), length));
    }

    private static PacketAddress inet(InetAddress host, int port) {
        ByteBuffer memory = memory();
        int length = PacketLayout.putInet(memory, 0, host, port);
        return new PacketAddress(Arrays.copyOf(memory.array(), length));
    }

    private static ByteBuffer memory() {
        return ByteBuffer.allocate(PacketLayout.NAME_ROOM).order(ByteOrder.nativeOrder());
    }

    static PacketAddress copy(ByteBuffer source, int at, int length) {
        return new PacketAddress(PacketLayout.copy(source, at, length));
    }

    /** Writes it into a packet's head; its length. */
    int put(ByteBuffer target, int at) {
        target.put(at, encoded);
        return encoded.length;
    }

    /** Whether an address in memory is the same in the bytes from one offset to another. */
    private boolean isSame(ByteBuffer source, int at, int begin, int end) {
        for (int i = begin; i < end; i++) {
            if (source.get(at + i) != encoded[i]) {
                return false;
            }
        }
        return true;
    }

    boolean isAt(ByteBuffer source, int at, int length) {
        int port = 2;
        return length >= encoded.length
                && isSame(source, at, 0, 2)
                && isSame(source, at, port, port + 2)
                && isHost(source, at);
    }

    boolean isHostAt(ByteBuffer source, int at, int length) {
        return length >= encoded.length && isSame(source, at, 0, 2) && isHost(source, at);
    }

    private boolean isHost(ByteBuffer source, int at) {
        int family = PacketLayout.family(source, at);
        if (family == PacketLayout.LINK) {
            return isSame(source, at, 11, 20);
        }
        int begin = PacketLayout.inetOffset(family);
        return isSame(source, at, begin, begin + (family == PacketLayout.INET6 ? 16 : 4));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PacketAddress that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        ByteBuffer memory = ByteBuffer.wrap(encoded).order(ByteOrder.nativeOrder());
        if (PacketLayout.family(memory, 0) == PacketLayout.LINK) {
            return HexFormat.ofDelimiter(":").formatHex(PacketLayout.hardware(memory, 0)) + " 0x"
                    + Integer.toHexString(PacketLayout.port(memory, 0));
        }
        String host = PacketLayout.inet(memory, 0).getHostAddress();
        int port = PacketLayout.port(memory, 0);
        return port == 0 ? host : host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
