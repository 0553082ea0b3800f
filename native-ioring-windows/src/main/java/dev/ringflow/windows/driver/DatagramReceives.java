package dev.ringflow.windows.driver;

import dev.ringflow.spi.DatagramHead;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.PickedBuffers;
import dev.ringflow.spi.ResultCodes;
import dev.ringflow.windows.iocp.WinsockError;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Who waits for datagrams. While somebody does, one receive is in flight, into memory that holds any datagram; what it
 * brings is copied to the first who waits, and kept if there is none. Confined to the loop thread.
 */
final class DatagramReceives {
    private final DatagramSocketState socket;
    private final DriverCore core;
    private final WaitingOperations waiting;
    private final DatagramHead own = new DatagramHead();
    private int length;
    private boolean held;
    private int error;
    private boolean inFlight;

    DatagramReceives(DatagramSocketState socket) {
        this.socket = socket;
        this.core = socket.core;
        this.waiting = new WaitingOperations(core.completions());
    }

    void start(Operation operation) {
        if (operation.provided() == null) {
            Preparation.whole(operation);
            DatagramPayload.length(operation);
        }
        waiting.add(operation);
        if (!inFlight) {
            serve();
        }
    }

    /** The receive has ended. */
    void ended(int plain, int bytes) {
        int failure = SocketFailures.winsock(plain);
        inFlight = false;
        if (failure == 0 || failure == WinsockError.WSAEMSGSIZE) {
            length = bytes;
            held = true;
        } else if (socket.isConnected() || !isOfAnEarlierSend(failure)) {
            error = failure;
        }
        if (!socket.isClosed()) {
            serve();
        }
    }

    /** That a receiver of an earlier datagram is not there is nothing to tell a socket that sends to many. */
    private static boolean isOfAnEarlierSend(int failure) {
        return failure == WinsockError.WSAECONNRESET
                || failure == WinsockError.WSAECONNREFUSED
                || failure == WinsockError.WSAENETRESET;
    }

    private void serve() {
        for (Operation first = waiting.first(); first != null; first = waiting.first()) {
            if (held) {
                give(first);
            } else if (error != 0) {
                waiting.poll();
                core.completions().failed(first, SocketFailures.of(first, error));
                error = 0;
            } else if (!begin(first)) {
                return;
            }
        }
    }

    private void give(Operation operation) {
        if (operation.provided() instanceof PickedBuffers group) {
            int id = group.take();
            if (id == PickedBuffers.NONE) {
                waiting.poll();
                core.completions().ended(operation, ResultCodes.NO_BUFFERS);
                return;
            }
            DatagramHead head = new DatagramHead();
            ByteBuffer target = group.memory(id).clear();
            take(head, target, 0, target.remaining());
            if (operation.opCode() == OpCode.RECEIVE_DATAGRAM_MULTISHOT) {
                core.completions().oneMore(operation, head.length(), id, head);
                return;
            }
            waiting.poll();
            core.completions().received(operation, head.length(), id, false);
            return;
        }
        waiting.poll();
        DatagramHead head = operation.argument() instanceof DatagramHead wanted ? wanted : own;
        ByteBuffer target = Preparation.whole(operation);
        take(head, target, DatagramPayload.offset(operation), DatagramPayload.length(operation));
        if (DatagramPayload.isPacket(operation)) {
            DatagramPayload.describe(target, operation.memoryOffset(), head);
        }
        core.completions().done(operation, head.length());
    }

    private void take(DatagramHead head, ByteBuffer target, int at, int room) {
        DatagramTransport transport = socket.known();
        int bytes = Math.min(room, length);
        if (bytes > 0) {
            target.put(at, transport.datagram(), 0, bytes);
        }
        head.clear();
        head.payload(0, bytes, length > room);
        transport.sender(head);
        held = false;
        transport.letGo();
    }

    /** Starts a receive; true if the operation has failed instead. */
    private boolean begin(Operation operation) {
        try {
            int answer = socket.transport().receive();
            if (answer == 0) {
                inFlight = true;
                return false;
            }
            if (socket.isConnected() || !isOfAnEarlierSend(-answer)) {
                error = -answer;
            }
            return true;
        } catch (IOException | RuntimeException e) {
            waiting.poll();
            core.completions().failed(operation, SocketFailures.of(operation, e));
            return true;
        }
    }
}
