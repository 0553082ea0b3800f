package dev.ringflow.benchmarks;

import dev.ringflow.uring.CqeHandler;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the parts of the raw ring cost: preparing an entry, and a round trip through the kernel. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RawRingBenchmark {
    private static final int BATCH = 32;

    private long sum;
    private final CqeHandler handler = (userData, res, flags) -> sum += userData + res;
    private Uring ring;
    private Sqe sqe;

    /**
     * Opens the ring on the thread that measures.
     *
     * @throws UringException if there is none to be had
     */
    @Setup
    public void open() throws UringException {
        ring = Uring.open(64);
        sqe = ring.getSqe();
        sqe.prepNop();
        ring.submitAndWait(1);
        ring.forEachCqe(handler);
    }

    /** Closes the ring. */
    @TearDown
    public void close() {
        ring.close();
    }

    /** Fills an entry, without submitting it. */
    @Benchmark
    public void prepareRead() {
        sqe.prepRead(5, 0x1000, 4096, 0);
        sqe.setData64(1);
    }

    /**
     * One NOP a system call.
     *
     * @return what came back
     */
    @Benchmark
    public long roundTrip() {
        nops(1);
        return sum;
    }

    /**
     * 32 NOPs a system call.
     *
     * @return what came back
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long roundTripOfABatch() {
        nops(BATCH);
        return sum;
    }

    private void nops(final int batch) {
        for (int i = 0; i < batch; i++) {
            final Sqe next = ring.getSqe();
            next.prepNop();
            next.setData64(i);
        }
        ring.submitAndWait(batch);
        ring.forEachCqe(handler);
    }
}
