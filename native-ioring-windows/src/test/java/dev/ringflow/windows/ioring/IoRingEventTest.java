package dev.ringflow.windows.ioring;

import static dev.ringflow.windows.ioring.IoRingConstants.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The completion event. */
@ParameterizedClass
@ValueSource(strings = {"x64", "flattened"})
class IoRingEventTest extends SimulatedRings {
    private static final int LONG = 20_000;

    private final ByteBuffer buffer = IoRingMemory.allocate(8, 1);
    private final IoRingBufferRef memory = new IoRingBufferRef().setBuffer(buffer);

    IoRingEventTest(final String abi) {
        super(abi);
    }

    private void reads(final IoRing ring, final OverlappedFile file, final int from, final int count) {
        for (int i = from; i < from + count; i++) {
            ok(ring.buildReadFile(file.ref(), memory, 8, 0, i, 0));
        }
    }

    @Test
    void onlyTheFirstCompletionOfAnEmptyQueueSetsIt() throws Exception {
        final OverlappedFile file = file("edge", new byte[8]);
        final IoRing ring = open(8);
        final CompletionEvent event = closedLater(CompletionEvent.open());
        ok(ring.setCompletionEvent(event.handle()));
        assertThat(event.await(0)).isEqualTo(HResult.S_FALSE);

        reads(ring, file, 1, 8);
        ok(ring.submit(8, INFINITE));
        ok(event.await(LONG));
        assertThat(event.await(20)).as("a second signal of the same batch").isEqualTo(HResult.S_FALSE);

        final IoRingCompletion completion = new IoRingCompletion();
        ok(ring.popCompletion(completion));
        reads(ring, file, 9, 1);
        ok(ring.submit(1, INFINITE));
        assertThat(event.await(20)).as("a signal while completions are left").isEqualTo(HResult.S_FALSE);
        assertThat(pop(ring)).hasSize(8);
        reads(ring, file, 10, 1);
        ok(ring.submit());
        ok(event.await(LONG));
        assertThat(pop(ring)).containsOnlyKeys(10L);
    }

    @Test
    void anEventThatComesLateIsSignalledByHand() throws Exception {
        final OverlappedFile file = file("late", new byte[8]);
        final IoRing ring = open(8);
        reads(ring, file, 1, 2);
        ok(ring.submit(2, INFINITE));
        final CompletionEvent event = closedLater(CompletionEvent.open());
        ok(ring.setCompletionEvent(event.handle()));
        assertThat(event.await(20)).isEqualTo(HResult.S_FALSE);
        ok(event.signal());
        ok(event.await(LONG));
        assertThat(pop(ring)).hasSize(2);
    }

    @Test
    void aLoopThatPopsUntilTheQueueIsEmptyMissesNothing() throws Exception {
        final OverlappedFile file = file("loop", new byte[8]);
        for (int round = 0; round < 10; round++) {
            simulator.sim_ioring_reset(round);
            simulator.sim_ioring_set(SimulatedIoRing.PEND_PERCENT, 30);
            final IoRing ring = open(16);
            final CompletionEvent event = closedLater(CompletionEvent.open());
            ok(ring.setCompletionEvent(event.handle()));
            final Set<Long> done = new HashSet<>();
            int built = 0;
            while (done.size() < 128) {
                if (built < 128 && built - done.size() <= 16) {
                    reads(ring, file, built + 1, 16);
                    built += 16;
                    ok(ring.submit());
                }
                ok(event.await(LONG));
                done.addAll(pop(ring).keySet());
            }
            assertThat(done).hasSize(128);
        }
    }

    @Test
    void theRingHasADuplicateOfItsOwn() throws Exception {
        final OverlappedFile file = file("duplicate", new byte[8]);
        final IoRing ring = open(8);
        final CompletionEvent first = closedLater(CompletionEvent.open());
        final CompletionEvent second = closedLater(CompletionEvent.open());
        ok(ring.setCompletionEvent(first.handle()));
        ok(ring.setCompletionEvent(second.handle()));
        reads(ring, file, 1, 1);
        ok(ring.submit());
        ok(second.await(LONG));
        assertThat(first.await(0)).as("a replaced event").isEqualTo(HResult.S_FALSE);
        pop(ring);

        ok(ring.setCompletionEvent(0));
        reads(ring, file, 2, 1);
        ok(ring.submit(1, INFINITE));
        assertThat(second.await(20)).as("an event that was taken away").isEqualTo(HResult.S_FALSE);
        pop(ring);

        ok(ring.setCompletionEvent(second.handle()));
        second.close();
        reads(ring, file, 3, 1);
        assertThat(finish(ring, 1)).containsOnlyKeys(3L);
        assertThatThrownBy(second::handle).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> second.await(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsNoEventIsRefused() throws Exception {
        final IoRing ring = open(8);
        assertThat(HResult.isFailure(ring.setCompletionEvent(INVALID_HANDLE_VALUE)))
                .isTrue();
        simulator.sim_ioring_set(SimulatedIoRing.FEATURES, IORING_FEATURE_FLAGS_NONE);
        final CompletionEvent event = closedLater(CompletionEvent.open());
        assertThat(ring.setCompletionEvent(event.handle())).isEqualTo(HResult.E_NOTIMPL);
    }
}
