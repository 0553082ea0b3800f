package dev.ringflow.nio;

import dev.ringflow.spi.Operation;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The part of a buffer that an operation is about, checked once against the buffer that owns it. */
final class OperationMemory {
    private OperationMemory() {}

    /**
     * A buffer of its own, so that what becomes of the caller's position and limit meanwhile does not matter.
     *
     * @throws IndexOutOfBoundsException if the operation reaches past the buffer
     */
    static ByteBuffer of(Operation operation) {
        ByteBuffer whole = Objects.requireNonNull(operation.memory(), "memory");
        int offset = operation.memoryOffset();
        int length = operation.length();
        Objects.checkFromIndexSize(offset, length, whole.capacity());
        return whole.duplicate().clear().slice(offset, length);
    }
}
