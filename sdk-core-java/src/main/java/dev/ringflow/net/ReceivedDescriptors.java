package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.file.RingFile;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.ReceivedHandles;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Bytes that came over a unix socket, and the open files that came with them. The receiver chooses what each becomes; each
 * can be taken once, and whoever takes it closes it. {@link #close()} closes those that nobody took; the ring closes them
 * at the latest.
 *
 * <p>A file that was open for non-blocking I/O is switched to blocking, since reading and writing through a ring would not wait
 * otherwise.
 * The sender, if he has it still open, shares that setting. Any thread may use it.
 */
public final class ReceivedDescriptors implements AutoCloseable {
    private final Ring ring;
    private final int bytes;
    private final boolean truncated;
    private final List<ReceivedHandles.Received> all;
    private final AtomicReferenceArray<Handle> left;

    ReceivedDescriptors(Ring ring, int bytes, ReceivedHandles received) {
        this.ring = ring;
        this.bytes = bytes;
        this.truncated = received.truncated();
        this.all = received.handles();
        this.left = new AtomicReferenceArray<>(
                all.stream().map(ReceivedHandles.Received::handle).toArray(Handle[]::new));
    }

    /**
     * How many bytes were received.
     *
     * @return the number, -1 when the peer has shut its side down
     */
    public int bytes() {
        return bytes;
    }

    /**
     * How many open files came with them.
     *
     * @return those that were taken are counted too
     */
    public int count() {
        return all.size();
    }

    /**
     * Whether more came than were asked for. The system has closed those.
     *
     * @return true if some are lost
     */
    public boolean isTruncated() {
        return truncated;
    }

    /**
     * What one of them is.
     *
     * @param index from 0 to {@link #count()} - 1
     * @return its kind
     */
    public DescriptorKind kind(int index) {
        return all.get(index).kind();
    }

    /**
     * Takes one as a connection.
     *
     * @param index from 0 to {@link #count()} - 1
     * @return the connection, which the caller closes
     * @throws IllegalStateException if it is of another kind, or was taken already; in the first case it can still be taken
     */
    public RingSocket takeSocket(int index) {
        return new RingSocket(ring, take(index, DescriptorKind.SOCKET), null);
    }

    /**
     * Takes one as a listening socket.
     *
     * @param index from 0 to {@link #count()} - 1
     * @return the socket, which the caller closes
     * @throws IllegalStateException if it is of another kind, or was taken already; in the first case it can still be taken
     * @throws java.io.IOException if the system does not tell its address; the socket is closed then
     */
    public RingServerSocket takeServerSocket(int index) throws java.io.IOException {
        return RingServerSocket.received(ring, take(index, DescriptorKind.SERVER_SOCKET));
    }

    /**
     * Takes one as a file, open for what the sender had it open for.
     *
     * @param index from 0 to {@link #count()} - 1
     * @return the file, which the caller closes
     * @throws IllegalStateException if it is of another kind, or was taken already; in the first case it can still be taken
     */
    public RingFile takeFile(int index) {
        Handle handle = take(index, DescriptorKind.FILE);
        return RingFile.unsafeOf(
                ring, handle, all.get(index).path(), all.get(index).openFlags());
    }

    private Handle take(int index, DescriptorKind wanted) {
        Objects.checkIndex(index, all.size());
        if (kind(index) != wanted) {
            throw new IllegalStateException("Descriptor " + index + " is " + kind(index) + ", and no " + wanted);
        }
        Handle taken = left.getAndSet(index, null);
        if (taken == null) {
            throw new IllegalStateException("Descriptor " + index + " was taken, or closed");
        }
        return taken;
    }

    /** Begins to close what nobody took. Closing again has no effect. */
    @Override
    public void close() {
        for (int i = 0; i < left.length(); i++) {
            Handle untaken = left.getAndSet(i, null);
            if (untaken != null) {
                ring.discard(untaken);
            }
        }
    }

    @Override
    public String toString() {
        return "ReceivedDescriptors[" + bytes + " bytes, " + count() + " descriptors" + (truncated ? ", more lost" : "")
                + "]";
    }
}
