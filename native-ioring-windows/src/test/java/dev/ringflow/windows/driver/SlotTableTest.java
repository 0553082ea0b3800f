package dev.ringflow.windows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.spi.Operation;
import org.junit.jupiter.api.Test;

/** A completion finds the operation that it belongs to, and no other. */
final class SlotTableTest {
    @Test
    void lateCompletionDoesNotMeetTheNextUserOfTheSlot() {
        SlotTable slots = new SlotTable(1);
        Operation first = new Operation();
        slots.take(first);
        int slot = first.slot();
        long late = slots.userData(first);
        assertThat(slots.find(late)).isSameAs(first);
        slots.giveBack(first);
        assertThat(slots.find(late)).isNull();
        Operation second = new Operation();
        slots.take(second);
        assertThat(second.slot()).isEqualTo(slot);
        assertThat(slots.find(late)).isNull();
        assertThat(slots.find(slots.userData(second))).isSameAs(second);
    }

    @Test
    void noUserDataIsZeroWhichWouldCancelEverythingNotEvenAfterFourThousandMillionUses() {
        SlotTable slots = new SlotTable(1, -2);
        Operation operation = new Operation();
        for (int i = 0; i < 4; i++) {
            slots.take(operation);
            assertThat(slots.userData(operation)).isNotZero();
            assertThat(slots.userData(operation) >>> 32).as("the generation").isNotZero();
            assertThat((int) slots.userData(operation)).as("the slot").isZero();
            assertThat(slots.find(slots.userData(operation))).isSameAs(operation);
            slots.giveBack(operation);
        }
    }

    @Test
    void tableThatGrowsKeepsWhatItHasAndFindsNothingBeyond() {
        SlotTable slots = new SlotTable(2);
        Operation[] all = new Operation[100];
        for (int i = 0; i < all.length; i++) {
            all[i] = new Operation();
            slots.take(all[i]);
        }
        for (Operation each : all) {
            assertThat(slots.find(slots.userData(each))).isSameAs(each);
        }
        assertThat(slots.inFlight()).hasSize(100);
        assertThat(slots.find(0)).isNull();
        assertThat(slots.find(1L << 32 | 5000)).isNull();
        assertThat(slots.find(0xFFFF_FFFFL)).isNull();
    }
}
