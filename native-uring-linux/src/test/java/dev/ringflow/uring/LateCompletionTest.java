package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** S20. What the kernel still does when a ring is closed, and where it may write then. */
@Timeout(60)
class LateCompletionTest {
    private static final int ROUNDS = 200;
    private static final byte CANARY = 0x5A;

    private final ExecutorService writer = Executors.newSingleThreadExecutor();
    private final Logger warnings = Logger.getLogger("dev.ringflow.uring");
    private final CyclicBarrier together = new CyclicBarrier(2);

    @AfterEach
    void stop() {
        writer.shutdownNow();
        warnings.setLevel(null);
    }

    private Future<?> writeAtTheSameTime(final int fd) {
        return writer.submit(() -> {
            together.await();
            Native.write(fd, "late");
            return null;
        });
    }

    /** Cancelled and reaped, as the ring asks for: nothing is written after the terminal completion. */
    @Test
    void shouldTouchNothingAfterTheTerminalCompletionAndTheClose() throws Exception {
        final Random random = new Random(1);
        final ByteBuffer buffer = Memory.allocate(64, 64);
        int cancelled = 0;
        for (int round = 0; round < ROUNDS; round++) {
            final int[] pipe = Native.pipe();
            fill(buffer);
            final Uring ring = Uring.open(4);
            final Sqe read = ring.getSqe();
            read.prepRead(pipe[0], Memory.address(buffer) + 16, 32, -1);
            read.setData64(1);
            ring.submit();
            final Future<?> writing = writeAtTheSameTime(pipe[1]);
            together.await();
            for (int i = random.nextInt(2000); i > 0; i--) {
                Thread.onSpinWait();
            }
            final Sqe cancel = ring.getSqe();
            cancel.prepCancel64(1, 0);
            cancel.setData64(2);
            final int result = Completion.awaitSorted(ring, 2).get(0).res();
            ring.close();
            assertThat(result).isIn(4, -Errno.ECANCELED, -Errno.EINTR);
            cancelled += result < 0 ? 1 : 0;
            final byte[] atClose = bytes(buffer);
            writing.get();
            Native.close(pipe);

            assertThat(bytes(buffer)).as("round %s", round).isEqualTo(atClose);
            assertThat(canaries(buffer)).isEqualTo(result < 0 ? 64 : 60);
        }
        assertThat(cancelled).as("rounds in which the cancel won").isLessThanOrEqualTo(ROUNDS);
    }

    /** Closed with requests in flight: what the kernel may write to belongs to nobody else ever after. */
    @Test
    void shouldNotGiveMemoryAwayThatACloseLeftInFlight() throws Exception {
        warnings.setLevel(Level.OFF); // one for each round
        final List<ByteBuffer> others = new ArrayList<>();
        final List<WeakReference<ByteBuffer>> left = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            final int[] pipe = Native.pipe();
            final Uring ring = Uring.open(4);
            left.add(pendingRead(ring, pipe[0]));
            ring.submit();
            final Future<?> writing = writeAtTheSameTime(pipe[1]);
            together.await();
            ring.close();
            if (round % 50 == 0) {
                System.gc();
            }
            final ByteBuffer other = Memory.allocate(64, 8);
            fill(other);
            others.add(other);
            writing.get();
            Native.close(pipe);
        }
        System.gc();
        assertThat(left).as("memory of requests in flight").noneMatch(reference -> reference.get() == null);
        assertThat(others).as("memory that was allocated since").allMatch(other -> canaries(other) == 64);
    }

    private static WeakReference<ByteBuffer> pendingRead(final Uring ring, final int fd) {
        final ByteBuffer buffer = Memory.allocate(64, 8);
        ring.getSqe().prepRead(fd, buffer, -1);
        return new WeakReference<>(buffer);
    }

    /** The same for what nobody cancelled: the process goes on, and so does the next ring. */
    @Test
    void shouldWorkOnAfterRingsThatWereClosedWithEverythingInFlight() throws Exception {
        final int[] pipe = Native.pipe();
        final ByteBuffer buffer = Memory.allocate(64, 8);
        for (int round = 0; round < 50; round++) {
            final Uring ring = Uring.open(8);
            ring.getSqe().prepRead(pipe[0], Memory.address(buffer), 8, -1);
            ring.getSqe().prepPollAdd(pipe[0], UringConstants.POLLIN);
            ring.submit();
            ring.close();
        }
        try (Uring ring = Uring.open(8)) {
            ring.getSqe().prepNop();
            assertThat(Completion.awaitResult(ring)).isZero();
        }
        Native.close(pipe);
    }

    private static void fill(final ByteBuffer memory) {
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, CANARY);
        }
    }

    private static byte[] bytes(final ByteBuffer memory) {
        final byte[] bytes = new byte[memory.capacity()];
        memory.get(0, bytes);
        return bytes;
    }

    private static int canaries(final ByteBuffer memory) {
        int count = 0;
        for (int i = 0; i < memory.capacity(); i++) {
            count += memory.get(i) == CANARY ? 1 : 0;
        }
        return count;
    }
}
