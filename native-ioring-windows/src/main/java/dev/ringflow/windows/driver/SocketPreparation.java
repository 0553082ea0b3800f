package dev.ringflow.windows.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.spi.PacketSocketInfo;
import dev.ringflow.windows.iocp.WinsockException;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Starts the operations of sockets. Confined to the loop thread. */
final class SocketPreparation extends Preparation {
    private final SocketFamily sockets;

    SocketPreparation(DriverCore core, SocketFamily sockets) {
        super(core);
        this.sockets = sockets;
    }

    @Override
    void start(Operation operation) throws IOException {
        try {
            begin(operation);
        } catch (WinsockException e) {
            throw SocketFailures.of(operation, e);
        }
    }

    private void begin(Operation operation) throws IOException {
        switch (operation.opCode()) {
            case LISTEN -> {
                ListeningSocket socket = ListeningSocket.open(sockets, operation);
                sockets.listening(socket);
                core.completions().opened(operation, core.opened(socket), socket.localAddress());
            }
            case CONNECT -> ConnectingSocket.start(sockets, operation);
            case ACCEPT, ACCEPT_MULTISHOT ->
                state(operation, ListeningSocket.class).accept(operation);
            case RECEIVE, RECEIVE_MULTISHOT ->
                state(operation, StreamSocket.class).receive(operation);
            case SEND, SEND_VECTORED, SEND_ZERO_COPY ->
                state(operation, StreamSocket.class).send(operation);
            case SHUTDOWN -> state(operation, StreamSocket.class).shutdown(operation);
            case GET_OPTION, SET_OPTION -> {
                core.counters().systemCalls().add(1);
                Object answer = SocketOptionCalls.run(operation, state(operation, SocketState.class));
                if (answer == null) {
                    core.completions().done(operation, 0);
                } else {
                    core.completions().answered(operation, answer);
                }
            }
            case BIND -> {
                DatagramSocketState socket = DatagramSocketState.open(sockets, operation);
                core.completions().opened(operation, core.opened(socket), socket.localAddress());
            }
            case OPEN_PACKET_SOCKET -> {
                DatagramSocketState socket = PacketSockets.open(sockets, operation);
                PacketSocketInfo info = new PacketSocketInfo((InetSocketAddress) socket.localAddress(), 0, new byte[0]);
                core.completions().opened(operation, core.opened(socket), info);
            }
            case CONNECT_DATAGRAM -> state(operation, DatagramSocketState.class).connect(operation);
            case RECEIVE_DATAGRAM, RECEIVE_DATAGRAM_MULTISHOT, RECEIVE_PACKET ->
                state(operation, DatagramSocketState.class).receive(operation);
            case SEND_DATAGRAM, SEND_PACKET ->
                state(operation, DatagramSocketState.class).send(operation);
            case JOIN_GROUP -> state(operation, DatagramSocketState.class).join(operation);
            case LEAVE_GROUP -> state(operation, DatagramSocketState.class).leave(operation);
            default -> throw new IllegalStateException(operation + " is none of sockets");
        }
    }

    @Override
    void cancel(Operation operation) {
        if (operation.driverState() instanceof Cancellable inFlight) {
            inFlight.cancel();
        }
    }
}
