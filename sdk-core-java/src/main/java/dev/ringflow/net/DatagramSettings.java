package dev.ringflow.net;

import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is different for one send on a {@link RingDatagramSocket}. Immutable, so that one object serves any number of
 * sends.
 * The driver {@code nio} has none of it, and fails such a send with {@link UnsupportedOperationException}.
 */
public final class DatagramSettings {
    /** Nothing is different. */
    public static final DatagramSettings NONE = new DatagramSettings(0, -1, -1, null, 0);

    private static final int LARGEST_SEGMENT = 65_507;
    private static final int BYTE = 255;

    private final int segmentSize;
    private final int hopLimit;
    private final int trafficClass;
    private final @Nullable InetAddress source;
    private final int interfaceIndex;

    private DatagramSettings(
            int segmentSize, int hopLimit, int trafficClass, @Nullable InetAddress source, int interfaceIndex) {
        this.segmentSize = segmentSize;
        this.hopLimit = hopLimit;
        this.trafficClass = trafficClass;
        this.source = source;
        this.interfaceIndex = interfaceIndex;
    }

    /**
     * Lets the kernel, or the network card, cut what is sent into datagrams: {@code UDP_SEGMENT} in udp(7). At most 64
     * segments and 64 KiB a send. Since Linux 4.18.
     *
     * @param bytes bytes of each datagram but the last, 1 to 65507
     * @return these settings with that
     * @throws IllegalArgumentException if it is none of these
     */
    public DatagramSettings withSegmentSize(int bytes) {
        return new DatagramSettings(
                within("segmentSize", bytes, 1, LARGEST_SEGMENT), hopLimit, trafficClass, source, interfaceIndex);
    }

    /**
     * Sets the hop limit, or TTL.
     *
     * @param hops 1 to 255
     * @return these settings with that
     * @throws IllegalArgumentException if it is none of these
     */
    public DatagramSettings withHopLimit(int hops) {
        return new DatagramSettings(
                segmentSize, within("hopLimit", hops, 1, BYTE), trafficClass, source, interfaceIndex);
    }

    /**
     * Sets the traffic class, or TOS: DSCP and ECN.
     *
     * @param bits 0 to 255
     * @return these settings with that
     * @throws IllegalArgumentException if it is none of these
     */
    public DatagramSettings withTrafficClass(int bits) {
        return new DatagramSettings(
                segmentSize, hopLimit, within("trafficClass", bits, 0, BYTE), source, interfaceIndex);
    }

    /**
     * Sets the address that it comes from, which has to be one of this machine: that of
     * {@link DatagramInfo#destination()}
     * answers a datagram from the address that it was sent to.
     *
     * @param local an address of the protocol of the receiver
     * @return these settings with that
     */
    public DatagramSettings withSource(InetAddress local) {
        return new DatagramSettings(
                segmentSize, hopLimit, trafficClass, Objects.requireNonNull(local, "local"), interfaceIndex);
    }

    /**
     * Sets the interface that it is sent by.
     *
     * @param index the interface's index, at least 1
     * @return these settings with that
     * @throws IllegalArgumentException if it is less
     */
    public DatagramSettings withInterface(int index) {
        return new DatagramSettings(
                segmentSize, hopLimit, trafficClass, source, within("interface", index, 1, Integer.MAX_VALUE));
    }

    /**
     * The size of the datagrams into which it is cut.
     *
     * @return bytes, or 0 for what holds for the socket
     */
    public int segmentSize() {
        return segmentSize;
    }

    /**
     * The hop limit.
     *
     * @return 1 to 255, or -1 for what holds for the socket
     */
    public int hopLimit() {
        return hopLimit;
    }

    /**
     * The traffic class.
     *
     * @return 0 to 255, or -1 for what holds for the socket
     */
    public int trafficClass() {
        return trafficClass;
    }

    /**
     * The address that it comes from.
     *
     * @return a local address, or null for the system's choice
     */
    public @Nullable InetAddress source() {
        return source;
    }

    /**
     * The interface that it is sent by.
     *
     * @return an index, or 0 for the system's choice
     */
    public int interfaceIndex() {
        return interfaceIndex;
    }

    /**
     * Whether nothing is different.
     *
     * @return true for what means the same as {@link #NONE}
     */
    public boolean isNone() {
        return segmentSize == 0 && hopLimit < 0 && trafficClass < 0 && source == null && interfaceIndex == 0;
    }

    private static int within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " has to be from " + least + " to " + most + ", got " + value);
        }
        return value;
    }

    @Override
    public String toString() {
        return "DatagramSettings[segments of " + segmentSize + ", hop limit " + hopLimit + ", traffic class "
                + trafficClass + ", from " + (source == null ? "any" : source) + " by " + interfaceIndex + "]";
    }
}
