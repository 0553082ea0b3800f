package dev.ringflow;

import static dev.ringflow.ScriptedRing.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.file.RingFile;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transfers over a driver that is never done at once. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TransferTest {
    private static final int SIZE = 300_000;

    /** A file of {@value #SIZE} bytes that moves a random part of what it is asked for. */
    private static final class StingyFile implements ScriptedDriver.Script {
        final Random random = new Random(35);
        final byte[] written = new byte[SIZE];
        int failAfter = Integer.MAX_VALUE;

        @Override
        public @Nullable Integer result(Operation operation) {
            if (operation.opCode() != OpCode.READ && operation.opCode() != OpCode.WRITE) {
                return 0;
            }
            if (failAfter-- == 0) {
                return -5;
            }
            int position = (int) operation.position();
            int bytes = Math.min(1 + random.nextInt(30_000), Math.min(operation.length(), SIZE - position));
            ByteBuffer memory =
                    Objects.requireNonNull(operation.memory()).duplicate().clear();
            for (int i = 0; i < bytes; i++) {
                int at = operation.memoryOffset() + i;
                if (operation.opCode() == OpCode.READ) {
                    memory.put(at, content(position + i));
                } else {
                    written[position + i] = memory.get(at);
                }
            }
            return bytes;
        }
    }

    private static byte content(int index) {
        return (byte) (index * 31 + (index >>> 8));
    }

    private static RingFile open(ScriptedRing on) throws Exception {
        return await(on.ring().openFileAsync(Path.of("scripted"), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    private static List<ByteBuffer> buffers(int bytes) {
        return List.of(
                ByteBuffer.allocateDirect(bytes),
                ByteBuffer.allocate(bytes),
                ByteBuffer.allocate(bytes + 9).slice(9, bytes));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 131_072, 131_073, 250_000})
    void readingFullyGoesOnUntilTheBufferIsFull(int bytes) throws Exception {
        ScriptedRing on = ScriptedRing.open(new StingyFile());
        try (Ring ring = on.ring()) {
            RingFile file = open(on);
            for (ByteBuffer buffer : buffers(bytes)) {
                assertThat(await(file.readFullyAsync(buffer, 17))).isEqualTo(bytes);
                for (int i = 0; i < bytes; i++) {
                    assertThat(buffer.get(i)).isEqualTo(content(17 + i));
                }
            }
            assertThat(ring.isLoopThread()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 131_072, 131_073, 250_000})
    void writingFullyGoesOnUntilTheBufferIsEmpty(int bytes) throws Exception {
        StingyFile script = new StingyFile();
        ScriptedRing on = ScriptedRing.open(script);
        try (Ring ring = on.ring()) {
            RingFile file = open(on);
            for (ByteBuffer buffer : buffers(bytes)) {
                for (int i = 0; i < bytes; i++) {
                    buffer.put(i, content(i));
                }
                assertThat(await(file.writeFullyAsync(buffer, 17))).isEqualTo(bytes);
                for (int i = 0; i < bytes; i++) {
                    assertThat(script.written[17 + i]).isEqualTo(content(i));
                    script.written[17 + i] = 0;
                }
            }
            assertThat(ring.isLoopThread()).isFalse();
        }
    }

    @Test
    void failureInTheMiddleLeavesThePositionAtWhatWasMoved() throws Exception {
        StingyFile script = new StingyFile();
        script.failAfter = 3;
        ScriptedRing on = ScriptedRing.open(script);
        try (Ring ring = on.ring()) {
            RingFile file = open(on);
            ByteBuffer buffer = ByteBuffer.allocate(250_000);
            assertThatThrownBy(() -> await(file.readFullyAsync(buffer, 0)))
                    .hasCauseInstanceOf(IOException.class)
                    .hasMessageContaining("scripted -5");
            assertThat(buffer.position()).isBetween(3, 90_000);
            assertThat(buffer.get(buffer.position() - 1)).isEqualTo(content(buffer.position() - 1));
            assertThat(buffer.get(buffer.position())).isZero();
            assertThat(ring.isLoopThread()).isFalse();
        }
    }

    @Test
    void driverThatMovesNothingEndsAWriteInsteadOfKeepingItForEver() throws Exception {
        ScriptedRing on = ScriptedRing.open(operation -> 0);
        try (Ring ring = on.ring()) {
            RingFile file = open(on);
            assertThatThrownBy(() -> await(file.writeFullyAsync(ByteBuffer.allocate(10), 0)))
                    .hasCauseInstanceOf(IOException.class);
            assertThatThrownBy(() -> await(file.readFullyAsync(ByteBuffer.allocate(10), 0)))
                    .hasCauseInstanceOf(EOFException.class);
            assertThat(await(file.readAsync(ByteBuffer.allocate(10), 0))).isEqualTo(-1);
            assertThat(ring.isLoopThread()).isFalse();
        }
    }
}
