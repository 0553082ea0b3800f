package dev.ringflow.spi;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What came with a datagram beside its bytes: the form in which drivers deliver it, without an object for each. It
 * belongs to the operation that carries it as {@link Operation#argument()} until that ends; a driver {@link #clear()}s
 * it and fills in what the kernel told.
 */
public final class DatagramHead {
    private @Nullable SocketAddress sender;
    private boolean hasInternetSender;
    private long senderHigh;
    private long senderLow;
    private int senderPort;
    private int senderScope;
    private int payloadOffset;
    private int length;
    private boolean truncated;
    private int hopLimit;
    private int trafficClass;
    private boolean hasDestination;
    private long destinationHigh;
    private long destinationLow;
    private int interfaceIndex;
    private long timestampNanos;
    private int segmentSize;
    private long drops;

    /** One that knows nothing yet. */
    public DatagramHead() {
        clear();
    }

    /** Forgets the datagram before. */
    public void clear() {
        sender = null;
        hasInternetSender = false;
        payloadOffset = 0;
        length = 0;
        truncated = false;
        hopLimit = -1;
        trafficClass = -1;
        hasDestination = false;
        interfaceIndex = 0;
        timestampNanos = -1;
        segmentSize = 0;
        drops = -1;
    }

    /**
     * Sets where the payload is, and whether all of it is there.
     *
     * @param offset bytes from the beginning of the provided buffer; 0 in memory of the operation's own
     * @param bytes how many bytes of it are there
     * @param cut whether the datagram was longer than the memory
     */
    public void payload(int offset, int bytes, boolean cut) {
        payloadOffset = offset;
        length = bytes;
        truncated = cut;
    }

    /**
     * Where the payload begins.
     *
     * @return bytes from the beginning of the memory
     */
    public int payloadOffset() {
        return payloadOffset;
    }

    /**
     * How much of the payload is there.
     *
     * @return bytes, 0 for an empty datagram
     */
    public int length() {
        return length;
    }

    /**
     * Whether the datagram was longer than the memory: the rest of it is lost.
     *
     * @return true if bytes are missing
     */
    public boolean isTruncated() {
        return truncated;
    }

    /**
     * Sets the sender, where there is an object for it already or it has no internet address.
     *
     * @param address the sender, null if it has no address
     */
    public void sender(@Nullable SocketAddress address) {
        sender = address;
    }

    /**
     * Sets the sender's internet address, for whoever wants to know it to make an object of.
     *
     * @param high the first eight bytes of the IPv6 address, big-endian
     * @param low the last eight; an IPv4 address is mapped, {@code ::ffff:a.b.c.d}
     * @param port its port
     * @param scope the interface of a link-local address, or 0
     */
    public void sender(long high, long low, int port, int scope) {
        hasInternetSender = true;
        senderHigh = high;
        senderLow = low;
        senderPort = port;
        senderScope = scope;
    }

    /**
     * The sender as an object, if the driver set one.
     *
     * @return the address, or null: then ask {@link #hasInternetSender()}
     */
    public @Nullable SocketAddress sender() {
        return sender;
    }

    /**
     * Whether the sender is known as numbers.
     *
     * @return true if {@link #senderHigh()} and its like count
     */
    public boolean hasInternetSender() {
        return hasInternetSender;
    }

    /**
     * The beginning of the sender's address.
     *
     * @return eight bytes, big-endian
     */
    public long senderHigh() {
        return senderHigh;
    }

    /**
     * The end of the sender's address.
     *
     * @return eight bytes, big-endian
     */
    public long senderLow() {
        return senderLow;
    }

    /**
     * The sender's port.
     *
     * @return 0 to 65535
     */
    public int senderPort() {
        return senderPort;
    }

    /**
     * The sender's interface, if its address is link-local.
     *
     * @return an index, or 0
     */
    public int senderScope() {
        return senderScope;
    }

    /**
     * Sets the hop limit (TTL) that the datagram arrived with.
     *
     * @param hops 0 to 255
     */
    public void hopLimit(int hops) {
        hopLimit = hops;
    }

    /**
     * The hop limit.
     *
     * @return 0 to 255, or -1 if it was not told
     */
    public int hopLimit() {
        return hopLimit;
    }

    /**
     * Sets the traffic class (TOS) that the datagram arrived with, ECN bits included.
     *
     * @param bits 0 to 255
     */
    public void trafficClass(int bits) {
        trafficClass = bits;
    }

    /**
     * The traffic class.
     *
     * @return 0 to 255, or -1 if it was not told
     */
    public int trafficClass() {
        return trafficClass;
    }

    /**
     * Sets the address in the datagram's own header, and the interface that it came by.
     *
     * @param high as for {@link #sender(long, long, int, int)}
     * @param low as for {@link #sender(long, long, int, int)}
     * @param index the interface
     */
    public void destination(long high, long low, int index) {
        hasDestination = true;
        destinationHigh = high;
        destinationLow = low;
        interfaceIndex = index;
    }

    /**
     * Whether the destination was told.
     *
     * @return true if {@link #destinationHigh()} and {@link #destinationLow()} count
     */
    public boolean hasDestination() {
        return hasDestination;
    }

    /**
     * The beginning of the destination's address.
     *
     * @return eight bytes, big-endian
     */
    public long destinationHigh() {
        return destinationHigh;
    }

    /**
     * The end of the destination's address.
     *
     * @return eight bytes, big-endian
     */
    public long destinationLow() {
        return destinationLow;
    }

    /**
     * The interface that it came by.
     *
     * @return an index, or 0 if it was not told
     */
    public int interfaceIndex() {
        return interfaceIndex;
    }

    /**
     * Sets when the kernel got the datagram.
     *
     * @param nanos nanoseconds since 1970
     */
    public void timestampNanos(long nanos) {
        timestampNanos = nanos;
    }

    /**
     * When the kernel got the datagram.
     *
     * @return nanoseconds since 1970, or -1 if it was not told
     */
    public long timestampNanos() {
        return timestampNanos;
    }

    /**
     * Sets the size of the datagrams that the kernel put together.
     *
     * @param bytes bytes of each but the last
     */
    public void segmentSize(int bytes) {
        segmentSize = bytes;
    }

    /**
     * The size of the datagrams that the kernel put together.
     *
     * @return bytes of each but the last, or 0 if this is one datagram
     */
    public int segmentSize() {
        return segmentSize;
    }

    /**
     * Sets how many datagrams the socket has dropped.
     *
     * @param count since the socket was made
     */
    public void drops(long count) {
        drops = count;
    }

    /**
     * How many datagrams the socket has dropped because its buffer was full.
     *
     * @return the number since the socket was made, or -1 if it was not told
     */
    public long drops() {
        return drops;
    }

    @Override
    public String toString() {
        return "DatagramHead[" + length + " bytes at " + payloadOffset + (truncated ? ", truncated]" : "]");
    }
}
