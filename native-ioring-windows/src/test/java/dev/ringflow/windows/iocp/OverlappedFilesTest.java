package dev.ringflow.windows.iocp;

import static dev.ringflow.windows.iocp.SimulatedNetwork.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.DirectMemory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(Simulators.class)
class OverlappedFilesTest {
    @Test
    void writesAndReadsAtPositionsBeyondFourGigabytes(@TempDir final Path directory) throws Exception {
        try (CompletionPort port = CompletionPort.open();
                OverlappedPool blocks = OverlappedPool.ofBlocks(1)) {
            final long file = OverlappedFiles.open(directory.resolve("sparse"), true);
            port.associate(file, 5);
            final Overlapped block = blocks.acquire();
            final long position = (5L << 32) + 3;

            assertThat(OverlappedFiles.write(file, SimulatedNetwork.bytes("far away"), position, block))
                    .isZero();
            CompletionEntries entries = one(port);
            assertThat(entries.key(0)).isEqualTo(5);
            assertThat(entries.bytes(0)).isEqualTo(8);
            block.complete();
            assertThat(OverlappedFiles.bytes(block)).isEqualTo(8);
            assertThat(Files.size(directory.resolve("sparse"))).isEqualTo(position + 8);

            final ByteBuffer in = DirectMemory.allocate(16, 1);
            assertThat(OverlappedFiles.read(file, in.position(2), position + 4, block))
                    .isZero();
            entries = one(port);
            assertThat(entries.error(0)).isZero();
            assertThat(entries.bytes(0)).isEqualTo(4);
            block.complete();
            assertThat(SimulatedNetwork.text(in.slice(2, 4), 4)).isEqualTo("away");

            final int answer = OverlappedFiles.read(file, in, position + 8, block);
            if (answer == 0) { // the end is told at once, or by the completion
                assertThat(one(port).error(0)).isEqualTo(WinsockError.ERROR_HANDLE_EOF);
                block.complete();
            } else {
                assertThat(answer).isEqualTo(-WinsockError.ERROR_HANDLE_EOF);
            }
            block.release();
            OverlappedFiles.close(file);
        }
    }

    @Test
    void aFileThatIsMissingIsAnError(@TempDir final Path directory) {
        assertThatThrownBy(() -> OverlappedFiles.open(directory.resolve("missing"), false))
                .isInstanceOf(WinsockException.class)
                .hasMessageContaining("missing")
                .hasMessageContaining("ERROR_FILE_NOT_FOUND (2)");
    }
}
