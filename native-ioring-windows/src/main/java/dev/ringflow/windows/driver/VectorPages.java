package dev.ringflow.windows.driver;

import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.ioring.FileSegments;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Vectors that are nothing but whole pages, which Windows scatters and gathers at once past its cache. */
final class VectorPages {
    private static final int PAGE = FileSegments.PAGE_SIZE;

    private VectorPages() {}

    /** The pages of all buffers, and their bytes in {@link FileTransfer#length}; null if something is not aligned. */
    static @Nullable FileSegments of(FileTransfer transfer, ByteBuffer[] vector) {
        long bytes = 0;
        boolean aligned = transfer.at % PAGE == 0;
        for (ByteBuffer each : vector) {
            bytes += each.remaining();
            aligned &= each.remaining() % PAGE == 0 && begin(each) % PAGE == 0;
        }
        if (!aligned || bytes == 0 || bytes > Integer.MAX_VALUE) {
            return null;
        }
        long[] pages = new long[(int) (bytes / PAGE)];
        int count = 0;
        for (ByteBuffer each : vector) {
            for (int offset = 0; offset < each.remaining(); offset += PAGE) {
                pages[count++] = begin(each) + offset;
            }
        }
        transfer.length = (int) bytes;
        return FileSegments.ofAddresses(pages);
    }

    private static long begin(ByteBuffer buffer) {
        return DirectMemory.address(buffer) + buffer.position();
    }
}
