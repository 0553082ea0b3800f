package dev.ringflow.net.packet;

import dev.ringflow.Ring;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;

/** The buffers that a port sends from, of which each transmitter has a part. */
final class TransmitMemory {
    private final Ring ring;
    private final ByteBuffer region;
    private final int count;
    private final int size;
    private final int index;
    private final BitSet taken = new BitSet();
    private final ReentrantLock lock = new ReentrantLock();

    /** Loop thread. */
    TransmitMemory(Ring ring, int count, int packet, boolean registered) {
        this.ring = ring;
        this.count = count;
        this.size = PacketSlot.size(packet);
        this.region = ring.unsafeDriver()
                .memory()
                .allocate(
                        Math.multiplyExact(size, count),
                        ring.unsafeDriver().memory().pageSize());
        this.index = registered ? ring.unsafeDriver().registerBuffer(region) : -1;
    }

    boolean isRegistered() {
        return index >= 0;
    }

    /** Takes neighbouring buffers. Any thread. */
    Part take(int wanted) {
        lock.lock();
        try {
            for (int begin = taken.nextClearBit(0); begin + wanted <= count; ) {
                int end = taken.nextSetBit(begin);
                if (end < 0 || end - begin >= wanted) {
                    taken.set(begin, begin + wanted);
                    return new Part(begin, wanted);
                }
                begin = taken.nextClearBit(end);
            }
            throw new IllegalStateException("The port has " + count + " buffers to send from, of which "
                    + taken.cardinality() + " are with other transmitters: not " + wanted
                    + " are left in a row. Close a transmitter, ask for fewer, or raise bufferCount.");
        } finally {
            lock.unlock();
        }
    }

    int count() {
        return count;
    }

    /** Loop thread; nothing is in flight. */
    void release() {
        if (index >= 0) {
            ring.unsafeDriver().unregisterBuffer(index);
        }
    }

    /** What one transmitter has. */
    final class Part {
        private final int begin;
        private final int length;
        private boolean back;

        private Part(int begin, int length) {
            this.begin = begin;
            this.length = length;
        }

        int count() {
            return length;
        }

        ByteBuffer memory(int number) {
            return region.slice((begin + number) * size, size);
        }

        int registeredIndex() {
            return index;
        }

        void giveBack() {
            lock.lock();
            try {
                if (!back) {
                    back = true;
                    taken.clear(begin, begin + length);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
