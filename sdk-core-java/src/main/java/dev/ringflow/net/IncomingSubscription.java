package dev.ringflow.net;

/** What {@link RingSocket#receiveAll} has begun. */
public interface IncomingSubscription extends AutoCloseable {
    /**
     * Ends it, if it has not ended: the receive is cancelled, and the listener is told of a
     * {@link java.nio.channels.ClosedChannelException}, on the loop thread. The socket stays open; bytes that came
     * meanwhile may be lost. Any thread may call it, as often as it likes.
     */
    @Override
    void close();
}
