package dev.ringflow.net.packet;

import java.util.concurrent.atomic.LongAdder;

/** What a port counts. */
final class PacketCounters {
    final PacketCounter received = new PacketCounter();
    final PacketCounter receivedBytes = new PacketCounter();
    final PacketCounter declined = new PacketCounter();
    final PacketCounter truncated = new PacketCounter();
    final PacketCounter exhausted = new PacketCounter();
    final PacketCounter receiveErrors = new PacketCounter();
    final PacketCounter sent = new PacketCounter();
    final PacketCounter sentBytes = new PacketCounter();
    final PacketCounter sendErrors = new PacketCounter();
    final PacketCounter batches = new PacketCounter();
    /** Counted by whoever sends. */
    final LongAdder dropped = new LongAdder();

    PacketStatistics look() {
        return new PacketStatistics(
                received.get(),
                receivedBytes.get(),
                declined.get(),
                truncated.get(),
                exhausted.get(),
                receiveErrors.get(),
                sent.get(),
                sentBytes.get(),
                sendErrors.get(),
                dropped.sum(),
                batches.get());
    }
}
