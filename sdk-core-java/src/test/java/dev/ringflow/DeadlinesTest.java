package dev.ringflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DeadlinesTest {
    private final TimerQueue timers = new TimerQueue();
    private final List<Operation> cancelled = new ArrayList<>();

    private Deadlines deadlines() {
        EventLoop loop = EventLoop.start(
                new ScriptedDriver.Provider("scripted", 1, null, operation -> 0), RingOptions.defaults());
        loop.opened().join();
        loop.close().join();
        return new Deadlines(loop, timers, operation -> {
            operation.requestCancel();
            cancelled.add(operation);
        });
    }

    @Test
    void timesThatAreNotUsedUpLeaveNoTimerBehind() {
        Deadlines deadlines = deadlines();
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Operation operation = new Operation().timeoutNanos(1_000_000_000_000L + i * 7919 % 1000);
            operations.add(operation);
            deadlines.begin(operation);
        }
        for (Operation each : operations) {
            assertThat(deadlines.end(each, 5)).isEqualTo(5);
        }
        assertThat(timers.isEmpty()).isTrue();
        assertThat(cancelled).isEmpty();
    }

    @Test
    void onlyWhatItsTimeHasCancelledIsTimedOut() {
        Deadlines deadlines = deadlines();
        Operation late = new Operation().timeoutNanos(1);
        Operation done = new Operation().timeoutNanos(1);
        Operation cancelledBefore = new Operation().timeoutNanos(1);
        for (Operation each : List.of(late, done, cancelledBefore)) {
            deadlines.begin(each);
        }
        cancelledBefore.requestCancel();
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < 10) {
            Thread.onSpinWait();
        }
        timers.runDue(Runnable::run);
        assertThat(cancelled).containsExactlyInAnyOrder(late, done);
        assertThat(deadlines.end(late, ResultCodes.CANCELED)).isEqualTo(ResultCodes.TIMED_OUT);
        assertThat(deadlines.end(done, 7)).isEqualTo(7);
        assertThat(deadlines.end(cancelledBefore, ResultCodes.CANCELED)).isEqualTo(ResultCodes.CANCELED);
        assertThat(timers.isEmpty()).isTrue();
    }
}
