package dev.ringflow.windows.driver;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingException;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.file.RingFile;
import dev.ringflow.file.RingOpenOption;
import dev.ringflow.spi.OpCode;
import dev.ringflow.tck.DriverContract;
import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.Libraries;
import dev.ringflow.windows.ioring.HResult;
import dev.ringflow.windows.ioring.IoRingConstants;
import dev.ringflow.windows.ioring.SimulatedIoRing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Direct descriptors: what the ring's table of files holds, and when. */
@ExtendWith(Simulators.class)
final class WindowsFileTableTest extends DriverContract {
    private SimulatedIoRing simulator;

    @Override
    protected String driverName() {
        return "windows";
    }

    @BeforeEach
    void startAnew() {
        simulator = SimulatedIoRing.of("simioring");
        simulator.sim_ioring_reset(7);
    }

    @AfterEach
    void letGo() {
        simulator.sim_ioring_reset(1);
    }

    private RingFuture<RingFile> opening(Ring ring, String name) {
        return ring.openFileAsync(directory.resolve(name), READ, WRITE, CREATE, RingOpenOption.DIRECT_DESCRIPTOR);
    }

    private int count(int which) {
        return simulator.sim_ioring_count(which);
    }

    @Test
    void filesOfTheTableGoByTheirIndexAndAreRegisteredTogether() {
        int before = count(SimulatedIoRing.FILE_REGISTRATIONS);
        int byFile = count(SimulatedIoRing.BY_FILE);
        List<RingFuture<RingFile>> all = new ArrayList<>();
        var gate = blockLoop(ring());
        for (int i = 0; i < 50; i++) {
            all.add(opening(ring(), "f" + i));
        }
        gate.complete(null);
        for (int i = 0; i < 50; i++) {
            RingFile file = await(all.get(i));
            assertThat(await(file.writeAsync(ByteBuffer.allocateDirect(1 + i), 0)))
                    .isEqualTo(1 + i);
            assertThat(await(file.readAsync(ByteBuffer.allocateDirect(100), 0))).isEqualTo(1 + i);
            await(file.syncAsync());
        }
        assertThat(count(SimulatedIoRing.BY_FILE)).isEqualTo(byFile + 150);
        assertThat(count(SimulatedIoRing.FILE_REGISTRATIONS)).isBetween(before + 1, before + 50);
        assertThat(simulator.sim_ioring_table_files()).isEqualTo(50);
    }

    @Test
    void closedFileIsInNoTableAnyMore() {
        List<RingFile> files = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            files.add(await(opening(ring(), "f" + i)));
        }
        for (int i = 9; i >= 0; i--) {
            await(files.get(i).closeAsync());
            assertThat(simulator.sim_ioring_table_files()).isEqualTo(i);
        }
    }

    @Test
    void tableIsReplacedWhileReadsAreInFlightAndTheyReadTheirOwnFiles() {
        List<RingFile> files = new ArrayList<>();
        List<ByteBuffer> buffers = new ArrayList<>();
        List<RingFuture<Integer>> reads = new ArrayList<>();
        simulator.sim_ioring_set(SimulatedIoRing.HOLD, 1L << IoRingConstants.IORING_OP_READ);
        for (int i = 0; i < 20; i++) {
            RingFile file = await(opening(ring(), "f" + i));
            await(file.writeAsync(ByteBuffer.allocateDirect(1).put(0, (byte) (i + 1)), 0));
            ByteBuffer in = ByteBuffer.allocateDirect(1);
            files.add(file);
            buffers.add(in);
            reads.add(file.readAsync(in, 0));
        }
        RingFile extra = await(opening(ring(), "extra"));
        await(extra.closeAsync());
        simulator.sim_ioring_set(SimulatedIoRing.HOLD, 0);
        for (int i = 0; i < 20; i++) {
            assertThat(await(reads.get(i))).isOne();
            assertThat(buffers.get(i).get(0)).isEqualTo((byte) (i + 1));
        }
    }

    @Test
    void fileThatWindowsDoesNotRegisterIsClosedAndItsPlaceIsFree() {
        Ring ring = open(options().fileTable(1));
        await(await(opening(ring, "a")).closeAsync());
        int handles = WindowsFilesTest.handles();
        for (int i = 0; i < 20; i++) {
            simulator.sim_ioring_set(SimulatedIoRing.FAIL_REGISTER, HResult.E_OUTOFMEMORY);
            assertThat(failureOf(opening(ring, "a")))
                    .isInstanceOf(RingException.class)
                    .hasMessageContaining("E_OUTOFMEMORY");
        }
        assertThat(ring.metrics().openHandles()).isZero();
        eventually("the place is free", () -> outcomeOf(opening(ring, "a")).isEmpty());
        if (!Libraries.isWindows()) { // a JVM on Windows opens handles of its own
            assertThat(WindowsFilesTest.handles()).isEqualTo(handles + 1);
        }
    }

    @Test
    void withoutAnIoRingThereAreNoneAndTheDriverSaysSo() {
        simulator.sim_ioring_set(SimulatedIoRing.FAIL_QUERY, HResult.E_NOTIMPL);
        Ring ring = open(options());
        assertThat(ring.capabilities().support(OpCode.OPEN_DIRECT)).isEqualTo(Support.NONE);
        assertThat(failureOf(opening(ring, "a")))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("windows")
                .hasMessageContaining("OPEN_DIRECT")
                .hasMessageContaining("I/O ring");
        assertThat(directory).isEmptyDirectory();
    }
}
