package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_NATIVE_WORKERS;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_SQPOLL_NONFIXED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQPOLL;
import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The kernel's threads that work for a ring. */
@Timeout(60)
class WorkerSettingsTest {
    private static void assertWorks(final Uring ring, final int flags) {
        final Sqe sqe = ring.getSqe();
        sqe.prepNop();
        sqe.setFlags(flags);
        assertThat(Completion.awaitResult(ring)).isZero();
    }

    /** X12. */
    @Test
    void shouldAnswerTheMaximaThatHeldBefore() throws Exception {
        // Workers belong to the thread: one of its own leaves those of other tests alone.
        final boolean known = OrdinaryUser.onThreadOfItsOwn(() -> {
            try (Uring ring = Uring.open(4)) {
                final int[] values = {3, 4};
                final int result = ring.registerIowqMaxWorkers(values);
                if (result == -Errno.EINVAL) {
                    return false;
                }
                assertThat(result).isZero();
                assertThat(values).as("the kernel's choice").doesNotContain(0);

                final int[] asked = {0, 0};
                assertThat(ring.registerIowqMaxWorkers(asked)).isZero();
                assertThat(asked).as("zeroes only ask").containsExactly(3, 4);

                final int[] one = {0, 5};
                assertThat(ring.registerIowqMaxWorkers(one)).isZero();
                assertThat(one).containsExactly(3, 4);
                final int[] again = {0, 0};
                assertThat(ring.registerIowqMaxWorkers(again)).isZero();
                assertThat(again).containsExactly(3, 5);

                assertThat(ring.registerIowqMaxWorkers(new int[] {-1, 0})).isEqualTo(-Errno.EINVAL);
                assertThatThrownBy(() -> ring.registerIowqMaxWorkers(new int[1]))
                        .isInstanceOf(IllegalArgumentException.class);
                assertWorks(ring, IOSQE_ASYNC);
                return true;
            }
        });
        assumeTrue(known, "this kernel cannot bound its workers");
    }

    /** X12. */
    @Test
    void shouldBindWorkersToProcessors() throws Exception {
        final String result = OrdinaryUser.onThreadOfItsOwn(() -> {
            try (Uring ring = Uring.open(4)) {
                final int cpu = firstProcessor(Path.of("/proc/thread-self/status"));
                final BitSet cpus = new BitSet();
                cpus.set(cpu);
                if (ring.registerIowqAff(cpus) == -Errno.EINVAL) {
                    return "this kernel cannot bind its workers";
                }
                final int[] pipe = Native.pipe();
                final ByteBuffer buffer = Memory.allocate(8, 8);
                final Sqe sqe = ring.getSqe();
                sqe.prepRead(pipe[0], buffer, -1);
                sqe.setFlags(IOSQE_ASYNC);
                assertThat(ring.submit()).isEqualTo(1);
                final long start = System.nanoTime();
                while (!processorsOfWorkers().contains(String.valueOf(cpu))
                        && System.nanoTime() - start < 10_000_000_000L) {
                    Thread.onSpinWait(); // a worker binds itself when it first runs
                }
                assertThat(processorsOfWorkers()).contains(String.valueOf(cpu));
                Native.write(pipe[1], "x");
                assertThat(Completion.awaitResult(ring)).isEqualTo(1);
                Native.close(pipe);

                assertThat(ring.unregisterIowqAff()).isZero();
                assertThat(ring.registerIowqAff(0, 0)).as("no mask").isEqualTo(-Errno.EINVAL);
                assertThat(ring.registerIowqAff(8, 8)).as("no memory").isEqualTo(-Errno.EFAULT);
                assertWorks(ring, IOSQE_ASYNC);
                return "";
            }
        });
        assumeTrue(result.isEmpty(), result);
    }

    private static int firstProcessor(final Path status) throws IOException {
        return Integer.parseInt(processors(status).split("[-,]")[0]);
    }

    private static String processors(final Path status) throws IOException {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("");
        }
    }

    private static List<String> processorsOfWorkers() throws IOException {
        final List<String> processors = new ArrayList<>();
        final List<Path> tasks;
        try (Stream<Path> files = Files.list(Path.of("/proc/self/task"))) {
            tasks = files.collect(Collectors.toList());
        }
        for (final Path task : tasks) {
            try {
                if (Files.readString(task.resolve("comm")).startsWith("iou-wrk")) {
                    processors.add(processors(task.resolve("status")));
                }
            } catch (final IOException e) {
                processors.add("gone: " + e.getMessage());
            }
        }
        return processors;
    }

    /** X6. */
    @Test
    void shouldShareWorkersAndOutliveTheRingThatHadThem() throws IOException {
        final List<Uring> rings = new ArrayList<>();
        rings.add(Uring.open(4));
        for (int i = 1; i < 4; i++) {
            rings.add(Uring.open(UringParams.of(4).withWqFd(rings.get(0).ringFd())));
        }
        for (final Uring ring : rings) {
            assertWorks(ring, IOSQE_ASYNC);
        }
        rings.remove(0).close();
        for (final Uring ring : rings) {
            assertWorks(ring, 0);
            assertWorks(ring, IOSQE_ASYNC);
            ring.close();
        }
    }

    /** X6. */
    @Test
    void shouldShareThePollingThread() throws IOException {
        final List<Uring> rings = new ArrayList<>();
        rings.add(Uring.open(UringParams.of(4).withSqThreadIdle(100)));
        Native.assumeFeature(rings.get(0), IORING_FEAT_SQPOLL_NONFIXED);
        for (int i = 1; i < 4; i++) {
            rings.add(Uring.open(UringParams.of(4)
                    .withFlags(IORING_SETUP_SQPOLL)
                    .withWqFd(rings.get(0).ringFd())));
        }
        for (final Uring ring : rings) {
            assertWorks(ring, 0);
        }
        if ((rings.get(0).features() & IORING_FEAT_NATIVE_WORKERS) != 0) {
            for (int i = 0; i < 1000 && pollingThreads() > 1; i++) {
                LockSupport.parkNanos(20_000_000); // those of earlier tests go
            }
            assertThat(pollingThreads()).as("one for all").isEqualTo(1);
        }
        rings.remove(0).close();
        for (final Uring ring : rings) {
            assertWorks(ring, 0);
            assertWorks(ring, IOSQE_ASYNC);
            ring.close();
        }
    }

    private static long pollingThreads() throws IOException {
        return Native.threads().stream()
                .filter(name -> name.startsWith("iou-sqp"))
                .count();
    }

    /** X6. */
    @Test
    void shouldRefuseToShareWithWhatIsNoRing() {
        final int[] pipe = Native.pipe();
        assertThatThrownBy(() -> Uring.open(UringParams.of(4).withWqFd(pipe[0])))
                .isInstanceOf(UringException.class);
        assertThatThrownBy(() -> Uring.open(UringParams.of(4).withWqFd(1_000_000)))
                .isInstanceOf(UringException.class);
        Native.close(pipe);
    }
}
