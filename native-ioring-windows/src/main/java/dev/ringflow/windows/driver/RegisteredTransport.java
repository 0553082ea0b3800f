package dev.ringflow.windows.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.windows.iocp.WinsockException;
import dev.ringflow.windows.rio.RioRequestQueue;
import dev.ringflow.windows.rio.RioSlice;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code RIOReceive} and {@code RIOSend}, told by the driver's completion queue. */
final class RegisteredTransport extends StreamTransport implements RegisteredRequests {
    static final int RECEIVES = 1;

    private static final int RECEIVE = -1;

    private final RegisteredSockets registered;
    private final RioRequestQueue queue;
    private final int id;
    private int inFlight;
    private boolean closed;

    RegisteredTransport(StreamSocket owner, long socket, RegisteredSockets registered) throws WinsockException {
        super(owner, socket);
        this.registered = registered;
        this.queue = registered.open(socket, RECEIVES, SENDS);
        this.id = registered.add(this);
    }

    @Override
    Pieces pieces() {
        return registered.pieces();
    }

    @Override
    int receive(Piece into) {
        return begun(queue.receive(slice(into), context(RECEIVE), 0));
    }

    @Override
    int send(int index, Piece from, int bytes, boolean moreFollow) {
        return begun(queue.send(slice(from), bytes, context(index), moreFollow ? RioRequestQueue.DEFER : 0));
    }

    @Override
    @Nullable
    DirectTransfer claim(Operation operation, boolean once) {
        return registered.memory().claim(operation, once);
    }

    @Override
    int sendDirect(int index, DirectTransfer from) {
        return begun(queue.send(from.slab(), from.offset, from.bytes, context(index), 0));
    }

    @Override
    int receiveDirect(DirectTransfer into) {
        return begun(queue.receive(into.slab(), into.offset, into.bytes, context(RECEIVE), 0));
    }

    @Override
    void release(DirectTransfer transfer) {
        registered.memory().release(transfer);
    }

    @Override
    void commit() {
        queue.commitSends();
    }

    private int begun(int answer) {
        inFlight += answer == 0 ? 1 : 0;
        return registered.started(answer);
    }

    private static RioSlice slice(Piece piece) {
        return Objects.requireNonNull(piece.slice(), "registered memory");
    }

    private long context(int index) {
        return (long) id << 32 | index & 0xFFFF_FFFFL;
    }

    static int id(long context) {
        return (int) (context >>> 32);
    }

    @Override
    public void completed(long context, int error, int bytes) {
        int index = (int) context;
        inFlight--;
        forgetWhenDrained();
        if (index == RECEIVE) {
            owner.received(error, bytes);
        } else {
            owner.sent(index, error, bytes);
        }
    }

    @Override
    void close() {
        closed = true;
        queue.close();
        forgetWhenDrained();
    }

    /** By an account of its own: a batch may have more completions that nobody was told of. */
    private void forgetWhenDrained() {
        if (closed && inFlight == 0) {
            registered.remove(id);
        }
    }

    @Override
    int inFlight() {
        return inFlight;
    }
}
