package dev.ringflow.windows.rio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.iocp.CompletionEntries;
import dev.ringflow.windows.iocp.SimulatedNetwork;
import dev.ringflow.windows.iocp.WinsockError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many connections, accepted by a pool, echoed through one completion queue that tells by the same completion port. */
@ExtendWith(Simulators.class)
@Timeout(120)
class RioEchoTest {
    private static final int CONNECTIONS = 50;
    private static final int ROUNDS = 20;
    private static final int SLICE = 2048;
    private static final long NOTIFICATION = 2;

    /** One connection: what it received is sent back before it receives again. */
    private static final class Echo {
        private final RioRequestQueue queue;
        private final RioSlice in;
        private final RioSlab slab;

        Echo(final RioRequestQueue queue, final RioSlice in, final RioSlab slab) {
            this.queue = queue;
            this.in = in;
            this.slab = slab;
        }

        void receive() {
            assertThat(queue.receive(in, 0, 0)).isZero();
        }

        void send(final int bytes) {
            assertThat(queue.send(slab.slice(in.offset(), bytes), bytes, 0)).isZero();
        }
    }

    @Test
    void fiftyConnectionsGetBackWhatTheySent() throws Exception {
        serve(CONNECTIONS, ROUNDS, false);
    }

    /** Every other peer resets its connection in the middle: the others do not notice, and everything comes back. */
    @Test
    void peersThatResetDoNotDisturbOthers() throws Exception {
        serve(40, 6, true);
    }

    private static void serve(final int connections, final int rounds, final boolean resets) throws Exception {
        try (RioFixture fixture = new RioFixture();
                RioSlab slab = fixture.rio.allocateSlab(connections * SLICE);
                RioCompletionQueue completions =
                        fixture.rio.createPortQueue(2 * connections, fixture.port, NOTIFICATION)) {
            final ExecutorService peers = Executors.newFixedThreadPool(8);
            final InetSocketAddress address = fixture.address();
            final List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                final int seed = i;
                clients.add(CompletableFuture.runAsync(() -> client(address, seed, rounds, resets), peers));
            }
            final RioBuffers buffers = RioBuffers.of(slab, SLICE);
            final Map<RioRequestQueue, Echo> open = new HashMap<>();
            final CompletionEntries entries = CompletionEntries.allocate(16);
            int accepted = 0;
            assertThat(completions.requestNotification()).isZero();
            while (accepted < connections || !open.isEmpty()) {
                assertThat(fixture.port.await(entries, SimulatedNetwork.PATIENCE))
                        .isPositive();
                for (int i = 0; i < entries.count(); i++) {
                    if (entries.key(i) == NOTIFICATION) {
                        assertThat(entries.overlapped(i)).isEqualTo(completions.overlapped());
                        while (completions.dequeue(fixture.results) > 0) {
                            reply(fixture.results, open, buffers);
                        }
                        assertThat(completions.requestNotification()).isZero();
                    } else {
                        final long early = fixture.pool.leftEarly();
                        fixture.pool.complete(entries, i, socket -> {
                            final Echo echo = open(socket, completions, buffers, slab);
                            open.put(echo.queue, echo);
                            echo.receive();
                        });
                        assertThat(fixture.pool.leftEarly()).isEqualTo(early);
                        accepted++;
                    }
                }
            }
            for (final CompletableFuture<Void> client : clients) {
                client.get();
            }
            peers.shutdown();
            assertThat(completions.reserved()).isZero();
            assertThat(slab.inFlight()).isZero();
            assertThat(buffers.available()).isEqualTo(buffers.count());
        }
    }

    private static Echo open(
            final long socket, final RioCompletionQueue completions, final RioBuffers buffers, final RioSlab slab) {
        try {
            return new Echo(RioRequestQueue.open(socket, 1, 1, completions, completions), buffers.acquire(), slab);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void reply(
            final RioResults results, final Map<RioRequestQueue, Echo> open, final RioBuffers buffers) {
        for (int i = 0; i < results.count(); i++) {
            final Echo echo = open.get(results.queue(i));
            if (results.error(i) != 0 || results.bytes(i) == 0) {
                assertThat(results.error(i) == 0 || WinsockError.isEndOfConnection(results.error(i)))
                        .as(WinsockError.name(results.error(i)))
                        .isTrue();
                echo.queue.close();
                assertThat(echo.queue.isDrained()).isTrue();
                buffers.release(echo.in);
                open.remove(echo.queue);
            } else if (results.isSend(i)) {
                assertThat(results.bytes(i)).isEqualTo((int) results.context(i));
                echo.receive();
            } else {
                echo.send(results.bytes(i));
            }
        }
    }

    private static void client(
            final InetSocketAddress address, final int seed, final int rounds, final boolean resets) {
        final Random random = new Random(seed);
        try (Socket socket = SimulatedNetwork.peer(address)) {
            for (int round = 0; round < rounds; round++) {
                final byte[] message = new byte[1 + random.nextInt(3 * SLICE)];
                random.nextBytes(message);
                socket.getOutputStream().write(message);
                if (resets && seed % 2 == 0 && round == rounds / 2) {
                    socket.getInputStream().read(); // the connection is in use
                    socket.setSoLinger(true, 0);
                    return;
                }
                assertThat(socket.getInputStream().readNBytes(message.length)).isEqualTo(message);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
