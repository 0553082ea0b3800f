package dev.ringflow.buffer;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** The free buffers of a pool, with the steps of those who take and give back in every order that Lincheck finds. */
final class FreeSlotsLincheckTest {
    private static final int SLOTS = 3;

    @Test
    void everyBufferHasOneOwner() {
        new ModelCheckingOptions()
                .iterations(6)
                .invocationsPerIteration(150)
                .threads(3)
                .actorsBefore(1)
                .actorsPerThread(2)
                .actorsAfter(0)
                .minimizeFailedScenario(false)
                .check(Leasing.class);
    }

    /** Buffers that are taken and given back, never by the rules of a stack alone. */
    public static final class Leasing {
        private final FreeSlots free = new FreeSlots(SLOTS, 1);
        private final Queue<BufferSlot> taken = new ConcurrentLinkedQueue<>();

        /** All are free. */
        public Leasing() {
            BufferSlot[] slots = new BufferSlot[SLOTS];
            for (int i = 0; i < SLOTS; i++) {
                slots[i] = new BufferSlot(null, null, ByteBuffer.allocate(0), i);
            }
            free.add(0, slots);
            for (BufferSlot each : slots) {
                free.push(each);
            }
        }

        @Operation
        public void take() {
            BufferSlot slot = free.pop();
            if (slot != null) {
                taken.add(slot);
            }
        }

        @Operation
        public void giveBack() {
            BufferSlot slot = taken.poll();
            if (slot != null) {
                free.push(slot);
            }
        }

        @Operation
        public void takeTwoAndGiveBackInTheOrderOfTaking() {
            BufferSlot first = free.pop();
            BufferSlot second = free.pop();
            if (first != null) {
                free.push(first);
            }
            if (second != null) {
                free.push(second);
            }
        }

        @Validate
        public void eachIsFreeOrTaken() {
            int[] seen = new int[SLOTS];
            for (BufferSlot each : taken) {
                seen[each.index]++;
            }
            int left = free.size();
            for (BufferSlot each = free.pop(); each != null; each = free.pop()) {
                seen[each.index]++;
                left--;
            }
            for (int i = 0; i < SLOTS; i++) {
                if (seen[i] != 1) {
                    throw new IllegalStateException("Slot " + i + " is there " + seen[i] + " times");
                }
            }
            if (left != 0) {
                throw new IllegalStateException("It told a wrong size, by " + left);
            }
        }
    }
}
