package dev.ringflow.net;

import java.nio.channels.ClosedChannelException;

/**
 * The datagrams of a socket. What the network says of datagrams that were sent is not told, since a publisher's error
 * would end it: whoever wants to know has {@link DatagramStream}.
 */
final class DatagramPublisher extends ReceptionPublisher<ReceivedDatagram> {
    private final RingDatagramReceiving socket;
    private final IncomingOptions options;

    DatagramPublisher(RingDatagramReceiving socket, IncomingOptions options) {
        super(socket);
        this.socket = socket;
        this.options = options;
    }

    @Override
    DatagramReception reception(GroupReception.Consumer<ReceivedDatagram> subscriber) {
        return new DatagramReception(socket, options, subscriber);
    }

    @Override
    boolean completesAfter(Throwable end) {
        return end instanceof ClosedChannelException;
    }
}
