package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.spi.DatagramHead;
import dev.ringflow.spi.Operation;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came with a datagram: its sender, its length, and the {@link DatagramDetail}s that were asked for when the
 * socket was bound. It may be used for one receive after the other, each of which overwrites it; it serves one receive
 * at a time.
 */
public final class DatagramInfo {
    private static final long NANOS = 1_000_000_000;

    private final DatagramHead head;
    private @Nullable DatagramPeers peers;
    private @Nullable Receiving receiving;

    /** One that knows no datagram yet. */
    public DatagramInfo() {
        this(new DatagramHead(), null);
    }

    DatagramInfo(DatagramHead head, @Nullable DatagramPeers peers) {
        this.head = head;
        this.peers = peers;
    }

    /**
     * Who sent it. Datagrams of one peer have the same object for the most part.
     *
     * @return the address; null for a unix socket without a name, or one whose name is no path
     */
    public @Nullable SocketAddress sender() {
        DatagramPeers cache = peers;
        return cache == null || !head.hasInternetSender() ? head.sender() : cache.sender(head);
    }

    /**
     * How many bytes of it are there.
     *
     * @return bytes, 0 for an empty datagram
     */
    public int length() {
        return head.length();
    }

    /**
     * Whether the buffer was too short: what did not fit is lost.
     *
     * @return true if bytes are missing
     */
    public boolean isTruncated() {
        return head.isTruncated();
    }

    /**
     * The hop limit, or TTL, that was left when it arrived.
     *
     * @return 0 to 255, or -1 without {@link DatagramDetail#HOP_LIMIT}
     */
    public int hopLimit() {
        return head.hopLimit();
    }

    /**
     * The traffic class, or TOS, of its header: six bits of DSCP and two of {@link #ecn()}.
     *
     * @return 0 to 255, or -1 without {@link DatagramDetail#TRAFFIC_CLASS}
     */
    public int trafficClass() {
        return head.trafficClass();
    }

    /**
     * The ECN bits of its header: 0 not capable, 1 or 2 capable, 3 congestion was met.
     *
     * @return 0 to 3, or -1 without {@link DatagramDetail#TRAFFIC_CLASS}
     */
    public int ecn() {
        return head.trafficClass() < 0 ? -1 : head.trafficClass() & 3;
    }

    /**
     * The address that it was sent to, which tells multicast from broadcast, and one of many local addresses from
     * others.
     *
     * @return the address, or null without {@link DatagramDetail#DESTINATION}
     */
    public @Nullable InetAddress destination() {
        return head.hasDestination() ? DatagramPeers.address(head.destinationHigh(), head.destinationLow(), 0) : null;
    }

    /**
     * The interface that it came by.
     *
     * @return its index, or 0 without {@link DatagramDetail#DESTINATION}
     */
    public int interfaceIndex() {
        return head.interfaceIndex();
    }

    /**
     * When the kernel got it, by the clock that tells the time of day.
     *
     * @return nanoseconds since 1970, or -1 without {@link DatagramDetail#TIMESTAMP}
     */
    public long timestampNanos() {
        return head.timestampNanos();
    }

    /**
     * When the kernel got it.
     *
     * @return the time, or null without {@link DatagramDetail#TIMESTAMP}
     */
    public @Nullable Instant timestamp() {
        long nanos = head.timestampNanos();
        return nanos < 0 ? null : Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS);
    }

    /**
     * How many datagrams the socket had dropped by then because its buffer was full.
     *
     * @return the number since the socket was made, or -1 without {@link DatagramDetail#DROPS}
     */
    public long drops() {
        return head.drops();
    }

    /**
     * The size of the datagrams that the kernel has put together, with {@link DatagramOptions.Builder#coalescing}: the
     * bytes are those of several datagrams of one sender, each of this size but the last, which may be shorter.
     *
     * @return bytes, or 0 if this is a single datagram
     */
    public int segmentSize() {
        return head.segmentSize();
    }

    /**
     * How many datagrams these bytes are.
     *
     * @return 1, or more after {@link DatagramOptions.Builder#coalescing}
     */
    public int segments() {
        int size = head.segmentSize();
        return size <= 0 || head.length() <= size ? 1 : (head.length() + size - 1) / size;
    }

    /**
     * The bytes of one of the datagrams that the kernel has put together.
     *
     * @param payload a buffer with the {@link #length()} bytes between position and limit
     * @param index which, from 0 to {@link #segments()} - 1
     * @return its bytes, sharing the memory
     * @throws IndexOutOfBoundsException if there is no such segment
     */
    public ByteBuffer segment(ByteBuffer payload, int index) {
        Objects.checkIndex(index, segments());
        int size = segments() == 1 ? head.length() : head.segmentSize();
        int start = index * size;
        return payload.slice(payload.position() + start, Math.min(size, head.length() - start))
                .order(payload.order());
    }

    /**
     * All of the datagrams that the kernel has put together.
     *
     * @param payload a buffer with the {@link #length()} bytes between position and limit
     * @return the bytes of each, sharing the memory
     */
    public List<ByteBuffer> segments(ByteBuffer payload) {
        ByteBuffer[] each = new ByteBuffer[segments()];
        for (int i = 0; i < each.length; i++) {
            each[i] = segment(payload, i);
        }
        return List.of(each);
    }

    DatagramHead head() {
        return head;
    }

    /**
     * Stands between a transfer of bytes and whoever wants this. One for all receives, so that none costs an object.
     */
    RingCallback<Integer> receiving(DatagramPeers cache, RingCallback<DatagramInfo> callback) {
        Receiving mine = receiving;
        if (mine == null) {
            mine = new Receiving(this);
            receiving = mine;
        }
        if (mine.callback != null) {
            throw new IllegalStateException("This DatagramInfo serves another receive, which has not ended");
        }
        mine.callback = callback;
        peers = cache;
        return mine;
    }

    private static final class Receiving implements RingCallback<Integer> {
        private final DatagramInfo info;
        private volatile @Nullable RingCallback<DatagramInfo> callback;

        Receiving(DatagramInfo info) {
            this.info = info;
        }

        private RingCallback<DatagramInfo> take() {
            RingCallback<DatagramInfo> taken = Objects.requireNonNull(callback);
            callback = null;
            return taken;
        }

        @Override
        public void submitted(Ring ring, Operation operation, int activation) {
            Objects.requireNonNull(callback).submitted(ring, operation, activation);
        }

        @Override
        public boolean completed(Integer bytes) {
            return take().completed(info);
        }

        @Override
        public void failed(Throwable cause) {
            take().failed(cause);
        }
    }

    @Override
    public String toString() {
        return "DatagramInfo[" + length() + " bytes from " + sender() + (isTruncated() ? ", truncated]" : "]");
    }
}
