package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.spi.Handle;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Options of sockets. {@link RingSocket}, {@link RingServerSocket} and {@link RingDatagramSocket} are the classes to use. */
public abstract class RingSocketOptions extends RingSocketState {
    RingSocketOptions(Ring ring, Handle handle, @Nullable SocketAddress local) {
        super(ring, handle, local);
    }
}
