package dev.ringflow.net.packet;

import dev.ringflow.spi.PacketLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory for one packet, with two views of it: as drivers see it, and what belongs to the user. */
final class PacketSlot {
    final ByteBuffer memory;
    final ByteBuffer data;
    final int index;

    PacketSlot(ByteBuffer whole, boolean synthesized, int index) {
        this.memory = whole.order(ByteOrder.nativeOrder());
        int front = front(synthesized);
        int begin = PacketLayout.PAYLOAD - front;
        this.data = whole.slice(begin, whole.capacity() - begin); // big-endian, as the network is
        this.index = index;
    }

    /** How many bytes of the head the user sees. */
    static int front(boolean synthesized) {
        return synthesized ? EthernetHeader.SIZE : 0;
    }

    static int size(int packet) {
        return PacketLayout.PAYLOAD + packet;
    }
}
