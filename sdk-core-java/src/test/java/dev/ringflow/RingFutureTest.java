package dev.ringflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.file.RingFile;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class RingFutureTest {
    private final RingFuture<String> future = new RingFuture<>();

    @Test
    void valueThatIsWantedIsTaken() {
        assertThat(future.completed("value")).isTrue();
        assertThat(future).isCompletedWithValue("value");
        assertThat(future.released()).isCompleted();
    }

    @Test
    void valueThatComesTooLateIsGivenBack() {
        assertThat(future.cancel(false)).isTrue();
        assertThat(future.completed("value")).isFalse();
        assertThat(future).isCancelled();
    }

    @Test
    void releasedFollowsTheKernelAndNotTheFuture() {
        CompletableFuture<Void> released = future.released();
        future.complete("by hand");
        assertThat(released).isNotDone();
        assertThat(future.released()).isSameAs(released);
        future.failed(new IOException("of this test"));
        assertThat(released).isCompleted();
        assertThat(future).isCompletedWithValue("by hand");
    }

    @Test
    void failureReachesTheFuture() {
        future.failed(new IOException("of this test"));
        assertThat(future).isCompletedExceptionally();
        assertThat(future.released()).isCompleted();
    }

    @Test
    void dependentStagesArePlainFutures() {
        assertThat(future.thenApply(String::length)).isNotInstanceOf(RingFuture.class);
        future.thenApply(String::length).cancel(false);
        assertThat(future).isNotDone();
    }

    @Test
    void releaseThatIsAskedForLaterOrTwiceIsThere() {
        CompletableFuture<Void> released = future.released();
        assertThat(released.thenApply(none -> 1)).isNotDone();
        future.completed("value");
        assertThat(future.released()).isSameAs(released).isCompleted();
        RingFuture<String> another = new RingFuture<>();
        another.completed("value");
        assertThat(another.released()).isCompleted();
    }

    @Test
    void futureThatWasAskedForItsReleaseCancelsInTheKernel() throws Exception {
        ScriptedRing on = ScriptedRing.open(operation -> operation.opCode() == OpCode.READ ? null : 0);
        RingFile file = ScriptedRing.await(on.ring().openFileAsync(Path.of("scripted")));
        RingFuture<Integer> read = file.readAsync(ByteBuffer.allocateDirect(8), 0);
        CompletableFuture<Void> released = read.released();
        read.cancel(false);
        ScriptedRing.await(CompletableFuture.runAsync(() -> {}, on.ring()));
        assertThat(on.driver().calls).contains("cancel READ");
        on.ring().close();
        assertThat(released).as("the kernel has it still").isNotDone();
    }

    @Test
    void futureOfAnOperationThatHasEndedCancelsNobodyElses() throws Exception {
        ScriptedRing on = ScriptedRing.open(operation -> operation.opCode() == OpCode.READ ? null : 0);
        try (Ring ring = on.ring()) {
            RingFile file = ScriptedRing.await(ring.openFileAsync(Path.of("scripted")));
            RingFuture<Void> sync = new RingFuture<>();
            CompletableFuture<Void> ended = new CompletableFuture<>();
            RingCallback<Void> forgetsItsFuture = new RingCallback<>() {
                @Override
                public void submitted(Ring owner, Operation operation, int activation) {
                    sync.submitted(owner, operation, activation);
                }

                @Override
                public boolean completed(Void value) {
                    return ended.complete(value);
                }

                @Override
                public void failed(Throwable cause) {
                    ended.completeExceptionally(cause);
                }
            };
            ring.execute(() -> file.sync(true, forgetsItsFuture));
            ScriptedRing.await(ended);
            ScriptedRing.await(CompletableFuture.runAsync(() -> {}, ring));
            RingFuture<Integer> read = ScriptedRing.await(
                    CompletableFuture.supplyAsync(() -> file.readAsync(ByteBuffer.allocateDirect(8), 0), ring));
            sync.cancel(false);
            ScriptedRing.await(CompletableFuture.runAsync(() -> {}, ring));
            assertThat(read).isNotDone();
            assertThat(on.driver().calls).contains("start READ 0+8").doesNotContain("cancel READ");
        }
    }
}
