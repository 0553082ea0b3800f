package dev.ringflow.windows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.net.ConnectionStream;
import dev.ringflow.net.RingDatagramSocket;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import dev.ringflow.tck.DriverContract;
import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.Libraries;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is left in the system when sockets and rings are closed, whatever was in flight; and what is copied. */
@ExtendWith(Simulators.class)
class WindowsSocketEndsTest extends DriverContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    private static ByteBuffer zeros(int bytes) {
        return ByteBuffer.allocateDirect(bytes);
    }

    private static void assertComesBackTo(LiveSockets before) {
        eventually(
                () -> "there are " + LiveSockets.now() + ", not " + before,
                () -> LiveSockets.now().equals(before));
    }

    /** To a server that takes nobody in any more: it goes on for as long as the system tries. */
    private static RingFuture<RingSocket> pendingConnect(Ring ring, ServerSocket full) {
        List<RingFuture<RingSocket>> taken = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RingFuture<RingSocket> connect = ring.connectAsync(full.getLocalSocketAddress());
            taken.add(connect);
            try {
                connect.get(200, TimeUnit.MILLISECONDS);
            } catch (TimeoutException pending) {
                return connect;
            } catch (InterruptedException | ExecutionException refused) {
                break; // by systems that refuse where others let wait
            }
        }
        return taken.get(taken.size() - 1);
    }

    @Test
    void ringClosedWithEverythingInFlightLeavesNothing() throws IOException {
        LiveSockets before = LiveSockets.now();
        List<Socket> clients = new ArrayList<>();
        try (ServerSocket stuck = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ring own = open(options());
            RingServerSocket server = await(own.listenAsync(loopback()));
            ConnectionStream stream = server.connectionStream();
            RingFuture<RingSocket> first = new RingFuture<>();
            stream.next(first);
            for (int i = 0; i < 40; i++) {
                clients.add(new Socket(InetAddress.getLoopbackAddress(), server.localPort()));
            }
            RingSocket accepted = await(first);
            List<RingFuture<?>> waiting = new ArrayList<>();
            waiting.add(accepted.receiveAsync(zeros(100)));
            for (int i = 0; i < 10; i++) {
                RingSocket connected = await(own.connectAsync(stuck.getLocalSocketAddress()));
                waiting.add(connected.sendFullyAsync(zeros(20_000_000)));
                waiting.add(connected.receiveAsync(zeros(100)));
            }
            waiting.add(pendingConnect(own, full));
            RingDatagramSocket datagrams = await(own.bindAsync(loopback()));
            waiting.add(datagrams.receiveAsync(zeros(100)));
            onLoop(own, () -> null);
            await(own.closeAsync());
            waiting.forEach(each -> assertThat(failureOf(each)).isNotNull());
        }
        assertComesBackTo(before);
        for (Socket each : clients) {
            each.close();
        }
    }

    @Test
    void closingIsDoneWhenTheKernelHasLetGo() throws IOException {
        await(ring().connectAsync(await(ring().listenAsync(loopback())).localAddress()));
        LiveSockets before = LiveSockets.now();
        try (ServerSocket stuck = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 30; i++) {
                RingSocket socket = await(ring().connectAsync(stuck.getLocalSocketAddress()));
                RingFuture<Integer> receive = socket.receiveAsync(zeros(10));
                socket.sendAsync(zeros(10_000_000));
                receive.cancel(false);
                await(receive.released());
                await(socket.closeAsync());
                LiveSockets now = LiveSockets.now();
                assertThat(now.sockets()).as("sockets").isEqualTo(before.sockets());
                assertThat(now.requestQueues()).as("request queues").isEqualTo(before.requestQueues());
            }
        }
    }

    /** Peers that leave before they are accepted, or right after: the others are served, and no socket is left. */
    @Test
    void stormOfPeersThatLeaveEarlyIsAcceptedToItsEnd() throws Exception {
        LiveSockets before = LiveSockets.now();
        Ring own = open(options());
        int peers = 300;
        AtomicInteger served = new AtomicInteger();
        CountDownLatch patient = new CountDownLatch(peers / 3);
        RingServerSocket server = await(own.listenAsync(loopback()));
        server.connectionsPublisher().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(RingSocket socket) {
                served.incrementAndGet();
                ByteBuffer in = zeros(1);
                socket.receiveAsync(in).whenComplete((bytes, failure) -> {
                    if (failure == null && bytes == 1) {
                        patient.countDown();
                    }
                    socket.closeAsync();
                });
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {}
        });
        List<Socket> staying = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.localPort());
            switch (i % 3) {
                case 0 -> {
                    peer.setSoLinger(true, 0);
                    peer.close();
                }
                case 1 -> peer.close();
                default -> {
                    peer.getOutputStream().write(1);
                    staying.add(peer);
                }
            }
        }
        eventually("those who stay are served", () -> patient.getCount() == 0);
        assertThat(served.get()).isBetween(peers / 3, peers);
        for (Socket each : staying) {
            assertThat(each.getInputStream().read()).isEqualTo(-1);
            each.close();
        }
        await(own.closeAsync());
        assertComesBackTo(before);
    }

    /** Registered I/O cannot cancel: the receive goes on without its operation, and loses nothing. */
    @Test
    void bytesOfAReceiveThatNobodyWaitsForAnyMoreAreTheNextOnes() throws IOException {
        RingServerSocket server = await(ring().listenAsync(loopback()));
        RingFuture<RingSocket> accept = server.acceptAsync();
        try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.localPort())) {
            RingSocket socket = await(accept);
            for (int i = 0; i < 50; i++) {
                ByteBuffer left = zeros(4);
                RingFuture<Integer> cancelled = socket.receiveAsync(left);
                cancelled.cancel(false);
                await(cancelled.released());
                peer.getOutputStream().write(new byte[] {(byte) i, 7});
                ByteBuffer in = zeros(2);
                assertThat(await(socket.receiveFullyAsync(in))).isEqualTo(2);
                assertThat(in.get(0)).isEqualTo((byte) i);
                assertThat(left.getInt(0)).isZero();
            }
        }
    }

    /** More sockets than the completion queue has places for at first, all with requests in flight. */
    @Test
    void hundredsOfConnectionsMakeTheCompletionQueueGrow() {
        LiveSockets before = LiveSockets.now();
        Ring own = open(options());
        RingServerSocket server = await(own.listenAsync(loopback()));
        List<RingSocket> left = new ArrayList<>();
        List<RingSocket> right = new ArrayList<>();
        List<RingFuture<Integer>> receives = new ArrayList<>();
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            RingFuture<RingSocket> accept = server.acceptAsync();
            left.add(await(own.connectAsync(server.localAddress())));
            right.add(await(accept));
            buffers.add(zeros(4));
            receives.add(right.get(i).receiveFullyAsync(buffers.get(i)));
        }
        for (int i = 0; i < 250; i++) {
            left.get(i).sendFullyAsync(zeros(4).putInt(0, i));
        }
        for (int i = 0; i < 250; i++) {
            assertThat(await(receives.get(i))).isEqualTo(4);
            assertThat(buffers.get(i).getInt(0)).isEqualTo(i);
        }
        await(own.closeAsync());
        assertComesBackTo(before);
    }

    /** It belongs to the port that it was connected by, until Windows takes it from there. */
    @Test
    void connectedSocketLeavesItsPortForAnotherRing() throws IOException {
        Ring other = open(options());
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RingFuture<RingSocket> connect = ring().connectAsync(server.getLocalSocketAddress());
            try (Socket peer = server.accept()) {
                RingFuture<RingSocket> move = await(connect).moveToAsync(other);
                Throwable refused = outcomeOf(move).orElse(null);
                Assumptions.assumeFalse(
                        Libraries.isWindows() && refused instanceof UnsupportedOperationException,
                        "this Windows takes no socket from its port");
                RingSocket moved = await(move);
                peer.getOutputStream().write(5);
                ByteBuffer in = zeros(1);
                assertThat(await(moved.receiveAsync(in))).isEqualTo(1);
                assertThat(in.get(0)).isEqualTo((byte) 5);
                await(moved.sendFullyAsync(in.flip()));
                assertThat(peer.getInputStream().read()).isEqualTo(5);
            }
        }
    }

    @Test
    void capabilitiesSayHowBytesTravel() {
        assertThat(ring().capabilities().details().get("connections"))
                .contains("Registered I/O")
                .contains("copied");
        System.setProperty(SocketFamily.REGISTERED_PROPERTY, "false");
        try {
            assertThat(open(options()).capabilities().details().get("connections"))
                    .contains("WSARecv")
                    .contains(SocketFamily.REGISTERED_PROPERTY);
        } finally {
            System.clearProperty(SocketFamily.REGISTERED_PROPERTY);
        }
    }
}
