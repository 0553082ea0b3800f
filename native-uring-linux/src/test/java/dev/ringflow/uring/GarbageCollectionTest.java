package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.struct.Timespec;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Collections while requests are in flight whose memory nobody but the ring knows. */
@Timeout(60)
class GarbageCollectionTest {
    private static final int ROUNDS = 30;
    private static final long LONGEST = 8_000_000_000L;
    private static final int READS = 16;
    private static final int LENGTH = 8192;

    /** Collects again and again, and takes freed memory for something else. */
    private static Thread storm(final AtomicBoolean over, final List<ByteBuffer> taken) {
        final Thread storm = new Thread(() -> {
            while (!over.get()) {
                System.gc();
                LockSupport.parkNanos(2_000_000); // on one processor the others must get on too
                final ByteBuffer other = Memory.allocate(LENGTH, 8);
                for (int i = 0; i < LENGTH; i++) {
                    other.put(i, (byte) 0x77);
                }
                synchronized (taken) {
                    taken.add(other);
                    if (taken.size() > 64) {
                        taken.remove(0);
                    }
                }
            }
        });
        storm.start();
        return storm;
    }

    @Test
    void shouldReadIntoMemoryThatOnlyTheRingKnows(@TempDir final Path folder) throws Exception {
        final int file = Native.open(folder.resolve("file"));
        final int[] pipe = Native.pipe();
        final AtomicBoolean over = new AtomicBoolean();
        final List<ByteBuffer> taken = new ArrayList<>();
        final Thread storm = storm(over, taken);
        try (Uring ring = Uring.open(64)) {
            final long start = System.nanoTime();
            for (int round = 0; round < ROUNDS && System.nanoTime() - start < LONGEST; round++) {
                for (int i = 0; i < READS; i++) {
                    writeForgotten(ring, file, round, i);
                }
                assertThat(Completion.await(ring, READS)).allMatch(completion -> completion.res() == LENGTH);
                final ByteBuffer known = Memory.allocate(LENGTH, 8);
                for (int i = 0; i < READS; i++) {
                    ring.getSqe().prepRead(file, known, (long) i * LENGTH);
                    assertThat(Completion.awaitResult(ring)).isEqualTo(LENGTH);
                    assertThat(known.get(0)).isEqualTo((byte) (round + i));
                    assertThat(known.get(LENGTH - 1)).isEqualTo((byte) (round + i));
                }
                // These wait in the kernel over some collections, and are filled only then.
                for (int i = 0; i < READS; i++) {
                    ring.getSqe().prepRead(pipe[0], Memory.allocate(LENGTH, 8), 0);
                }
                ring.submit();
                System.gc();
                for (int i = 0; i < READS; i++) {
                    Native.write(pipe[1], "x");
                    assertThat(Completion.awaitResult(ring)).isEqualTo(1);
                }
                forgottenTimeout(ring);
                ring.submit();
                System.gc();
                assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ETIME);
                synchronized (taken) {
                    for (final ByteBuffer other : taken) {
                        for (int i = 0; i < LENGTH; i++) {
                            assertThat(other.get(i))
                                    .as("memory that was freed too early")
                                    .isEqualTo((byte) 0x77);
                        }
                    }
                }
            }
        } finally {
            over.set(true);
            storm.join();
            Native.close(file, pipe[0], pipe[1]);
        }
    }

    private static void writeForgotten(final Uring ring, final int file, final int round, final int index) {
        final ByteBuffer memory = Memory.allocate(LENGTH, 8);
        for (int i = 0; i < LENGTH; i++) {
            memory.put(i, (byte) (round + index));
        }
        ring.getSqe().prepWrite(file, memory, (long) index * LENGTH);
    }

    private static void forgottenTimeout(final Uring ring) {
        final ByteBuffer time = Memory.allocate(Timespec.SIZE, 8);
        Timespec.setNanos(time, 0, 1_000_000);
        final Sqe sqe = ring.getSqe();
        sqe.prepTimeout(sqe.sourceStruct(time, Timespec.SIZE), 0, 0);
    }

    /** A thread in a wait must not hold a collection up, as it would in a call that allows no safepoint. */
    @Test
    void shouldNotHoldCollectionsUpWhileItWaits() throws Exception {
        final int[] pipe = Native.pipe();
        final Thread waiting = new Thread(() -> {
            try (Uring ring = Uring.open(4)) {
                ring.getSqe().prepRead(pipe[0], Memory.allocate(8, 8), 0);
                ring.submitAndWait(1);
            } catch (final UringException e) {
                throw new AssertionError(e);
            }
        });
        waiting.start();
        for (int i = 0; i < 5; i++) {
            System.gc(); // would not return
        }
        assertThat(waiting.isAlive()).isTrue();
        Native.write(pipe[1], "x");
        waiting.join();
        Native.close(pipe);
    }
}
