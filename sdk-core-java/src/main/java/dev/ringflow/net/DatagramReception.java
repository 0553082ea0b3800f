package dev.ringflow.net;

import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.spi.DatagramHead;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/** The datagrams of a socket, or those that no other reception takes: a socket may have several. */
final class DatagramReception extends GroupReception<ReceivedDatagram> {
    private final DatagramPeers peers;

    DatagramReception(RingDatagramReceiving socket, IncomingOptions options, Consumer<ReceivedDatagram> consumer) {
        super(socket, OpCode.RECEIVE_DATAGRAM_MULTISHOT, options, consumer);
        this.peers = socket.peers;
        if (group.options().incremental()) {
            throw new IllegalArgumentException(
                    "Each datagram needs a buffer of its own, which an incremental group does not give: " + group);
        }
    }

    private static DatagramHead head(Operation operation) {
        return (DatagramHead) Objects.requireNonNull(operation.resultObject());
    }

    @Override
    int length(Operation operation, int result) {
        DatagramHead head = head(operation);
        return head.payloadOffset() + head.length();
    }

    @Override
    ReceivedDatagram element(Operation operation, ReceivedBuffer buffer) {
        DatagramHead head = head(operation);
        buffer.byteBuffer().position(head.payloadOffset());
        return new ReceivedDatagram(buffer, head, peers);
    }

    @Override
    void delivered(ReceivedDatagram element) {
        element.buffer().delivered();
    }

    @Override
    boolean isLast(int result) {
        return false;
    }

    @Override
    boolean goesOnAfter(Throwable failure) {
        if (failure instanceof PortUnreachableException || failure instanceof NoRouteToHostException) {
            consumer.unreachable((IOException) failure);
            return true;
        }
        return failure instanceof CancellationException;
    }
}
