package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.struct.Iovec;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Memory for the kernel, all of it filled with canaries but for what was handed out. A region is checked when it comes
 * back (nothing written around it) and again before it is handed out anew (nothing written after the completion).
 */
final class StressMemory {
    /** Bytes that a region may have at most. */
    static final int ROOM = 16 * 1024;

    static final int SLOTS = 192;

    private static final int GUARD = 4096;
    private static final int SLOT = ROOM + 2 * GUARD;
    private static final ByteBuffer CANARIES = canaries();

    final ByteBuffer arena = Memory.allocate(SLOTS * SLOT, 4096);
    private final long base = Memory.address(arena);
    private final ArrayDeque<Integer> free = new ArrayDeque<>();

    /** Memory that an operation has, from its preparation to its terminal completion. */
    record Region(int slot, int start, int length, long address) {}

    StressMemory() {
        for (int slot = 0; slot < SLOTS; slot++) {
            arena.put(slot * SLOT, CANARIES, 0, SLOT);
            free.add(slot);
        }
    }

    private static ByteBuffer canaries() {
        final ByteBuffer pattern = Memory.allocate(SLOT, 1);
        for (int i = 0; i < SLOT; i++) {
            pattern.put(i, (byte) (0xA5 ^ i * 7));
        }
        return pattern;
    }

    /** A region in the slot that was given back first, or null when all are in use. */
    @Nullable
    Region acquire(final int length, final int alignment, final Random random) {
        final Integer slot = free.poll();
        if (slot == null) {
            return null;
        }
        requireCanaries(slot, 0, SLOT, "after the completion");
        final int places = (ROOM - length) / alignment + 1;
        final int start = slot * SLOT + GUARD + alignment * random.nextInt(places);
        return new Region(slot, start, length, base + start);
    }

    int available() {
        return free.size();
    }

    void release(final Region region) {
        final int from = region.start - region.slot * SLOT;
        requireCanaries(region.slot, 0, from, "before the memory");
        requireCanaries(region.slot, from + region.length, SLOT, "behind the memory");
        arena.put(region.start, CANARIES, from, region.length);
        free.add(region.slot);
    }

    private void requireCanaries(final int slot, final int from, final int to, final String where) {
        final int mismatch = arena.slice(slot * SLOT + from, to - from).mismatch(CANARIES.slice(from, to - from));
        assertThat(mismatch)
                .as("first byte written %s, in slot %s, region from %s to %s", where, slot, from, to)
                .isEqualTo(-1);
    }

    /** Nothing is handed out, and every byte is a canary. */
    void requireWhole() {
        assertThat(free).as("memory that came back").hasSize(SLOTS);
        for (int slot = 0; slot < SLOTS; slot++) {
            requireCanaries(slot, 0, SLOT, "when all was over");
        }
    }

    /** Registers every slot's room, under the slot's number. */
    int register(final Uring ring) {
        final ByteBuffer iovecs = Memory.allocate(SLOTS * Iovec.SIZE, 8);
        for (int slot = 0; slot < SLOTS; slot++) {
            Iovec.set(iovecs, slot, base + (long) slot * SLOT + GUARD, ROOM);
        }
        return ring.registerBuffers(Memory.address(iovecs), SLOTS);
    }
}
