package dev.ringflow.windows.driver;

import dev.ringflow.spi.MirroredMemory;
import dev.ringflow.spi.NativeMemory;
import dev.ringflow.windows.internal.DirectMemory;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Direct buffers at any alignment, and pages that are mapped twice. */
final class WindowsMemory implements NativeMemory {
    private static final int PAGE_SIZE = 4096;

    @Override
    public ByteBuffer allocate(int bytes, int alignment) {
        return DirectMemory.allocate(bytes, alignment);
    }

    @Override
    public MirroredMemory mirrored(int bytes) throws IOException {
        String lack = MirroredPages.unavailable();
        if (lack != null) {
            throw new UnsupportedOperationException(
                    "The driver windows cannot map memory twice here (Capabilities.mirroredMemory): " + lack);
        }
        return MirroredPages.ofBytes(bytes);
    }

    @Override
    public int pageSize() {
        return PAGE_SIZE;
    }
}
