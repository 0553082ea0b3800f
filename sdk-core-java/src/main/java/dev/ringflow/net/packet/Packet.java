package dev.ringflow.net.packet;

import dev.ringflow.spi.PacketLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A packet that a port received. One object serves all packets of a port, one after the other, in the memory that the
 * kernel wrote: both are valid until the receiver returns. Confined to the loop thread.
 */
public final class Packet {
    private final PacketPort port;
    private ByteBuffer memory;
    private ByteBuffer data;

    Packet(PacketPort port, ByteBuffer nothing) {
        this.port = port;
        this.memory = nothing;
        this.data = nothing;
    }

    /** Stands for another packet from now on. */
    void show(ByteBuffer newMemory, ByteBuffer newData) {
        memory = newMemory;
        data = newData;
    }

    /**
     * The port that received it.
     *
     * @return the port
     */
    public PacketPort port() {
        return port;
    }

    /**
     * Its bytes, in the order of the network.
     *
     * @return a buffer with the packet from 0 to its limit; always the same object for one packet. Its position is the
     *     receivers' to move: the next one finds it at 0 again
     */
    public ByteBuffer data() {
        return data;
    }

    /**
     * How long it is.
     *
     * @return bytes
     */
    public int length() {
        return data.limit();
    }

    /**
     * Whether it was longer than a buffer of the port, and is cut.
     *
     * @return true if bytes are missing at its end
     */
    public boolean isTruncated() {
        return (memory.getInt(PacketLayout.FLAGS) & PacketLayout.TRUNCATED) != 0;
    }

    private int nameLength() {
        return memory.getInt(PacketLayout.NAME_LENGTH);
    }

    /**
     * Whether it came from one address: the same host and port, or hardware address and protocol. Allocates nothing.
     *
     * @param address whose packets are looked for
     * @return true if it did
     */
    public boolean isFrom(PacketAddress address) {
        return address.isAt(memory, PacketLayout.NAME, nameLength());
    }

    /**
     * Whether it came from one host, whatever the port, or hardware address, whatever the protocol. Allocates nothing.
     *
     * @param address whose packets are looked for
     * @return true if it did
     */
    public boolean isFromHost(PacketAddress address) {
        return address.isHostAt(memory, PacketLayout.NAME, nameLength());
    }

    /**
     * Who sent it, to be kept and to send to. Allocates.
     *
     * @return the address, or null if the packet does not tell
     */
    public @Nullable PacketAddress sender() {
        int length = nameLength();
        return length == 0 ? null : PacketAddress.copy(memory, PacketLayout.NAME, length);
    }

    /**
     * The host that sent it. Allocates.
     *
     * @return its address, or null for a packet from below IP
     */
    public @Nullable InetAddress sourceAddress() {
        return isInet() ? PacketLayout.inet(memory, PacketLayout.NAME) : null;
    }

    /**
     * The address and port that sent it. Allocates.
     *
     * @return the address, with port 0 for raw IP; null for a packet from below IP
     */
    public @Nullable InetSocketAddress source() {
        InetAddress host = sourceAddress();
        return host == null ? null : new InetSocketAddress(host, sourcePort());
    }

    /**
     * The port that sent it.
     *
     * @return the port; 0 if it is not of UDP
     */
    public int sourcePort() {
        return isInet() && port.endpoint().kind() == PacketEndpoint.Kind.UDP
                ? PacketLayout.port(memory, PacketLayout.NAME)
                : 0;
    }

    /**
     * The hardware address that sent it. Allocates.
     *
     * @return its bytes, none for a packet that is not from below IP
     */
    public byte[] hardwareAddress() {
        return isLink() ? PacketLayout.hardware(memory, PacketLayout.NAME) : new byte[0];
    }

    /**
     * The protocol above Ethernet.
     *
     * @return such as 0x0800; 0 for a packet that is not from below IP
     */
    public int etherType() {
        return isLink() ? PacketLayout.port(memory, PacketLayout.NAME) : 0;
    }

    /**
     * The interface that it came in by.
     *
     * @return its number; 0 for a packet that is not from below IP
     */
    public int interfaceIndex() {
        return isLink() ? PacketLayout.interfaceIndex(memory, PacketLayout.NAME) : 0;
    }

    /**
     * Whom it was for.
     *
     * @return {@code PACKET_} constant of packet(7): 0 for this station, 1 for all, 2 for some, 3 for somebody else, 4 if
     *     this system sent it; 0 for a packet that is not from below IP
     */
    public int linkType() {
        return isLink() ? PacketLayout.packetType(memory, PacketLayout.NAME) : 0;
    }

    private boolean isLink() {
        return nameLength() > 0 && PacketLayout.family(memory, PacketLayout.NAME) == PacketLayout.LINK;
    }

    private boolean isInet() {
        if (nameLength() == 0) {
            return false;
        }
        int family = PacketLayout.family(memory, PacketLayout.NAME);
        return family == PacketLayout.INET || family == PacketLayout.INET6;
    }

    /** Writes its sender's address into another head; the length, 0 if it does not tell. */
    int putSender(ByteBuffer target) {
        int length = Math.min(PacketLayout.NAME_ROOM, nameLength());
        target.put(PacketLayout.NAME, memory, PacketLayout.NAME, length);
        return length;
    }

    @Override
    public String toString() {
        return "Packet[" + length() + " bytes from " + sender() + (isTruncated() ? ", cut]" : "]");
    }
}
