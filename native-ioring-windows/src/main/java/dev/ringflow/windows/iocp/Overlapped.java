package dev.ringflow.windows.iocp;

import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.OverlappedLayout;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One overlapped request's memory: the {@code OVERLAPPED}, and what else the kernel may write to until the
 * completion. Taken from an {@link OverlappedPool}, and given back with {@link #release()} when the completion has
 * come. Its address is the same as long as the pool lives; the {@link #generation()} tells one use of it from the
 * next.
 *
 * <p>Belongs to one thread at a time.
 */
public final class Overlapped {
    /** Size of a block in bytes. */
    static final int BLOCK = 384;

    static final int BUFFER = 32;
    static final int BYTES = 48;
    static final int FLAGS = 52;
    static final int ADDRESS_LENGTH = 56;
    static final int ADDRESS = 64;

    /** Room for one address in what AcceptEx writes: the largest, and 16 bytes that it asks for. */
    static final int ACCEPT_ROOM = SocketAddresses.STORAGE_SIZE + 16;

    private static final int FREE = 0;
    private static final int TAKEN = 1;
    private static final int PENDING = 2;

    private final OverlappedPool pool;
    private final long address;
    private ByteBuffer memory;
    private int state = FREE;
    private int generation;
    private @Nullable Object attachment;
    private long tag;

    Overlapped(final OverlappedPool pool, final long address, final ByteBuffer memory) {
        this.pool = pool;
        this.address = address;
        this.memory = memory;
    }

    void take() {
        state = TAKEN;
        generation++;
    }

    /** The pool is closed: what is read or written from here on is none of the system's. */
    void retire() {
        state = FREE;
        memory = DirectMemory.allocate(BLOCK, Long.BYTES);
    }

    /** Cleared, for a request that begins at a position of its file. */
    long prepare(final long position) {
        if (state != TAKEN) {
            throw new IllegalStateException(
                    state == PENDING ? "a request is in flight with this block" : "the block was released");
        }
        memory.putLong(OverlappedLayout.INTERNAL, 0);
        memory.putLong(OverlappedLayout.INTERNAL_HIGH, 0);
        memory.putInt(OverlappedLayout.OFFSET, (int) position);
        memory.putInt(OverlappedLayout.OFFSET_HIGH, (int) (position >>> 32));
        memory.putLong(OverlappedLayout.EVENT, 0);
        return address;
    }

    /** One WSABUF. */
    void setBuffer(final long data, final int length, final int flags) {
        memory.putInt(BUFFER, length);
        memory.putLong(BUFFER + 8, data);
        memory.putInt(FLAGS, flags);
    }

    ByteBuffer memory() {
        return memory;
    }

    /** Notes the answer of the call that was made: whether a completion will come. */
    int started(final int answer) {
        if (answer == 0 || answer == -WinsockError.WSA_IO_PENDING) {
            state = PENDING;
            return 0;
        }
        return answer;
    }

    /**
     * Tells the block that its completion was taken from the port, so that it can be used or released again.
     *
     * @throws IllegalStateException if no request is in flight with it
     */
    public void complete() {
        if (state != PENDING) {
            throw new IllegalStateException("no request is in flight with this block");
        }
        state = TAKEN;
    }

    /**
     * Gives the block back to its pool.
     *
     * @throws IllegalStateException if a request is in flight with it, or it was released already
     */
    public void release() {
        if (state != TAKEN) {
            throw new IllegalStateException(
                    state == PENDING ? "a request is in flight with this block" : "the block was released already");
        }
        state = FREE;
        attachment = null;
        pool.giveBack(this);
    }

    /**
     * Whether a request is in flight with this block.
     *
     * @return true from its start until {@link #complete()}
     */
    public boolean isPending() {
        return state == PENDING;
    }

    /**
     * Where the {@code OVERLAPPED} is, as {@link CompletionEntries#overlapped} tells it.
     *
     * @return the address
     */
    public long address() {
        return address;
    }

    /**
     * How often the block was taken from its pool. Whoever keeps a reference beyond the release compares this.
     *
     * @return a number that grows, and wraps
     */
    public int generation() {
        return generation;
    }

    /**
     * Keeps an object, such as the buffer of the request, reachable until the block is released.
     *
     * @param object what to keep, or null
     */
    public void attach(final @Nullable Object object) {
        attachment = object;
    }

    /**
     * Notes a number of the owner's, such as what request this is.
     *
     * @param number stays until the next call
     */
    public void tag(final long number) {
        tag = number;
    }

    /**
     * The owner's number.
     *
     * @return what {@link #tag(long)} noted last
     */
    public long tag() {
        return tag;
    }

    /**
     * What was attached.
     *
     * @return the object, or null
     */
    public @Nullable Object attachment() {
        return attachment;
    }

    /**
     * The sender of the datagram that came, after {@link OverlappedSockets#receiveFrom}.
     *
     * @return the address, or null if there is none that is known here
     */
    public @Nullable SocketAddress sender() {
        return SocketAddresses.get(
                memory, ADDRESS, Math.min(memory.getInt(ADDRESS_LENGTH), SocketAddresses.STORAGE_SIZE));
    }
}
