package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sun.misc.Signal;

/** Waits that signals hit, as a profiler's do. */
@Timeout(60)
class UringSignalTest {
    private static final long MILLIS = 1_000_000L;
    private static final int SIGUSR1 = 10;
    /** They come for ten seconds. */
    private static final int MANY = 1000;

    private final ExecutorService background = Executors.newSingleThreadExecutor();

    @BeforeAll
    static void handleTheSignal() {
        Signal.handle(new Signal("USR1"), signal -> {});
    }

    @AfterEach
    void stop() {
        background.shutdownNow();
    }

    /** Sends signals to this thread, ten milliseconds apart, while it waits; then does something. */
    private Future<?> disturb(final int signals, final Runnable afterwards) {
        final int process = Native.LIBC.getpid();
        final int thread = Native.LIBC.gettid();
        final CountDownLatch started = new CountDownLatch(1);
        final Future<?> done = background.submit(() -> {
            started.countDown();
            for (int i = 0; i < signals; i++) {
                TimeUnit.MILLISECONDS.sleep(10);
                assertThat(Native.LIBC.tgkill(process, thread, SIGUSR1)).isZero();
            }
            TimeUnit.MILLISECONDS.sleep(10);
            afterwards.run();
            return null;
        });
        try {
            started.await();
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
        return done;
    }

    @Test
    void shouldGoOnWaitingWhenASignalComes() throws Exception {
        final int[] pipe = Native.pipe();
        try (Uring ring = Uring.open(8)) {
            final ByteBuffer buffer = Memory.allocate(8, 1);
            ring.getSqe().prepRead(pipe[0], Memory.address(buffer), 8, -1);
            ring.submit();
            final Future<?> writer = disturb(10, () -> Native.write(pipe[1], "abc"));

            assertThat(ring.waitCqe()).isZero();

            assertThat(ring.peekCqe().res()).isEqualTo(3);
            writer.get();
        } finally {
            Native.close(pipe);
        }
    }

    @Test
    void shouldNotTakeTheNumberOfSubmittedEntriesForACompletion() throws Exception {
        final int[] pipe = Native.pipe();
        try (Uring ring = Uring.open(8)) {
            final ByteBuffer buffer = Memory.allocate(8, 1);
            ring.getSqe().prepRead(pipe[0], Memory.address(buffer), 8, -1);
            final Future<?> writer = disturb(10, () -> Native.write(pipe[1], "abc"));

            assertThat(ring.submitAndWait(1)).isEqualTo(1);

            assertThat(ring.cqReady()).as("the signal did not end the wait").isEqualTo(1);
            writer.get();
        } finally {
            Native.close(pipe);
        }
    }

    @Test
    void shouldKeepTheDeadlineWhenSignalsCome() throws Exception {
        try (Uring ring = Uring.open(8)) {
            final Future<?> sender = disturb(MANY, () -> {});
            final long start = System.nanoTime();

            assertThat(ring.waitCqeTimeout(150 * MILLIS)).isEqualTo(-Errno.ETIME);

            assertThat(System.nanoTime() - start).as("not cut short").isGreaterThanOrEqualTo(150 * MILLIS);
            assertThat(sender).as("not started again by each signal").isNotDone();
            sender.cancel(true);
        }
    }

    @Test
    void shouldKeepTheDeadlineOfASubmissionWhenSignalsCome() throws Exception {
        final int[] pipe = Native.pipe();
        try (Uring ring = Uring.open(8)) {
            final ByteBuffer buffer = Memory.allocate(8, 1);
            ring.getSqe().prepRead(pipe[0], Memory.address(buffer), 8, -1);
            final Future<?> sender = disturb(MANY, () -> {});
            final long start = System.nanoTime();

            assertThat(ring.submitAndWaitTimeout(1, 150 * MILLIS)).isEqualTo(1);

            assertThat(System.nanoTime() - start).as("not cut short").isGreaterThanOrEqualTo(150 * MILLIS);
            assertThat(sender).as("not started again by each signal").isNotDone();
            assertThat(ring.cqReady()).isZero();
            sender.cancel(true);
            Native.write(pipe[1], "x");
            assertThat(Completion.awaitResult(ring)).isEqualTo(1);
        } finally {
            Native.close(pipe);
        }
    }
}
