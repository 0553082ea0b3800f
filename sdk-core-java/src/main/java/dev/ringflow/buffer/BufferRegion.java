package dev.ringflow.buffer;

import dev.ringflow.Ring;
import dev.ringflow.spi.SharedMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Memory of one slab, or of several that were made at once, and its place in the table of registered buffers of each
 * ring. Each ring registers it on its own loop thread, one after the other. Until that is done, and where it is
 * refused, the memory works without.
 */
final class BufferRegion {
    private static final VarHandle INDICES = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int REFUSED = -1;
    private static final int NOT_YET = -2;

    private final List<Ring> rings;
    private final ByteBuffer memory;
    private final int[] indices;
    private final int slabs;
    private final int slots;
    private final AtomicInteger back = new AtomicInteger();
    private volatile boolean refused;
    private volatile boolean ended;

    BufferRegion(List<Ring> rings, ByteBuffer memory, int slabs, int slots) {
        this.rings = rings;
        this.memory = memory;
        this.slabs = slabs;
        this.slots = slots;
        this.indices = new int[rings.size()];
        Arrays.fill(indices, NOT_YET);
    }

    /** Its memory between two places, as a buffer of its own. */
    ByteBuffer slice(int offset, int length) {
        return memory.slice(offset, length);
    }

    /**
     * Registers it with each ring.
     *
     * @return completes when that is done or was refused; fails if a ring is closed
     */
    CompletableFuture<Void> register() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (rings.size() == 1) {
            registerFrom(0, null, done);
            return done;
        }
        SharedMemory shared = rings.get(0).unsafeDriver().share(memory);
        registerFrom(0, shared, done);
        return done.whenComplete((nothing, failure) -> shared.close());
    }

    private void registerFrom(int position, @Nullable SharedMemory shared, CompletableFuture<Void> done) {
        if (position == rings.size()) {
            done.complete(null);
            return;
        }
        try {
            onLoop(rings.get(position), () -> {
                try {
                    registerNow(position, shared);
                    registerFrom(position + 1, shared, done);
                } catch (Throwable t) {
                    done.completeExceptionally(t);
                }
            });
        } catch (RejectedExecutionException ringClosed) {
            done.completeExceptionally(ringClosed);
        }
    }

    /** On the loop thread of that ring, as {@link #unregisterNow}: whichever comes second sees the first. */
    private void registerNow(int position, @Nullable SharedMemory shared) {
        if (ended) {
            return;
        }
        Ring ring = rings.get(position);
        var driver = ring.unsafeDriver();
        int index = shared == null ? driver.registerBuffer(memory) : driver.registerShared(shared);
        INDICES.setRelease(indices, position, index);
        if (index < 0 && ring.capabilities().registeredBuffers()) {
            refused = true;
        }
    }

    private static void onLoop(Ring ring, Runnable task) {
        if (ring.isLoopThread()) {
            task.run();
        } else {
            ring.execute(task);
        }
    }

    /** The place in that ring's table, or -1. */
    int index(Ring ring) {
        for (int i = 0; i < indices.length; i++) {
            if (rings.get(i) == ring) {
                return Math.max(REFUSED, (int) INDICES.getAcquire(indices, i));
            }
        }
        return REFUSED;
    }

    /** How many slabs it holds. */
    int slabs() {
        return slabs;
    }

    /** Whether every ring has it. */
    boolean isRegistered() {
        for (int i = 0; i < indices.length; i++) {
            if ((int) INDICES.getAcquire(indices, i) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether a ring that registers memory has refused this. */
    boolean isRefused() {
        return refused;
    }

    /** Counts a slot that comes back when the pool is closed; with the last one the registration ends. */
    void takeBackForGood() {
        if (back.incrementAndGet() == slots) {
            unregister();
        }
    }

    /** Gives up what is registered, and what is still to be. */
    void unregister() {
        ended = true;
        for (int i = 0; i < indices.length; i++) {
            int position = i;
            try {
                onLoop(rings.get(i), () -> unregisterNow(position));
            } catch (RejectedExecutionException ringClosed) {
                // a closed ring has no registrations
            }
        }
    }

    private void unregisterNow(int position) {
        int index = (int) INDICES.getAndSet(indices, position, NOT_YET);
        if (index >= 0) {
            rings.get(position).unsafeDriver().unregisterBuffer(index);
        }
    }
}
