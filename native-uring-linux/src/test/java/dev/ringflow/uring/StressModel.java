package dev.ringflow.uring;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What bytes must be where. Contents are functions of a key and a position, so that nothing has to be remembered. */
final class StressModel {
    private StressModel() {}

    static byte at(final long key, final long position) {
        final long mixed = (key * 0xD1B54A32D192ED03L + (position >>> 3)) * 0x9E3779B97F4A7C15L;
        return (byte) ((mixed ^ mixed >>> 29) >>> 8 * (position & 7));
    }

    static void fill(final ByteBuffer memory, final int start, final int length, final long key, final long position) {
        for (int i = 0; i < length; i++) {
            memory.put(start + i, at(key, position + i));
        }
    }

    /** The index of the first byte that is wrong, or -1. */
    static int mismatch(
            final ByteBuffer memory, final int start, final int length, final long key, final long position) {
        for (int i = 0; i < length; i++) {
            if (memory.get(start + i) != at(key, position + i)) {
                return i;
            }
        }
        return -1;
    }

    /** One write into a file: all its bytes carry its number. */
    static final class Write {
        final int first;
        final int blocks;
        final long number;
        private long end = Long.MAX_VALUE;

        private Write(final int first, final int blocks, final long number) {
            this.first = first;
            this.blocks = blocks;
            this.number = number;
        }
    }

    /** One read of a file: for each block, the writes that it may see. */
    static final class Read {
        final int first;
        final List<Set<Write>> allowed = new ArrayList<>();

        private Read(final int first) {
            this.first = first;
        }

        /** The read began after a write had ended: it sees nothing that this write replaced. */
        void follows(final Write write) {
            for (final Set<Write> block : allowed) {
                block.removeIf(other -> other.end < write.number);
            }
        }
    }

    /** A file's blocks. Each holds what one of the writes wrote that no later one has surely replaced. */
    static final class FileBlocks {
        private final long key;
        private final int blockSize;
        private final List<Set<Write>> candidates = new ArrayList<>();
        private final Set<Read> reads = new HashSet<>();
        private long clock;

        /** A file that holds write number 0. */
        FileBlocks(final long key, final int blocks, final int blockSize) {
            this.key = key;
            this.blockSize = blockSize;
            final Write initial = new Write(0, blocks, 0);
            initial.end = 0;
            for (int i = 0; i < blocks; i++) {
                candidates.add(new HashSet<>(Set.of(initial)));
            }
        }

        /** What the whole file held at first. */
        Write initial() {
            return candidates.get(0).iterator().next();
        }

        Write beginWrite(final int first, final int blocks) {
            final Write write = new Write(first, blocks, ++clock);
            for (int i = first; i < first + blocks; i++) {
                candidates.get(i).add(write);
            }
            for (final Read read : reads) {
                for (int i = Math.max(first, read.first);
                        i < Math.min(first + blocks, read.first + read.allowed.size());
                        i++) {
                    read.allowed.get(i - read.first).add(write);
                }
            }
            return write;
        }

        /** A write wrote so many bytes: what had ended before it began is gone from its blocks. */
        void endWrite(final Write write, final int bytes) {
            write.end = ++clock;
            for (int i = write.first; i < write.first + Math.max(0, bytes) / blockSize; i++) {
                candidates.get(i).removeIf(other -> other.end < write.number);
            }
        }

        Read beginRead(final int first, final int blocks) {
            final Read read = new Read(first);
            for (int i = first; i < first + blocks; i++) {
                read.allowed.add(new HashSet<>(candidates.get(i)));
            }
            reads.add(read);
            return read;
        }

        /** A read is over; answers what is wrong with the bytes it brought, or an empty text. */
        String endRead(final Read read, final ByteBuffer memory, final int start, final int bytes) {
            reads.remove(read);
            for (int at = 0; at < bytes; at += blockSize) {
                final int length = Math.min(blockSize, bytes - at);
                final int block = read.first + at / blockSize;
                final int wrong = wrongByte(memory, start + at, length, block, read.allowed.get(at / blockSize));
                if (wrong >= 0) {
                    return "byte " + wrong + " of block " + block + " is of none of the "
                            + read.allowed.get(at / blockSize).size() + " writes that it may be of";
                }
            }
            return "";
        }

        private int wrongByte(
                final ByteBuffer memory, final int start, final int length, final int block, final Set<Write> allowed) {
            for (final Write write : allowed) {
                if (mismatch(memory, start, length, key(block, write), 0) < 0) {
                    return -1;
                }
            }
            for (int i = 0; i < length; i++) {
                final int position = i;
                if (allowed.stream()
                        .noneMatch(write -> memory.get(start + position) == at(key(block, write), position))) {
                    return i;
                }
            }
            return -1; // writes at the same time, torn
        }

        /** Fills memory with what a write puts into its blocks. */
        void contents(final Write write, final ByteBuffer memory, final int start) {
            for (int i = 0; i < write.blocks; i++) {
                fill(memory, start + i * blockSize, blockSize, key(write.first + i, write), 0);
            }
        }

        /** Whether memory still holds it. */
        boolean holds(final Write write, final ByteBuffer memory, final int start) {
            for (int i = 0; i < write.blocks; i++) {
                if (mismatch(memory, start + i * blockSize, blockSize, key(write.first + i, write), 0) >= 0) {
                    return false;
                }
            }
            return true;
        }

        private long key(final int block, final Write write) {
            return key + block * 0x1_0000_0001L + (write.number << 20);
        }
    }

    /** The owner of each provided buffer: the kernel may fill only those that it was given, each once. */
    static final class BufferOwners {
        private final Map<Integer, Boolean> kernel = new HashMap<>();

        void give(final int id) {
            if (Boolean.TRUE.equals(kernel.put(id, true))) {
                throw new AssertionError("buffer " + id + " was given twice");
            }
        }

        void take(final int id) {
            if (!Boolean.TRUE.equals(kernel.put(id, false))) {
                throw new AssertionError("buffer " + id + " was not the kernel's");
            }
        }

        long kernels() {
            return kernel.values().stream().filter(owned -> owned).count();
        }
    }
}
