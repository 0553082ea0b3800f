package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One way to copy a file. A round is one copy to a path where nothing is; its speed is in bytes. */
final class CopySide implements FileSide {
    private final String name;
    private final CopyPlan plan;
    private final Copy copy;
    private boolean verified;

    /** Copies the plan's source to its target. */
    interface Copy {
        void run(Path source, Path target) throws Exception;
    }

    /**
     * What all sides do.
     *
     * @param source the file
     * @param target where to
     * @param size bytes
     * @param cold whether the source is not in the page cache, and the copy must be on the disk at the end
     */
    record CopyPlan(Path source, Path target, long size, boolean cold) {}

    CopySide(final String name, final CopyPlan plan, final Copy copy) {
        this.name = name;
        this.plan = plan;
        this.copy = copy;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isOurs() {
        return name.startsWith("RingFile") || name.startsWith("FileTransfer");
    }

    @Override
    public FileCost measure(final int millis) throws Exception {
        Files.deleteIfExists(plan.target);
        PageCache.set(plan.source, !plan.cold);
        final long ofChildren = ChildTime.nanos();
        final Meter meter = new Meter();
        copy.run(plan.source, plan.target);
        if (plan.cold) {
            sync();
        }
        final FileCost cost = meter.end(plan.size, -1);
        final double childNanos = (double) (ChildTime.nanos() - ofChildren) / plan.size;
        verify();
        Files.delete(plan.target);
        return new FileCost(cost.perSecond(), cost.cpuNanos() + childNanos, cost.heapBytes(), cost.systemCalls());
    }

    private void verify() throws IOException {
        if (!verified) {
            final long different = Files.mismatch(plan.source, plan.target);
            if (different >= 0) {
                throw new IllegalStateException(name + " copied byte " + different + " wrongly");
            }
            verified = true;
        }
    }

    private void sync() throws IOException {
        try (FileChannel target = FileChannel.open(plan.target, StandardOpenOption.WRITE)) {
            target.force(true);
        }
    }

    @Override
    public void close() {}
}
