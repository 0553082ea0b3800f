package dev.ringflow.buffer;

import dev.ringflow.Ring;
import dev.ringflow.spi.MirroredMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A queue of bytes whose memory is mapped twice, one copy of the addresses behind the other: what goes over the end
 * goes on at the beginning without anybody's noticing. So everything that can be read, and all the room that can be written,
 * is always one contiguous piece, and takes one operation.
 *
 * <pre>{@code
 * try (MirroredBuffer queue = MirroredBuffer.create(ring, 1 << 20)) {
 *     int n = socket.receiveAsync(queue.writableSpan()).join();
 *     queue.commit(n);
 *     int w = file.writeAsync(queue.readableSpan()).join();
 *     queue.consume(w);
 * }
 * }</pre>
 *
 * <h2>Threads</h2>
 *
 * <p>One producer and one consumer, which may be two threads: {@link #writableSpan()} and {@link #commit} belong to the
 * producer, {@link #readableSpan()} and {@link #consume} to the consumer, the rest to anybody. What the producer wrote
 * before {@link #commit} is seen by a consumer who sees the bytes counted.
 *
 * <h2>Memory</h2>
 *
 * <p>A span that was given to an operation belongs to the kernel until the operation has completed. Until
 * {@link #commit} the room of a span is the producer's, until {@link #consume} the bytes of one are the consumer's.
 * {@link #close()} gives the pages back at once, so close after the last operation has completed. Spans that are used
 * later show zeroes and do no harm.
 *
 * <p>Where {@link dev.ringflow.Capabilities#mirroredMemory()} is false, as with the driver {@code nio}, there is none.
 * On Linux each takes two mappings and, while it is made, one file descriptor; see memfd_create(2), mmap(2). On Windows,
 * from Windows 10 1803 on, capacities are multiples of 64 KiB, and the addresses and the paging file's share of a closed one
 * are given back when no span of it is reachable; see VirtualAlloc2, MapViewOfFile3.
 */
public final class MirroredBuffer implements AutoCloseable {
    private final MirroredMemory memory;
    private final int capacity;

    /** Bytes that were committed and consumed since the beginning; the difference is what can be read. */
    private volatile long written;

    private volatile long read;

    /** The count at which the queue last began anew at index 0; the producer's, published by {@link #written}. */
    private volatile long origin;

    /** The producer has asked for room since the last commit: then the room must not move. */
    private boolean spanOut;

    private volatile boolean closed;

    private MirroredBuffer(MirroredMemory memory) {
        this.memory = memory;
        this.capacity = memory.size();
    }

    /**
     * Makes an empty one.
     *
     * @param ring a ring of the driver that gives the memory; any ring of that driver may use it
     * @param bytes its capacity at least, from 1 to somewhat less than 1 GiB; rounded up to whole pages
     * @return an open buffer, which the caller closes
     * @throws UnsupportedOperationException if the driver has no mirrored memory
     * @throws IllegalArgumentException if the capacity is none
     * @throws IOException if the system refuses, for example because file descriptors or memory have run out
     */
    public static MirroredBuffer create(Ring ring, int bytes) throws IOException {
        if (!ring.capabilities().mirroredMemory()) {
            throw new UnsupportedOperationException("The driver " + ring.driver()
                    + " cannot map memory twice (Capabilities.mirroredMemory), so there is no MirroredBuffer");
        }
        return new MirroredBuffer(ring.unsafeDriver().memory().mirrored(bytes));
    }

    /**
     * How many bytes fit in.
     *
     * @return a multiple of the page size
     */
    public int capacity() {
        return capacity;
    }

    /**
     * How many bytes can be read.
     *
     * @return 0 to {@link #capacity()}
     */
    public int readable() {
        long end = written;
        return (int) Math.max(0, Math.min(capacity, end - read));
    }

    /**
     * How many bytes can be written.
     *
     * @return 0 to {@link #capacity()}
     */
    public int writable() {
        return capacity - readable();
    }

    /**
     * All the room there is. If nothing is left to be read, and no room was asked for since the last {@link #commit},
     * it begins at the start of the memory.
     *
     * @return a new direct buffer over just that room, in native byte order, at position 0
     * @throws IllegalStateException if this is closed
     */
    public ByteBuffer writableSpan() {
        requireOpen();
        long end = written;
        long start = read;
        if (start == end && !spanOut) {
            origin = end;
        }
        spanOut = true;
        return span(end, capacity - (int) (end - start));
    }

    /**
     * Makes what was written readable. It has to have been written at the beginning of a span.
     *
     * @param bytes how many, at most {@link #writable()}; 0 gives the span up, so that the next may begin elsewhere
     * @throws IndexOutOfBoundsException if there was not so much room
     * @throws IllegalStateException if this is closed
     */
    public void commit(int bytes) {
        requireOpen();
        long end = written;
        if (bytes < 0 || bytes > capacity - (end - read)) {
            throw new IndexOutOfBoundsException(bytes + " bytes cannot be committed: there is room for " + writable());
        }
        spanOut = false;
        written = end + bytes;
    }

    /**
     * All that can be read.
     *
     * @return a new direct buffer over just those bytes, in native byte order, at position 0
     * @throws IllegalStateException if this is closed
     */
    public ByteBuffer readableSpan() {
        requireOpen();
        long start = read;
        long end = written;
        return span(start, (int) (end - start));
    }

    /**
     * Gives up what was read.
     *
     * @param bytes how many from the beginning of what can be read, at most {@link #readable()}
     * @throws IndexOutOfBoundsException if there were not so many
     * @throws IllegalStateException if this is closed
     */
    public void consume(int bytes) {
        requireOpen();
        long start = read;
        if (bytes < 0 || bytes > written - start) {
            throw new IndexOutOfBoundsException(bytes + " bytes cannot be consumed: there are " + readable());
        }
        read = start + bytes;
    }

    private ByteBuffer span(long from, int length) {
        int offset = (int) ((from - origin) % capacity);
        return memory.bytes().slice(offset, length).order(ByteOrder.nativeOrder());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("This mirrored buffer is closed: its pages were given back");
        }
    }

    /** Gives the pages back. No operation may be in flight on them. Closing again has no effect. */
    @Override
    public void close() {
        closed = true;
        memory.close();
    }

    @Override
    public String toString() {
        return "MirroredBuffer[" + readable() + "/" + capacity + " bytes" + (closed ? ", closed]" : "]");
    }
}
