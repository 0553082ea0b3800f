package dev.ringflow.windows.driver;

import dev.ringflow.windows.iocp.Overlapped;

/** An overlapped request of a socket, told of its end. */
interface SocketRequest {
    /**
     * The kernel has let go of the request's memory.
     *
     * @param block its block, which the request uses again or releases
     * @param error 0, or a Winsock error, above zero
     * @param bytes how many
     */
    void completed(Overlapped block, int error, int bytes);
}
