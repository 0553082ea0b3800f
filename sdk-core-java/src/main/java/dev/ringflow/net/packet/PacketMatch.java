package dev.ringflow.net.packet;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Says which packets a receiver is asked about. Called on the loop thread; must not block. */
@FunctionalInterface
public interface PacketMatch {
    /** Every packet. */
    PacketMatch ALL = packet -> true;

    /**
     * Looks at a packet.
     *
     * @param packet valid until this method returns
     * @return true if the receiver is to be asked
     */
    boolean matches(Packet packet);

    /**
     * Packets that a host sent, from whatever port.
     *
     * @param sender the host
     * @return a match, which allocates nothing
     */
    static PacketMatch from(InetAddress sender) {
        PacketAddress address = PacketAddress.of(sender);
        return packet -> packet.isFromHost(address);
    }

    /**
     * Packets that came from one address and port.
     *
     * @param sender the peer
     * @return a match, which allocates nothing
     */
    static PacketMatch from(InetSocketAddress sender) {
        PacketAddress address = PacketAddress.of(sender);
        return packet -> packet.isFrom(address);
    }

    /**
     * Packets that came in by one interface. For ports on all interfaces ({@link PacketEndpoint#link()}).
     *
     * @param index number of the interface
     * @return a match; false for packets that do not tell their interface, which are all but those below IP
     */
    static PacketMatch onInterface(int index) {
        return packet -> packet.interfaceIndex() == index;
    }

    /**
     * Packets of one protocol above Ethernet.
     *
     * @param etherType such as 0x0800 for IPv4, 0x86DD for IPv6, 0x0806 for ARP
     * @return a match; false for packets that are not from below IP
     */
    static PacketMatch etherType(int etherType) {
        return packet -> packet.etherType() == etherType;
    }
}
