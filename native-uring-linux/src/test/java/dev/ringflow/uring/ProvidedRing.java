package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A ring of provided buffers, as bare as can be: this test's part of the kernel's interface, not the library's. */
final class ProvidedRing {
    /** The kernel uses the memory until some time after the ring was closed: nobody else may get it. */
    private static final Queue<ProvidedRing> KEPT = new ConcurrentLinkedQueue<>();

    final ByteBuffer memory;
    private final ByteBuffer ring;
    private final int entries;
    private final int size;
    private int tail;

    /** Registers a group of equal buffers and provides them all; skips the test where the kernel has none. */
    ProvidedRing(final Uring uring, final int group, final int entries, final int size) {
        this.entries = entries;
        this.size = size;
        memory = Memory.allocate(entries * size, 4096);
        ring = Memory.allocate(Math.max(4096, entries * 16), 4096);
        final ByteBuffer registration = Memory.allocate(40, 8);
        registration.putLong(0, Memory.address(ring));
        registration.putInt(8, entries);
        registration.putShort(12, (short) group);
        final int result = LibC.ioUringRegister(
                uring.ringFd(), UringConstants.IORING_REGISTER_PBUF_RING, Memory.address(registration), 1);
        assumeTrue(result != -Errno.EINVAL, "this kernel has no rings of provided buffers");
        assertThat(result).isZero();
        KEPT.add(this);
        for (int id = 0; id < entries; id++) {
            provide(id, size);
        }
    }

    /** Provides a buffer, whole or its beginning. */
    void provide(final int id, final int length) {
        final int at = (tail & entries - 1) * 16;
        ring.putLong(at, Memory.address(memory) + (long) id * size);
        ring.putInt(at + 8, length);
        ring.putShort(at + 12, (short) id);
        tail++;
        java.lang.invoke.VarHandle.releaseFence();
        ring.putShort(14, (short) tail);
    }

    ByteBuffer buffer(final int id) {
        return memory.slice(id * size, size).order(memory.order());
    }
}
