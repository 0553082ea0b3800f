package dev.ringflow.nio;

import dev.ringflow.spi.DetachedHandle;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * A connection that no ring has.
 *
 * @param channel the channel, registered with no selector
 */
record DetachedChannel(SocketChannel channel) implements DetachedHandle {
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException nobodyIsLeftToTell) {
            // the descriptor is gone all the same
        }
    }
}
