package dev.ringflow.tck;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.net.IncomingListener;
import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.RingSocket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Connections to a server that sends everything back. All but the counters is confined to the loop thread. */
final class ManyConnectionsClients {
    /** So many handshakes at once: fewer than the backlog, beyond which the kernel lets clients wait for a second. */
    private static final int HANDSHAKES = 256;

    final AtomicInteger echoed = new AtomicInteger();
    final AtomicInteger reset = new AtomicInteger();

    private final Ring ring;
    private final IncomingOptions incoming;
    private final Queue<String> problems;
    private final List<Client> clients = new ArrayList<>();

    ManyConnectionsClients(Ring ring, IncomingOptions incoming, Queue<String> problems) {
        this.ring = ring;
        this.incoming = incoming;
        this.problems = problems;
    }

    /** Connects, until there are enough or time is up; answers how many there are. */
    int open(SocketAddress address, int wanted, long nanos) throws InterruptedException {
        long begin = System.nanoTime();
        Semaphore handshakes = new Semaphore(HANDSHAKES);
        for (int i = 0; i < wanted && System.nanoTime() - begin < nanos; i++) {
            if (!handshakes.tryAcquire(DriverContract.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("No handshake ended");
            }
            RingSocket.connect(ring, address, new RingCallback<>() {
                @Override
                public boolean completed(RingSocket socket) {
                    Client client = new Client(clients.size(), socket);
                    clients.add(client);
                    socket.receiveAll(incoming, client);
                    handshakes.release();
                    return true;
                }

                @Override
                public void failed(Throwable cause) {
                    problems.add("a connect failed: " + cause);
                    handshakes.release();
                }
            });
        }
        if (!handshakes.tryAcquire(HANDSHAKES, DriverContract.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("Handshakes do not end");
        }
        return DriverContract.onLoop(ring, clients::size);
    }

    /** Some of them send so many bytes each, and wait for them. */
    void send(int bytes, IntPredicate which) {
        ByteBuffer memory = memory(bytes);
        onEach(which, client -> client.send(memory, bytes));
    }

    /** Some of them send and are gone: some at once, the others when the first bytes have come back. */
    void sendAndReset(int bytes, IntPredicate which, IntPredicate atOnce) {
        ByteBuffer memory = memory(bytes);
        onEach(which, client -> {
            client.going = true;
            client.send(memory, bytes);
            if (atOnce.test(client.number)) {
                client.reset();
            }
        });
    }

    /** Some of them say that they send no more. */
    void finish(IntPredicate which) {
        onEach(which, client -> {
            client.finishing = true;
            client.socket.shutdownOutput(new Recorder<>());
        });
    }

    void close() {
        List<Client> all = DriverContract.onLoop(ring, () -> List.copyOf(clients));
        all.stream().map(each -> each.socket.closeAsync()).toList().forEach(DriverContract::await);
    }

    private ByteBuffer memory(int bytes) {
        return ByteBuffer.allocateDirect(bytes * DriverContract.onLoop(ring, clients::size));
    }

    private void onEach(IntPredicate which, Consumer<Client> what) {
        DriverContract.onLoop(ring, () -> {
            clients.stream().filter(each -> which.test(each.number)).forEach(what);
            return null;
        });
    }

    /** One of them. */
    private final class Client implements IncomingListener, RingCallback<Integer> {
        final int number;
        final RingSocket socket;
        boolean going;
        boolean finishing;
        private final ManyConnectionsContent sent;
        private final ManyConnectionsContent came;
        private boolean aborted;

        Client(int number, RingSocket socket) {
            this.number = number;
            this.socket = socket;
            this.sent = ManyConnectionsContent.of(number);
            this.came = ManyConnectionsContent.of(number);
        }

        void send(ByteBuffer memory, int bytes) {
            socket.sendFully(sent.fill(memory.slice(number * bytes, bytes)).flip(), this);
        }

        void reset() {
            if (!aborted) {
                aborted = true;
                socket.abortAsync().whenComplete((done, refusal) -> reset.incrementAndGet());
            }
        }

        @Override
        public void received(ReceivedBuffer buffer) {
            String mismatch = came.mismatch(buffer.byteBuffer());
            if (mismatch != null) {
                problems.add("came back: " + mismatch);
            }
            if (going) {
                reset();
            } else if (came.position() == sent.position()) {
                echoed.incrementAndGet();
            } else if (came.position() > sent.position()) {
                problems.add("connection " + number + " got more than it sent");
            }
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            if (!going && !finishing) {
                problems.add("connection " + number + " ended too soon, with " + failure);
            }
        }

        @Override
        public boolean completed(Integer bytes) {
            return true;
        }

        @Override
        public void failed(Throwable cause) {
            if (!going) {
                problems.add("connection " + number + " could not send: " + cause);
            }
        }
    }
}
