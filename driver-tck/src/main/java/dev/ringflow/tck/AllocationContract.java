package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Heap per operation on the loop thread, by the thread's own account. A future and one dependent stage on it cost at
 * most {@value #MOST} bytes. What lies below, measured with callbacks, is nothing on a recent kernel and at most
 * {@value #MOST_OF_DRIVER} bytes on an old one, except where the JDK allocates it, as with its channels.
 */
public abstract class AllocationContract extends DriverContract {
    private static final int MOST = 100;
    private static final int MOST_OF_DRIVER = 32;
    private static final int DEPTH = 32;
    private static final int OPERATIONS = 40_000;
    private static final int WARM_UPS = 2;
    private static final int BLOCK = 512;
    private static final int BLOCKS = 64;

    /** For subclasses. */
    protected AllocationContract() {}

    /**
     * Whether the driver's own heap counts.
     *
     * @return false where the JDK allocates it
     */
    protected boolean countsTheDriver() {
        return true;
    }

    /**
     * How many operations the heap is measured over, and twice before to warm up.
     *
     * @return fewer where each takes long
     */
    protected int operations() {
        return OPERATIONS;
    }

    @Test
    void futureOfAReadCostsLittleHeap() {
        ByteBuffer buffer = Bytes.direct(BLOCK);
        assertCheap(
                (file, at, told) -> file.read(buffer.clear(), at, told),
                (file, at) -> file.readAsync(buffer.clear(), at),
                1);
    }

    @Test
    void futureOfAWriteCostsLittleHeap() {
        ByteBuffer buffer = Bytes.direct(BLOCK);
        assertCheap(
                (file, at, told) -> file.write(buffer.clear(), at, told),
                (file, at) -> file.writeAsync(buffer.clear(), at),
                1);
    }

    @Test
    void futureOfAReadIntoAPooledBufferCostsLittleHeap() {
        RingBuffer lease = ring().bufferPool(BLOCK, 2).acquire();
        assertCheap(
                (file, at, told) -> {
                    lease.byteBuffer().clear();
                    file.read(lease, at, told);
                },
                (file, at) -> {
                    lease.byteBuffer().clear();
                    return file.readAsync(lease, at);
                },
                1);
    }

    @Test
    void futuresOfManyReadsAtOnceCostLittleHeap() {
        ByteBuffer[] buffers = new ByteBuffer[BLOCKS];
        for (int i = 0; i < BLOCKS; i++) {
            buffers[i] = Bytes.direct(1 + i * (BLOCK / BLOCKS)); // as many different results
        }
        assertCheap(
                (file, at, told) -> file.read(buffers[(int) at / BLOCK].clear(), at, told),
                (file, at) -> file.readAsync(buffers[(int) at / BLOCK].clear(), at),
                DEPTH);
    }

    private void assertCheap(Asked byCallback, AskedOfFuture byFuture, int depth) {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "blocks", BLOCK * BLOCKS), READ, WRITE));
        long below = perOperation(new ByCallback(file, byCallback), depth);
        long all = perOperation(new ByFuture(file, byFuture), depth);
        System.out.println(driverName() + ": " + all + " bytes of heap for an operation with a future, " + below
                + " with a callback, " + depth + " at once");
        assertThat(all - below)
                .as("bytes of the future, over %s for a callback", below)
                .isLessThanOrEqualTo(MOST);
        if (countsTheDriver()) {
            assertThat(below).as("bytes of the driver").isLessThanOrEqualTo(MOST_OF_DRIVER);
        }
    }

    private long perOperation(Chain chain, int depth) {
        for (int i = 0; i < WARM_UPS; i++) {
            chain.run(depth);
        }
        return chain.run(depth) / operations();
    }

    private interface Asked {
        void ask(RingFile file, long position, RingCallback<Integer> told);
    }

    private interface AskedOfFuture {
        RingFuture<Integer> ask(RingFile file, long position);
    }

    /** Operations of which each begins when an earlier one has ended. */
    private abstract class Chain {
        final RingFile file;
        private int begun;
        private int ended;
        private CompletableFuture<Long> done = new CompletableFuture<>();
        private long before;

        Chain(RingFile file) {
            this.file = file;
        }

        abstract void ask(long position);

        final long run(int depth) {
            done = new CompletableFuture<>();
            begun = 0;
            ended = 0;
            ring().execute(() -> {
                before = allocated();
                for (int i = 0; i < depth; i++) {
                    begin();
                }
            });
            return await(done);
        }

        private void begin() {
            if (begun < operations()) {
                ask((long) begun++ % BLOCKS * BLOCK);
            }
        }

        final void ended(@Nullable Throwable failure) {
            if (failure != null) {
                done.completeExceptionally(failure);
            } else if (++ended == operations()) {
                done.complete(allocated() - before);
            } else {
                begin();
            }
        }
    }

    private final class ByCallback extends Chain implements RingCallback<Integer> {
        private final Asked asked;

        ByCallback(RingFile file, Asked asked) {
            super(file);
            this.asked = asked;
        }

        @Override
        void ask(long position) {
            asked.ask(file, position, this);
        }

        @Override
        public boolean completed(Integer value) {
            ended(null);
            return true;
        }

        @Override
        public void failed(Throwable cause) {
            ended(cause);
        }
    }

    private final class ByFuture extends Chain implements BiConsumer<Integer, Throwable> {
        private final AskedOfFuture asked;

        ByFuture(RingFile file, AskedOfFuture asked) {
            super(file);
            this.asked = asked;
        }

        @Override
        void ask(long position) {
            asked.ask(file, position).whenComplete(this);
        }

        @Override
        public void accept(Integer value, @Nullable Throwable failure) {
            ended(failure);
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
