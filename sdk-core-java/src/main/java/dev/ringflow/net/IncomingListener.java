package dev.ringflow.net;

import dev.ringflow.buffer.ReceivedBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes what arrives on a connection at the moment when it arrives: {@link RingSocket#receiveAll}. Called on the loop
 * thread; it must not block.
 */
public interface IncomingListener {
    /**
     * Bytes have arrived. One that throws ends the stream, and is told so by {@link #ended}.
     *
     * @param buffer at least one byte, valid until this method returns unless it is retained, or is being sent
     */
    void received(ReceivedBuffer buffer);

    /**
     * Nothing more comes. Called once.
     *
     * @param failure why; null when the peer has shut its side down
     */
    void ended(@Nullable Throwable failure);
}
