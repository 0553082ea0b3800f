package dev.ringflow.benchmarks;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** {@link RingFile}: as many chains of reads as are wanted in flight, each read begun when the one before has ended. */
abstract class RingFileReads extends RingReads {
    private final String how;
    private final boolean registered;
    private final RingFile file;
    private final ReadPlan.Positions positions;
    private final Slot[] slots;
    private boolean verifying = true;
    private long wrong;

    private RingFileReads(final String how, final ReadPlan plan, final Ring ring) {
        super(ring);
        this.how = how;
        this.registered = plan.registered();
        file = openFile(plan);
        positions = plan.positions();
        slots = new Slot[plan.depth()];
        final BufferPool pool = plan.registered() ? registeredPool(plan.depth()) : null;
        for (int i = 0; i < slots.length; i++) {
            slots[i] = slot(pool == null ? null : pool.acquire());
        }
    }

    /** Reads that tell a {@link RingCallback}. */
    static RingFileReads callbacks(final ReadPlan plan, final Ring ring) {
        return new RingFileReads("callbacks", plan, ring) {
            @Override
            Slot slot(final @Nullable RingBuffer lease) {
                return new CallbackSlot(lease);
            }
        };
    }

    /** Reads that complete futures, on the loop thread. */
    static RingFileReads futures(final ReadPlan plan, final Ring ring) {
        return new RingFileReads("futures", plan, ring) {
            @Override
            Slot slot(final @Nullable RingBuffer lease) {
                return new FutureSlot(lease);
            }
        };
    }

    /** As {@link #callbacks}, under another name, and with the time that each read takes. */
    static RingFileReads timed(final String name, final ReadPlan plan, final Ring ring) {
        final Latencies latencies = new Latencies();
        return new RingFileReads(name, plan, ring) {
            @Override
            Slot slot(final @Nullable RingBuffer lease) {
                return new TimedSlot(lease, latencies);
            }

            @Override
            public String name() {
                return name;
            }

            @Override
            FileCost times(final FileCost cost) {
                final FileCost timed = cost.with(latencies);
                latencies.clear();
                return timed;
            }
        };
    }

    abstract Slot slot(@Nullable RingBuffer lease);

    @Override
    public String name() {
        return "RingFile, " + how + (registered ? ", registered" : "");
    }

    @Override
    final void begin() {
        for (final Slot each : slots) {
            each.begin();
        }
    }

    @Override
    final int width() {
        return slots.length;
    }

    @Override
    final void checkRound() {
        verifying = false;
        if (wrong != 0) {
            throw new IllegalStateException(wrong + " reads of " + name() + " are wrong");
        }
    }

    /** One chain of reads and its buffer. */
    abstract class Slot {
        final @Nullable RingBuffer lease;
        final ByteBuffer buffer;
        private long position;

        Slot(final @Nullable RingBuffer lease) {
            this.lease = lease;
            buffer = lease == null ? ReadPlan.block() : lease.byteBuffer();
        }

        final void begin() {
            position = positions.next();
            buffer.clear();
            read(position);
        }

        abstract void read(long from);

        final void ended(final @Nullable Integer bytes) {
            if (bytes == null || bytes != ReadPlan.BLOCK || verifying && !ReadPlan.isRight(buffer, position)) {
                wrong++;
            }
            if (goesOn()) {
                begin();
            }
        }
    }

    private class CallbackSlot extends Slot implements RingCallback<Integer> {
        CallbackSlot(final @Nullable RingBuffer lease) {
            super(lease);
        }

        @Override
        void read(final long from) {
            if (lease == null) {
                file.read(buffer, from, this);
            } else {
                file.read(lease, from, this);
            }
        }

        @Override
        public boolean completed(final Integer bytes) {
            ended(bytes);
            return true;
        }

        @Override
        public void failed(final Throwable cause) {
            ended(null);
        }
    }

    private final class TimedSlot extends CallbackSlot {
        private final Latencies latencies;
        private long start;

        TimedSlot(final @Nullable RingBuffer lease, final Latencies latencies) {
            super(lease);
            this.latencies = latencies;
        }

        @Override
        void read(final long from) {
            start = System.nanoTime();
            super.read(from);
        }

        @Override
        public boolean completed(final Integer bytes) {
            latencies.add(System.nanoTime() - start);
            return super.completed(bytes);
        }
    }

    private final class FutureSlot extends Slot implements BiConsumer<Integer, Throwable> {
        FutureSlot(final @Nullable RingBuffer lease) {
            super(lease);
        }

        @Override
        void read(final long from) {
            final CompletableFuture<Integer> future =
                    lease == null ? file.readAsync(buffer, from) : file.readAsync(lease, from);
            future.whenComplete(this);
        }

        @Override
        public void accept(final @Nullable Integer bytes, final @Nullable Throwable failure) {
            ended(bytes);
        }
    }
}
