package dev.ringflow.net;

/**
 * What the kernel is to tell of each datagram that it delivers, beside its bytes and its sender. Each costs the kernel
 * and the receiver a little; what was not asked for is not told. The driver {@code nio} has none of them.
 */
public enum DatagramDetail {
    /** The hop limit that is left, TTL in IPv4: {@link DatagramInfo#hopLimit()}. See {@code IP_RECVTTL} in ip(7). */
    HOP_LIMIT,
    /** The traffic class, TOS in IPv4, with the ECN bits: {@link DatagramInfo#trafficClass()}. See ip(7). */
    TRAFFIC_CLASS,
    /**
     * The address that it was sent to, and the interface that it came by: {@link DatagramInfo#destination()}. See
     * {@code IP_PKTINFO} in ip(7).
     */
    DESTINATION,
    /** When the kernel got it, in nanoseconds: {@link DatagramInfo#timestampNanos()}. See socket(7). */
    TIMESTAMP,
    /**
     * How many the socket has dropped because its buffer was full: {@link DatagramInfo#drops()}. See
     * {@code SO_RXQ_OVFL} in socket(7).
     */
    DROPS
}
