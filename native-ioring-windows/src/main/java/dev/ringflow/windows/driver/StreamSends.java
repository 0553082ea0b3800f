package dev.ringflow.windows.driver;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockError;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Who waits to send on a connection. What an operation sends is copied into pieces of the driver's own, as many as may be in
 * flight, and its result is their bytes. One that is cancelled meanwhile is told those bytes at once: they go out, come
 * what may, as bytes in a socket's own buffer would. A zero-copy send hands in its own memory; it is told its bytes then, for
 * the same reason, and ends when the kernel lets go of the memory. Confined to the loop thread.
 */
final class StreamSends implements Cancellable {
    /** The state of an operation whose memory the kernel has: there is nothing left to cancel. */
    private static final Object HELD = new Object();

    private final StreamSocket socket;
    private final DriverCore core;
    private final WaitingOperations waiting;
    private final @Nullable Piece[] pieces = new Piece[StreamTransport.SENDS];
    private final @Nullable DirectTransfer[] directs = new DirectTransfer[StreamTransport.SENDS];
    private final @Nullable Operation[] holders = new Operation[StreamTransport.SENDS];
    private @Nullable Operation current;
    private int handedIn;
    private int gone;
    private int inFlight;
    private int held;
    private int error;
    private boolean shutDown;

    StreamSends(StreamSocket socket) {
        this.socket = socket;
        this.core = socket.core;
        this.waiting = new WaitingOperations(core.completions());
    }

    void start(Operation operation) {
        if (shutDown) {
            core.completions().failed(operation, SocketFailures.brokenPipe(operation));
            return;
        }
        if (operation.opCode() == OpCode.SEND_ZERO_COPY) {
            core.counters().zeroCopySends().add(1);
        }
        if (SendSource.length(operation) == 0) {
            core.completions().done(operation, 0);
            return;
        }
        waiting.add(operation);
        goOn();
    }

    /** Whether the kernel has memory of operations that were told their bytes already. */
    boolean isHolding() {
        return held > 0;
    }

    /** Gives the kernel as much of the next operation as may be in flight. */
    private void goOn() {
        while (inFlight == 0 && held < StreamTransport.SENDS && !socket.isClosed()) {
            Operation operation = waiting.poll();
            if (operation == null) {
                return;
            }
            if (error == 0 && operation.opCode() == OpCode.SEND_ZERO_COPY && isHandedOver(operation)) {
                continue;
            }
            current = operation;
            operation.driverState(this);
            handedIn = 0;
            gone = 0;
            if (error == 0) {
                hand(operation);
            }
            if (inFlight == 0) {
                tell();
            }
        }
    }

    // Without copying.

    private boolean isHandedOver(Operation operation) {
        try {
            StreamTransport transport = socket.transport();
            DirectTransfer transfer = transport.claim(operation, true);
            if (transfer == null) {
                return false;
            }
            int index = freeIndex();
            int answer = started(transport, index, transfer);
            if (answer != 0) {
                error = -answer;
                return false;
            }
            directs[index] = transfer;
            holders[index] = operation;
            held++;
            operation.driverState(HELD);
            core.completions().sent(operation, transfer.bytes);
            return true;
        } catch (IOException | RuntimeException e) {
            core.completions().failed(operation, SocketFailures.of(operation, e));
            return true;
        }
    }

    /** 0, or the negated error, and then the memory is given back; also when it throws. */
    private static int started(StreamTransport transport, int index, DirectTransfer transfer) {
        int answer = -1;
        try {
            answer = transport.sendDirect(index, transfer);
            return answer;
        } finally {
            if (answer != 0) {
                transport.release(transfer);
            }
        }
    }

    private void letGo(int index, DirectTransfer transfer) {
        Operation operation = holders[index];
        int bytes = transfer.bytes;
        directs[index] = null;
        holders[index] = null;
        held--;
        try {
            socket.transport().release(transfer);
        } catch (IOException e) {
            throw new AssertionError("there is a transport already", e);
        }
        if (operation != null) {
            core.completions().done(operation, bytes);
        }
    }

    // By copying.

    private void hand(Operation operation) {
        try {
            SendSource source = socket.sockets.source();
            source.begin(operation);
            handAll(source);
            source.end();
        } catch (IOException | RuntimeException e) {
            if (inFlight == 0) {
                current = null;
                core.completions().failed(operation, SocketFailures.of(operation, e));
            } else {
                commit();
            }
        }
    }

    private void handAll(SendSource source) throws IOException {
        StreamTransport transport = socket.transport();
        for (int free = pieces.length - held; free > 0 && source.left() > 0; free--) {
            Piece piece = transport.pieces().acquire(source.left() > Piece.SMALL);
            int filled = source.copyTo(piece.buffer());
            int index = freeIndex();
            boolean moreFollow = free > 1 && source.left() > 0;
            int answer = transport.send(index, piece, filled, moreFollow);
            if (answer != 0) {
                transport.pieces().release(piece);
                error = -answer;
                if (inFlight > 0) {
                    transport.commit();
                }
                return;
            }
            pieces[index] = piece;
            inFlight++;
            handedIn += filled;
        }
    }

    private int freeIndex() {
        int index = 0;
        while (pieces[index] != null || directs[index] != null) {
            index++;
        }
        return index;
    }

    /** The kernel has let go of a piece, or of an operation's memory. */
    void ended(int index, int failure, int bytes) {
        if (failure != 0) {
            error = failure;
        }
        DirectTransfer transfer = directs[index];
        if (transfer != null) {
            letGo(index, transfer);
        } else {
            Piece piece = pieces[index];
            pieces[index] = null;
            inFlight--;
            gone += bytes;
            if (piece != null) {
                release(piece);
            }
            if (inFlight == 0) {
                tell();
            }
        }
        if (shutDown && inFlight == 0 && held == 0 && !socket.isClosed()) {
            shutdownNow();
        }
        goOn();
    }

    private void commit() {
        try {
            socket.transport().commit();
        } catch (IOException e) {
            throw new AssertionError("there is a transport already", e);
        }
    }

    private void release(Piece piece) {
        try {
            socket.transport().pieces().release(piece);
        } catch (IOException e) {
            throw new AssertionError("there is a transport already", e);
        }
    }

    /** Tells the operation what has gone out, or why nothing has. */
    private void tell() {
        Operation operation = current;
        if (operation == null) {
            return;
        }
        current = null;
        if (gone > 0) {
            end(operation, gone);
        } else {
            int reason = error == 0 ? WinsockError.WSAENOBUFS : error;
            // a local socket has no resets: its peer does not receive any more
            boolean broken = socket.family == WinsockConstants.AF_UNIX && reason == WinsockError.WSAECONNRESET;
            core.completions()
                    .failed(
                            operation,
                            broken ? SocketFailures.brokenPipe(operation) : SocketFailures.of(operation, reason));
        }
    }

    private void end(Operation operation, int bytes) {
        if (operation.opCode() == OpCode.SEND_ZERO_COPY) {
            core.counters().zeroCopiesCopied().add(1);
            core.completions().sent(operation, bytes);
        }
        core.completions().done(operation, bytes);
    }

    /** The one whose bytes the kernel has. */
    @Override
    public void cancel() {
        Operation operation = current;
        if (operation != null) {
            current = null;
            end(operation, handedIn);
        }
    }

    /** Those that wait fail; what the kernel has goes out before the end. */
    void shutdown() throws IOException {
        if (shutDown) {
            return;
        }
        shutDown = true;
        for (Operation each = waiting.poll(); each != null; each = waiting.poll()) {
            core.completions().failed(each, SocketFailures.brokenPipe(each));
        }
        if (inFlight == 0 && held == 0) {
            socket.shutdownNow(WinsockConstants.SD_SEND);
        }
    }

    private void shutdownNow() {
        try {
            socket.shutdownNow(WinsockConstants.SD_SEND);
        } catch (IOException connectionIsGone) {
            // then the peer knows already
        }
    }
}
