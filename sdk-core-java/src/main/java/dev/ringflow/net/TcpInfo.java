package dev.ringflow.net;

/**
 * How a TCP connection is doing, as the kernel sees it at one moment: the part of {@code TCP_INFO} (tcp(7)) that is
 * useful to applications. What an older kernel does not tell is 0.
 *
 * @param state 1 for an established connection; the others are those of {@code TCP_ESTABLISHED} and following in the
 *     system's headers
 * @param roundTripNanos smoothed time of a round trip, in nanoseconds
 * @param roundTripVariationNanos how much that varies, in nanoseconds
 * @param leastRoundTripNanos the shortest round trip of recent times, in nanoseconds
 * @param retransmissionTimeoutNanos how long until something is sent again, in nanoseconds
 * @param sendSegmentBytes most bytes of payload in a packet sent
 * @param pathMtuBytes largest packet on the way to the peer, in bytes
 * @param congestionWindowSegments how many segments may be on their way without acknowledgement
 * @param unacknowledgedSegments how many are
 * @param lostSegments how many of them are thought lost
 * @param retransmittedSegments how many segments were sent again, over the connection's life
 * @param bytesAcknowledged bytes sent and acknowledged, over the connection's life
 * @param bytesReceived bytes received, over the connection's life
 * @param unsentBytes bytes that were handed in and not sent yet
 * @param deliveryBytesPerSecond how fast bytes arrive at the peer, in bytes a second
 */
public record TcpInfo(
        int state,
        long roundTripNanos,
        long roundTripVariationNanos,
        long leastRoundTripNanos,
        long retransmissionTimeoutNanos,
        int sendSegmentBytes,
        int pathMtuBytes,
        int congestionWindowSegments,
        int unacknowledgedSegments,
        int lostSegments,
        long retransmittedSegments,
        long bytesAcknowledged,
        long bytesReceived,
        long unsentBytes,
        long deliveryBytesPerSecond) {}
