package dev.ringflow.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;

final class BufferPoolOptionsTest {
    @Test
    void defaultsAreFourSlabsOfAMegabyte() {
        BufferPoolOptions options = BufferPoolOptions.defaults();
        assertThat(options.bufferSize()).isEqualTo(4096);
        assertThat(options.slabSize()).isEqualTo(256);
        assertThat(options.initialSlabs()).isEqualTo(4);
        assertThat(options.maxSlabs()).isEqualTo(64);
        assertThat(options.registered()).isTrue();
        assertThat(options.fallback()).isTrue();
        assertThat(options).hasToString("BufferPoolOptions[4096 bytes, slabs of 256, 4 to 64, registered, fallback]");
    }

    @Test
    void whatNoPoolCanBeIsRefused() {
        BufferPoolOptions.Builder builder = BufferPoolOptions.builder();
        for (int wrong : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> builder.bufferSize(wrong)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.slabSize(wrong)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.initialSlabs(wrong)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.maxSlabs(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> BufferPoolOptions.builder().maxSlabs(3).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("initialSlabs (4)");
        assertThatThrownBy(() -> BufferPoolOptions.builder()
                        .bufferSize(1 << 23)
                        .slabSize(129)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 GiB");
        assertThatThrownBy(() -> BufferPoolOptions.builder()
                        .bufferSize(1)
                        .slabSize(1 << 20)
                        .maxSlabs(65)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("buffers");
    }

    @Test
    void statisticsReadTheSameEverywhere() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(new BufferPoolStatistics(4, 64, 4, 1000, 1024, 0, 0))
                    .hasToString("Slabs: 4/64, Buffers: 1000/1024 (97.7%), Fallbacks: 0 total");
        } finally {
            Locale.setDefault(before);
        }
        assertThat(new BufferPoolStatistics(1, 1, 0, 0, 0, 0, 0).freeShare()).isZero();
    }
}
