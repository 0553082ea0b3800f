package dev.ringflow.windows.driver;

import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.iocp.Overlapped;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Starts the operations of one kind, takes their completions, and tells the outcome to {@link Completions}. Here, and
 * nowhere else, a buffer becomes an address: it is checked against the buffer that owns it. What belongs to a single
 * operation is in {@link Operation#driverState()}, which is not null from {@link #start} until the outcome is told.
 * Confined to the loop thread.
 */
abstract class Preparation {
    final DriverCore core;

    Preparation(DriverCore core) {
        this.core = core;
    }

    /** Starts it; whatever is thrown is the operation's failure, and then nothing may be in flight for it. */
    abstract void start(Operation operation) throws IOException;

    /**
     * Asks that it be cancelled; called only while it has a {@link Operation#driverState()}. Its outcome comes as it would
     * otherwise.
     */
    abstract void cancel(Operation operation);

    /**
     * A request that was made with a block of {@link Blocks} is complete. The block is not in flight any more; whoever
     * implements this uses it again or releases it.
     *
     * @param error 0, or a Win32 or Winsock error, above zero
     * @param bytes how many
     */
    void completed(Operation operation, Overlapped block, int error, int bytes) {
        throw new IllegalStateException(operation + " makes no overlapped requests");
    }

    /**
     * An entry of the {@link FileRing} is complete.
     *
     * @param code an {@code HRESULT}
     * @param information how many bytes
     */
    void completed(Operation operation, int code, long information) {
        throw new IllegalStateException(operation + " is none for a ring");
    }

    /** The operation's memory as a buffer of its own, checked. For rare operations: it makes an object. */
    static ByteBuffer memory(Operation operation) {
        ByteBuffer memory = checked(operation);
        return memory.duplicate().clear().slice(operation.memoryOffset(), operation.length());
    }

    /**
     * The buffer that the operation's memory is in, checked, for access by index from {@link Operation#memoryOffset} on,
     * whatever its position is.
     */
    static ByteBuffer whole(Operation operation) {
        ByteBuffer memory = checked(operation);
        boolean suffices = memory.limit() >= operation.memoryOffset() + operation.length();
        return suffices ? memory : memory.duplicate().clear();
    }

    /** Where the operation's memory begins, checked. */
    static long address(Operation operation) {
        return DirectMemory.address(checked(operation)) + operation.memoryOffset();
    }

    private static ByteBuffer checked(Operation operation) {
        ByteBuffer memory = Objects.requireNonNull(operation.memory(), "memory");
        Objects.checkFromIndexSize(operation.memoryOffset(), operation.length(), memory.capacity());
        return memory;
    }

    /** What the operation's handle stands for. */
    static <T extends HandleState> T state(Operation operation, Class<T> kind) {
        Handle handle = Objects.requireNonNull(operation.handle(), "handle");
        Object state = handle.driverState();
        if (!kind.isInstance(state)) {
            throw new IllegalArgumentException(
                    operation.opCode() + " is none for " + (state == null ? "a handle of somebody else's" : state));
        }
        return kind.cast(state);
    }
}
