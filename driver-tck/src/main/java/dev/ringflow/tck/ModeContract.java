package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.QueueDepth;
import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import dev.ringflow.WaitMode;
import dev.ringflow.file.RingFile;
import dev.ringflow.file.RingOpenOption;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ways of waiting, and helpers in the kernel: what can be had works, and what cannot is left out with a word. */
public abstract class ModeContract extends DriverContract {
    /** For subclasses. */
    protected ModeContract() {}

    private void assertServes(Ring on) throws IOException {
        RingFile file = await(on.openFileAsync(
                Bytes.file(directory, "served", 100), StandardOpenOption.READ, StandardOpenOption.WRITE));
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            all.add(file.writeAsync(Bytes.direct(Bytes.content(100)), 0));
            all.add(file.readAsync(Bytes.direct(100), 0));
        }
        all.forEach(each -> assertThat(await(each)).isEqualTo(100));
        try (TcpPair pair = TcpPair.connected(on)) {
            for (int i = 0; i < 50; i++) {
                var receive = pair.ours().receiveAsync(Bytes.direct(8));
                pair.theirs().getOutputStream().write(i);
                assertThat(await(receive)).isOne();
            }
            var cancelled = pair.ours().receiveAsync(Bytes.direct(8));
            cancelled.cancel(false);
            await(cancelled.released());
        }
        AtomicInteger run = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            on.schedule(Duration.ofNanos(i * 10_000L), run::incrementAndGet);
            on.execute(run::incrementAndGet);
        }
        eventually("all tasks and timers run", () -> run.get() == 200);
        await(file.closeAsync());
        assertThat(on.metrics().inFlight()).isZero();
        assertThat(on.metrics().openHandles()).isZero();
    }

    private static Duration processorTimeWithin(Ring on, Duration time) {
        var threads = ManagementFactory.getThreadMXBean();
        Assumptions.assumeTrue(threads.isThreadCpuTimeSupported(), "the time of threads is not told here");
        long id = onLoop(on, () -> Thread.currentThread().getId());
        long before = threads.getThreadCpuTime(id);
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        over.completeOnTimeout(true, time.toNanos(), TimeUnit.NANOSECONDS);
        await(over);
        return Duration.ofNanos(threads.getThreadCpuTime(id) - before);
    }

    @ParameterizedTest
    @EnumSource(WaitMode.class)
    void everyWayOfWaitingServes(WaitMode mode) throws IOException {
        assertServes(open(options().waiting(mode)));
    }

    @ParameterizedTest
    @EnumSource(QueueDepth.class)
    void everyDepthServes(QueueDepth depth) throws IOException {
        RingOptions.Builder options = options().depth(depth);
        assertThat(options.build().entries()).isEqualTo(depth.entries());
        assertServes(open(options));
    }

    @ParameterizedTest
    @EnumSource(WaitMode.class)
    void nobodyUsesAProcessorWhenNothingHappens(WaitMode mode) throws IOException {
        Ring another = open(options().waiting(mode));
        try (TcpPair pair = TcpPair.accepted(another)) {
            var receive = pair.ours().receiveAsync(Bytes.direct(1)); // something to wait for
            another.schedule(Duration.ofHours(1), () -> {});
            processorTimeWithin(another, Duration.ofMillis(30));
            assertThat(processorTimeWithin(another, Duration.ofMillis(400))).isLessThan(Duration.ofMillis(100));
            receive.cancel(false);
        }
    }

    @Test
    void busyPollingLooksWithoutSleepingUntilItsLimit() throws IOException {
        Ring another = open(options().waiting(WaitMode.BUSY_POLL, Duration.ofHours(1)));
        try (TcpPair pair = TcpPair.accepted(another)) {
            onLoop(another, () -> null);
            long waits = another.metrics().waits();
            long wakeups = another.metrics().wakeups();
            for (int i = 0; i < 20; i++) {
                var receive = pair.ours().receiveAsync(Bytes.direct(8));
                pair.theirs().getOutputStream().write(i);
                assertThat(await(receive)).isOne();
            }
            assertThat(another.metrics().waits()).isEqualTo(waits);
            assertThat(another.metrics().wakeups()).isEqualTo(wakeups);
        }
    }

    @Test
    void timersRunInTimeWhileTheLoopLooks() {
        Ring another = open(options().waiting(WaitMode.BUSY_POLL, Duration.ofHours(1)));
        CompletableFuture<Long> run = new CompletableFuture<>();
        long begin = System.nanoTime();
        another.schedule(Duration.ofMillis(20), () -> run.complete(System.nanoTime()));
        assertThat(await(run) - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    }

    @Test
    void submissionThreadServesOrIsLeftOutWithAWord() throws IOException {
        Ring another = open(options().submissionThread(Duration.ofMillis(5)));
        assertThat(another.capabilities().details()).containsKey("submission thread");
        assertServes(another);
    }

    @Test
    void processorThatIsNotThereIsLeftOutWithAWord() throws IOException {
        Ring another = open(options().submissionThread(Duration.ofMillis(1), 4000));
        assertThat(another.capabilities().details())
                .anySatisfy((name, value) -> assertThat(name + " " + value)
                        .startsWith("submission thread")
                        .contains("not available"));
        assertServes(another);
    }

    @Test
    void polledCompletionsServeOrAreLeftOutWithAWord() throws IOException {
        Ring another = open(options().polledCompletions(true));
        assertServes(another);
        int size = 1 << 16;
        Bytes.file(directory, "direct", size);
        RingFile file;
        try {
            file = another.openFileAsync(
                            directory.resolve("direct"),
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            RingOpenOption.DIRECT_IO)
                    .join();
        } catch (RuntimeException e) {
            Assumptions.abort("no direct I/O on this file system: " + e.getCause());
            return;
        }
        List<CompletableFuture<Integer>> reads = new ArrayList<>();
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            ByteBuffer buffer =
                    ByteBuffer.allocateDirect(3 * 4096).alignedSlice(4096).limit(4096);
            buffers.add(buffer);
            reads.add(file.readAsync(buffer, i % 16 * 4096L));
        }
        byte[] content = Bytes.content(size);
        for (int i = 0; i < reads.size(); i++) {
            assertThat(await(reads.get(i))).isEqualTo(4096);
            assertThat(buffers.get(i).get(7)).isEqualTo(content[i % 16 * 4096 + 7]);
        }
        ByteBuffer written =
                ByteBuffer.allocateDirect(3 * 4096).alignedSlice(4096).limit(4096);
        assertThat(await(file.writeAsync(written, 4096))).isEqualTo(4096);
        assertThat(another.capabilities().details()).containsKey("polled completions");
        await(file.closeAsync());
        assertThat(another.metrics().inFlight()).isZero();
    }

    @Test
    void workersCanBeBounded() throws IOException {
        assertServes(open(options().workers(1, 1)));
    }
}
