package dev.ringflow.nio;

import dev.ringflow.spi.MirroredMemory;
import dev.ringflow.spi.NativeMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Direct buffers of the JDK. */
final class DirectMemory implements NativeMemory {
    private static final int PAGE_SIZE = 4096;

    @Override
    public ByteBuffer allocate(int bytes, int alignment) {
        if (alignment < 1 || Integer.bitCount(alignment) != 1) {
            throw new IllegalArgumentException("alignment must be a power of two, got " + alignment);
        }
        ByteBuffer roomy = ByteBuffer.allocateDirect(Math.addExact(bytes, alignment - 1));
        int past = roomy.alignmentOffset(0, alignment);
        return roomy.slice(past == 0 ? 0 : alignment - past, bytes).order(ByteOrder.nativeOrder());
    }

    @Override
    public MirroredMemory mirrored(int bytes) {
        throw new UnsupportedOperationException("The driver nio cannot map memory twice (Capabilities.mirroredMemory)");
    }

    @Override
    public int pageSize() {
        return PAGE_SIZE;
    }
}
