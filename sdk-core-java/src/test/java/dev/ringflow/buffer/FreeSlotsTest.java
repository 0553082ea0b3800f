package dev.ringflow.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FreeSlotsTest {
    private static FreeSlots filled(int slabSize, int slabs) {
        FreeSlots free = new FreeSlots(slabSize, slabs);
        for (int i = 0; i < slabs; i++) {
            BufferSlot[] slots = new BufferSlot[slabSize];
            for (int j = 0; j < slabSize; j++) {
                slots[j] = new BufferSlot(null, null, ByteBuffer.allocate(0), i * slabSize + j);
            }
            free.add(i, slots);
            for (BufferSlot each : slots) {
                free.push(each);
            }
        }
        return free;
    }

    @Test
    void lastOneBackIsTheNextOneOut() {
        FreeSlots free = filled(3, 2);
        assertThat(free.size()).isEqualTo(6);
        for (int i = 5; i >= 0; i--) {
            assertThat(free.pop()).isSameAs(free.at(i));
            assertThat(free.size()).isEqualTo(i);
        }
        assertThat(free.pop()).isNull();
        free.push(free.at(4));
        free.push(free.at(1));
        assertThat(free.size()).isEqualTo(2);
        assertThat(free.pop()).isSameAs(free.at(1));
    }

    /**
     * With three slots, given back in another order than they were taken in, the same slot is on top again and again,
     * above another one, while somebody looks at it and is interrupted.
     */
    @Test
    void slotThatLeavesAndComesBackDeceivesNobody() throws Exception {
        FreeSlots free = filled(3, 1);
        int[] owners = new int[3];
        List<CompletableFuture<Integer>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(CompletableFuture.supplyAsync(() -> takeAndGiveBack(free, owners), FreeSlotsTest::newThread));
        }
        int taken = 0;
        for (CompletableFuture<Integer> each : threads) {
            taken += each.get(60, TimeUnit.SECONDS);
        }
        assertThat(taken).isPositive();
        assertThat(owners[0] + owners[1] + owners[2])
                .as("each change was made by the only owner")
                .isEqualTo(taken);
        assertThat(free.size()).isEqualTo(3);
        assertThat(List.of(free.pop(), free.pop(), free.pop())).doesNotHaveDuplicates();
        assertThat(free.pop()).isNull();
    }

    private static void newThread(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    }

    private static int takeAndGiveBack(FreeSlots free, int[] owners) {
        int taken = 0;
        for (int i = 0; i < 1_000_000; i++) {
            BufferSlot one = free.pop();
            BufferSlot two = one == null ? null : free.pop();
            for (BufferSlot each : new BufferSlot[] {one, two}) {
                if (each != null) {
                    owners[each.index]++; // not atomic: only right if nobody else has the slot
                    taken++;
                    free.push(each);
                }
            }
        }
        return taken;
    }
}
