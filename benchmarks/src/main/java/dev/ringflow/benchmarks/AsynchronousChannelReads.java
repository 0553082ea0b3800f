package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/** The JDK's {@link AsynchronousFileChannel}, whose reads block threads of a pool: as many as there are processors. */
final class AsynchronousChannelReads implements FileSide {
    private final ExecutorService pool =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    private final AsynchronousFileChannel channel;
    private final Chain[] chains;
    private final LongAdder done = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private volatile boolean ending;
    private volatile CountDownLatch ended = new CountDownLatch(0);

    AsynchronousChannelReads(final ReadPlan plan) throws IOException {
        channel = AsynchronousFileChannel.open(plan.file(), plan.channelOptions(), pool);
        chains = new Chain[plan.depth()];
        for (int i = 0; i < chains.length; i++) {
            chains[i] = new Chain(plan.positions());
        }
    }

    @Override
    public String name() {
        return "AsynchronousFileChannel";
    }

    @Override
    public FileCost measure(final int millis) throws InterruptedException {
        done.reset();
        ending = false;
        ended = new CountDownLatch(chains.length);
        final Meter meter = new Meter();
        for (final Chain each : chains) {
            each.read();
        }
        Thread.sleep(millis);
        ending = true;
        ended.await();
        if (wrong.sum() != 0) {
            throw new IllegalStateException(wrong.sum() + " reads of " + name() + " are wrong");
        }
        return meter.end(done.sum(), -1);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        pool.shutdown();
    }

    private final class Chain implements CompletionHandler<Integer, Void> {
        private final ByteBuffer buffer = ReadPlan.block();
        private final ReadPlan.Positions positions;
        private long position;

        private Chain(final ReadPlan.Positions positions) {
            this.positions = positions;
        }

        private void read() {
            position = positions.next();
            channel.read(buffer.clear(), position, null, this);
        }

        @Override
        public void completed(final Integer bytes, final Void nothing) {
            done.increment();
            if (bytes != ReadPlan.BLOCK || !ReadPlan.isRight(buffer, position)) {
                wrong.increment();
            }
            if (ending) {
                ended.countDown();
            } else {
                read();
            }
        }

        @Override
        public void failed(final Throwable cause, final Void nothing) {
            wrong.increment();
            ended.countDown();
        }
    }
}
