package dev.ringflow.windows.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.windows.iocp.WinsockException;
import org.jspecify.annotations.Nullable;

/**
 * How a connection's requests reach the kernel: at most one receive and {@link #SENDS} sends at a time. Their ends are told
 * to the {@link StreamSocket}. Confined to the loop thread.
 */
abstract class StreamTransport {
    /** The most sends in flight, which go out in their order. */
    static final int SENDS = 4;

    final StreamSocket owner;
    final long socket;

    StreamTransport(StreamSocket owner, long socket) {
        this.owner = owner;
        this.socket = socket;
    }

    /** Where memory comes from that this one's requests can use. */
    abstract Pieces pieces();

    /** Starts the receive; 0, or the negated error. */
    abstract int receive(Piece into) throws WinsockException;

    /**
     * Starts a send; 0, or the negated error.
     *
     * @param moreFollow whether it may wait for the next one; {@link #commit} if there is none after all
     */
    abstract int send(int index, Piece from, int bytes, boolean moreFollow) throws WinsockException;

    /** Starts the sends that wait for more. */
    abstract void commit();

    /**
     * Takes an operation's own memory for {@link #sendDirect} or {@link #receiveDirect}; null if its bytes have to be copied.
     *
     * @param once whether memory that is not registered may be registered for it
     */
    @Nullable
    DirectTransfer claim(Operation operation, boolean once) {
        return null;
    }

    /** Starts a send from memory that was claimed; 0, or the negated error. */
    int sendDirect(int index, DirectTransfer from) {
        throw new UnsupportedOperationException("claim() gives nothing");
    }

    /** Starts the receive into memory that was claimed; 0, or the negated error. */
    int receiveDirect(DirectTransfer into) {
        throw new UnsupportedOperationException("claim() gives nothing");
    }

    /** Gives back what was claimed. */
    void release(DirectTransfer transfer) {}

    /** Closes the socket: what is in flight ends afterwards, and is told. */
    abstract void close();

    /** What is in flight. */
    abstract int inFlight();
}
