package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.net.ConnectionStream;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Accepting: one at a time, as a stream, and as a publisher; no connection is lost and none is leaked. */
public abstract class AcceptContract extends DriverContract {
    private final List<Socket> clients = new ArrayList<>();

    /** For subclasses. */
    protected AcceptContract() {}

    @AfterEach
    final void closesItsClients() throws IOException {
        for (Socket each : clients) {
            each.close();
        }
    }

    private RingServerSocket listening() {
        return await(ring().listenAsync(loopback()));
    }

    private Socket client(RingServerSocket server) throws IOException {
        InetSocketAddress address = (InetSocketAddress) server.localAddress();
        Socket client = new Socket(address.getAddress(), address.getPort());
        client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        clients.add(client);
        return client;
    }

    private static int portOf(RingSocket socket) {
        try {
            return socket.remotePort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void assertEnds(Socket client) throws IOException {
        try {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    // One at a time.

    @Test
    void acceptTakesAConnectionThatWaitsAndOneThatComesLater() throws IOException {
        RingServerSocket server = listening();
        Socket early = client(server);
        RingSocket first = await(server.acceptAsync());
        assertThat(portOf(first)).isEqualTo(early.getLocalPort());
        RingFuture<RingSocket> second = server.acceptAsync();
        Socket late = client(server);
        assertThat(portOf(await(second))).isEqualTo(late.getLocalPort());
    }

    @Test
    void severalAcceptsInFlightGetOneConnectionEach() throws IOException {
        RingServerSocket server = listening();
        List<RingFuture<RingSocket>> accepts = new ArrayList<>();
        Set<Integer> expected = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            accepts.add(server.acceptAsync());
        }
        for (int i = 0; i < 20; i++) {
            expected.add(client(server).getLocalPort());
        }
        Set<Integer> ports = new HashSet<>();
        for (RingFuture<RingSocket> each : accepts) {
            ports.add(portOf(await(each)));
        }
        assertThat(ports).isEqualTo(expected);
    }

    @Test
    void cancelledAcceptDoesNotSwallowTheConnectionOfTheNext() throws IOException {
        RingServerSocket server = listening();
        for (int i = 0; i < 50; i++) {
            RingFuture<RingSocket> cancelled = server.acceptAsync();
            cancelled.cancel(false);
            await(cancelled.released());
            RingFuture<RingSocket> next = server.acceptAsync();
            Socket client = client(server);
            assertThat(portOf(await(next))).isEqualTo(client.getLocalPort());
        }
    }

    @Test
    void connectionAcceptedWhileItsAcceptIsCancelledIsDeliveredOrClosed() throws IOException {
        RingServerSocket server = listening();
        for (int i = 0; i < 200; i++) {
            RingFuture<RingSocket> accept = server.acceptAsync();
            Socket racer = client(server);
            boolean cancelled = accept.cancel(false);
            await(accept.released());
            if (!cancelled) {
                await(accept.join().closeAsync());
                continue;
            }
            // it was accepted, and then it is closed; or it still waits, and then it is the next one
            client(server);
            RingSocket next = await(server.acceptAsync());
            if (portOf(next) == racer.getLocalPort()) {
                await(await(server.acceptAsync()).closeAsync());
            } else {
                assertEnds(racer);
            }
            await(next.closeAsync());
        }
        await(server.closeAsync());
        eventually("nothing is left open", () -> ring().metrics().openHandles() == 0);
    }

    @Test
    void connectionsOutliveTheirServerSocket() throws IOException {
        RingServerSocket server = listening();
        Socket client = client(server);
        RingSocket accepted = await(server.acceptAsync());
        await(server.closeAsync());
        client.getOutputStream().write(7);
        assertThat(await(accepted.receiveAsync(Bytes.direct(1)))).isEqualTo(1);
    }

    // As a stream.

    @Test
    void streamDeliversEveryConnectionOnce() throws IOException {
        RingServerSocket server = listening();
        try (ConnectionStream stream = server.connectionStream()) {
            Set<Integer> expected = new HashSet<>();
            Set<Integer> ports = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                expected.add(client(server).getLocalPort());
                if (i % 3 == 0) {
                    ports.add(portOf(next(stream)));
                }
            }
            while (ports.size() < expected.size()) {
                ports.add(portOf(next(stream)));
            }
            assertThat(ports).isEqualTo(expected);
        }
    }

    private static RingSocket next(ConnectionStream stream) {
        Recorder<RingSocket> recorder = new Recorder<>();
        stream.next(recorder);
        return await(recorder.outcome());
    }

    @Test
    void streamGoesOnAfterWaitingWasGivenUp() throws IOException {
        RingServerSocket server = listening();
        try (ConnectionStream stream = server.connectionStream()) {
            Recorder<RingSocket> given = new Recorder<>();
            stream.next(given);
            stream.giveUp(given);
            assertThat(failureOf(given.outcome())).isInstanceOf(CancellationException.class);
            stream.giveUp(given);
            Socket client = client(server);
            assertThat(portOf(next(stream))).isEqualTo(client.getLocalPort());
            assertThat(given.told()).isOne();
        }
    }

    @Test
    void streamHasOneConsumer() {
        RingServerSocket server = listening();
        ConnectionStream stream = server.connectionStream();
        Recorder<RingSocket> first = new Recorder<>();
        Recorder<RingSocket> second = new Recorder<>();
        stream.next(first);
        stream.next(second);
        assertThat(failureOf(second.outcome())).isInstanceOf(IllegalStateException.class);
        stream.close();
        assertThat(failureOf(first.outcome())).isInstanceOf(ClosedChannelException.class);
        assertThat(first.told()).isOne();
    }

    @Test
    void closedStreamClosesConnectionsThatNobodyTook() throws IOException {
        RingServerSocket server = listening();
        ConnectionStream stream = server.connectionStream();
        Recorder<RingSocket> first = new Recorder<>();
        stream.next(first);
        for (int i = 0; i < 20; i++) {
            client(server);
        }
        RingSocket taken = await(first.outcome());
        stream.close();
        Recorder<RingSocket> late = new Recorder<>();
        stream.next(late);
        assertThat(failureOf(late.outcome())).isInstanceOf(ClosedChannelException.class);
        await(server.closeAsync());
        for (Socket each : clients) {
            if (each.getLocalPort() != portOf(taken)) {
                assertEnds(each);
            }
        }
        eventually("only the one that was taken is open", () -> ring().metrics().openHandles() == 1);
        clients.stream()
                .filter(each -> each.getLocalPort() == portOf(taken))
                .forEach(each -> assertThat(each.isClosed()).isFalse());
        await(taken.sendFullyAsync(Bytes.direct(1)));
    }

    @Test
    void closingTheServerEndsTheStreamAndClosesWhatNobodyTook() throws IOException {
        RingServerSocket server = listening();
        ConnectionStream stream = server.connectionStream();
        Recorder<RingSocket> first = new Recorder<>();
        stream.next(first);
        for (int i = 0; i < 20; i++) {
            client(server);
        }
        await(await(first.outcome()).closeAsync());
        await(server.closeAsync());
        for (Socket each : clients) {
            assertEnds(each);
        }
        // connections that had been accepted are closed; whoever asks is told the end
        Recorder<RingSocket> late = new Recorder<>();
        stream.next(late);
        assertThat(failureOf(late.outcome())).isInstanceOf(ClosedChannelException.class);
        eventually("nothing is left open", () -> ring().metrics().openHandles() == 0);
    }

    @Test
    void streamThatNobodyReadsLeavesConnectionsToTheKernelAndResumes() throws IOException {
        RingServerSocket server = listening();
        try (ConnectionStream stream = server.connectionStream()) {
            Recorder<RingSocket> first = new Recorder<>();
            stream.next(first);
            Set<Integer> expected = new HashSet<>();
            for (int i = 0; i < 300; i++) {
                expected.add(client(server).getLocalPort());
            }
            Set<Integer> ports = new HashSet<>();
            ports.add(portOf(await(first.outcome())));
            while (ports.size() < expected.size()) {
                ports.add(portOf(next(stream)));
            }
            assertThat(ports).isEqualTo(expected);
        }
    }

    @Test
    void multishotSurvivesAnOverflowingCompletionQueue() throws IOException {
        Ring small = open(options().entries(2).completionEntries(4));
        RingServerSocket server = await(small.listenAsync(loopback()));
        try (ConnectionStream stream = server.connectionStream()) {
            Recorder<RingSocket> first = new Recorder<>();
            stream.next(first);
            Set<Integer> expected = new HashSet<>();
            expected.add(client(server).getLocalPort());
            Set<Integer> ports = new HashSet<>();
            ports.add(portOf(await(first.outcome())));
            CompletableFuture<Void> gate = blockLoop(small);
            for (int i = 0; i < 100; i++) {
                expected.add(client(server).getLocalPort());
            }
            gate.complete(null);
            while (ports.size() < expected.size()) {
                ports.add(portOf(next(stream)));
            }
            assertThat(ports).isEqualTo(expected);
        }
    }

    // As a publisher.

    private static class Collector implements Flow.Subscriber<RingSocket> {
        final List<RingSocket> sockets = new CopyOnWriteArrayList<>();
        final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

        @Override
        public void onSubscribe(Flow.Subscription its) {
            subscription.complete(its);
        }

        @Override
        public void onNext(RingSocket socket) {
            sockets.add(socket);
        }

        @Override
        public void onError(Throwable why) {
            end.completeExceptionally(why);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }

    private static Collector subscribed(RingServerSocket server) {
        Collector collector = new Collector();
        server.connectionsPublisher().subscribe(collector);
        return collector;
    }

    @Test
    void publisherDeliversNoMoreThanWasAskedFor() throws IOException {
        RingServerSocket server = listening();
        Collector collector = subscribed(server);
        Flow.Subscription subscription = await(collector.subscription);
        for (int i = 0; i < 10; i++) {
            client(server);
        }
        subscription.request(1);
        eventually("one came", () -> collector.sockets.size() == 1);
        onLoop(ring(), () -> null);
        assertThat(collector.sockets).hasSize(1);
        subscription.request(3);
        eventually("three more came", () -> collector.sockets.size() == 4);
        onLoop(ring(), () -> null);
        assertThat(collector.sockets).hasSize(4);
        subscription.request(Long.MAX_VALUE);
        subscription.request(Long.MAX_VALUE);
        eventually("all came", () -> collector.sockets.size() == 10);
        client(server);
        eventually("and later ones", () -> collector.sockets.size() == 11);
    }

    @Test
    void publisherCompletesWhenItsServerIsClosed() {
        RingServerSocket server = listening();
        Collector asking = subscribed(server);
        await(asking.subscription).request(5);
        await(server.closeAsync());
        await(asking.end);
    }

    @Test
    void publisherRefusesADemandThatIsNotPositive() {
        RingServerSocket server = listening();
        Collector collector = subscribed(server);
        await(collector.subscription).request(0);
        assertThat(failureOf(collector.end)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cancelledSubscriptionDeliversNothingAndLeaksNothing() throws IOException {
        RingServerSocket server = listening();
        Collector collector = subscribed(server);
        Flow.Subscription subscription = await(collector.subscription);
        subscription.request(1);
        for (int i = 0; i < 10; i++) {
            client(server);
        }
        eventually("one came", () -> collector.sockets.size() == 1);
        subscription.cancel();
        subscription.request(10);
        onLoop(ring(), () -> null);
        await(server.closeAsync());
        assertThat(collector.sockets).hasSize(1);
        assertThat(collector.end).isNotDone();
        await(collector.sockets.get(0).closeAsync());
        for (Socket each : clients) {
            assertEnds(each);
        }
        eventually("nothing is left open", () -> ring().metrics().openHandles() == 0);
    }

    @Test
    void subscriberThatThrowsLosesItsSubscriptionAndTheConnectionIsClosed() throws IOException {
        RingServerSocket server = listening();
        Collector throwing = new Collector() {
            @Override
            public void onNext(RingSocket socket) {
                throw new IllegalStateException("of this test");
            }
        };
        server.connectionsPublisher().subscribe(throwing);
        await(throwing.subscription).request(10);
        assertEnds(client(server));
        Collector other = subscribed(server);
        await(other.subscription).request(10);
        client(server);
        eventually("the other subscriber is served", () -> other.sockets.size() == 1);
    }

    @Test
    void publisherTellsOfTheEndWithoutBeingAsked() throws IOException {
        RingServerSocket server = listening();
        Collector collector = subscribed(server);
        await(collector.subscription).request(1);
        client(server);
        eventually("the one that was asked for came", () -> collector.sockets.size() == 1);
        await(server.closeAsync());
        await(collector.end);
    }

    @Test
    void severalSubscribersShareTheConnections() throws IOException {
        RingServerSocket server = listening();
        List<Collector> collectors = List.of(subscribed(server), subscribed(server), subscribed(server));
        for (Collector each : collectors) {
            await(each.subscription).request(Long.MAX_VALUE);
        }
        Set<Integer> expected = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            expected.add(client(server).getLocalPort());
        }
        eventually(
                "all came",
                () -> collectors.stream().mapToInt(each -> each.sockets.size()).sum() == 60);
        Set<Integer> ports = new HashSet<>();
        collectors.forEach(each -> each.sockets.forEach(socket -> ports.add(portOf(socket))));
        assertThat(ports).isEqualTo(expected);
        await(server.closeAsync());
        collectors.forEach(each -> await(each.end));
    }
}
