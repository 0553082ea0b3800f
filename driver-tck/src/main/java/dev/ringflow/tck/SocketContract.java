package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.RingFuture;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Connections: bytes in order, ends, resets, and what becomes of memory when one side goes. */
public abstract class SocketContract extends DriverContract {
    /** For subclasses. */
    protected SocketContract() {}

    /**
     * How many messages each of many connections sends.
     *
     * @return a hundred, or fewer where that takes too long
     */
    protected int rounds() {
        return 100;
    }

    @Test
    void bytesGoBothWays() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            ByteBuffer out = Bytes.direct(Bytes.content(1000));
            assertThat(await(pair.ours().sendFullyAsync(out))).isEqualTo(1000);
            assertThat(out.hasRemaining()).isFalse();
            assertThat(pair.theirs().getInputStream().readNBytes(1000)).isEqualTo(Bytes.content(1000));

            pair.theirs().getOutputStream().write(Bytes.content(500));
            ByteBuffer in = Bytes.direct(500);
            assertThat(await(pair.ours().receiveFullyAsync(in))).isEqualTo(500);
            assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(500));
        }
    }

    @Test
    void receiveDeliversWhatThereIs() throws IOException {
        try (TcpPair pair = TcpPair.connected(ring())) {
            RingFuture<Integer> receive = pair.ours().receiveAsync(Bytes.direct(4096));
            assertThat(receive).isNotDone();
            pair.theirs().getOutputStream().write(Bytes.content(3));
            assertThat(await(receive)).isEqualTo(3);
        }
    }

    @Test
    void emptyBufferDoesNotWaitForThePeer() throws IOException {
        try (TcpPair pair = TcpPair.connected(ring())) {
            ByteBuffer empty = Bytes.direct(4).position(4);
            assertThat(await(pair.ours().receiveAsync(empty))).isZero();
            assertThat(await(pair.ours().receiveFullyAsync(empty))).isZero();
            assertThat(await(pair.ours().sendAsync(empty))).isZero();
            assertThat(await(pair.ours().sendFullyAsync(ByteBuffer.allocate(0))))
                    .isZero();
        }
    }

    @Test
    void endOfThePeerIsMinusOneAgainAndAgain() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            pair.theirs().getOutputStream().write(Bytes.content(3));
            pair.theirs().shutdownOutput();
            ByteBuffer in = Bytes.direct(10);
            assertThat(await(pair.ours().receiveAsync(in))).isEqualTo(3);
            assertThat(await(pair.ours().receiveAsync(in))).isEqualTo(-1);
            assertThat(await(pair.ours().receiveAsync(in))).isEqualTo(-1);
            assertThat(in.position()).isEqualTo(3);
        }
    }

    @Test
    void receivingFullyPastTheEndFailsAndThePositionTellsWhatCame() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            ByteBuffer in = ByteBuffer.allocate(10);
            RingFuture<Integer> receive = pair.ours().receiveFullyAsync(in);
            pair.theirs().getOutputStream().write(Bytes.content(7));
            pair.theirs().shutdownOutput();
            assertThat(failureOf(receive)).isInstanceOf(EOFException.class).hasMessageContaining("7 of 10");
            assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(7));
        }
    }

    @Test
    void halfClosedConnectionStillReceives() throws IOException {
        try (TcpPair pair = TcpPair.connected(ring())) {
            await(pair.ours().shutdownOutputAsync());
            assertThat(pair.theirs().getInputStream().read()).isEqualTo(-1);
            pair.theirs().getOutputStream().write(Bytes.content(3));
            assertThat(await(pair.ours().receiveFullyAsync(Bytes.direct(3)))).isEqualTo(3);
            assertThat(failureOf(pair.ours().sendAsync(Bytes.direct(1))))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("Broken pipe");
        }
    }

    @Test
    void fullyVariantsGoOnAfterShortTransfers() throws Exception {
        byte[] content = Bytes.content(8_000_003);
        try (TcpPair pair = TcpPair.accepted(ring())) {
            for (ByteBuffer out : List.of(Bytes.direct(content), ByteBuffer.wrap(content))) {
                RingFuture<Integer> send = pair.ours().sendFullyAsync(out);
                // the peer takes nothing until the send has had to wait
                byte[] first = pair.theirs().getInputStream().readNBytes(1);
                byte[] rest = pair.theirs().getInputStream().readNBytes(content.length - 1);
                assertThat(await(send)).isEqualTo(content.length);
                assertThat(first[0]).isEqualTo(content[0]);
                assertThat(java.util.Arrays.equals(rest, 0, rest.length, content, 1, content.length))
                        .isTrue();
            }
            for (ByteBuffer in : List.of(Bytes.direct(content.length), ByteBuffer.allocate(content.length))) {
                RingFuture<Integer> receive = pair.ours().receiveFullyAsync(in);
                pair.theirs().getOutputStream().write(content);
                assertThat(await(receive)).isEqualTo(content.length);
                assertThat(java.util.Arrays.equals(Bytes.filled(in), content)).isTrue();
            }
        }
    }

    @Test
    void connectionResetByThePeerFailsTheReceive() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingFuture<Integer> receive = pair.ours().receiveAsync(Bytes.direct(10));
            pair.reset();
            assertThat(resetOf(receive)).isInstanceOf(SocketException.class).hasMessageContaining("Connection reset");
        }
    }

    @Test
    void sendingToAPeerThatIsGoneFailsAndRaisesNoSignal() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            pair.reset();
            eventually("sending fails", () -> {
                Throwable failure =
                        outcomeOf(pair.ours().sendAsync(Bytes.direct(1000))).orElse(null);
                assertThat(failure == null || failure instanceof SocketException)
                        .as(String.valueOf(failure))
                        .isTrue();
                return failure != null;
            });
        }
    }

    @Test
    void shutdownWithSendsInFlightEndsThemAndLeavesTheirMemory() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            List<ByteBuffer> buffers = new ArrayList<>();
            List<RingFuture<Integer>> sends = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                ByteBuffer out = Bytes.direct(Bytes.content(500_000));
                buffers.add(out);
                sends.add(pair.ours().sendAsync(out));
            }
            await(pair.ours().shutdownOutputAsync());
            long expected = 0;
            var reader = OwnThread.supply(pair::readToEnd);
            for (RingFuture<Integer> each : sends) {
                if (outcomeOf(each).isEmpty()) {
                    expected += await(each);
                }
                await(each.released());
            }
            assertThat(await(reader)).isEqualTo(expected);
            for (ByteBuffer each : buffers) {
                assertThat(each.get(0)).isEqualTo(Bytes.at(0));
                assertThat(each.get(499_999)).isEqualTo(Bytes.at(499_999));
            }
        }
    }

    @Test
    void addressesAreThoseThatThePeerSees() throws IOException {
        try (TcpPair accepted = TcpPair.accepted(ring());
                TcpPair connected = TcpPair.connected(ring())) {
            for (TcpPair pair : List.of(accepted, connected)) {
                assertThat(pair.ours().remoteAddress()).isEqualTo(pair.theirs().getLocalSocketAddress());
                assertThat(pair.ours().localAddress()).isEqualTo(pair.theirs().getRemoteSocketAddress());
                assertThat(onLoop(ring(), () -> localOf(pair)))
                        .isEqualTo(pair.ours().localAddress());
            }
        }
    }

    private static SocketAddress localOf(TcpPair pair) {
        try {
            return pair.ours().localAddress();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void wildcardAddressTakesConnectionsOfTheLoopback() throws IOException {
        RingServerSocket server = await(ring().listenAsync(new InetSocketAddress(0)));
        assertThat(server.localPort()).isPositive();
        RingFuture<RingSocket> accept = server.acceptAsync();
        try (Socket client = new Socket(InetAddress.getByName("127.0.0.1"), server.localPort());
                RingSocket accepted = await(accept)) {
            assertThat(accepted.remotePort()).isEqualTo(client.getLocalPort());
            assertThat(((InetSocketAddress) accepted.remoteAddress()).getAddress())
                    .isEqualTo(client.getLocalAddress());
        }
    }

    @Test
    void versionSixOfTheInternetProtocolWorks() throws IOException {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getByName("::1"), 0);
        RingFuture<RingServerSocket> listen = ring().listenAsync(loopback);
        Assumptions.assumeTrue(outcomeOf(listen).isEmpty(), "no IPv6 here");
        RingServerSocket server = await(listen);
        RingFuture<RingSocket> accept = server.acceptAsync();
        RingSocket client = await(ring().connectAsync(server.localAddress()));
        RingSocket accepted = await(accept);
        await(client.sendFullyAsync(Bytes.direct(Bytes.content(10))));
        assertThat(await(accepted.receiveFullyAsync(Bytes.direct(10)))).isEqualTo(10);
        assertThat(accepted.remoteAddress()).isEqualTo(client.localAddress());
    }

    @Test
    void manyConnectionsEchoAtTheSameTime() throws IOException {
        RingServerSocket server = await(ring().listenAsync(loopback()));
        int connections = 64;
        List<CompletableFuture<@Nullable Void>> all = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            server.acceptAsync().thenAccept(socket -> echo(socket, Bytes.direct(512)));
        }
        for (int i = 0; i < connections; i++) {
            int seed = i;
            all.add(ring().connectAsync(server.localAddress())
                    .thenCompose(socket -> talk(socket, new Random(seed), rounds())));
        }
        all.forEach(DriverContract::await);
    }

    private static void echo(RingSocket socket, ByteBuffer buffer) {
        socket.receiveAsync(buffer.clear())
                .thenCompose(bytes ->
                        bytes < 0 ? socket.closeAsync().thenApply(closed -> -1) : socket.sendFullyAsync(buffer.flip()))
                .thenAccept(bytes -> {
                    if (bytes >= 0) {
                        echo(socket, buffer);
                    }
                });
    }

    private static CompletableFuture<@Nullable Void> talk(RingSocket socket, Random random, int rounds) {
        if (rounds == 0) {
            return socket.closeAsync();
        }
        byte[] message = new byte[1 + random.nextInt(2000)];
        random.nextBytes(message);
        ByteBuffer answer = Bytes.direct(message.length);
        return socket.sendFullyAsync(Bytes.direct(message))
                .thenCompose(sent -> socket.receiveFullyAsync(answer))
                .thenCompose(received -> {
                    assertThat(Bytes.filled(answer)).isEqualTo(message);
                    return talk(socket, random, rounds - 1);
                });
    }
}
