package dev.ringflow.windows.ioring;

import static dev.ringflow.windows.ioring.IoRingConstants.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Cancelling, and shutting down with operations in flight. */
@ParameterizedClass
@ValueSource(strings = {"x64", "flattened"})
class IoRingCancelTest extends SimulatedRings {
    private final ByteBuffer buffer = IoRingMemory.allocate(4096, 1);
    private final IoRingBufferRef memory = new IoRingBufferRef().setBuffer(buffer);

    IoRingCancelTest(final String abi) {
        super(abi);
    }

    private void read(final IoRing ring, final IoRingHandleRef file, final long userData) {
        ok(ring.buildReadFile(file, memory, 8, 0, userData, 0));
    }

    @Test
    void bothTheOperationAndTheRequestComplete() throws Exception {
        final OverlappedFile file = file("both", new byte[8]);
        final IoRing ring = open(8);
        hold(IORING_OP_READ);
        final Set<String> codes = new HashSet<>();
        for (int i = 1; i <= 40; i += 4) {
            read(ring, file.ref(), i);
            read(ring, file.ref(), i + 1);
            ok(ring.submit());
            ok(ring.buildCancelRequest(file.ref(), i, i + 2));
            final Map<Long, Done> done = finish(ring, 2);
            assertThat(done.get(i + 2L).code()).isEqualTo(HResult.S_OK);
            assertThat(HResult.isCancelled(done.get((long) i).code())).isTrue();
            codes.add(HResult.name(done.get((long) i).code()));
            ok(ring.buildCancelRequest(file.ref(), i + 1, i + 3));
            finish(ring, 2);
        }
        assertThat(codes).as("Windows has two codes for it").containsOnly("E_ABORT", "ERROR_OPERATION_ABORTED");
        assertThat(HResult.isCancelled(HResult.NOT_FOUND)).isFalse();
    }

    @Test
    void whatHasCompletedIsNotFound() throws Exception {
        final OverlappedFile file = file("completed", new byte[8]);
        final OverlappedFile other = file("other", new byte[8]);
        final IoRing ring = open(8);
        read(ring, file.ref(), 1);
        finish(ring, 1);
        ok(ring.buildCancelRequest(file.ref(), 1, 2));
        assertThat(finish(ring)).isEqualTo(new Done(2, HResult.NOT_FOUND, 0));

        hold(IORING_OP_READ);
        read(ring, file.ref(), 3);
        ok(ring.submit());
        ok(ring.buildCancelRequest(other.ref(), 3, 4));
        assertThat(finish(ring)).as("another file").isEqualTo(new Done(4, HResult.NOT_FOUND, 0));
        hold();
        assertThat(finish(ring)).isEqualTo(new Done(3, HResult.S_OK, 8));
    }

    @Test
    void anIndexNamesTheFileToo() throws Exception {
        final OverlappedFile file = file("index", new byte[8]);
        final IoRing ring = open(8);
        final IoRingHandleRef index = IoRingHandleRef.fromIndex(0);
        hold(IORING_OP_READ);
        ok(ring.buildRegisterFileHandles(new long[] {file.handle()}, 1));
        read(ring, index, 2);
        finish(ring, 1);
        ok(ring.buildCancelRequest(index, 2, 3));
        final Map<Long, Done> done = finish(ring, 2);
        assertThat(done.get(3L).code()).isEqualTo(HResult.S_OK);
        assertThat(HResult.isCancelled(done.get(2L).code())).isTrue();
    }

    @Test
    void zeroIsRefusedSinceItCancelsEverythingInTheProcess() throws Exception {
        final OverlappedFile file = file("zero", new byte[8]);
        final OverlappedFile spared = file("spared", new byte[8]);
        final IoRing ring = open(8);
        final IoRing other = open(8);
        hold(IORING_OP_READ);
        read(ring, file.ref(), 1);
        read(ring, spared.ref(), 2);
        ok(ring.submit());
        read(other, file.ref(), 3);
        ok(other.submit());

        assertThatThrownBy(() -> ring.buildCancelRequest(file.ref(), 0, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("buildCancelAllRequests");

        ok(ring.buildCancelAllRequests(file.ref(), 5));
        final Map<Long, Done> done = finish(ring, 2);
        assertThat(done.get(5L).code()).isEqualTo(HResult.S_OK);
        assertThat(HResult.isCancelled(done.get(1L).code())).isTrue();
        assertThat(HResult.isCancelled(finish(other).code()))
                .as("another ring's")
                .isTrue();
        hold();
        assertThat(finish(ring)).isEqualTo(new Done(2, HResult.S_OK, 8));
    }

    @Test
    void aShutdownCancelsAndPopsAllBeforeItCloses() throws Exception {
        for (int round = 0; round < 20; round++) {
            simulator.sim_ioring_reset(round);
            simulator.sim_ioring_set(SimulatedIoRing.PEND_PERCENT, 50);
            final OverlappedFile file = file("shutdown" + round, bytes(4096, round));
            final IoRing ring = open(32);
            for (int i = 1; i <= 16; i++) {
                read(ring, file.ref(), i);
            }
            ok(ring.submit());
            for (int i = 1; i <= 16; i++) {
                ok(ring.buildCancelRequest(file.ref(), i, 100 + i));
            }
            final Map<Long, Done> done = finish(ring, 32);
            for (long i = 1; i <= 16; i++) {
                final boolean cancelled = HResult.isCancelled(done.get(i).code());
                assertThat(HResult.name(done.get(100 + i).code())).isEqualTo(cancelled ? "S_OK" : "ERROR_NOT_FOUND");
                assertThat(cancelled || done.get(i).information() == 8).isTrue();
            }
            assertThat(simulator.sim_ioring_in_flight()).isZero();
            ring.close();
        }
    }
}
