package dev.ringflow.net.packet;

/** Takes packets, or leaves them to the next receiver. Called on the loop thread of the port's ring. */
@FunctionalInterface
public interface PacketReceiver {
    /**
     * Looks at a packet. It should return soon, and must not block: everything on the ring waits for it. A receiver that
     * throws has consumed the packet; the ring reports what it threw and goes on.
     *
     * @param packet the packet, valid until this method returns: its object and its memory are used again. Whoever wants
     *     to keep bytes copies them
     * @return true if the packet is consumed, false if the next receiver is to be asked
     */
    boolean tryConsume(Packet packet);
}
