package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingClosedException;
import dev.ringflow.RingException;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.event.ProcessExit;
import dev.ringflow.spi.OpCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The end of processes, told beside the JDK, which waits for its processes as well. */
public abstract class ChildExitContract extends DriverContract {
    private static final int SIGKILL = 9;
    private final List<Process> started = new ArrayList<>();

    /** For subclasses. */
    protected ChildExitContract() {}

    @AfterEach
    final void endsItsProcesses() throws InterruptedException {
        for (Process each : started) {
            each.destroyForcibly();
            each.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private Process shell(String script) {
        try {
            Process process = new ProcessBuilder("sh", "-c", script).start();
            started.add(process);
            return process;
        } catch (IOException e) {
            return Assumptions.abort("there is no sh here: " + e.getMessage());
        }
    }

    /** Whether the driver waits by itself. */
    private boolean waits() {
        return ring().capabilities().support(OpCode.WAIT_CHILD) != Support.NONE;
    }

    @Test
    void exitStatusIsToldToTheRingAndToTheJdk() throws Exception {
        for (int i = 0; i < 20; i++) {
            Process process = shell("read line; exit " + i);
            RingFuture<ProcessExit> exit = ring().waitForExitAsync(process);
            assertThat(exit).isNotDone();
            process.getOutputStream().close();
            ProcessExit told = await(exit);
            assertThat(told.pid()).isEqualTo(process.pid());
            assertThat(told.status()).hasValue(i);
            assertThat(told.signal()).isEmpty();
            assertThat(told.isSuccess()).isEqualTo(i == 0);
            assertThat(process.waitFor()).isEqualTo(i);
        }
    }

    @Test
    void processThatHasEndedAlreadyIsToldAtOnce() throws Exception {
        Process process = shell("exit 3");
        process.waitFor();
        assertThat(await(ring().waitForExitAsync(process)).status()).hasValue(3);
    }

    @Test
    void manyEndTogether() throws IOException {
        List<RingFuture<ProcessExit>> exits = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            exits.add(ring().waitForExitAsync(shell("exit " + i)));
        }
        for (int i = 0; i < exits.size(); i++) {
            assertThat(await(exits.get(i)).status()).hasValue(i);
        }
        assertThat(ring().metrics().inFlight()).isZero();
    }

    @Test
    void signalIsToldAsSuchOrAsTheJdkTellsIt() throws IOException {
        Process process = shell("sleep 100");
        RingFuture<ProcessExit> exit = ring().waitForExitAsync(process);
        process.destroyForcibly();
        ProcessExit told = await(exit);
        if (told.reason() == ProcessExit.Reason.EXITED) {
            assertThat(told.status()).hasValue(128 + SIGKILL);
        } else {
            assertThat(told.reason()).isEqualTo(ProcessExit.Reason.KILLED);
            assertThat(told.signal()).hasValue(SIGKILL);
            assertThat(told.status()).isEmpty();
        }
        assertThat(told.isSuccess()).isFalse();
    }

    /** A child of a child; the shell tells its number. */
    private ProcessHandle grandchild() throws IOException {
        Process parent = shell("sleep 100 & echo $!; wait");
        BufferedReader output =
                new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.US_ASCII));
        return ProcessHandle.of(Long.parseLong(Objects.requireNonNull(output.readLine())))
                .orElseThrow();
    }

    @Test
    void endOfAProcessThatIsNoChildIsTold() throws IOException {
        ProcessHandle process = grandchild();
        RingFuture<ProcessExit> exit = ring().waitForExitAsync(process);
        onLoop(ring(), () -> null);
        assertThat(exit).isNotDone();
        process.destroyForcibly();
        ProcessExit told = await(exit);
        assertThat(told.pid()).isEqualTo(process.pid());
        assertThat(told.reason()).isIn(ProcessExit.Reason.UNKNOWN, ProcessExit.Reason.KILLED);
        assertThat(told.isSuccess()).isFalse();
    }

    @Test
    void processIsKnownByItsNumberAlone() throws Exception {
        Assumptions.assumeTrue(waits(), () -> "the driver " + driverName() + " knows no processes");
        ProcessHandle process = grandchild();
        RingFuture<ProcessExit> exit = ring().waitForExitAsync(process.pid());
        onLoop(ring(), () -> null); // begun, before the number is nobody's
        process.destroyForcibly();
        assertThat(await(exit).pid()).isEqualTo(process.pid());

        Process reaped = shell("exit 0");
        reaped.waitFor();
        assertThat(failureOf(ring().waitForExitAsync(reaped.pid())))
                .isInstanceOf(RingException.class)
                .hasMessageContaining("ESRCH");
    }

    @Test
    void driverThatKnowsNoProcessesSaysSo() {
        Assumptions.assumeFalse(waits(), () -> "the driver " + driverName() + " waits for processes");
        assertThat(failureOf(ring().waitForExitAsync(ProcessHandle.current().pid())))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("WAIT_CHILD")
                .hasMessageContaining(driverName());
    }

    @Test
    void cancelledWaitLeavesTheProcessAlone() throws IOException {
        Process process = shell("sleep 100");
        RingFuture<ProcessExit> cancelled = ring().waitForExitAsync(process);
        RingFuture<ProcessExit> stays = ring().waitForExitAsync(process);
        onLoop(ring(), () -> null);
        cancelled.cancel(false);
        eventually("one wait is left", () -> ring().metrics().inFlight() == (waits() ? 1 : 0));
        assertThat(process.isAlive()).isTrue();
        process.destroyForcibly();
        assertThat(await(stays).isSuccess()).isFalse();
    }

    @Test
    void closingTheRingEndsTheWait() throws IOException {
        RingFuture<ProcessExit> process = ring().waitForExitAsync(shell("sleep 100"));
        RingFuture<ProcessExit> handle = ring().waitForExitAsync(grandchild());
        onLoop(ring(), () -> null);
        ring().close();
        assertThat(failureOf(process)).isInstanceOf(RingClosedException.class);
        assertThat(failureOf(handle)).isInstanceOf(RingClosedException.class);
    }

    @Test
    void wrongNumbersAreRefused() {
        for (long wrong : new long[] {0, -1, 1L << 31}) {
            assertThatThrownBy(() -> ring().waitForExitAsync(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
