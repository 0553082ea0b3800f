package dev.ringflow.windows.driver;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.PickedBuffers;
import dev.ringflow.spi.ResultCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a connection's bytes. While somebody does, one receive is in flight, into a piece of the driver's own; what
 * it brings is copied to those who wait, and what nobody takes is kept for the next. So cancelling is taking out of a
 * queue, and loses no byte. Confined to the loop thread.
 */
final class StreamReceives {
    /** The most buffers filled in one turn, so that a fast peer does not keep others waiting, and can be stopped. */
    private static final int BURST = 16;

    private final StreamSocket socket;
    private final DriverCore core;
    private final WaitingOperations waiting;
    private @Nullable Piece piece;
    private int from;
    private int to;
    private boolean inFlight;
    private boolean paused;
    private int delivered;
    private boolean hungry;
    private boolean ended;
    private int error;
    /** An operation into whose own memory the receive in flight goes. */
    private @Nullable Operation direct;

    private @Nullable DirectTransfer transfer;

    StreamReceives(StreamSocket socket) {
        this.socket = socket;
        this.core = socket.core;
        this.waiting = new WaitingOperations(core.completions());
    }

    void start(Operation operation) {
        if (operation.provided() == null && operation.length() == 0) {
            core.completions().done(operation, 0);
            return;
        }
        waiting.add(operation);
        if (!inFlight && !paused) {
            serve();
        }
    }

    /** The kernel has let go of the piece. */
    void ended(int failure, int bytes) {
        inFlight = false;
        if (direct != null) {
            endDirect(direct, failure, bytes);
        } else if (failure != 0) {
            error = failure;
        } else if (bytes == 0) {
            ended = true;
        } else if (!ended) {
            from = 0;
            to = bytes;
            hungry = piece != null && bytes == piece.size();
        }
        if (from == to) {
            releasePiece();
        }
        if (!socket.isClosed() && !paused) {
            serve();
        }
    }

    private void endDirect(Operation operation, int failure, int bytes) {
        DirectTransfer used = transfer;
        direct = null;
        transfer = null;
        if (used != null) {
            hungry = bytes == used.bytes || bytes >= Piece.LARGE;
            release(used);
        }
        if (failure != 0) {
            error = failure;
            core.completions().failed(operation, SocketFailures.of(operation, failure));
        } else {
            ended |= bytes == 0;
            core.completions().done(operation, bytes);
        }
    }

    /** What has come already is there still, and then the end. */
    void shutdown() {
        ended = true;
        if (inFlight) {
            endAll();
        } else {
            serve();
        }
    }

    /** A turn is over. */
    void goOn() {
        paused = false;
        delivered = 0;
        if (!inFlight && !socket.isClosed()) {
            serve();
        }
    }

    private void endAll() {
        for (Operation each = waiting.poll(); each != null; each = waiting.poll()) {
            core.completions().done(each, 0);
        }
    }

    private void serve() {
        for (Operation first = waiting.first(); first != null; first = waiting.first()) {
            if (delivered >= BURST) {
                paused = true;
                return;
            }
            if (from < to) {
                give(first);
            } else if (error != 0) {
                waiting.poll();
                core.completions().failed(first, SocketFailures.of(first, error));
            } else if (ended) {
                waiting.poll();
                core.completions().done(first, 0);
            } else if (!begin(first)) {
                return;
            }
        }
    }

    private void give(Operation operation) {
        if (!(operation.provided() instanceof PickedBuffers group)) {
            waiting.poll();
            int at = operation.memoryOffset();
            core.completions().done(operation, copy(Preparation.whole(operation), at, operation.length()));
            return;
        }
        int id = group.take();
        if (id == PickedBuffers.NONE) {
            waiting.poll();
            core.completions().ended(operation, ResultCodes.NO_BUFFERS);
            return;
        }
        if (delivered++ == 0) {
            socket.sockets.inTheNextTurn(this);
        }
        boolean goesOn = operation.opCode() == OpCode.RECEIVE_MULTISHOT;
        if (!goesOn) {
            waiting.poll();
        }
        ByteBuffer target = group.memory(id).clear();
        core.completions().received(operation, copy(target, 0, target.capacity()), id, goesOn);
    }

    private int copy(ByteBuffer target, int at, int room) {
        Piece source = piece;
        if (source == null) {
            throw new AssertionError("there are bytes");
        }
        int bytes = Math.min(room, to - from);
        target.put(at, source.buffer(), from, bytes);
        from += bytes;
        if (from == to) {
            releasePiece();
        }
        return bytes;
    }

    /** Starts a receive; true if the operation has failed instead. */
    private boolean begin(Operation operation) {
        try {
            StreamTransport transport = socket.transport();
            if (hungry && isReceivedDirectly(operation, transport)) {
                return false;
            }
            Piece target = transport.pieces().acquire(hungry);
            int answer = transport.receive(target);
            if (answer == 0) {
                piece = target;
                inFlight = true;
                return false;
            }
            transport.pieces().release(target);
            error = -answer;
            return true;
        } catch (IOException | RuntimeException e) {
            waiting.poll();
            core.completions().failed(operation, SocketFailures.of(operation, e));
            return true;
        }
    }

    /**
     * A receive of Registered I/O cannot be cancelled, so it has an operation's own memory only when there are bytes to be
     * had at once, and is worth the question only when there are many.
     */
    private boolean isReceivedDirectly(Operation operation, StreamTransport transport) {
        if (operation.bufferIndex() < 0 || operation.provided() != null || operation.length() <= Piece.SMALL) {
            return false;
        }
        DirectTransfer claimed = transport.claim(operation, false);
        if (claimed == null) {
            return false;
        }
        boolean started = false;
        try {
            started = socket.hasBytes() && transport.receiveDirect(claimed) == 0;
        } finally {
            if (!started) {
                transport.release(claimed);
            }
        }
        if (!started) {
            return false;
        }
        waiting.poll();
        operation.driverState(claimed);
        direct = operation;
        transfer = claimed;
        inFlight = true;
        return true;
    }

    private void release(DirectTransfer used) {
        try {
            socket.transport().release(used);
        } catch (IOException e) {
            throw new AssertionError("there is a transport already", e);
        }
    }

    /** The socket is closed, and nothing in flight. */
    void releaseAll() {
        releasePiece();
    }

    private void releasePiece() {
        Piece used = piece;
        if (used == null || inFlight) {
            return;
        }
        piece = null;
        from = 0;
        to = 0;
        try {
            socket.transport().pieces().release(used);
        } catch (IOException e) {
            throw new AssertionError("there is a transport already", e);
        }
    }
}
