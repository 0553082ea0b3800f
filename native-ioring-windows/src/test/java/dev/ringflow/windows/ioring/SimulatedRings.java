package dev.ringflow.windows.ioring;

import static dev.ringflow.windows.ioring.IoRingConstants.IORING_VERSION_4;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.IoRingLibrary;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.internal.Libraries;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rings of one simulator, with either way of passing references; after each test nothing is open and nothing in flight. */
@ExtendWith(Simulators.class)
abstract class SimulatedRings {
    final IoRingLibrary library;
    final SimulatedIoRing simulator;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private int handlesBefore;

    @TempDir
    private Path directory;

    SimulatedRings(final String abi) {
        final boolean flattened = abi.equals("flattened");
        final String name = flattened ? "simioring-flattened" : "simioring";
        if (Simulators.isReal() && flattened != Libraries.passesStructuresInRegisters()) {
            throw Simulators.without("the way of passing references that this machine has not");
        }
        final String path = Simulators.isReal()
                ? Libraries.locate(IoRingLibrary.LIBRARY_PROPERTY, "KernelBase")
                : Simulators.path(name);
        library = IoRingLibrary.load(path, flattened);
        simulator = SimulatedIoRing.of(name);
        assertThat(library.isFlattened()).isEqualTo(flattened);
    }

    record Done(long userData, int code, long information) {}

    @BeforeEach
    final void startAnew() {
        simulator.sim_ioring_reset(20261121);
        handlesBefore = openHandles();
    }

    @AfterEach
    final void leaveNothing() throws Exception {
        simulator.sim_ioring_reset(1);
        for (int i = opened.size(); --i >= 0; ) {
            opened.get(i).close();
        }
        awaitTrue("nothing in flight", () -> simulator.sim_ioring_in_flight() == 0);
        assertThat(simulator.sim_ioring_open_rings()).as("open rings").isZero();
        if (!Libraries.isWindows()) { // a JVM on Windows opens handles of its own
            awaitTrue("as many handles as before", () -> openHandles() == handlesBefore);
        }
    }

    static int openHandles() {
        final ByteBuffer count = DirectMemory.allocate(Integer.BYTES, Integer.BYTES);
        assertThat(Kernel32.getProcessHandleCount(DirectMemory.address(count))).isZero();
        return count.getInt(0);
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void awaitTrue(final String what, final Condition condition) throws Exception {
        final long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                fail("not within 20 s: " + what);
            }
            Thread.sleep(1);
        }
    }

    final <T extends AutoCloseable> T closedLater(final T resource) {
        opened.add(resource);
        return resource;
    }

    final IoRing open(final int size) throws IOException {
        return open(IORING_VERSION_4, size);
    }

    final IoRing open(final int version, final int size) throws IOException {
        return closedLater(IoRing.create(library, version, 0, 0, size, 0));
    }

    final Path path(final String name) {
        return directory.resolve(name);
    }

    final OverlappedFile file(final String name, final byte[] content) throws IOException {
        return file(name, content, 0);
    }

    final OverlappedFile file(final String name, final byte[] content, final int flags) throws IOException {
        Files.write(path(name), content);
        return closedLater(OverlappedFile.open(
                path(name),
                OverlappedFile.GENERIC_READ | OverlappedFile.GENERIC_WRITE,
                OverlappedFile.FILE_SHARE_READ | OverlappedFile.FILE_SHARE_WRITE | OverlappedFile.FILE_SHARE_DELETE,
                OverlappedFile.OPEN_EXISTING,
                flags));
    }

    static byte[] bytes(final int size, final long seed) {
        final byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static ByteBuffer filled(final byte[] content) {
        return IoRingMemory.allocate(content.length, 1).put(0, content);
    }

    static byte[] content(final ByteBuffer buffer, final int offset, final int size) {
        final byte[] bytes = new byte[size];
        buffer.get(offset, bytes);
        return bytes;
    }

    static void ok(final int result) {
        assertThat(HResult.name(result)).isEqualTo("S_OK");
    }

    static Map<Long, Done> pop(final IoRing ring) {
        final Map<Long, Done> done = new HashMap<>();
        final IoRingCompletion completion = new IoRingCompletion();
        while (ring.popCompletion(completion) == HResult.S_OK) {
            final Done one = new Done(completion.userData(), completion.resultCode(), completion.information());
            assertThat(done.put(one.userData, one))
                    .as("a second completion of it")
                    .isNull();
        }
        return done;
    }

    /** Submits what is built, and waits until that many completions came. */
    static Map<Long, Done> finish(final IoRing ring, final int count) throws Exception {
        ok(ring.submit());
        final Map<Long, Done> done = new HashMap<>();
        awaitTrue(count + " completions", () -> {
            pop(ring)
                    .forEach((userData, one) ->
                            assertThat(done.put(userData, one)).isNull());
            // what completed before the wait does not count for it, so it needs a limit
            return done.size() >= count || !IoRing.isSubmitted(ring.submit(1, 10));
        });
        assertThat(done).hasSize(count);
        return done;
    }

    /** Submits the one entry that is built: its completion. */
    static Done finish(final IoRing ring) throws Exception {
        return finish(ring, 1).values().iterator().next();
    }

    final void hold(final int... ops) {
        long mask = 0;
        for (final int op : ops) {
            mask |= 1L << op;
        }
        simulator.sim_ioring_set(SimulatedIoRing.HOLD, mask);
    }

    static void keep(final Object memory) {
        Reference.reachabilityFence(memory);
    }
}
