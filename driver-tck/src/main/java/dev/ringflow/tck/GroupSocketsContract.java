package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.DriverAvailability;
import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingFuture;
import dev.ringflow.RingGroup;
import dev.ringflow.RingOptions;
import dev.ringflow.net.GroupServerSocket;
import dev.ringflow.net.ListenOptions;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Connections of several rings: listening on all of them, and taking a connection from one to another. */
public abstract class GroupSocketsContract extends DriverContract {
    /** For subclasses. */
    protected GroupSocketsContract() {}

    /**
     * Whether several listening sockets can share a port, among which the system spreads connections.
     *
     * @return false for a driver of a system that cannot do that
     */
    protected boolean sharesPorts() {
        return true;
    }

    /**
     * Whether a connection can move to another ring on which something was sent or received.
     *
     * @return false for a driver whose connections stay with their first ring from then on
     */
    protected boolean movesConnectionsInUse() {
        return true;
    }

    private void needsToMoveConnectionsInUse() {
        Assumptions.assumeTrue(
                movesConnectionsInUse(), () -> "the driver " + driverName() + " moves no connections in use");
    }

    private RingGroup group(int count) {
        return RingGroup.open(options().build(), count);
    }

    /** Answers each byte with the same, and closes after the peer. */
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

    private static void talk(Socket client, int identity) throws IOException {
        client.setSoTimeout(30_000);
        byte[] hello = ByteBuffer.allocate(4).putInt(identity).array();
        client.getOutputStream().write(hello);
        assertThat(client.getInputStream().readNBytes(4)).isEqualTo(hello);
    }

    // Listening.

    @Test
    void systemSpreadsConnectionsAmongTheRings() throws Exception {
        try (RingGroup group = group(3)) {
            GroupServerSocket server = await(group.listenAsync(loopback()));
            if (sharesPorts()) {
                assertThat(server.listeners())
                        .extracting(RingServerSocket::ring)
                        .containsExactlyElementsOf(group.rings());
            } else {
                assertThat(server.listeners()).hasSize(1);
            }
            assertThat(server.listeners()).allMatch(each -> each.localPort() == server.localPort());
            Map<Ring, Integer> counts = new ConcurrentHashMap<>();
            var served = server.serve(socket -> {
                assertThat(socket.ring().isLoopThread()).isTrue();
                counts.merge(socket.ring(), 1, Integer::sum);
                echo(socket, Bytes.direct(64));
            });
            for (int i = 0; i < 120; i++) {
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.localPort())) {
                    talk(client, i);
                }
            }
            assertThat(counts.values().stream().mapToInt(Integer::intValue).sum())
                    .isEqualTo(120);
            assertThat(counts).hasSize(3); // each of three is missed with a probability of 1 to 10 to the 21
            server.close();
            await(served);
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), server.localPort()).close())
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void oneListenerHandsConnectionsToTheRingsInTurn() throws Exception {
        try (RingGroup group = group(3)) {
            GroupServerSocket server = await(group.listenAsync(loopback(), ListenOptions.defaults()));
            assertThat(server.listeners()).hasSize(1);
            Map<Ring, Integer> counts = new ConcurrentHashMap<>();
            var served = server.serve(socket -> {
                assertThat(socket.ring().isLoopThread()).isTrue();
                counts.merge(socket.ring(), 1, Integer::sum);
                echo(socket, Bytes.direct(64));
            });
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.localPort());
                clients.add(client);
            }
            for (int i = 0; i < 60; i++) {
                talk(clients.get(i), i);
                clients.get(i).close();
            }
            assertThat(counts.values()).containsExactly(20, 20, 20);
            await(server.closeAsync());
            await(served);
        }
    }

    @Test
    void handlerThatThrowsLosesItsConnectionAndNoOther() throws Exception {
        List<ListenOptions> all = new ArrayList<>(List.of(ListenOptions.defaults()));
        if (sharesPorts()) {
            all.add(ListenOptions.builder().reusePort(true).build());
        }
        for (ListenOptions options : all) {
            try (RingGroup group = group(2)) {
                GroupServerSocket server = await(group.listenAsync(loopback(), options));
                AtomicInteger count = new AtomicInteger();
                server.serve(socket -> {
                    if (count.incrementAndGet() % 2 == 0) {
                        throw new IllegalStateException("on purpose");
                    }
                    echo(socket, Bytes.direct(64));
                });
                int lost = 0;
                for (int i = 0; i < 20; i++) {
                    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.localPort())) {
                        client.setSoTimeout(30_000);
                        client.getOutputStream().write(7);
                        lost += client.getInputStream().read() == 7 ? 0 : 1;
                    } catch (IOException reset) {
                        lost++;
                    }
                }
                assertThat(lost).isEqualTo(10);
                eventually(
                        "all are closed",
                        () -> openHandles(group) == server.listeners().size());
            }
        }
    }

    private static int openHandles(RingGroup group) {
        return (int) group.rings().stream()
                .mapToLong(each -> each.metrics().openHandles())
                .sum();
    }

    @Test
    void portThatIsTakenLeavesNothingOpen() throws Exception {
        try (RingGroup group = group(3);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(failureOf(group.listenAsync(taken.getLocalSocketAddress())))
                    .isInstanceOf(BindException.class);
            eventually("nothing is open", () -> openHandles(group) == 0);
        }
    }

    @Test
    void ringsOfAGroupShareAUnixSocket() throws Exception {
        try (RingGroup group = group(2)) {
            var address = UnixDomainSocketAddress.of(directory.resolve("s"));
            GroupServerSocket server = awaitUnix(group.listenAsync(address));
            assertThat(server.listeners()).hasSize(1);
            Map<Ring, Integer> counts = new ConcurrentHashMap<>();
            server.serve(socket -> {
                counts.merge(socket.ring(), 1, Integer::sum);
                echo(socket, Bytes.direct(64));
            });
            for (int i = 0; i < 10; i++) {
                try (RingSocket client = await(ring().connectAsync(address))) {
                    await(client.sendFullyAsync(Bytes.direct(Bytes.content(10))));
                    assertThat(await(client.receiveFullyAsync(Bytes.direct(10))))
                            .isEqualTo(10);
                }
            }
            assertThat(counts.values()).containsExactly(5, 5);
        }
    }

    // Pinned threads.

    @Test
    void pinnedThreadsStayOnProcessorsOfTheirOwn() {
        int count = Runtime.getRuntime().availableProcessors();
        try (RingGroup group = RingGroup.open(options().pinnedThread(true).build(), count)) {
            List<String> told = group.rings().stream()
                    .map(each -> each.capabilities().details().getOrDefault("loop thread", "nothing"))
                    .toList();
            if (!driverName().equals("uring")) {
                assertThat(told).allMatch(each -> each.startsWith("not pinned"));
                return;
            }
            assertThat(told).doesNotHaveDuplicates();
            for (int i = 0; i < count; i++) {
                assertThat("pinned to " + onLoop(group.rings().get(i), GroupSocketsContract::processorsOfThisThread))
                        .isEqualTo(told.get(i));
            }
        }
        assertThat(ring().capabilities().details()).doesNotContainKey("loop thread");
    }

    private static String processorsOfThisThread() {
        try (var lines = Files.lines(Path.of("/proc/thread-self/status"))) {
            return lines.filter(each -> each.startsWith("Cpus_allowed_list:"))
                    .map(each -> each.substring(each.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    // Moving.

    @Test
    void connectionGoesOnThroughOtherRings() throws Exception {
        needsToMoveConnectionsInUse();
        try (RingGroup group = group(3);
                TcpPair pair = TcpPair.accepted(ring())) {
            pair.ours().zeroCopyThreshold(12345);
            var remote = pair.ours().remoteAddress();
            var local = pair.ours().localAddress();
            RingSocket socket = pair.ours();
            for (int i = 0; i < 9; i++) {
                Ring target = group.rings().get(i % 3);
                RingSocket before = socket;
                socket = await(before.moveToAsync(target));
                assertThat(socket.ring()).isSameAs(target);
                assertThat(before.isOpen()).isFalse();
                assertThat(failureOf(before.sendAsync(Bytes.direct(1)))).isInstanceOf(ClosedChannelException.class);
                await(before.closeAsync()); // closes nothing
                assertThat(before.ring().metrics().openHandles()).isZero();
                await(socket.sendFullyAsync(Bytes.direct(Bytes.content(100))));
                assertThat(pair.theirs().getInputStream().readNBytes(100)).isEqualTo(Bytes.content(100));
                pair.theirs().getOutputStream().write(Bytes.content(50));
                ByteBuffer in = Bytes.direct(50);
                await(socket.receiveFullyAsync(in));
                assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(50));
                assertThat(socket.remoteAddress()).isEqualTo(remote);
                assertThat(socket.localAddress()).isEqualTo(local);
                assertThat(socket.zeroCopyThreshold()).isEqualTo(12345);
            }
            await(socket.closeAsync());
            assertThat(pair.theirs().getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void connectionWithSomethingInFlightStays() throws Exception {
        needsToMoveConnectionsInUse();
        Ring other = open(options());
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingFuture<Integer> receive = pair.ours().receiveAsync(Bytes.direct(10));
            assertThat(failureOf(pair.ours().moveToAsync(other)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in flight");
            pair.theirs().getOutputStream().write(1);
            assertThat(await(receive)).isEqualTo(1);
            RingSocket moved = await(pair.ours().moveToAsync(other));
            assertThat(failureOf(pair.ours().moveToAsync(other))).isInstanceOf(ClosedChannelException.class);
            moved.close();
            assertThat(failureOf(moved.moveToAsync(ring()))).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void connectionInUseThatCannotMoveStaysWhereItIs() throws Exception {
        Assumptions.assumeFalse(movesConnectionsInUse(), () -> "the driver " + driverName() + " moves any connection");
        Ring other = open(options());
        try (TcpPair pair = TcpPair.accepted(ring())) {
            await(pair.ours().sendFullyAsync(Bytes.direct(Bytes.content(10))));
            assertThat(failureOf(pair.ours().moveToAsync(other)))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(driverName());
            assertThat(pair.theirs().getInputStream().readNBytes(10)).isEqualTo(Bytes.content(10));
            pair.theirs().getOutputStream().write(1);
            assertThat(await(pair.ours().receiveAsync(Bytes.direct(10)))).isEqualTo(1);
        }
        assertThat(other.metrics().openHandles()).isZero();
    }

    @Test
    void newConnectionMovesBeforeAnythingIsDoneOnIt() throws Exception {
        Ring other = open(options());
        try (TcpPair accepted = TcpPair.accepted(ring());
                TcpPair connected = TcpPair.connected(ring())) {
            for (TcpPair pair : List.of(accepted, connected)) {
                RingFuture<RingSocket> move = pair.ours().moveToAsync(other);
                if (pair == connected && outcomeOf(move).orElse(null) instanceof UnsupportedOperationException why) {
                    assertThat(why).hasMessageContaining(driverName());
                    continue; // it stays
                }
                RingSocket moved = await(move);
                assertThat(moved.ring()).isSameAs(other);
                pair.theirs().getOutputStream().write(Bytes.content(50));
                ByteBuffer in = Bytes.direct(50);
                await(moved.receiveFullyAsync(in));
                assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(50));
                await(moved.sendFullyAsync(Bytes.direct(Bytes.content(10))));
                assertThat(pair.theirs().getInputStream().readNBytes(10)).isEqualTo(Bytes.content(10));
                await(moved.closeAsync());
            }
        }
    }

    @Test
    void ringOfAnotherDriverIsRefused() throws Exception {
        String different = Ring.drivers().stream()
                .filter(each -> each.isUsable() && !each.driver().equals(driverName()))
                .map(DriverAvailability::driver)
                .findFirst()
                .orElse("");
        Assumptions.assumeFalse(different.isEmpty(), "there is no other driver here");
        try (Ring other = Ring.open(RingOptions.builder().driver(different).build());
                TcpPair pair = TcpPair.accepted(ring())) {
            assertThatThrownBy(() -> pair.ours().moveToAsync(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(different)
                    .hasMessageContaining(driverName());
            assertThat(pair.ours().isOpen()).isTrue();
        }
    }

    @Test
    void connectionThatNobodyTakesAfterItsMoveIsClosed() throws Exception {
        Ring other = open(options());
        try (TcpPair pair = TcpPair.accepted(ring())) {
            var gate = blockLoop(other);
            RingFuture<RingSocket> move = pair.ours().moveToAsync(other);
            move.cancel(true);
            gate.complete(null);
            assertThat(pair.theirs().getInputStream().read()).isEqualTo(-1);
            eventually("nothing is open", () -> other.metrics().openHandles() == 0);
        }
    }

    @Test
    void moveToAClosedRingClosesTheConnection() throws Exception {
        Ring other = open(options());
        other.close();
        try (TcpPair pair = TcpPair.accepted(ring())) {
            assertThat(failureOf(pair.ours().moveToAsync(other))).isInstanceOf(RingClosedException.class);
            assertThat(pair.theirs().getInputStream().read()).isEqualTo(-1);
        }
        RingSocket left = TcpPair.accepted(other = open(options())).ours();
        other.close();
        assertThat(failureOf(left.moveToAsync(ring()))).isInstanceOf(RingClosedException.class);
    }

    @Test
    void movesInARaceWithClosingRingsLoseNoConnection() throws Exception {
        Random random = new Random(5);
        try (ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            for (int round = 0; round < 12; round++) {
                Ring source = open(options());
                Ring target = open(options());
                List<Socket> peers = new ArrayList<>();
                List<RingSocket> sockets = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    var connect = source.connectAsync((InetSocketAddress) server.getLocalSocketAddress());
                    peers.add(server.accept());
                    sockets.add(await(connect));
                }
                Collections.shuffle(sockets, random);
                List<RingFuture<RingSocket>> moves = Collections.synchronizedList(new ArrayList<>());
                Ring first = round % 2 == 0 ? source : target;
                CompletableFuture<Void> closed = new CompletableFuture<>();
                int when = random.nextInt(16);
                for (int i = 0; i < 16; i++) {
                    if (i == when) {
                        OwnThread.run(() -> await(first.closeAsync())).thenRun(() -> closed.complete(null));
                    }
                    moves.add(sockets.get(i).moveToAsync(target));
                }
                await(closed);
                moves.forEach(DriverContract::outcomeOf);
                await(source.closeAsync());
                await(target.closeAsync());
                for (Socket peer : peers) {
                    peer.setSoTimeout(30_000);
                    assertThat(endOf(peer)).as("the peer sees the end").isTrue();
                    peer.close();
                }
            }
        }
    }

    private static boolean endOf(Socket peer) {
        try {
            return peer.getInputStream().read() == -1;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void connectionsThatMoveAllTheTimeKeepTheirBytes() throws Exception {
        needsToMoveConnectionsInUse();
        try (RingGroup group = group(3)) {
            Map<Integer, RingSocket> byPort = new HashMap<>();
            List<CompletableFuture<?>> all = new ArrayList<>();
            List<TcpPair> pairs = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                TcpPair pair = TcpPair.accepted(group.next());
                pairs.add(pair);
                byPort.put(pair.theirs().getLocalPort(), pair.ours());
                all.add(wander(group, pair.ours(), Bytes.direct(4), 30));
            }
            for (int round = 0; round < 30; round++) {
                for (int i = 0; i < 12; i++) {
                    talk(pairs.get(i).theirs(), i * 1000 + round);
                }
            }
            all.forEach(DriverContract::await);
            assertThat(byPort).hasSize(12);
            assertThat(openHandles(group)).isZero();
        }
    }

    private static CompletableFuture<?> wander(RingGroup group, RingSocket socket, ByteBuffer buffer, int rounds) {
        if (rounds == 0) {
            return socket.closeAsync();
        }
        return socket.receiveFullyAsync(buffer.clear())
                .thenCompose(bytes -> socket.sendFullyAsync(buffer.flip()))
                .thenComposeAsync(bytes -> socket.moveToAsync(group.next()), socket.ring())
                .thenCompose(moved -> wander(group, moved, buffer, rounds - 1));
    }
}
