package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.spi.OpCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Waiting for words of memory, and waking who waits. */
public abstract class FutexContract extends DriverContract {
    /** Memory that a ring was given outlives the test. */
    private static final List<ByteBuffer> KEPT = new ArrayList<>();

    /** For subclasses. */
    protected FutexContract() {}

    private static ByteBuffer word(int value) {
        ByteBuffer memory = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());
        ByteBuffer aligned = memory.alignedSlice(Integer.BYTES).order(ByteOrder.nativeOrder());
        KEPT.add(aligned);
        return aligned.putInt(0, value).putInt(4, value);
    }

    private void needs(OpCode code) {
        Assumptions.assumeTrue(
                ring().capabilities().support(code) != Support.NONE,
                () -> "the driver " + driverName() + " has no " + code + " here");
    }

    private void needsWaiting() {
        needs(OpCode.FUTEX_WAIT);
    }

    private static void awaitInFlight(Ring ring, int count) {
        eventually(
                () -> count + " in flight: " + ring.metrics(),
                () -> ring.metrics().inFlight() == count);
        onLoop(ring, () -> null);
    }

    @Test
    void driverWithoutFutexesSaysSo() {
        if (ring().capabilities().support(OpCode.FUTEX_WAIT) == Support.NONE) {
            assertThat(failureOf(ring().futexWaitAsync(word(1), 0, 1)))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("FUTEX_WAIT")
                    .hasMessageContaining(driverName());
        }
        if (ring().capabilities().support(OpCode.FUTEX_WAKE) == Support.NONE) {
            assertThat(failureOf(ring().futexWakeAsync(word(1), 0, 1)))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("FUTEX_WAKE")
                    .hasMessageContaining(driverName());
        }
    }

    @Test
    void wakingNobodyIsNoFailure() {
        needs(OpCode.FUTEX_WAKE);
        assertThat(await(ring().futexWakeAsync(word(0), 0, 1))).isZero();
    }

    @Test
    void waiterIsWoken() {
        needsWaiting();
        ByteBuffer memory = word(-5);
        RingFuture<Boolean> wait = ring().futexWaitAsync(memory, 4, -5);
        awaitInFlight(ring(), 1);
        assertThat(await(ring().futexWakeAsync(memory, 0, 1)))
                .as("waiters of the other word")
                .isZero();
        assertThat(wait).isNotDone();
        assertThat(await(ring().futexWakeAsync(memory, 4, 1))).isEqualTo(1);
        assertThat(await(wait)).isTrue();
    }

    @Test
    void wordThatHoldsSomethingElseIsNotWaitedFor() {
        needsWaiting();
        assertThat(await(ring().futexWaitAsync(word(1), 0, 2))).isFalse();
    }

    @Test
    void noMoreAreWokenThanAskedFor() {
        needsWaiting();
        ByteBuffer memory = word(7);
        List<RingFuture<Boolean>> waits = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waits.add(ring().futexWaitAsync(memory, 0, 7));
        }
        awaitInFlight(ring(), 5);
        assertThat(await(ring().futexWakeAsync(memory, 0, 2))).isEqualTo(2);
        eventually(
                "two are awake", () -> waits.stream().filter(RingFuture::isDone).count() == 2);
        awaitInFlight(ring(), 3);
        assertThat(await(ring().futexWakeAsync(memory, 0, 100))).isEqualTo(3);
        waits.forEach(each -> assertThat(await(each)).isTrue());
    }

    @Test
    void cancelledWaiterTakesNobodysWakeUp() {
        needsWaiting();
        ByteBuffer memory = word(7);
        RingFuture<Boolean> cancelled = ring().futexWaitAsync(memory, 0, 7);
        RingFuture<Boolean> stays = ring().futexWaitAsync(memory, 0, 7);
        awaitInFlight(ring(), 2);
        cancelled.cancel(false);
        await(cancelled.released());
        assertThat(await(ring().futexWakeAsync(memory, 0, 1))).isEqualTo(1);
        assertThat(await(stays)).isTrue();
    }

    @Test
    void memoryMappedTwiceIsOneWord() throws IOException {
        needsWaiting();
        Ring other = open(options());
        try (FileChannel file = FileChannel.open(
                directory.resolve("shared"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ByteBuffer here = file.map(MapMode.READ_WRITE, 0, 4096).order(ByteOrder.nativeOrder());
            ByteBuffer there = file.map(MapMode.READ_WRITE, 0, 4096).order(ByteOrder.nativeOrder());
            KEPT.add(here);
            KEPT.add(there);
            here.putInt(128, 3);
            RingFuture<Boolean> wait = ring().futexWaitAsync(here, 128, 3);
            awaitInFlight(ring(), 1);
            there.putInt(128, 4);
            assertThat(await(other.futexWakeAsync(there, 128, 1))).isEqualTo(1);
            assertThat(await(wait)).isTrue();
            assertThat(await(ring().futexWaitAsync(here, 128, 3))).isFalse();
        }
    }

    @Test
    void closingTheRingEndsTheWait() {
        needsWaiting();
        RingFuture<Boolean> wait = ring().futexWaitAsync(word(1), 0, 1);
        awaitInFlight(ring(), 1);
        ring().close();
        assertThat(failureOf(wait)).isInstanceOf(RingClosedException.class);
    }

    @Test
    void wrongWordsAreRefused() {
        assertThatThrownBy(() -> ring().futexWaitAsync(ByteBuffer.allocate(8), 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ring().futexWaitAsync(word(0), 2, 0)).isInstanceOf(IllegalArgumentException.class);
        ByteBuffer memory = word(0);
        for (int outside : new int[] {-4, memory.capacity()}) {
            assertThatThrownBy(() -> ring().futexWakeAsync(memory, outside, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> ring().futexWakeAsync(memory, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
