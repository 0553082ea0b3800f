package dev.ringflow.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * What all sides do: reads of one block at random positions of one file.
 *
 * @param file the file, written by {@link TestFile}
 * @param size its size in bytes
 * @param depth requests in flight
 * @param direct whether past the page cache
 * @param registered whether with registered buffers, and where it can be had, a registered file
 */
record ReadPlan(Path file, long size, int depth, boolean direct, boolean registered) {
    /** Bytes of a request. */
    static final int BLOCK = 4096;

    /** Memory for one request, aligned as direct I/O needs it. */
    static ByteBuffer block() {
        return ByteBuffer.allocateDirect(2 * BLOCK).alignedSlice(BLOCK).slice(0, BLOCK);
    }

    /** Whether a block is the one that was asked for. */
    static boolean isRight(final ByteBuffer block, final long position) {
        return block.order(ByteOrder.nativeOrder()).getLong(0) == position;
    }

    Positions positions() {
        return new Positions(size / BLOCK);
    }

    ReadPlan registered(final boolean wanted) {
        return new ReadPlan(file, size, depth, direct, wanted);
    }

    /** How the JDK's channels open the file. Its option for direct I/O is found by name: javac warns of its package. */
    Set<OpenOption> channelOptions() {
        if (!direct) {
            return Set.of(StandardOpenOption.READ);
        }
        try {
            for (Object each :
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
                if (each instanceof OpenOption option && each.toString().equals("DIRECT")) {
                    return Set.of(StandardOpenOption.READ, option);
                }
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("This JDK has no direct I/O", e);
        }
        throw new IllegalStateException("This JDK has no direct I/O");
    }

    /** Random positions, at the price of a few instructions (xorshift64*). */
    static final class Positions {
        private final long blocks;
        private long state = 0x9E3779B97F4A7C15L ^ System.nanoTime();

        private Positions(final long blocks) {
            this.blocks = blocks;
        }

        long next() {
            state ^= state >>> 12;
            state ^= state << 25;
            state ^= state >>> 27;
            return Math.floorMod(state * 0x2545F4914F6CDD1DL, blocks) * BLOCK;
        }
    }
}
