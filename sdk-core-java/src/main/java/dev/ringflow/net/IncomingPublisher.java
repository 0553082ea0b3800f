package dev.ringflow.net;

import dev.ringflow.buffer.ReceivedBuffer;

/** The bytes of a connection for its one subscriber. */
final class IncomingPublisher extends ReceptionPublisher<ReceivedBuffer> {
    private final RingSocketReceiving socket;
    private final IncomingOptions options;

    IncomingPublisher(RingSocketReceiving socket, IncomingOptions options) {
        super(socket);
        this.socket = socket;
        this.options = options;
    }

    @Override
    Reception reception(GroupReception.Consumer<ReceivedBuffer> subscriber) {
        return new Reception(socket, options, subscriber);
    }

    /** Only the peer's end does. */
    @Override
    boolean completesAfter(Throwable end) {
        return false;
    }
}
