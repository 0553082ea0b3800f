package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.file.RingFile;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The watchdog: a callback that holds the loop is told, and nothing else is. */
public abstract class StallContract extends DriverContract {
    private static final Duration LIMIT = Duration.ofMillis(400);

    /** For subclasses. */
    protected StallContract() {}

    private Ring watched() {
        return open(options().stallLimit(LIMIT));
    }

    /** Holds the calling thread until the watchdog has told so of the ring; its own loop, or another's. */
    private static void holdUntilTold(Ring ring) {
        long before = ring.metrics().stalls();
        long deadline = System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
        while (ring.metrics().stalls() == before) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("The watchdog tells nothing");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static CompletableFuture<@Nullable Void> heldByATask(Ring ring) {
        CompletableFuture<@Nullable Void> told = new CompletableFuture<>();
        ring.execute(() -> complete(told, ring));
        return told;
    }

    private static void complete(CompletableFuture<@Nullable Void> told, Ring ring) {
        try {
            holdUntilTold(ring);
            told.complete(null);
        } catch (Throwable t) {
            told.completeExceptionally(t);
        }
    }

    @Test
    void taskThatHoldsTheLoopIsToldOnce() {
        Ring ring = watched();
        await(heldByATask(ring));
        assertThat(ring.metrics().stalls()).isOne();
        await(heldByATask(ring));
        assertThat(ring.metrics().stalls()).isEqualTo(2);
    }

    @Test
    void callbackOfACompletionThatWasWaitedForIsTold() {
        Ring ring = watched();
        RingFile file = await(ring.openFileAsync(Bytes.file(directory, "a", 64)));
        onLoop(ring, () -> null);
        CompletableFuture<@Nullable Void> told = new CompletableFuture<>();
        file.read(Bytes.direct(64), 0, new RingCallback<Integer>() {
            @Override
            public boolean completed(Integer bytes) {
                complete(told, ring);
                return true;
            }

            @Override
            public void failed(Throwable failure) {
                told.completeExceptionally(failure);
            }
        });
        await(told);
        assertThat(ring.metrics().stalls()).isOne();
    }

    @Test
    void timerThatHoldsTheLoopIsTold() {
        Ring ring = watched();
        CompletableFuture<@Nullable Void> told = new CompletableFuture<>();
        ring.schedule(Duration.ofMillis(20), () -> complete(told, ring));
        await(told);
        assertThat(ring.metrics().stalls()).isOne();
    }

    @Test
    void loopThatSleepsIsNoStall() {
        Ring idle = watched();
        var accept = await(idle.listenAsync(loopback())).acceptAsync();
        onLoop(idle, () -> null);
        await(heldByATask(watched()));
        assertThat(idle.metrics().stalls()).isZero();
        assertThat(accept).isNotDone();
    }

    @Test
    void loopThatIsNeverIdleIsNoStall() {
        Ring busy = watched();
        AtomicBoolean over = new AtomicBoolean();
        busy.execute(new Runnable() {
            @Override
            public void run() {
                if (!over.get()) {
                    busy.execute(this);
                }
            }
        });
        await(heldByATask(watched()));
        over.set(true);
        assertThat(busy.metrics().stalls()).isZero();
    }

    @Test
    void ringThatSwitchedItOffIsNotWatched() {
        Ring unwatched = open(options().stallLimit(Duration.ZERO));
        Ring watched = watched();
        CompletableFuture<@Nullable Void> held = new CompletableFuture<>();
        unwatched.execute(() -> complete(held, watched));
        await(heldByATask(watched));
        await(held);
        assertThat(unwatched.metrics().stalls()).isZero();
    }
}
