package dev.ringflow.windows.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.windows.iocp.Overlapped;
import dev.ringflow.windows.iocp.OverlappedSockets;
import dev.ringflow.windows.iocp.WinsockError;
import org.jspecify.annotations.Nullable;

/** One datagram on its way out, from the operation's own memory. Confined to the loop thread. */
final class DatagramSend implements SocketRequest, Cancellable {
    private final PortDatagrams transport;
    private final Operation operation;
    private @Nullable Overlapped block;

    DatagramSend(PortDatagrams transport, Operation operation, Overlapped block) {
        this.transport = transport;
        this.operation = operation;
        this.block = block;
    }

    @Override
    public void completed(Overlapped done, int error, int bytes) {
        done.release();
        block = null;
        Completions completions = transport.owner.core.completions();
        if (error == 0) {
            completions.done(operation, bytes);
        } else if (error == WinsockError.WSA_OPERATION_ABORTED && operation.isCancelRequested()) {
            completions.cancelled(operation);
        } else {
            completions.failed(operation, SocketFailures.of(operation, error));
        }
        transport.sent();
    }

    @Override
    public void cancel() {
        if (block != null) {
            OverlappedSockets.cancel(transport.socket, block);
        }
    }
}
