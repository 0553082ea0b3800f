package dev.ringflow.net;

import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.spi.DatagramHead;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A datagram that was received into a buffer of a {@link dev.ringflow.buffer.BufferGroup}. Its bytes are valid as
 * those of a {@link ReceivedBuffer} are: while it is being delivered, or until {@link #close()} for who has called
 * {@link #retain()}. What {@link #info()} tells stays.
 */
public final class ReceivedDatagram implements AutoCloseable {
    private final ReceivedBuffer buffer;
    private final DatagramInfo info;

    ReceivedDatagram(ReceivedBuffer buffer, DatagramHead head, DatagramPeers peers) {
        this.buffer = buffer;
        this.info = new DatagramInfo(head, peers);
    }

    /**
     * The buffer that holds it, for whoever passes buffers on.
     *
     * @return the buffer, whose position and limit enclose the payload at first
     */
    public ReceivedBuffer buffer() {
        return buffer;
    }

    /**
     * The payload, as a direct buffer: from its position to its limit.
     *
     * @return always the same buffer; without remaining bytes for an empty datagram
     * @throws IllegalStateException if it is no longer valid
     */
    public ByteBuffer byteBuffer() {
        return buffer.byteBuffer();
    }

    /**
     * What came with it.
     *
     * @return always the same object
     */
    public DatagramInfo info() {
        return info;
    }

    /**
     * Who sent it.
     *
     * @return as {@link DatagramInfo#sender()}
     */
    public @Nullable SocketAddress sender() {
        return info.sender();
    }

    /**
     * Keeps it beyond its delivery, until {@link #close()}.
     *
     * @return this
     * @throws IllegalStateException if it is no longer valid, or retained already
     */
    public ReceivedDatagram retain() {
        buffer.retain();
        return this;
    }

    /**
     * Gives the buffer back: that of one that was retained, or of one that is being delivered, ahead of time.
     *
     * @throws IllegalStateException if that was done before, or its time is over and it was not retained
     */
    @Override
    public void close() {
        buffer.close();
    }

    @Override
    public String toString() {
        return "ReceivedDatagram[" + info + ", " + buffer + "]";
    }
}
