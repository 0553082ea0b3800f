package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MemoryBlockTest {
    private static boolean isMapped(final long address) throws IOException {
        for (final String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            final String[] range = line.substring(0, line.indexOf(' ')).split("-");
            if (Long.parseUnsignedLong(range[0], 16) <= address && address < Long.parseUnsignedLong(range[1], 16)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void shouldRefuseUseAfterClose() throws IOException {
        final Memory block = Memory.ofBytes(100, 1 << 20);
        final long address = block.address();
        assertThat(address % (1 << 20)).isZero();
        assertThat(block.size()).isEqualTo(100);
        assertThat(isMapped(address)).isTrue();
        block.close();
        block.close();
        assertThat(block.isClosed()).isTrue();
        assertThatThrownBy(block::address).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(block::buffer).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> block.slice(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> block.fill((byte) 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldShowZeroesInStaleViews() throws IOException {
        for (final Memory block : List.of(Memory.ofPages(100_000), Memory.ofHugePages(100_000))) {
            block.fill((byte) 7);
            final ByteBuffer view = block.slice(50_000, 8);
            assertThat(view.get(3)).isEqualTo((byte) 7);
            assertThat(Memory.address(view)).isEqualTo(block.address() + 50_000);
            block.close();
            assertThat(view.getLong(0)).isZero();
            view.putLong(0, 1);
            assertThat(isMapped(Memory.address(view))).isTrue();
        }
    }

    @Test
    void shouldSaySoWhenThereIsNoMemory() {
        assertThatThrownBy(() -> MemoryRegion.map(1L << 60, 1))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessageContaining("ENOMEM");
        assertThatThrownBy(() -> Memory.ofPages(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Memory.ofHugePages(Integer.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldReportALeak() throws Exception {
        final List<LogRecord> records = new CopyOnWriteArrayList<>();
        final Logger logger = Logger.getLogger("dev.ringflow.uring");
        final Handler handler = new Handler() {
            @Override
            public void publish(final LogRecord entry) {
                records.add(entry);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        System.setProperty("dev.ringflow.leakDetection", "true");
        try {
            Memory.ofPages(54_321).buffer();
            while (records.isEmpty()) {
                System.gc();
                Thread.sleep(10);
            }
            assertThat(records.get(0).getThrown().getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("shouldReportALeak"));
        } finally {
            System.clearProperty("dev.ringflow.leakDetection");
            logger.setUseParentHandlers(true);
            logger.removeHandler(handler);
        }
    }
}
