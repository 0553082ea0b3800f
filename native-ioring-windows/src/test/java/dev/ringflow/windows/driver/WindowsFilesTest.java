package dev.ringflow.windows.driver;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.DriverAvailability;
import dev.ringflow.Ring;
import dev.ringflow.RingException;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import dev.ringflow.spi.OpCode;
import dev.ringflow.tck.DriverContract;
import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.internal.Libraries;
import dev.ringflow.windows.ioring.HResult;
import dev.ringflow.windows.ioring.IoRingConstants;
import dev.ringflow.windows.ioring.SimulatedIoRing;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the simulator of I/O rings makes go wrong: order, delay, shortness, full queues, refusals, and ends in flight. */
@ExtendWith(Simulators.class)
final class WindowsFilesTest extends DriverContract {
    private SimulatedIoRing simulator;

    @Override
    protected String driverName() {
        return "windows";
    }

    @BeforeEach
    void startAnew() {
        simulator = SimulatedIoRing.of("simioring");
        simulator.sim_ioring_reset(20261121);
    }

    @AfterEach
    void letGo() {
        simulator.sim_ioring_reset(1);
    }

    private RingFile newFile(Ring ring) {
        return await(ring.openFileAsync(directory.resolve("file"), READ, WRITE, CREATE));
    }

    private static byte[] content(int size) {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static ByteBuffer direct(byte[] content) {
        return ByteBuffer.allocateDirect(content.length).put(content).flip();
    }

    private void hold(int... ops) {
        long mask = 0;
        for (int op : ops) {
            mask |= 1L << op;
        }
        simulator.sim_ioring_set(SimulatedIoRing.HOLD, mask);
    }

    private void held(int count) {
        eventually(
                () -> count + " in flight, not " + simulator.sim_ioring_in_flight(),
                () -> simulator.sim_ioring_in_flight() == count);
    }

    @Test
    void transfersThatAreShortAndLateAreWholeInTheEnd() throws Exception {
        simulator.sim_ioring_set(SimulatedIoRing.SHORT_PERCENT, 60);
        simulator.sim_ioring_set(SimulatedIoRing.PEND_PERCENT, 30);
        byte[] content = content(300_000);
        RingFile file = newFile(ring());
        assertThat(await(file.writeFullyAsync(direct(content), 5))).isEqualTo(content.length);
        ByteBuffer in = ByteBuffer.allocateDirect(content.length);
        await(file.readFullyAsync(in, 5));
        assertThat(in.flip()).isEqualTo(direct(content));
        ByteBuffer[] parts = {
            ByteBuffer.allocateDirect(1000), ByteBuffer.allocate(5000), ByteBuffer.allocateDirect(70_000)
        };
        assertThat(await(file.readFullyAsync(parts, 5))).isEqualTo(76_000);
        assertThat(parts[2].flip().slice()).isEqualTo(direct(content).slice(6000, 70_000));
    }

    @Test
    void vectorsOfWholePagesPastTheCacheGoInOneEntry() throws Exception {
        RingFile file = await(ring().openFileAsync(
                        directory.resolve("pages"), READ, WRITE, CREATE, dev.ringflow.file.RingOpenOption.DIRECT_IO));
        byte[] content = content(5 * 4096);
        ByteBuffer[] out = {
            pages(2).put(content, 0, 8192).flip(),
            pages(3).put(content, 8192, 3 * 4096).flip()
        };
        hold(IoRingConstants.IORING_OP_WRITE_GATHER);
        RingFuture<Long> write = file.writeAsync(out, 4096);
        held(1);
        hold();
        assertThat(await(write)).isEqualTo((long) content.length);
        assertThat(out[1].hasRemaining()).isFalse();
        ByteBuffer[] in = {pages(4), pages(2)};
        hold(IoRingConstants.IORING_OP_READ_SCATTER);
        RingFuture<Long> read = file.readAsync(in, 4096);
        held(1);
        hold();
        assertThat(await(read)).as("up to the end").isEqualTo((long) content.length);
        assertThat(in[0].flip()).isEqualTo(direct(content).limit(4 * 4096));
        assertThat(in[1].flip()).isEqualTo(direct(content).position(4 * 4096));
        in[0].clear().limit(512);
        in[1].clear();
        assertThat(await(file.readAsync(in, 4096)))
                .as("not whole pages: one after the other")
                .isEqualTo(512L + 8192);
    }

    private static ByteBuffer pages(int count) {
        return DirectMemory.allocate(count * 4096, 4096);
    }

    @Test
    void moreAtOnceThanTheQueuesHoldAllComplete() throws Exception {
        Ring ring = open(options().entries(2));
        simulator.sim_ioring_set(SimulatedIoRing.PEND_PERCENT, 20);
        RingFile file = newFile(ring);
        byte[] content = content(500 * 16);
        List<RingFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            all.add(file.writeAsync(direct(java.util.Arrays.copyOfRange(content, i * 16, i * 16 + 16)), i * 16L));
        }
        all.forEach(each -> assertThat(await(each)).isEqualTo(16));
        assertThat(Files.readAllBytes(file.path())).isEqualTo(content);
    }

    @Test
    void cancelledReadCompletesWhenTheRingHasLetGo() throws Exception {
        RingFile file = newFile(ring());
        await(file.writeFullyAsync(direct(content(100)), 0));
        hold(IoRingConstants.IORING_OP_READ, IoRingConstants.IORING_OP_CANCEL);
        RingFuture<Integer> read = file.readAsync(ByteBuffer.allocateDirect(100), 0);
        held(1);
        read.cancel(false);
        held(2);
        assertThat(ring().metrics().inFlight())
                .as("the buffer is the ring's still")
                .isOne();
        hold(IoRingConstants.IORING_OP_READ);
        assertThat(failureOf(read)).isInstanceOf(CancellationException.class);
        eventually("nothing in flight", () -> ring().metrics().inFlight() == 0);
        hold();
        assertThat(await(file.readAsync(ByteBuffer.allocateDirect(100), 0))).isEqualTo(100);
    }

    @Test
    void cancellationsGetThroughFullQueues() {
        Ring ring = open(options().entries(16));
        RingFile file = newFile(ring);
        hold(IoRingConstants.IORING_OP_READ);
        List<RingFuture<Integer>> reads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            reads.add(file.readAsync(ByteBuffer.allocateDirect(10), 0));
        }
        reads.forEach(each -> each.cancel(false));
        reads.forEach(each -> assertThat(failureOf(each)).isInstanceOf(CancellationException.class));
        eventually("nothing in flight", () -> ring.metrics().inFlight() == 0);
    }

    @Test
    void syncWaitsForTheWritesBeforeIt() {
        RingFile file = newFile(ring());
        hold(IoRingConstants.IORING_OP_WRITE);
        RingFuture<Integer> write = file.writeAsync(direct(content(10)), 0);
        RingFuture<Void> sync = file.syncAsync();
        held(2);
        for (int i = 0; i < 20; i++) { // what may overtake it does
            await(file.readAsync(ByteBuffer.allocateDirect(1), 0));
        }
        assertThat(onLoop(ring(), sync::isDone)).isFalse();
        hold();
        await(write);
        await(sync);
    }

    @Test
    void submissionThatIsRefusedIsRepeated() {
        RingFile file = newFile(ring());
        simulator.sim_ioring_set(SimulatedIoRing.FAIL_SUBMIT, HResult.E_OUTOFMEMORY);
        assertThat(await(file.writeAsync(direct(content(10)), 0))).isEqualTo(10);
        simulator.sim_ioring_set(SimulatedIoRing.FAIL_SUBMIT, HResult.IORING_E_COMPLETION_QUEUE_TOO_FULL);
        assertThat(await(file.writeAsync(direct(content(10)), 10))).isEqualTo(10);
    }

    @Test
    void failureOfTheRingIsNamedWithItsCodeAndWhatToDo() {
        RingFile file = newFile(ring());
        simulator.sim_ioring_set(SimulatedIoRing.FAIL_PERCENT, 100);
        RingException failure = (RingException) failureOf(file.writeAsync(direct(content(10)), 0));
        assertThat(failure.codeName()).isEqualTo("ERROR_IO_DEVICE");
        assertThat(failure.code()).isEqualTo(HResult.ofWin32(1117));
        assertThat(failure).hasMessageContaining(file.path().toString()).hasMessageContaining(failure.advice());
    }

    @Test
    void ringOfVersionTwoReadsAndTheRestIsOverlapped() throws Exception {
        simulator.sim_ioring_set(SimulatedIoRing.MAX_VERSION, 2);
        Ring ring = open(options());
        assertThat(ring.capabilities().support(OpCode.READ)).isEqualTo(Support.NATIVE);
        assertThat(ring.capabilities().support(OpCode.WRITE)).isEqualTo(Support.ALTERNATIVE);
        assertThat(ring.capabilities().support(OpCode.SYNC)).isEqualTo(Support.HELPER_THREAD);
        RingFile file = newFile(ring);
        byte[] content = content(50_000);
        await(file.writeFullyAsync(direct(content), 0));
        await(file.syncAsync());
        ByteBuffer in = ByteBuffer.allocateDirect(content.length);
        await(file.readFullyAsync(in, 0));
        assertThat(in.flip()).isEqualTo(direct(content));
    }

    @Test
    void withoutAnyRingFilesAreOverlapped() throws Exception {
        simulator.sim_ioring_set(SimulatedIoRing.FAIL_QUERY, HResult.E_NOTIMPL);
        Ring ring = open(options());
        assertThat(ring.capabilities().support(OpCode.READ)).isEqualTo(Support.ALTERNATIVE);
        assertThat(ring.capabilities().registeredBuffers()).isFalse();
        assertThat(ring.capabilities().details().get("files")).contains("overlapped");
        RingFile file = newFile(ring);
        await(file.writeFullyAsync(direct(content(50_000)), 3));
        ByteBuffer in = ByteBuffer.allocateDirect(50_000);
        await(file.readFullyAsync(in, 3));
        assertThat(in.flip()).isEqualTo(direct(content(50_000)));
    }

    @Test
    void manyAppendsLeaveNoHoleAndLoseNothing() throws Exception {
        Path path = directory.resolve("log");
        RingFile file = await(ring().openFileAsync(path, WRITE, CREATE, APPEND));
        List<RingFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(file.writeAsync(direct(new byte[] {(byte) i, (byte) (i >> 8)}), 0));
        }
        all.forEach(DriverContract::await);
        await(file.syncAsync());
        byte[] written = Files.readAllBytes(path);
        assertThat(written).hasSize(2000);
        boolean[] seen = new boolean[1000];
        for (int i = 0; i < 2000; i += 2) {
            seen[written[i] & 0xFF | (written[i + 1] & 0xFF) << 8] = true;
        }
        assertThat(seen).doesNotContain(false);
    }

    @Test
    void registeredMemoryIsReadIntoByItsIndexAndMayBeReplacedMeanwhile() {
        RingFile file = newFile(ring());
        await(file.writeFullyAsync(direct(content(4096)), 0));
        try (BufferPool first = ring().bufferPool(4096, 2)) {
            assertThat(first.isRegistered()).isTrue();
            RingBuffer lease = first.acquire();
            hold(IoRingConstants.IORING_OP_READ);
            RingFuture<Integer> read = file.readAsync(lease, 0);
            held(1);
            int before = simulator.sim_ioring_count(SimulatedIoRing.BY_BUFFER);
            try (BufferPool second = ring().bufferPool(4096, 2)) {
                hold();
                assertThat(await(read)).isEqualTo(4096);
                assertThat(simulator.sim_ioring_count(SimulatedIoRing.BY_BUFFER))
                        .as("by its index")
                        .isEqualTo(before + 1);
                assertThat(lease.byteBuffer().flip()).isEqualTo(direct(content(4096)));
                lease.close();
                assertThat(countOfReadAndWrite(file, second))
                        .as("not in the table, which was in use")
                        .isZero();
            }
            try (BufferPool third = ring().bufferPool(4096, 2)) {
                assertThat(countOfReadAndWrite(file, third)).isEqualTo(2);
            }
        }
    }

    /** How many of two transfers of a pool's buffer went by the buffer's index. */
    private int countOfReadAndWrite(RingFile file, BufferPool pool) {
        int before = simulator.sim_ioring_count(SimulatedIoRing.BY_BUFFER);
        try (RingBuffer lease = pool.acquire()) {
            assertThat(await(file.readAsync(lease, 0))).isEqualTo(4096);
            assertThat(lease.byteBuffer().flip()).isEqualTo(direct(content(4096)));
            assertThat(await(file.writeAsync(lease, 0))).isEqualTo(4096);
        }
        return simulator.sim_ioring_count(SimulatedIoRing.BY_BUFFER) - before;
    }

    @Test
    void closedRingLeavesNoRingNoEventAndNoHandle() {
        int before = handles();
        int rings = simulator.sim_ioring_open_rings();
        for (int i = 0; i < 20; i++) {
            Ring ring = open(options());
            RingFile file = newFile(ring);
            await(file.writeFullyAsync(direct(content(10_000)), 0));
            hold(IoRingConstants.IORING_OP_READ);
            RingFuture<Integer> read = file.readAsync(ByteBuffer.allocateDirect(10), 0);
            held(1);
            await(ring.closeAsync());
            assertThat(outcomeOf(read)).isPresent();
            hold();
        }
        assertThat(simulator.sim_ioring_open_rings()).isEqualTo(rings);
        if (!Libraries.isWindows()) { // a JVM on Windows opens handles of its own
            eventually(() -> "as many handles as before, " + before + ", not " + handles(), () -> handles() == before);
        }
    }

    @Test
    void availabilityTellsWhatThereIs() {
        DriverAvailability found = new WindowsDriverProvider().availability();
        assertThat(found.isUsable()).isTrue();
        assertThat(found.explanation())
                .contains("completion ports")
                .contains("version 400")
                .contains("Registered I/O");
    }

    static int handles() {
        ByteBuffer count = DirectMemory.allocate(Integer.BYTES, Integer.BYTES);
        assertThat(Kernel32.getProcessHandleCount(DirectMemory.address(count))).isZero();
        return count.getInt(0);
    }
}
