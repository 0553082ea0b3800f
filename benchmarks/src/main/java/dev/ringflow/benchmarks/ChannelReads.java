package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** {@link FileChannel}: one thread, one read after another; pread(2) underneath. */
final class ChannelReads implements FileSide {
    private final FileChannel channel;
    private final ReadPlan.Positions positions;
    private final ByteBuffer buffer = ReadPlan.block();

    ChannelReads(final ReadPlan plan) throws IOException {
        channel = FileChannel.open(plan.file(), plan.channelOptions());
        positions = plan.positions();
    }

    @Override
    public String name() {
        return "FileChannel, one thread";
    }

    @Override
    public FileCost measure(final int millis) throws IOException {
        final Meter meter = new Meter();
        final long end = System.nanoTime() + millis * 1_000_000L;
        long done = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < 32; i++) {
                final long position = positions.next();
                if (channel.read(buffer.clear(), position) != ReadPlan.BLOCK
                        || i == 0 && !ReadPlan.isRight(buffer, position)) {
                    throw new IllegalStateException("a read of " + name() + " is wrong");
                }
                done++;
            }
        }
        return meter.end(done, done);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
