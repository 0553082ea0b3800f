package dev.ringflow.uring.driver;

import dev.ringflow.spi.MirroredMemory;
import dev.ringflow.spi.NativeMemory;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.MirroredPages;
import dev.ringflow.uring.internal.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Linux's memory, for the core. */
final class UringMemory implements NativeMemory {
    @Override
    public ByteBuffer allocate(int bytes, int alignment) {
        return Memory.allocate(bytes, alignment);
    }

    @Override
    public MirroredMemory mirrored(int bytes) throws IOException {
        return new Mirrored(MirroredPages.ofBytes(bytes));
    }

    private record Mirrored(MirroredPages pages) implements MirroredMemory {
        @Override
        public int size() {
            return pages.size();
        }

        @Override
        public ByteBuffer bytes() {
            return pages.buffer();
        }

        @Override
        public void close() {
            pages.close();
        }
    }

    @Override
    public int pageSize() {
        return LibC.pageSize();
    }
}
