package dev.ringflow.net.packet;

/**
 * What a port, or a whole transport, has done so far.
 *
 * @param received packets that came
 * @param receivedBytes bytes of them
 * @param declined packets that no receiver consumed
 * @param truncated packets that were longer than a buffer, and were cut
 * @param exhausted how often all buffers for receiving were in use at once; packets waited in the kernel meanwhile
 * @param receiveErrors receives that failed, such as with a peer's refusal or an interface that went down; the port goes on
 * @param sent packets that the kernel took
 * @param sentBytes bytes of them
 * @param sendErrors packets that the kernel refused
 * @param dropped how often a packet could not even be begun, because all buffers for sending were in use
 * @param batches how often packets were handed to the kernel: all that are there at that moment, by one submission
 */
public record PacketStatistics(
        long received,
        long receivedBytes,
        long declined,
        long truncated,
        long exhausted,
        long receiveErrors,
        long sent,
        long sentBytes,
        long sendErrors,
        long dropped,
        long batches) {
    /** Nothing done. */
    public static final PacketStatistics NONE = new PacketStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /**
     * Adds two of them up.
     *
     * @param other the other one
     * @return the sums
     */
    public PacketStatistics plus(PacketStatistics other) {
        return new PacketStatistics(
                received + other.received,
                receivedBytes + other.receivedBytes,
                declined + other.declined,
                truncated + other.truncated,
                exhausted + other.exhausted,
                receiveErrors + other.receiveErrors,
                sent + other.sent,
                sentBytes + other.sentBytes,
                sendErrors + other.sendErrors,
                dropped + other.dropped,
                batches + other.batches);
    }

    /**
     * What was done since an earlier look.
     *
     * @param earlier the earlier one
     * @return the differences
     */
    public PacketStatistics since(PacketStatistics earlier) {
        return new PacketStatistics(
                received - earlier.received,
                receivedBytes - earlier.receivedBytes,
                declined - earlier.declined,
                truncated - earlier.truncated,
                exhausted - earlier.exhausted,
                receiveErrors - earlier.receiveErrors,
                sent - earlier.sent,
                sentBytes - earlier.sentBytes,
                sendErrors - earlier.sendErrors,
                dropped - earlier.dropped,
                batches - earlier.batches);
    }
}
