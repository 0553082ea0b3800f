package dev.ringflow.net.packet;

import dev.ringflow.spi.PacketLayout;
import java.nio.ByteBuffer;

/**
 * Makes up the Ethernet header of a packet that has none, in the last bytes of its head, and takes the address out of
 * one. Confined to the loop thread.
 */
final class EthernetHeader {
    static final int SIZE = 14;

    private static final int AT = PacketLayout.PAYLOAD - SIZE;
    private static final int SOURCE = 6;
    private static final int TYPE = 12;
    private static final int IPV4 = 0x0800;
    private static final int IPV4_SIZE = 20;
    private static final int IPV4_SOURCE = 12;
    private static final int IPV4_DESTINATION = 16;
    private static final byte LOCALLY_ADMINISTERED = 2;
    private static final int HARDWARE = 6;
    private static final int LINK_HARDWARE = PacketLayout.NAME + 12;
    private static final byte[] BROADCAST = {-1, -1, -1, -1, -1, -1};

    private final byte[] own;
    private final int interfaceIndex;

    EthernetHeader(byte[] own, int interfaceIndex) {
        this.own = own.length == HARDWARE ? own : new byte[] {LOCALLY_ADMINISTERED, 0, 0, 0, 0, 0};
        this.interfaceIndex = interfaceIndex;
    }

    /** Puts a header before a packet that was received, the driver's bytes being of no use any more. */
    void putBefore(ByteBuffer memory, int length) {
        int type = IPV4;
        if (PacketLayout.family(memory, PacketLayout.NAME) == PacketLayout.LINK) {
            boolean forAll = PacketLayout.packetType(memory, PacketLayout.NAME) == 1;
            memory.put(AT, forAll ? BROADCAST : own);
            memory.put(AT + SOURCE, memory, LINK_HARDWARE, HARDWARE);
            type = PacketLayout.port(memory, PacketLayout.NAME);
        } else {
            boolean whole = length >= IPV4_SIZE;
            putMadeUp(memory, AT, whole ? PacketLayout.PAYLOAD + IPV4_DESTINATION : -1);
            putMadeUp(memory, AT + SOURCE, whole ? PacketLayout.PAYLOAD + IPV4_SOURCE : -1);
        }
        memory.put(AT + TYPE, (byte) (type >>> 8)).put(AT + TYPE + 1, (byte) type);
    }

    /** A hardware address that is nobody's, made from an address of IPv4. */
    private static void putMadeUp(ByteBuffer memory, int at, int ipv4) {
        memory.put(at, LOCALLY_ADMINISTERED).put(at + 1, (byte) 0);
        for (int i = 0; i < 4; i++) {
            memory.put(at + 2 + i, ipv4 < 0 ? 0 : memory.get(ipv4 + i));
        }
    }

    /** Sets where a packet goes to that is to be sent, by its header; the length of the address. */
    int putDestination(ByteBuffer memory, boolean link) {
        if (link) {
            int type = (memory.get(AT + TYPE) & 0xFF) << 8 | memory.get(AT + TYPE + 1) & 0xFF;
            int length = PacketLayout.putLink(memory, PacketLayout.NAME, interfaceIndex, type, own);
            memory.put(LINK_HARDWARE, memory, AT, HARDWARE);
            return length;
        }
        for (int i = 0; i < 16; i++) {
            memory.put(PacketLayout.NAME + i, (byte) 0);
        }
        memory.putShort(PacketLayout.NAME, (short) PacketLayout.INET);
        memory.put(PacketLayout.NAME + 4, memory, PacketLayout.PAYLOAD + IPV4_DESTINATION, 4);
        return 16;
    }

    /** The least that a packet to be sent needs: its header, and with raw IP that of IPv4. */
    static int least(boolean link) {
        return link ? SIZE : SIZE + IPV4_SIZE;
    }
}
