package dev.ringflow.spi;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Operation} asks for: the inputs that a driver reads. {@link OpCode} says which of them count.
 */
public abstract sealed class OperationRequest permits Operation {
    private OpCode opCode = OpCode.NOP;
    private @Nullable Handle handle;
    private @Nullable Handle secondHandle;
    private @Nullable ByteBuffer memory;
    private int memoryOffset;
    private int length;
    private long position;
    private long extent;
    private long timeoutNanos;
    private int flags;
    private int bufferIndex = -1;
    private @Nullable ProvidedBuffers provided;
    private @Nullable Object argument;
    private @Nullable Object secondArgument;

    OperationRequest() {}

    abstract Operation self();

    /**
     * What is asked.
     *
     * @return the kind of operation
     */
    public final OpCode opCode() {
        return opCode;
    }

    /**
     * Sets what is asked.
     *
     * @param newOpCode the kind of operation
     * @return this
     */
    public final Operation opCode(OpCode newOpCode) {
        this.opCode = newOpCode;
        return self();
    }

    /**
     * The kernel object that it works on.
     *
     * @return the handle, null for operations that make one
     */
    public final @Nullable Handle handle() {
        return handle;
    }

    /**
     * Sets the kernel object.
     *
     * @param newHandle an open handle of the same ring
     * @return this
     */
    public final Operation handle(@Nullable Handle newHandle) {
        this.handle = newHandle;
        return self();
    }

    /**
     * The direct buffer whose memory the kernel reads or fills. Only {@link #memoryOffset()} and {@link #length()} say
     * which part: the buffer's own position and limit are the caller's and may change meanwhile.
     *
     * @return a direct buffer, or null
     */
    public final @Nullable ByteBuffer memory() {
        return memory;
    }

    /**
     * Sets the memory. The driver checks it against the buffer's capacity when it prepares the operation.
     *
     * @param direct a direct buffer
     * @param offset first byte, counted from index 0 of the buffer
     * @param bytes how many bytes
     * @return this
     */
    public final Operation memory(ByteBuffer direct, int offset, int bytes) {
        this.memory = direct;
        this.memoryOffset = offset;
        this.length = bytes;
        return self();
    }

    /**
     * Where the memory begins.
     *
     * @return bytes from index 0 of {@link #memory()}
     */
    public final int memoryOffset() {
        return memoryOffset;
    }

    /**
     * How much memory.
     *
     * @return bytes
     */
    public final int length() {
        return length;
    }

    /**
     * Where in the file.
     *
     * @return bytes from its beginning
     */
    public final long position() {
        return position;
    }

    /**
     * Sets where in the file, or the new size for {@link OpCode#TRUNCATE}.
     *
     * @param bytes bytes from the beginning
     * @return this
     */
    public final Operation position(long bytes) {
        this.position = bytes;
        return self();
    }

    /**
     * Bits or a number that {@link OpCode} explains.
     *
     * @return the flags
     */
    public final int flags() {
        return flags;
    }

    /**
     * Sets the flags.
     *
     * @param newFlags what {@link OpCode} says
     * @return this
     */
    public final Operation flags(int newFlags) {
        this.flags = newFlags;
        return self();
    }

    /**
     * Which registered buffer the memory lies in.
     *
     * @return an index given by {@link Driver#registerBuffer}, or -1
     */
    public final int bufferIndex() {
        return bufferIndex;
    }

    /**
     * Sets the registered buffer.
     *
     * @param index an index given by {@link Driver#registerBuffer}, or -1
     * @return this
     */
    public final Operation bufferIndex(int index) {
        this.bufferIndex = index;
        return self();
    }

    /**
     * The buffers that the driver receives into.
     *
     * @return a group of the same driver, or null
     */
    public final @Nullable ProvidedBuffers provided() {
        return provided;
    }

    /**
     * Sets the buffers that the driver receives into.
     *
     * @param group what {@link Driver#provideBuffers} made, open until the terminal completion
     * @return this
     */
    public final Operation provided(@Nullable ProvidedBuffers group) {
        this.provided = group;
        return self();
    }

    /**
     * Sets the path or socket address.
     *
     * @param newArgument a {@link Path} or {@link SocketAddress}
     * @return this
     */
    public final Operation argument(Object newArgument) {
        this.argument = newArgument;
        return self();
    }

    /**
     * What was set as argument.
     *
     * @return a path, a socket address or null
     */
    public final @Nullable Object argument() {
        return argument;
    }

    /**
     * The path of {@link OpCode#OPEN}.
     *
     * @return the path
     */
    public final Path path() {
        if (argument instanceof Path path) {
            return path;
        }
        throw new IllegalStateException(opCode + " needs a path, got " + argument);
    }

    /**
     * The address of {@link OpCode#LISTEN} and {@link OpCode#CONNECT}.
     *
     * @return the address
     */
    public final SocketAddress address() {
        if (argument instanceof SocketAddress address) {
            return address;
        }
        throw new IllegalStateException(opCode + " needs a socket address, got " + argument);
    }

    /**
     * The other kernel object of an operation between two: the pipe of {@link OpCode#SPLICE_IN} and
     * {@link OpCode#SPLICE_OUT}. It is not closed while the operation is in flight.
     *
     * @return a handle, or null
     */
    public final @Nullable Handle secondHandle() {
        return secondHandle;
    }

    /**
     * Sets the other kernel object.
     *
     * @param newHandle an open handle of the same ring
     * @return this
     */
    public final Operation secondHandle(@Nullable Handle newHandle) {
        this.secondHandle = newHandle;
        return self();
    }

    /**
     * How much of a file, where that may be more than one buffer holds.
     *
     * @return bytes
     */
    public final long extent() {
        return extent;
    }

    /**
     * Sets how much of a file.
     *
     * @param bytes bytes from {@link #position()}
     * @return this
     */
    public final Operation extent(long bytes) {
        this.extent = bytes;
        return self();
    }

    /**
     * How long the operation may take.
     *
     * @return nanoseconds from its submission, 0 for as long as it takes
     */
    public final long timeoutNanos() {
        return timeoutNanos;
    }

    /**
     * Sets how long the operation may take; past that it is cancelled, and fails with
     * {@link ResultCodes#TIMED_OUT}.
     *
     * @param nanos nanoseconds from its submission, 0 for as long as it takes
     * @return this
     */
    public final Operation timeoutNanos(long nanos) {
        this.timeoutNanos = nanos;
        return self();
    }

    /**
     * Sets the second path, the name of an attribute, or whatever else {@link OpCode} says.
     *
     * @param newArgument what the operation needs
     * @return this
     */
    public final Operation secondArgument(Object newArgument) {
        this.secondArgument = newArgument;
        return self();
    }

    /**
     * What was set as second argument.
     *
     * @return what {@link OpCode} says, or null
     */
    public final @Nullable Object secondArgument() {
        return secondArgument;
    }

    /**
     * The second path of operations between two names.
     *
     * @return the path
     */
    public final Path secondPath() {
        if (secondArgument instanceof Path path) {
            return path;
        }
        throw new IllegalStateException(opCode + " needs a second path, got " + secondArgument);
    }

    /**
     * The memory of {@link OpCode#READ_VECTORED} and {@link OpCode#WRITE_VECTORED}: direct buffers of which the kernel
     * uses position to limit. Nobody else may move these buffers' positions meanwhile.
     *
     * @return the buffers
     */
    public final ByteBuffer[] vector() {
        if (argument instanceof ByteBuffer[] buffers) {
            return buffers;
        }
        throw new IllegalStateException(opCode + " needs an array of buffers, got " + argument);
    }

    /** Forgets all that was asked. */
    final void clearRequest() {
        opCode = OpCode.NOP;
        handle = null;
        secondHandle = null;
        memory = null;
        memoryOffset = 0;
        length = 0;
        position = 0;
        extent = 0;
        timeoutNanos = 0;
        flags = 0;
        bufferIndex = -1;
        provided = null;
        argument = null;
        secondArgument = null;
    }
}
