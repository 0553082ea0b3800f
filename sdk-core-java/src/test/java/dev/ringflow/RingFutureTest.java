package dev.ringflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
}
