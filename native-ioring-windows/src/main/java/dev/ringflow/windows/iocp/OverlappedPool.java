package dev.ringflow.windows.iocp;

import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Kernel32;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A number of {@link Overlapped} blocks in pages of their own: their addresses stay the same, whatever the garbage
 * collector does. Belongs to one thread at a time.
 */
public final class OverlappedPool implements AutoCloseable {
    private final long address;
    private final Overlapped[] blocks;
    private final ArrayDeque<Overlapped> free = new ArrayDeque<>();
    private boolean closed;

    private OverlappedPool(final long address, final int count) {
        this.address = address;
        blocks = new Overlapped[count];
        final ByteBuffer all = DirectMemory.view(address, count * Overlapped.BLOCK);
        for (int i = 0; i < count; i++) {
            final ByteBuffer memory =
                    all.slice(i * Overlapped.BLOCK, Overlapped.BLOCK).order(ByteOrder.nativeOrder());
            blocks[i] = new Overlapped(this, address + (long) i * Overlapped.BLOCK, memory);
            free.add(blocks[i]);
        }
    }

    /**
     * Makes a pool.
     *
     * @param blocks how many requests may be in flight with its blocks, 1 to 65536
     * @return an open pool
     * @throws WinsockException if the system has no memory
     */
    public static OverlappedPool ofBlocks(final int blocks) throws WinsockException {
        if (blocks < 1 || blocks > 65536) {
            throw new IllegalArgumentException("a pool has 1 to 65536 blocks, not " + blocks);
        }
        final long bytes = (long) blocks * Overlapped.BLOCK;
        final long address =
                Kernel32.virtualAlloc(0, bytes, Kernel32.MEM_RESERVE | Kernel32.MEM_COMMIT, Kernel32.PAGE_READWRITE);
        Winsock.check(address, "VirtualAlloc(" + bytes + " bytes)");
        return new OverlappedPool(address, blocks);
    }

    /**
     * Takes a block.
     *
     * @return one that nobody has, or null if all are taken
     * @throws IllegalStateException if the pool is closed
     */
    public @Nullable Overlapped acquire() {
        requireOpen();
        final Overlapped block = free.poll();
        if (block != null) {
            block.take();
        }
        return block;
    }

    void giveBack(final Overlapped block) {
        free.push(block);
    }

    /**
     * The block at an address.
     *
     * @param overlapped as a completion port tells it
     * @return the block, or null if the address is none of this pool's
     * @throws IllegalStateException if the pool is closed
     */
    public @Nullable Overlapped find(final long overlapped) {
        requireOpen();
        final long distance = overlapped - address;
        return distance < 0 || distance >= (long) blocks.length * Overlapped.BLOCK || distance % Overlapped.BLOCK != 0
                ? null
                : blocks[(int) (distance / Overlapped.BLOCK)];
    }

    int size() {
        return blocks.length;
    }

    /** What is attached to the first block that was taken and is not in flight, or null. */
    @Nullable
    Object firstIdleAttachment() {
        for (final Overlapped block : blocks) {
            if (!block.isPending() && block.attachment() != null) {
                return block.attachment();
            }
        }
        return null;
    }

    /**
     * How many blocks are free.
     *
     * @return blocks
     */
    public int available() {
        return free.size();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the pool of overlapped blocks is closed");
        }
    }

    /**
     * Gives the memory back to the system. Does nothing on a closed pool.
     *
     * @throws IllegalStateException if a request is in flight with one of the blocks, whose memory is the kernel's
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        int pending = 0;
        for (final Overlapped block : blocks) {
            pending += block.isPending() ? 1 : 0;
        }
        if (pending > 0) {
            throw new IllegalStateException(pending + " requests are in flight with blocks of this pool: cancel them,"
                    + " and take their completions, before closing it");
        }
        closed = true;
        for (final Overlapped block : blocks) {
            block.retire();
        }
        Kernel32.virtualFree(address, 0, Kernel32.MEM_RELEASE);
    }
}
