package dev.ringflow.windows.driver;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.file.RingFile;
import dev.ringflow.spi.OpCode;
import dev.ringflow.tck.DriverContract;
import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.Libraries;
import dev.ringflow.windows.ioring.IoRingConstants;
import dev.ringflow.windows.ioring.SimulatedIoRing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What I/O rings do that bites whoever expects it otherwise: see {@link WindowsFilesTest}, too. */
@ExtendWith(Simulators.class)
final class WindowsFileRingTest extends DriverContract {
    private SimulatedIoRing simulator;

    @Override
    protected String driverName() {
        return "windows";
    }

    @BeforeEach
    void startAnew() {
        simulator = SimulatedIoRing.of("simioring");
        simulator.sim_ioring_reset(11);
    }

    @AfterEach
    void letGo() {
        simulator.sim_ioring_reset(1);
    }

    private RingFile newFile(Ring ring) {
        return await(ring.openFileAsync(directory.resolve("file"), READ, WRITE, CREATE));
    }

    private void hold(int... ops) {
        long mask = 0;
        for (int op : ops) {
            mask |= 1L << op;
        }
        simulator.sim_ioring_set(SimulatedIoRing.HOLD, mask);
    }

    @Test
    void endOfTheFileIsTheEndHoweverTheRingSaysIt() {
        RingFile file = newFile(ring());
        await(file.writeAsync(ByteBuffer.allocateDirect(10), 0));
        assertThat(await(file.readAsync(ByteBuffer.allocateDirect(10), 10))).isEqualTo(-1);
        assertThat(await(file.readAsync(ByteBuffer.allocateDirect(10), 1L << 40)))
                .isEqualTo(-1);
        assertThat(await(file.readAsync(ByteBuffer.allocateDirect(10), 7))).isEqualTo(3);
        assertThat(await(file.readAsync(ByteBuffer.allocateDirect(0), 10))).isZero();
        ByteBuffer[] parts = {ByteBuffer.allocateDirect(6), ByteBuffer.allocateDirect(6)};
        assertThat(await(file.readAsync(parts, 0))).isEqualTo(10L);
    }

    @Test
    void cancellingOneEndsNoOtherOfTheSameFile() {
        RingFile file = newFile(ring());
        await(file.writeAsync(ByteBuffer.allocateDirect(10), 0));
        hold(IoRingConstants.IORING_OP_READ);
        List<RingFuture<Integer>> reads = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            reads.add(file.readAsync(ByteBuffer.allocateDirect(10), 0));
        }
        eventually("in flight", () -> simulator.sim_ioring_in_flight() == 40);
        for (int i = 0; i < 40; i += 2) {
            reads.get(i).cancel(false);
            await(reads.get(i).released());
        }
        assertThat(simulator.sim_ioring_in_flight()).isEqualTo(20);
        hold();
        for (int i = 0; i < 40; i++) {
            if (i % 2 == 0) {
                assertThat(failureOf(reads.get(i))).isInstanceOf(CancellationException.class);
            } else {
                assertThat(await(reads.get(i))).isEqualTo(10);
            }
        }
    }

    @Test
    void cancellationOfWhatIsCompleteFindsNobodyElseInItsSlot() {
        RingFile file = newFile(ring());
        await(file.writeAsync(ByteBuffer.allocateDirect(10), 0));
        for (int i = 0; i < 300; i++) {
            simulator.sim_ioring_set(SimulatedIoRing.PEND_PERCENT, i % 3 * 30);
            RingFuture<Integer> first = file.readAsync(ByteBuffer.allocateDirect(10), 0);
            first.cancel(false);
            assertThat(await(file.readAsync(ByteBuffer.allocateDirect(10), 0))).isEqualTo(10);
            await(first.released());
        }
        eventually("nothing in flight", () -> ring().metrics().inFlight() == 0);
    }

    @Test
    void ringThatLosesSignalsIsLeftAlone() {
        simulator.sim_ioring_set(SimulatedIoRing.MAX_VERSION, 1);
        Ring ring = open(options());
        assertThat(ring.capabilities().support(OpCode.READ)).isEqualTo(Support.ALTERNATIVE);
        assertThat(ring.capabilities().details().get("files"))
                .contains("overlapped")
                .contains("lose");
        RingFile file = newFile(ring);
        await(file.writeAsync(ByteBuffer.allocateDirect(10), 0));
        assertThat(await(file.readAsync(ByteBuffer.allocateDirect(10), 0))).isEqualTo(10);
        assertThat(await(file.readAsync(ByteBuffer.allocateDirect(10), 10))).isEqualTo(-1);
    }

    @Test
    void thousandFilesThatWereOpenLeaveNoHandle() {
        Ring ring = ring();
        await(newFile(ring).closeAsync());
        int handles = WindowsFilesTest.handles();
        for (int i = 0; i < 10; i++) {
            List<RingFuture<RingFile>> opening = new ArrayList<>();
            for (int j = 0; j < 100; j++) {
                opening.add(ring.openFileAsync(directory.resolve("file" + j), READ, WRITE, CREATE));
            }
            List<RingFile> files = opening.stream().map(DriverContract::await).toList();
            files.forEach(each -> each.writeAsync(ByteBuffer.allocateDirect(10), 0));
            files.stream().map(RingFile::closeAsync).toList().forEach(DriverContract::await);
        }
        int left = WindowsFilesTest.handles() - handles;
        assertThat(left).isLessThan(Libraries.isWindows() ? 100 : 1); // a JVM on Windows opens handles of its own
    }

    @Test
    void threadThatWaitsForTheRingEndsWithIt() {
        Ring ring = open(options());
        await(newFile(ring).closeAsync());
        assertThat(waiters(ring)).isOne();
        await(ring.closeAsync());
        eventually("the thread ends", () -> waiters(ring) == 0);
    }

    private static long waiters(Ring ring) {
        String name = ring.name();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().contains("I/O ring event")
                        && each.getName().startsWith(name))
                .count();
    }
}
