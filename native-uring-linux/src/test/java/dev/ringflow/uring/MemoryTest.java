package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 64, 512, 4096, 65536})
    void shouldAlign(final int alignment) {
        final ByteBuffer memory = Memory.allocate(100, alignment);
        assertThat(Memory.address(memory) % alignment).isZero();
        assertThat(memory.capacity()).isEqualTo(100);
        assertThat(memory.order()).isEqualTo(ByteOrder.nativeOrder());
        assertThat(memory.getLong(0)).isZero();
    }

    @Test
    void shouldGiveTheAddressOfIndexZeroWhateverThePosition() {
        final ByteBuffer memory = Memory.allocate(100, 1);
        final long address = Memory.address(memory);
        memory.position(40);
        assertThat(Memory.address(memory)).isEqualTo(address);
        assertThat(Memory.address(memory.slice())).isEqualTo(address + 40);
        assertThat(Memory.address(memory.asReadOnlyBuffer())).isEqualTo(address);
    }

    @Test
    void shouldRefuseWhatTheKernelCannotUse() {
        assertThatThrownBy(() -> Memory.address(ByteBuffer.allocate(8))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Memory.allocate(8, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Memory.allocate(8, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Memory.allocate(8, Integer.MIN_VALUE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Memory.allocate(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Memory.allocate(0, 8).capacity()).isZero();
    }
}
