package dev.ringflow.uring.driver;

import dev.ringflow.spi.NativeMemory;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;

/** Linux's memory, for the core. */
final class UringMemory implements NativeMemory {
    @Override
    public ByteBuffer allocate(int bytes, int alignment) {
        return Memory.allocate(bytes, alignment);
    }

    @Override
    public int pageSize() {
        return LibC.pageSize();
    }
}
