package dev.ringflow.benchmarks;

import dev.ringflow.benchmarks.report.Better;
import dev.ringflow.benchmarks.report.Figure;
import dev.ringflow.benchmarks.report.Metric;
import dev.ringflow.benchmarks.report.Spread;
import dev.ringflow.uring.CqeHandler;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringException;
import dev.ringflow.uring.UringParams;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a submission thread of the kernel saves: NOPs in batches through the raw ring, entered for each batch, and taken
 * by the thread while completions are looked for without a system call.
 */
final class SubmissionThreadRounds implements AutoCloseable {
    private static final int BATCH = 32;
    private static final int IDLE_MILLIS = 1000;
    private static final String BENCHMARK = "raw, submission thread (SQPOLL), batches of " + BATCH;
    private static final Metric SPEED = Metric.timed("time", "ns/no-op", Better.LOWER);

    private final Uring ring;
    private final boolean entering;
    private final CqeHandler handler = (userData, result, flags) -> check(result);
    private final List<Double> calls = new ArrayList<>();
    private final List<Double> nanos = new ArrayList<>();
    private long failures;

    private SubmissionThreadRounds(final Uring ring, final boolean entering) {
        this.ring = ring;
        this.entering = entering;
    }

    /**
     * Measures both ways in turns, prints their table and adds their figures.
     *
     * @throws UringException if there is no ring at all
     */
    static void compare(final PrintStream out, final Findings findings, final int rounds, final int millis)
            throws UringException {
        try (SubmissionThreadRounds plain = new SubmissionThreadRounds(Uring.open(UringParams.of(2 * BATCH)), true)) {
            final Uring polled;
            try {
                polled = Uring.open(UringParams.of(2 * BATCH).withWishedFlags(0).withSqThreadIdle(IDLE_MILLIS));
            } catch (final UringException e) {
                out.println("Without a submission thread: " + e.getMessage());
                findings.absent(BENCHMARK, "submission thread", String.valueOf(e.getMessage()));
                return;
            }
            try (SubmissionThreadRounds thread = new SubmissionThreadRounds(polled, false)) {
                for (int round = -1; round < rounds; round++) {
                    plain.measure(millis, round >= 0);
                    thread.measure(millis, round >= 0);
                }
                print(out, findings, plain, thread);
            }
        }
    }

    private static void print(
            final PrintStream out,
            final Findings findings,
            final SubmissionThreadRounds plain,
            final SubmissionThreadRounds thread) {
        out.printf("%nBatches of %d, with and without a submission thread (SQPOLL)%n", BATCH);
        out.printf("%-38s %14s %12s%n", "", "calls/no-op", "ns/no-op");
        report(out, findings, "entered for each batch", plain, plain);
        report(out, findings, "submission thread", thread, plain);
        final List<Double> saved = new ArrayList<>();
        for (int i = 0; i < thread.calls.size(); i++) {
            saved.add(100 * (1 - thread.calls.get(i) / plain.calls.get(i)));
        }
        out.printf(
                Locale.ROOT,
                "%-38s %12.1f %%, at least 90 %%: %s%n",
                "system calls saved",
                Spread.of(saved).median(),
                Spread.of(saved).median() >= 90 ? "reached" : "not reached");
        findings.add(Figure.alone(BENCHMARK, "submission thread", true, Metric.CALLS_SAVED, saved));
    }

    private static void report(
            final PrintStream out,
            final Findings findings,
            final String name,
            final SubmissionThreadRounds side,
            final SubmissionThreadRounds base) {
        out.printf(
                Locale.ROOT,
                "%-38s %14.5f %12.1f%n",
                name,
                Spread.of(side.calls).median(),
                Spread.of(side.nanos).median());
        final String reference = "entered for each batch";
        final Figure calls = Figure.alone(BENCHMARK, name, true, Metric.CALLS, side.calls);
        final Figure time = Figure.alone(BENCHMARK, name, true, SPEED, side.nanos);
        findings.add(
                side == base ? calls : calls.over(Figure.alone(BENCHMARK, reference, true, Metric.CALLS, base.calls)));
        findings.add(side == base ? time : time.over(Figure.alone(BENCHMARK, reference, true, SPEED, base.nanos)));
    }

    private void measure(final int millis, final boolean counts) {
        final long before = ring.enterCalls();
        final long start = System.nanoTime();
        final long end = start + millis * 1_000_000L;
        long done = 0;
        long time;
        do {
            done += batch();
            time = System.nanoTime();
        } while (time < end);
        if (failures != 0) {
            throw new IllegalStateException(failures + " completions are wrong");
        }
        if (counts) {
            calls.add((double) (ring.enterCalls() - before) / done);
            nanos.add((double) (time - start) / done);
        }
    }

    private void check(final int result) {
        if (result != 0) {
            failures++;
        }
    }

    private int batch() {
        for (int i = 0; i < BATCH; i++) {
            final Sqe sqe = ring.getSqe();
            if (sqe == null) {
                throw new IllegalStateException("the queue holds a batch");
            }
            sqe.prepNop();
        }
        if (entering) {
            ring.submitAndWait(BATCH);
            return ring.forEachCqe(handler);
        }
        ring.submit();
        int seen = 0;
        while (seen < BATCH) {
            final int found = ring.forEachCqe(handler);
            seen += found;
            if (found == 0) {
                Thread.onSpinWait();
            }
        }
        return seen;
    }

    @Override
    public void close() {
        ring.close();
    }
}
