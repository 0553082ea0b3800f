package dev.ringflow.benchmarks;

import static dev.ringflow.uring.UringConstants.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SINGLE_ISSUER;

import com.sun.management.ThreadMXBean;
import dev.ringflow.uring.CqeHandler;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringException;
import dev.ringflow.uring.UringParams;
import java.lang.management.ManagementFactory;

/** The Java side: NOPs through the raw ring, with the flags of the C side. */
final class NopRounds implements AutoCloseable {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Uring ring;
    private final CqeHandler handler = (userData, res, flags) -> check(userData, res);
    private long failures;
    private long seen;
    private long allocatedBytes;
    private long operations;

    NopRounds() throws UringException {
        ring = Uring.open(UringParams.of(64)
                .withWishedFlags(0)
                .withFlags(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN));
    }

    private void check(final long userData, final int res) {
        if (res != 0 || userData >= 32) {
            failures++;
        }
    }

    /**
     * Measures.
     *
     * @param batch NOPs a system call
     * @param millis for how long
     * @return what a NOP takes
     */
    NopCost measure(final int batch, final int millis) {
        final long bytes = THREADS.getCurrentThreadAllocatedBytes();
        final long operationsBefore = seen;
        final long cpu = THREADS.getCurrentThreadCpuTime();
        final long start = System.nanoTime();
        final long end = start + millis * 1_000_000L;
        long time;
        do {
            for (int k = 0; k < 64; k++) {
                run(batch);
            }
            time = System.nanoTime();
        } while (time < end);
        final long cpuTime = THREADS.getCurrentThreadCpuTime() - cpu;
        final long done = seen - operationsBefore;
        allocatedBytes += THREADS.getCurrentThreadAllocatedBytes() - bytes;
        operations += done;
        return NopCost.of(done, time - start, cpuTime);
    }

    private void run(final int batch) {
        for (int i = 0; i < batch; i++) {
            final Sqe sqe = ring.getSqe();
            if (sqe == null) {
                throw new IllegalStateException("the queue holds a batch");
            }
            sqe.prepNop();
            sqe.setData64(i);
        }
        final int taken = ring.submitAndWait(batch);
        if (taken != batch) {
            throw new IllegalStateException("submitted " + taken + " of " + batch);
        }
        seen += ring.forEachCqe(handler);
    }

    /** Starts counting bytes and operations anew. */
    void resetCounters() {
        allocatedBytes = 0;
        operations = 0;
    }

    long allocatedBytes() {
        return allocatedBytes;
    }

    long operations() {
        return operations;
    }

    /** Completions that did not carry what was sent. */
    long failures() {
        return failures;
    }

    @Override
    public void close() {
        ring.close();
    }
}
