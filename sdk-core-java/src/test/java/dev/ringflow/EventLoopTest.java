package dev.ringflow;

import static dev.ringflow.ScriptedRing.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the loop does when its driver does not do what it should. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class EventLoopTest {
    private static Integer keepReads(Operation operation) {
        return operation.opCode() == OpCode.READ ? null : 0;
    }

    @Test
    void operationThatTheKernelNeverGivesBackIsToldAndItsMemoryIsNotReleased() throws Exception {
        ScriptedRing on = ScriptedRing.open(EventLoopTest::keepReads);
        RingFile file = await(on.ring().openFileAsync(Path.of("scripted")));
        RingFuture<Integer> direct = file.readAsync(ByteBuffer.allocateDirect(8), 0);
        RingFuture<Integer> heap = file.readAsync(ByteBuffer.allocate(8), 0);
        BufferPool pool = on.ring().bufferPool(64, 1);
        RingBuffer lease = pool.acquire();
        RingFuture<Integer> pooled = file.readAsync(lease, 0);
        lease.close();
        on.ring().close();

        assertThat(on.driver().closedDrained).isFalse();
        for (RingFuture<Integer> each : java.util.List.of(direct, heap, pooled)) {
            assertThatThrownBy(() -> await(each))
                    .hasCauseInstanceOf(RingClosedException.class)
                    .hasMessageContaining("still in the kernel");
            assertThat(each.released()).as("the kernel has it still").isNotDone();
        }
        assertThat(pool.available()).as("nor may the pool hand it out").isZero();
        assertThat(on.driver().calls).contains("cancel READ").doesNotContain("start CLOSE 0+0");
        await(file.closeAsync());
    }

    @Test
    void handleIsClosedOnlyWhenNothingIsInFlightOnIt() throws Exception {
        AtomicInteger polls = new AtomicInteger();
        ScriptedDriver.Script[] script = new ScriptedDriver.Script[1];
        script[0] = operation -> {
            if (operation.opCode() == OpCode.READ) {
                return polls.get() == 0 ? null : 8;
            }
            return 0;
        };
        ScriptedRing on = ScriptedRing.open(operation -> script[0].result(operation));
        RingFile file = await(on.ring().openFileAsync(Path.of("scripted")));
        RingFuture<Integer> read = file.readAsync(ByteBuffer.allocateDirect(8), 0);
        CompletableFuture<Void> closed = file.closeAsync();
        CompletableFuture.runAsync(() -> {}, on.ring()).join();
        CompletableFuture.runAsync(() -> {}, on.ring()).join();
        assertThat(closed).isNotDone();
        assertThat(on.driver().calls).contains("cancel READ").noneMatch(call -> call.startsWith("start CLOSE"));
        on.ring().close();
        assertThat(read).isCompletedExceptionally();
    }

    @Test
    void driverThatThrowsFailsItsRingLoudly() throws Exception {
        ScriptedRing on = ScriptedRing.open(EventLoopTest::keepReads);
        RingFile file = await(on.ring().openFileAsync(Path.of("scripted")));
        on.driver().nextPollThrows = new IllegalStateException("of this test");
        nudge(on.ring());
        await(on.ring().closeAsync());
        assertThatThrownBy(() -> await(file.readAsync(ByteBuffer.allocateDirect(8), 0)))
                .hasCauseInstanceOf(RingClosedException.class)
                .hasRootCauseMessage("of this test");
        assertThatThrownBy(() -> on.ring().execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThat(on.driver().closedDrained).isTrue();
    }

    @Test
    void driverThatCannotBeTrustedFailsItsRingLoudly() throws Exception {
        ScriptedRing on = ScriptedRing.open(EventLoopTest::keepReads);
        RingFile file = await(on.ring().openFileAsync(Path.of("scripted")));
        RingFuture<Integer> waiting = file.readAsync(ByteBuffer.allocateDirect(8), 0);
        on.driver().fault = new IllegalStateException("completions were dropped");
        nudge(on.ring());
        assertThatThrownBy(() -> await(waiting)).hasRootCauseMessage("completions were dropped");
        await(on.ring().closeAsync());
    }

    @Test
    void loggerThatFailsDoesNotEndTheLoop() throws Exception {
        Handler failing = new Handler() {
            @Override
            public void publish(LogRecord record) {
                throw new AssertionError("of this test");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.ringflow");
        logger.addHandler(failing);
        ScriptedRing on = ScriptedRing.open(EventLoopTest::keepReads);
        try (Ring ring = on.ring()) {
            ring.execute(() -> {
                throw new IllegalStateException("of this test");
            });
            await(CompletableFuture.runAsync(() -> {}, ring));
            RingFile file = await(ring.openFileAsync(Path.of("scripted")));
            RingFuture<Integer> waiting = file.readAsync(ByteBuffer.allocateDirect(8), 0);
            on.driver().nextPollThrows = new IllegalStateException("of this test");
            nudge(ring);
            assertThatThrownBy(() -> await(waiting)).hasCauseInstanceOf(RingClosedException.class);
            await(ring.closeAsync());
        } finally {
            logger.removeHandler(failing);
        }
    }

    @Test
    void registrationOfAPoolEndsWithItsLastLease() throws Exception {
        ScriptedRing on = ScriptedRing.open(operation -> 0);
        try (Ring ring = on.ring()) {
            BufferPool pool = ring.bufferPool(64, 2);
            RingBuffer one = pool.acquire();
            assertThat(pool.isRegistered()).isTrue();
            assertThat(one.registeredIndex(ring)).isEqualTo(3);
            pool.close();
            CompletableFuture.runAsync(() -> {}, ring).join();
            assertThat(on.driver().calls).doesNotContain("unregister 3");
            one.close();
            CompletableFuture.runAsync(() -> {}, ring).join();
            assertThat(on.driver().calls).containsOnlyOnce("unregister 3");
            pool.close();
            CompletableFuture.runAsync(() -> {}, ring).join();
            assertThat(on.driver().calls).containsOnlyOnce("unregister 3");
        }
    }

    /** Makes the loop turn; it may have turned by itself already, and ended. */
    private static void nudge(Ring ring) {
        try {
            ring.execute(() -> {});
        } catch (RejectedExecutionException ended) {
            assertThat(ended).hasCauseInstanceOf(RingClosedException.class);
        }
    }
}
