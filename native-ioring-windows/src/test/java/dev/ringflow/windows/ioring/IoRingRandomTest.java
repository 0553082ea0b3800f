package dev.ringflow.windows.ioring;

import static dev.ringflow.windows.ioring.IoRingConstants.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many operations in a random order, some pending, short or failing: each completes once, and says what it did. */
@ParameterizedClass
@ValueSource(strings = {"x64", "flattened"})
class IoRingRandomTest extends SimulatedRings {
    private static final int BLOCK = 64;
    private static final int BLOCKS = 256;
    private static final int SLOTS = 32;

    IoRingRandomTest(final String abi) {
        super(abi);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyOperationCompletesOnceWithWhatItDid(final long seed) throws Exception {
        simulator.sim_ioring_reset(seed);
        simulator.sim_ioring_set(SimulatedIoRing.PEND_PERCENT, 5);
        simulator.sim_ioring_set(SimulatedIoRing.SHORT_PERCENT, 20);
        simulator.sim_ioring_set(SimulatedIoRing.FAIL_PERCENT, 10);
        final Random random = new Random(seed);
        final byte[] expected = bytes(BLOCK * BLOCKS, seed);
        final OverlappedFile file = file("random", expected);
        final IoRing ring = open(16);
        final ByteBuffer slots = IoRingMemory.allocate(SLOTS * BLOCK, 1);
        final IoRingBufferRef memory = new IoRingBufferRef();
        final Map<Long, Integer> inFlight = new HashMap<>(); // user data to block, negative - 1 for a write
        final Set<Integer> busy = new HashSet<>();
        final IoRingCompletion completion = new IoRingCompletion();
        final Set<String> seen = new HashSet<>();
        long next = 1;
        int done = 0;
        while (done < 1000) {
            while (inFlight.size() < SLOTS && random.nextInt(8) != 0) {
                final int block = random.nextInt(BLOCKS);
                final int slot = (int) (next % SLOTS);
                if (inFlight.keySet().stream().anyMatch(userData -> userData % SLOTS == slot) || !busy.add(block)) {
                    break;
                }
                final boolean write = random.nextBoolean();
                memory.setPointer(IoRingMemory.address(slots) + (long) slot * BLOCK);
                slots.put(slot * BLOCK, bytes(BLOCK, next));
                int result = HResult.IORING_E_SUBMISSION_QUEUE_FULL;
                while (result == HResult.IORING_E_SUBMISSION_QUEUE_FULL) {
                    result = write
                            ? ring.buildWriteFile(file.ref(), memory, BLOCK, (long) block * BLOCK, 0, next, 0)
                            : ring.buildReadFile(file.ref(), memory, BLOCK, (long) block * BLOCK, next, 0);
                    if (result == HResult.IORING_E_SUBMISSION_QUEUE_FULL) {
                        ok(ring.submit());
                    }
                }
                ok(result);
                inFlight.put(next++, write ? -block - 1 : block);
            }
            final int submitted = ring.submit(random.nextInt(2), 5);
            assertThat(IoRing.isSubmitted(submitted))
                    .as(HResult.name(submitted))
                    .isTrue();
            while (ring.popCompletion(completion) == HResult.S_OK) {
                final Integer what = inFlight.remove(completion.userData());
                assertThat(what).as("a completion of nothing, or a second one").isNotNull();
                final int block = what >= 0 ? what : -what - 1;
                busy.remove(block);
                done++;
                final int count = (int) completion.information();
                seen.add(HResult.name(completion.resultCode()) + (count < BLOCK ? " short" : ""));
                final int slot = (int) (completion.userData() % SLOTS);
                final byte[] brought = content(slots, slot * BLOCK, count);
                if (what >= 0) {
                    assertThat(brought)
                            .isEqualTo(java.util.Arrays.copyOfRange(expected, block * BLOCK, block * BLOCK + count));
                } else {
                    System.arraycopy(brought, 0, expected, block * BLOCK, count);
                }
            }
        }
        simulator.sim_ioring_set(SimulatedIoRing.FAIL_PERCENT, 0);
        while (!inFlight.isEmpty()) {
            ring.submit(1, 5);
            pop(ring).forEach((userData, one) -> {
                final int what = inFlight.remove(userData);
                final int slot = (int) (userData % SLOTS);
                if (what < 0) {
                    final byte[] written = content(slots, slot * BLOCK, (int) one.information());
                    System.arraycopy(written, 0, expected, (-what - 1) * BLOCK, written.length);
                }
            });
        }
        assertThat(Files.readAllBytes(path("random"))).isEqualTo(expected);
        assertThat(seen).containsExactlyInAnyOrder("S_OK", "S_OK short", "ERROR_IO_DEVICE short");
    }
}
