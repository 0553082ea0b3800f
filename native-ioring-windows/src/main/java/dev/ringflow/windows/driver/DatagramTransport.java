package dev.ringflow.windows.driver;

import dev.ringflow.spi.DatagramHead;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.iocp.WinsockException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * How a datagram socket's requests reach the kernel: at most one receive at a time, into memory that holds any datagram, and
 * any number of sends. Confined to the loop thread.
 */
abstract class DatagramTransport {
    final DatagramSocketState owner;
    final long socket;

    DatagramTransport(DatagramSocketState owner) {
        this.owner = owner;
        this.socket = owner.socket;
    }

    /** Starts the receive, whose end {@link DatagramSocketState#received} is told; 0, or the negated error. */
    abstract int receive() throws WinsockException;

    /** The bytes of the datagram that came last. */
    abstract ByteBuffer datagram();

    /** Fills in who sent it. */
    abstract void sender(DatagramHead head);

    /** What came last was taken. */
    abstract void letGo();

    /** Starts a send, or lets it wait for those before; it tells the outcome, unless this is a negated error. */
    abstract int send(Operation operation) throws IOException;

    /** Closes the socket: what is in flight ends afterwards, and is told. */
    abstract void close();

    /** What is in flight. */
    abstract int inFlight();
}
