package dev.ringflow.nio;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.BindException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** What goes wrong with datagrams, in the words of the other drivers. */
final class DatagramChannelFailures {
    private DatagramChannelFailures() {}

    /** What a known failure stands for, or null. */
    static @Nullable IOException of(Operation operation, IOException io) {
        String text = String.valueOf(io.getMessage());
        if (operation.opCode() == OpCode.BIND) {
            return io instanceof BindException ? new BindException(text + ": " + operation.argument()) : null;
        }
        String what = ": " + operation.owner()
                + (operation.opCode() == OpCode.SEND_DATAGRAM && operation.argument() != null
                        ? " to " + operation.argument()
                        : "");
        if (io instanceof PortUnreachableException) {
            return new PortUnreachableException("Nobody receives at the port of the peer" + what);
        } else if (text.startsWith("Message too long")) {
            return new SocketException(
                    "Message too long: " + operation.length() + " bytes are more than one datagram may have" + what);
        } else if (text.startsWith("Permission denied")) {
            return new SocketException("Permission denied (for a broadcast address, DatagramOptions.broadcast)" + what);
        } else if (io instanceof NoRouteToHostException || text.startsWith("Network is unreachable")) {
            return new NoRouteToHostException(text + what);
        }
        return null;
    }
}
