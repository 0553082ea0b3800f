package dev.ringflow.uring.struct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.Memory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MsghdrTest {
    private final ByteBuffer memory = Memory.allocate(8 + Msghdr.SIZE + 8, 8);

    MsghdrTest() {
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, (byte) 0xEE);
        }
    }

    @Test
    void shouldSetEveryFieldAndNothingElse() {
        Msghdr.clear(memory, 8);
        Msghdr.setName(memory, 8, 0x1111_2222_3333_4444L, 16);
        Msghdr.setIov(memory, 8, 0x5555_6666_7777_8888L, 3);
        Msghdr.setControl(memory, 8, 0x1234_5678_9ABC_DEF0L, 24);

        assertThat(memory.getLong(8 + Msghdr.NAME)).isEqualTo(0x1111_2222_3333_4444L);
        assertThat(memory.getLong(8 + Msghdr.IOV)).isEqualTo(0x5555_6666_7777_8888L);
        assertThat(memory.getLong(8 + Msghdr.CONTROL)).isEqualTo(0x1234_5678_9ABC_DEF0L);
        assertThat(Msghdr.namelen(memory, 8)).isEqualTo(16);
        assertThat(Msghdr.iovlen(memory, 8)).isEqualTo(3);
        assertThat(Msghdr.controllen(memory, 8)).isEqualTo(24);
        assertThat(Msghdr.flags(memory, 8)).isZero();
        assertThat(memory.getLong(0)).as("nothing before").isEqualTo(0xEEEEEEEEEEEEEEEEL);
        assertThat(memory.getLong(8 + Msghdr.SIZE)).as("nothing behind").isEqualTo(0xEEEEEEEEEEEEEEEEL);
    }

    @Test
    void shouldLeaveNothingOfAnEarlierMessageWhenCleared() {
        Msghdr.clear(memory, 8);
        for (int i = 0; i < Msghdr.SIZE; i++) {
            assertThat(memory.get(8 + i)).isZero();
        }
    }

    @Test
    void shouldReadWhatTheKernelWroteBack() {
        memory.putInt(Msghdr.NAMELEN, 28);
        memory.putLong(Msghdr.CONTROLLEN, 40);
        memory.putInt(Msghdr.FLAGS, 0x20);
        assertThat(Msghdr.namelen(memory, 0)).isEqualTo(28);
        assertThat(Msghdr.controllen(memory, 0)).isEqualTo(40);
        assertThat(Msghdr.flags(memory, 0)).isEqualTo(0x20);
    }
}
