package dev.ringflow.windows.rio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.iocp.SimulatedNetwork;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockError;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
class RioRaceTest {
    /** Whichever wins, each request completes once: with its byte, with the end, or aborted. */
    @Test
    void closingRacesWithArrivingBytes() throws Exception {
        try (RioFixture fixture = new RioFixture();
                RioCompletionQueue completions = fixture.rio.createPolledQueue(8)) {
            int arrived = 0;
            for (int turn = 0; turn < 100; turn++) {
                final Socket peer = fixture.peer();
                final RioRequestQueue queue = RioRequestQueue.open(fixture.accept(), 2, 2, completions, completions);
                final RioSlice[] in = {fixture.buffers.acquire(), fixture.buffers.acquire()};
                for (int i = 0; i < 2; i++) {
                    assertThat(queue.receive(in[i], i, 0)).isZero();
                }
                final CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(peer));
                if (turn % 2 == 0) {
                    Thread.onSpinWait();
                } else {
                    Thread.sleep(0, turn * 10_000);
                }
                queue.close();
                final Set<Long> seen = new HashSet<>();
                while (!queue.isDrained()) {
                    final RioResults results = fixture.one(completions);
                    assertThat(seen.add(results.context(0))).isTrue();
                    assertThat(results.error(0) == 0 || WinsockError.isEndOfConnection(results.error(0)))
                            .isTrue();
                    arrived += results.bytes(0);
                }
                assertThat(seen).containsExactlyInAnyOrder(0L, 1L);
                assertThat(completions.dequeue(fixture.results)).isZero();
                assertThat(completions.reserved()).isZero();
                for (final RioSlice slice : in) {
                    fixture.buffers.release(slice);
                }
                writing.join();
                peer.close();
            }
            System.out.println(arrived + " of 100 bytes came before the close");
        }
    }

    private static void write(final Socket peer) {
        try {
            peer.getOutputStream().write(1);
        } catch (final IOException e) {
            // closed before
        }
    }

    /** The kernel promises no order between sockets, and the simulator takes another one for each seed. */
    @Test
    void completionsOfDifferentSocketsComeInAnyOrder() throws Exception {
        final int sockets = 8;
        final Set<List<Long>> orders = new HashSet<>();
        for (int seed = 1; seed <= 6; seed++) {
            try (RioFixture fixture = new RioFixture();
                    RioCompletionQueue completions = fixture.rio.createPolledQueue(2 * sockets);
                    DatagramSocket sender = new DatagramSocket()) {
                SimulatedNetwork.control().sim_rio_configure(seed, 60, 100, 0);
                final List<RioRequestQueue> queues = new ArrayList<>();
                for (int i = 0; i < sockets; i++) {
                    queues.add(RioRequestQueue.open(RioFixture.datagramSocket(), 1, 1, completions, completions));
                    sender.send(new DatagramPacket(
                            new byte[1], 1, Winsock.localAddress(queues.get(i).socket())));
                }
                for (int i = 0; i < sockets; i++) {
                    assertThat(queues.get(i).receive(fixture.buffers.acquire(), i, 0))
                            .isZero();
                }
                final List<Long> order = new ArrayList<>();
                while (order.size() < sockets) {
                    order.add(fixture.one(completions).context(0));
                }
                assertThat(order)
                        .containsExactlyInAnyOrderElementsOf(
                                LongStream.range(0, sockets).boxed().collect(Collectors.toList()));
                orders.add(order);
            }
        }
        assertThat(orders).hasSizeGreaterThan(1);
    }
}
