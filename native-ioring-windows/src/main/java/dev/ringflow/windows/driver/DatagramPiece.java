package dev.ringflow.windows.driver;

import dev.ringflow.windows.iocp.SocketAddresses;
import dev.ringflow.windows.rio.RioSlice;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory of the driver's own that one datagram and one address are in. So an operation can be cancelled, and its memory
 * given back, whatever the kernel does: Registered I/O has no cancelling.
 *
 * @param data the datagram's bytes
 * @param name the address, as {@link SocketAddresses} lays it out
 * @param dataSlice the bytes as registered memory, null if they are not registered
 * @param nameSlice the address as registered memory, null if it is not registered
 * @param isLarge of which of the two sizes
 */
record DatagramPiece(
        ByteBuffer data,
        ByteBuffer name,
        @Nullable RioSlice dataSlice,
        @Nullable RioSlice nameSlice,
        boolean isLarge) {
    /** Bytes of a small one: what most datagrams are sent with. */
    static final int SMALL = 2048;

    /** More than any datagram has, so that it is known whether one is cut. */
    static final int LARGE = 65_536;

    /** Bytes of an address: a {@code SOCKADDR_INET}. */
    static final int NAME = SocketAddresses.IN6_SIZE;
}
