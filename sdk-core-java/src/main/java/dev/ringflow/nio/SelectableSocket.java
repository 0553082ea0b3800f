package dev.ringflow.nio;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Operation;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** A channel of the selector and what waits for it. Confined to the loop thread. */
abstract class SelectableSocket implements Closeable {
    final NioDriver driver;
    final Completions completions;
    final DriverCounters counters;
    private @Nullable SelectionKey key;

    SelectableSocket(NioDriver driver) {
        this.driver = driver;
        this.completions = driver.completions();
        this.counters = driver.counters();
    }

    abstract SelectableChannel channel();

    /** The selector found it ready. */
    abstract void ready(SelectionKey selected);

    SocketAddress localAddress() throws IOException {
        return ((NetworkChannel) channel()).getLocalAddress();
    }

    SocketAddress remoteAddress() throws IOException {
        throw new SocketException(this + " is not connected");
    }

    final boolean awaits(int interest) {
        return key != null && (key.interestOps() & interest) != 0;
    }

    /** Goes on with the registration of the socket that this one takes the place of. */
    final void takeOver(SelectionKey registered) {
        key = registered;
    }

    final void await(int interest) throws IOException {
        if (key == null) {
            key = driver.selector().register(this, interest);
        } else {
            key.interestOpsOr(interest);
        }
    }

    final void awaitNoMore(int interest) {
        if (key != null) {
            key.interestOpsAnd(~interest);
        }
    }

    /** Ends the registration; the selector forgets it when it is next asked. */
    final void leaveSelector() {
        if (key != null) {
            key.cancel();
        }
    }

    /** Puts an operation into a queue and waits for the channel. */
    final void enqueue(WaitQueue queue, Operation operation, ByteBuffer memory, int interest) throws IOException {
        await(interest);
        queue.add(operation, memory);
    }

    /** Closes the channel; the file descriptor goes when the selector is next asked. */
    @Override
    public void close() throws IOException {
        channel().close();
    }

    @Override
    public final String toString() {
        return channel().toString();
    }
}
