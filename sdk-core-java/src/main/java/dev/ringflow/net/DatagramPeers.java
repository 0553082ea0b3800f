package dev.ringflow.net;

import dev.ringflow.spi.DatagramHead;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Addresses that datagrams came from lately: the same peer is the same object again. Any thread; entries are immutable,
 * and one that is lost is made anew.
 */
final class DatagramPeers {
    private static final int BITS = 8;
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private record Peer(long high, long low, int port, int scope, InetSocketAddress address) {
        boolean isSenderOf(DatagramHead head) {
            return low == head.senderLow()
                    && port == head.senderPort()
                    && high == head.senderHigh()
                    && scope == head.senderScope();
        }
    }

    private final Peer[] recent = new Peer[1 << BITS];

    InetSocketAddress sender(DatagramHead head) {
        long mixed = (head.senderHigh() * 31 + head.senderLow()) * 31 + head.senderPort();
        int place = (int) (mixed * GOLDEN_RATIO >>> Long.SIZE - BITS);
        Peer known = recent[place];
        if (known != null && known.isSenderOf(head)) {
            return known.address;
        }
        InetAddress ip = address(head.senderHigh(), head.senderLow(), head.senderScope());
        InetSocketAddress made = new InetSocketAddress(ip, head.senderPort());
        recent[place] = new Peer(head.senderHigh(), head.senderLow(), head.senderPort(), head.senderScope(), made);
        return made;
    }

    /** An IPv4 address for one that is mapped. */
    static InetAddress address(long high, long low, int scope) {
        byte[] bytes =
                ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
        try {
            InetAddress plain = InetAddress.getByAddress(bytes);
            return scope != 0 && plain instanceof Inet6Address ? Inet6Address.getByAddress(null, bytes, scope) : plain;
        } catch (UnknownHostException e) {
            throw new AssertionError("16 bytes are an address", e);
        }
    }
}
