package dev.ringflow.windows.driver;

import dev.ringflow.spi.DetachedHandle;
import dev.ringflow.windows.internal.Ws2_32;

/**
 * A connection that no ring has.
 *
 * @param socket the socket
 * @param family {@code AF_} constant
 * @param registered whether it takes Registered I/O
 */
record DetachedSocket(long socket, int family, boolean registered) implements DetachedHandle {
    @Override
    public void close() {
        Ws2_32.closesocket(socket);
    }
}
