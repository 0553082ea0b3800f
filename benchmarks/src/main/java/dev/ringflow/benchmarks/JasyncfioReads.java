package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import one.jasyncfio.AsyncFile;
import one.jasyncfio.EventExecutor;
import one.jasyncfio.OpenOption;
import org.jspecify.annotations.Nullable;

/** jasyncfio: reads that complete futures, each begun on its event loop when the one before has ended. */
final class JasyncfioReads implements FileSide {
    /** What it is called in the tables. */
    static final String NAME = "jasyncfio 0.0.7";

    private static final int PATIENCE_SECONDS = 5;

    private final EventExecutor executor;
    private final AsyncFile file;
    private final Chain[] chains;
    private final LongAdder done = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private volatile boolean ending;
    private volatile @Nullable Throwable failure;
    private volatile CountDownLatch ended = new CountDownLatch(0);

    JasyncfioReads(final ReadPlan plan) throws Exception {
        // it busies itself for 1 ms after each completion unless told not to
        executor = EventExecutor.builder().entries(1024).sleepTimeout(0).build();
        try {
            final OpenOption[] options = plan.direct()
                    ? new OpenOption[] {OpenOption.READ_ONLY, OpenOption.DIRECT}
                    : new OpenOption[] {OpenOption.READ_ONLY};
            file = await(AsyncFile.open(plan.file(), executor, options));
        } catch (final Exception e) {
            executor.close();
            throw e;
        }
        chains = new Chain[plan.depth()];
        for (int i = 0; i < chains.length; i++) {
            chains[i] = new Chain(plan.positions());
        }
    }

    private static <T> T await(final CompletableFuture<T> future) throws Exception {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (final ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (final TimeoutException e) {
            throw new IOException("no answer within " + PATIENCE_SECONDS + " s", e);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public FileCost measure(final int millis) throws Exception {
        done.reset();
        ending = false;
        ended = new CountDownLatch(chains.length);
        final Meter meter = new Meter();
        for (final Chain each : chains) {
            each.read();
        }
        Thread.sleep(millis);
        ending = true;
        if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(ended.getCount() + " reads did not end within " + PATIENCE_SECONDS + " s");
        }
        if (wrong.sum() != 0) {
            throw new IOException(wrong.sum() + " reads are wrong; the last: " + failure);
        }
        return meter.end(done.sum(), -1);
    }

    @Override
    public void close() throws Exception {
        try {
            await(file.close());
        } finally {
            executor.close();
        }
    }

    private final class Chain implements BiConsumer<Integer, Throwable> {
        private final ByteBuffer buffer = ReadPlan.block();
        private final ReadPlan.Positions positions;
        private long position;

        private Chain(final ReadPlan.Positions positions) {
            this.positions = positions;
        }

        private void read() {
            position = positions.next();
            file.read(buffer.clear(), position, ReadPlan.BLOCK).whenComplete(this);
        }

        @Override
        public void accept(final @Nullable Integer bytes, final @Nullable Throwable cause) {
            done.increment();
            if (bytes == null || bytes != ReadPlan.BLOCK || !ReadPlan.isRight(buffer, position)) {
                failure = cause;
                wrong.increment();
            }
            if (ending || cause != null) {
                ended.countDown();
            } else {
                read();
            }
        }
    }
}
