package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.file.RingFile;
import dev.ringflow.file.RingOpenOption;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Many requests to a device begin while the loop's turn still goes on: the device is not left idle until its end. */
public abstract class EarlyStartContract extends DriverContract {
    private static final int BLOCK = 4096;
    private static final int READS = 16;

    /** For subclasses. */
    protected EarlyStartContract() {}

    @Test
    void theFirstOfManyDirectReadsArriveThoughTheLoopThreadDoesNotComeBackToItsLoop() {
        var opening = ring().openFileAsync(Bytes.file(directory, "a", READS * BLOCK), READ, RingOpenOption.DIRECT_IO);
        outcomeOf(opening).ifPresent(failure -> {
            assertThat(failure).isInstanceOf(FileSystemException.class).hasMessageContaining("has no direct I/O");
            Assumptions.abort(failure.getMessage());
        });
        RingFile file = await(opening);

        CompletableFuture<Boolean> arrived = new CompletableFuture<>();
        List<CompletableFuture<Integer>> reads = new ArrayList<>();
        ring().execute(() -> {
            List<ByteBuffer> buffers = new ArrayList<>();
            for (int i = 0; i < READS; i++) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(2 * BLOCK).alignedSlice(BLOCK);
                buffer.put(BLOCK - 1, (byte) ~lastByte(i));
                buffers.add(buffer);
                reads.add(file.readAsync(buffer.limit(BLOCK), (long) i * BLOCK));
            }
            arrived.complete(arrive(buffers));
        });
        assertThat(await(arrived))
                .as("bytes came while the loop thread was busy")
                .isTrue();
        for (CompletableFuture<Integer> each : reads) {
            assertThat(await(each)).isEqualTo(BLOCK);
        }
    }

    private static byte lastByte(int block) {
        return Bytes.at((block + 1L) * BLOCK - 1);
    }

    /** Whether the last bytes of the first half come within seconds: an old kernel may keep the very last for later. */
    private static boolean arrive(List<ByteBuffer> buffers) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < end) {
            int here = 0;
            while (here < READS / 2 && buffers.get(here).get(BLOCK - 1) == lastByte(here)) {
                here++;
            }
            if (here == READS / 2) {
                return true;
            }
            LockSupport.parkNanos(
                    TimeUnit.MILLISECONDS.toNanos(1)); // old kernels go on only in a thread that calls them
        }
        return false;
    }
}
