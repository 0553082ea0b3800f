package dev.ringflow.benchmarks;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.net.RingSocket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Sends of one size on a few connections, each begun when the kernel has let go of the memory of the one before. */
final class SocketSends extends RingReads {
    /** How it is sent. */
    enum Way {
        COPIED("copied"),
        ZERO_COPY("zero-copy"),
        REGISTERED("zero-copy, registered");

        private final String title;

        Way(final String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private final Way way;
    private final List<Chain> chains = new ArrayList<>();
    private int failures;

    SocketSends(final Ring ring, final SocketAddress sink, final int connections, final int size, final Way way) {
        super(ring);
        this.way = way;
        final BufferPool pool = way == Way.REGISTERED ? BufferPool.create(ring, size, connections) : null;
        if (pool != null && !pool.isRegistered()) {
            throw new IllegalStateException("the pool could not be registered: is the limit of locked memory too low?");
        }
        for (int i = 0; i < connections; i++) {
            final RingSocket socket = ring.connectAsync(sink).join();
            socket.zeroCopyThreshold(way == Way.COPIED ? 0 : 1);
            chains.add(
                    pool == null
                            ? new PlainChain(socket, ByteBuffer.allocateDirect(size))
                            : new PooledChain(socket, pool.acquire()));
        }
    }

    @Override
    public String name() {
        return way.title();
    }

    @Override
    void begin() {
        chains.forEach(Chain::send);
    }

    @Override
    int width() {
        return chains.size();
    }

    @Override
    void checkRound() {
        if (failures > 0) {
            throw new IllegalStateException(failures + " sends failed");
        }
    }

    /** One connection. */
    private abstract class Chain implements RingCallback<Integer> {
        abstract void send();

        @Override
        public boolean completed(final Integer bytes) {
            if (goesOn()) {
                send();
            }
            return true;
        }

        @Override
        public void failed(final Throwable cause) {
            failures++;
            goesOn();
        }
    }

    private final class PlainChain extends Chain {
        private final RingSocket socket;
        private final ByteBuffer buffer;

        PlainChain(final RingSocket socket, final ByteBuffer buffer) {
            this.socket = socket;
            this.buffer = buffer;
        }

        @Override
        void send() {
            socket.sendFully(buffer.clear(), this);
        }
    }

    private final class PooledChain extends Chain {
        private final RingSocket socket;
        private final RingBuffer lease;

        PooledChain(final RingSocket socket, final RingBuffer lease) {
            this.socket = socket;
            this.lease = lease;
        }

        @Override
        void send() {
            lease.byteBuffer().clear();
            socket.sendFully(lease, this);
        }
    }
}
