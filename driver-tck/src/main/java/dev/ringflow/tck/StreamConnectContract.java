package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.OperationTimeoutException;
import dev.ringflow.RingFuture;
import dev.ringflow.net.ConnectOptions;
import dev.ringflow.net.ListenOptions;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import dev.ringflow.net.RingSocketOption;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** How connections and listening sockets are made, and what becomes of those that take too long. */
public abstract class StreamConnectContract extends DriverContract {
    /** For subclasses. */
    protected StreamConnectContract() {}

    /**
     * Whether ports can be shared, as by {@code SO_REUSEPORT}.
     *
     * @return false for a driver of a system that lacks that
     */
    protected boolean hasOptionsOfUnix() {
        return true;
    }

    private static ConnectOptions within(Duration time) {
        return ConnectOptions.builder().timeout(time).build();
    }

    @Test
    void connectionComesFromTheAddressThatItWasGiven() throws IOException {
        InetSocketAddress another = new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0);
        ConnectOptions from = ConnectOptions.builder().localAddress(another).build();
        try (StreamPair pair = StreamPair.of(ring(), loopback(), ListenOptions.defaults(), from)) {
            InetSocketAddress seen = (InetSocketAddress) pair.accepted().remoteAddress();
            assertThat(seen.getAddress()).isEqualTo(another.getAddress());
            assertThat(pair.client().localAddress()).isEqualTo(seen);
            assertThat(pair.echoes()).isTrue();
        }
    }

    @Test
    void localAddressThatIsTakenIsABindExceptionThatNamesIt() {
        RingServerSocket server = await(ring().listenAsync(loopback()));
        RingServerSocket taken = await(ring().listenAsync(loopback()));
        long open = ring().metrics().openHandles();
        ConnectOptions from =
                ConnectOptions.builder().localAddress(taken.localAddress()).build();
        assertThat(failureOf(ring().connectAsync(server.localAddress(), from)))
                .isInstanceOf(BindException.class)
                .hasMessageContaining(Integer.toString(taken.localPort()));
        assertThat(ring().metrics().openHandles()).isEqualTo(open);
    }

    @Test
    void connectsThatTakeTooLongFailInTimeAndLeakNothing() throws IOException {
        Leftovers.assumeVisible();
        ring();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            await(ring().connectAsync(server.getLocalSocketAddress())).close();
            Leftovers before = Leftovers.now();
            List<RingFuture<RingSocket>> connects = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                connects.add(ring().connectAsync(server.getLocalSocketAddress(), within(Duration.ofMillis(300))));
            }
            int late = 0;
            for (RingFuture<RingSocket> each : connects) {
                Throwable failure = outcomeOf(each).orElse(null);
                if (failure == null) {
                    await(await(each).closeAsync());
                } else {
                    assertThat(failure)
                            .isInstanceOf(OperationTimeoutException.class)
                            .hasMessageContainingAll("connect", "300 ms", Integer.toString(server.getLocalPort()));
                    late++;
                }
            }
            assertThat(late).isPositive();
            eventually("sockets are closed", () -> Leftovers.now().isNoMoreThan(before));
        }
    }

    @Test
    void connectWithTimeToSpareConnects() {
        try (StreamPair pair =
                StreamPair.of(ring(), loopback(), ListenOptions.defaults(), within(Duration.ofSeconds(20)))) {
            assertThat(pair.echoes()).isTrue();
        }
    }

    /** A server on a path that takes few, and as many connections as make one wait. */
    private List<RingFuture<RingSocket>> crowd(RingServerSocket server, ConnectOptions options) {
        List<RingFuture<RingSocket>> connects = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            connects.add(ring().connectAsync(server.localAddress(), options));
        }
        onLoop(ring(), () -> null);
        return connects;
    }

    private RingServerSocket narrowServer() {
        return awaitUnix(ring().listenAsync(
                        UnixDomainSocketAddress.of(directory.resolve("narrow")),
                        ListenOptions.builder().backlog(1).build()));
    }

    @Test
    void unixServerWithAFullQueueLetsClientsWaitAndLosesNone() {
        RingServerSocket server = narrowServer();
        List<RingFuture<RingSocket>> connects = crowd(server, ConnectOptions.defaults());
        assertThat(connects).anyMatch(each -> !each.isDone());
        List<RingSocket> accepted = new ArrayList<>();
        for (int i = 0; i < connects.size(); i++) {
            accepted.add(await(server.acceptAsync()));
        }
        for (RingFuture<RingSocket> each : connects) {
            await(await(each).sendFullyAsync(Bytes.direct(1)));
        }
        for (RingSocket each : accepted) {
            assertThat(await(each.receiveFullyAsync(Bytes.direct(1)))).isOne();
        }
    }

    @Test
    void waitingForAFullUnixServerEndsWithItsTimeOrByCancelling() {
        Leftovers.assumeVisible();
        RingServerSocket server = narrowServer();
        List<RingFuture<RingSocket>> first = crowd(server, within(Duration.ofMillis(200)));
        long late = first.stream()
                .filter(each -> outcomeOf(each).orElse(null) instanceof OperationTimeoutException)
                .count();
        assertThat(late).isPositive();
        Leftovers before = Leftovers.now();
        RingFuture<RingSocket> cancelled = ring().connectAsync(server.localAddress());
        onLoop(ring(), () -> null);
        assertThat(cancelled).isNotDone();
        cancelled.cancel(false);
        assertThat(cancelled).isCancelled();
        assertThat(failureOf(cancelled)).isInstanceOf(CancellationException.class);
        eventually("the socket is closed", () -> Leftovers.now().isNoMoreThan(before));
    }

    @Test
    void acceptedConnectionsSendAtOnceUnlessTheServerSaysOtherwise() {
        try (StreamPair pair = StreamPair.of(ring(), loopback())) {
            assertThat(await(pair.accepted().getOptionAsync(StandardSocketOptions.TCP_NODELAY)))
                    .isTrue();
            assertThat(await(pair.client().getOptionAsync(StandardSocketOptions.TCP_NODELAY)))
                    .isTrue();
        }
        ListenOptions patient = ListenOptions.builder().noDelay(false).build();
        ConnectOptions client = ConnectOptions.builder().noDelay(false).build();
        try (StreamPair pair = StreamPair.of(ring(), loopback(), patient, client)) {
            assertThat(await(pair.accepted().getOptionAsync(StandardSocketOptions.TCP_NODELAY)))
                    .isFalse();
            assertThat(await(pair.client().getOptionAsync(StandardSocketOptions.TCP_NODELAY)))
                    .isFalse();
        }
    }

    private void needsOption(SocketOption<?> option) throws IOException {
        try (StreamPair pair = StreamPair.of(ring(), loopback())) {
            Assumptions.assumeTrue(
                    pair.client().supportedOptions().contains(option),
                    () -> "connections have no " + option.name() + " here");
        }
    }

    @Test
    void sizesAndTimesThatAreAskedForAreThoseOfTheSocket() throws IOException {
        needsOption(RingSocketOption.TCP_KEEPIDLE);
        ListenOptions listen = ListenOptions.builder()
                .receiveBufferSize(50_000)
                .keepAlive(Duration.ofSeconds(11), Duration.ofSeconds(3), 4)
                .build();
        ConnectOptions connect = ConnectOptions.builder()
                .receiveBufferSize(40_000)
                .sendBufferSize(30_000)
                .option(StandardSocketOptions.SO_LINGER, 7)
                .keepAlive(Duration.ofSeconds(12), Duration.ofSeconds(5), 6)
                .build();
        try (StreamPair pair = StreamPair.of(ring(), loopback(), listen, connect)) {
            has(pair.accepted(), StandardSocketOptions.SO_RCVBUF, 50_000);
            has(pair.accepted(), StandardSocketOptions.SO_KEEPALIVE, true);
            has(pair.accepted(), RingSocketOption.TCP_KEEPIDLE, 11);
            has(pair.accepted(), RingSocketOption.TCP_KEEPINTERVAL, 3);
            has(pair.accepted(), RingSocketOption.TCP_KEEPCOUNT, 4);
            has(pair.client(), StandardSocketOptions.SO_RCVBUF, 40_000);
            has(pair.client(), StandardSocketOptions.SO_SNDBUF, 30_000);
            has(pair.client(), StandardSocketOptions.SO_LINGER, 7);
            has(pair.client(), StandardSocketOptions.SO_KEEPALIVE, true);
            has(pair.client(), RingSocketOption.TCP_KEEPIDLE, 12);
            has(pair.client(), RingSocketOption.TCP_KEEPINTERVAL, 5);
            has(pair.client(), RingSocketOption.TCP_KEEPCOUNT, 6);
            assertThat(pair.echoes()).isTrue();
        }
    }

    private static <T> void has(RingSocket socket, SocketOption<T> option, T value) {
        assertThat(await(socket.getOptionAsync(option))).as(option.name()).isEqualTo(value);
    }

    @Test
    void portIsSharedOnlyByThoseWhoAllSaySo() {
        ListenOptions shared = ListenOptions.builder().reusePort(true).build();
        if (!hasOptionsOfUnix()) {
            assertThat(failureOf(ring().listenAsync(loopback(), shared)))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContainingAll("SO_REUSEPORT", driverName());
            return;
        }
        RingServerSocket first = await(ring().listenAsync(loopback(), shared));
        RingServerSocket second = await(ring().listenAsync(first.localAddress(), shared));
        assertThat(second.localAddress()).isEqualTo(first.localAddress());
        assertThat(failureOf(ring().listenAsync(first.localAddress()))).isInstanceOf(BindException.class);
    }

    @Test
    void wildcardOfOneProtocolRefusesTheOther() throws IOException {
        InetAddress six = InetAddress.getByName("::1");
        InetAddress four = InetAddress.getByName("127.0.0.1");
        Assumptions.assumeTrue(
                outcomeOf(ring().listenAsync(new InetSocketAddress(six, 0))).isEmpty(), "no IPv6 here");
        ListenOptions only4 =
                ListenOptions.builder().family(StandardProtocolFamily.INET).build();
        RingServerSocket server = await(ring().listenAsync(new InetSocketAddress(0), only4));
        await(ring().connectAsync(new InetSocketAddress(four, server.localPort())));
        assertThat(failureOf(ring().connectAsync(new InetSocketAddress(six, server.localPort()))))
                .isInstanceOf(ConnectException.class);

        ListenOptions only6 =
                ListenOptions.builder().family(StandardProtocolFamily.INET6).build();
        RingFuture<RingServerSocket> listen = ring().listenAsync(new InetSocketAddress(0), only6);
        if (driverName().equals("nio")) {
            assertThat(failureOf(listen))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("nio");
            return;
        }
        RingServerSocket modern = await(listen);
        await(ring().connectAsync(new InetSocketAddress(six, modern.localPort())));
        assertThat(failureOf(ring().connectAsync(new InetSocketAddress(four, modern.localPort()))))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void deferredAcceptWaitsForTheFirstBytes() {
        ListenOptions deferred =
                ListenOptions.builder().deferAccept(Duration.ofSeconds(30)).build();
        RingFuture<RingServerSocket> listen = ring().listenAsync(loopback(), deferred);
        if (!driverName().equals("uring")) {
            assertThat(failureOf(listen)).isInstanceOf(UnsupportedOperationException.class);
            return;
        }
        RingServerSocket server = await(listen);
        RingFuture<RingSocket> accept = server.acceptAsync();
        RingSocket client = await(ring().connectAsync(server.localAddress()));
        onLoop(ring(), () -> null);
        assertThat(accept).isNotDone();
        await(client.sendFullyAsync(Bytes.direct(3)));
        assertThat(await(await(accept).receiveFullyAsync(Bytes.direct(3)))).isEqualTo(3);
    }

    @Test
    void whatCanNeverBeRightIsRefusedAtOnce() {
        ListenOptions.Builder listen = ListenOptions.builder();
        ConnectOptions.Builder connect = ConnectOptions.builder();
        List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> wrong = List.of(
                () -> listen.backlog(0),
                () -> listen.family(StandardProtocolFamily.UNIX),
                () -> listen.fastOpen(0),
                () -> listen.deferAccept(Duration.ofMillis(999)),
                () -> listen.receiveBufferSize(0),
                () -> connect.sendBufferSize(-1),
                () -> connect.timeout(Duration.ofNanos(-1)),
                () -> connect.keepAlive(Duration.ZERO, Duration.ofSeconds(1), 1),
                () -> connect.keepAlive(Duration.ofSeconds(1), Duration.ofSeconds(1), 0),
                () -> ring().connectAsync(UnixDomainSocketAddress.of("")),
                () -> ring().listenAsync(UnixDomainSocketAddress.of("")));
        for (var each : wrong) {
            assertThatThrownBy(each).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(ListenOptions.builder().build().backlog()).isEqualTo(RingServerSocket.DEFAULT_BACKLOG);
    }
}
