package dev.ringflow.windows.iocp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.Libraries;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
class AcceptPoolTest {
    private static AcceptPool listen(final CompletionPort port, final int requests) throws Exception {
        return AcceptPool.listen(port, 1, SimulatedNetwork.anyPort(), WinsockConstants.SOMAXCONN, requests, true);
    }

    @Test
    void eachConnectionIsReplacedByANewRequest() throws Exception {
        final int before = SimulatedNetwork.openSockets();
        try (CompletionPort port = CompletionPort.open()) {
            final AcceptPool pool = listen(port, AcceptPool.DEFAULT_PENDING);
            assertThat(pool.pending()).isEqualTo(AcceptPool.DEFAULT_PENDING);
            SimulatedNetwork.assertOpenSockets(before + AcceptPool.DEFAULT_PENDING + 1);
            for (int i = 0; i < 3; i++) {
                try (Socket peer = SimulatedNetwork.peer((InetSocketAddress) pool.localAddress())) {
                    final long socket = SimulatedNetwork.accept(port, pool, 1)[0];
                    assertThat(Winsock.peerAddress(socket)).isEqualTo(peer.getLocalSocketAddress());
                    assertThat(pool.pending()).isEqualTo(AcceptPool.DEFAULT_PENDING);
                    Winsock.close(socket);
                }
            }
            SimulatedNetwork.closeAndDrain(port, pool);
            assertThat(pool.pending()).isZero();
        }
        SimulatedNetwork.assertOpenSockets(before);
    }

    /** A pool over a listener of one's own takes only as many connections as are wanted; the others stay the kernel's. */
    @Test
    void asManyRequestsAsAreWantedAndNoMore() throws Exception {
        final int before = SimulatedNetwork.openSockets();
        try (CompletionPort port = CompletionPort.open()) {
            final long listener = Winsock.socket(WinsockConstants.AF_INET, WinsockConstants.SOCK_STREAM, 0, 0);
            Winsock.bind(listener, SimulatedNetwork.anyPort());
            Winsock.listen(listener, 10);
            final AcceptPool pool = AcceptPool.over(port, 1, listener, WinsockConstants.AF_INET, 4, false);
            assertThat(pool.pending()).isZero();
            final InetSocketAddress address = (InetSocketAddress) pool.localAddress();
            try (Socket first = SimulatedNetwork.peer(address);
                    Socket second = SimulatedNetwork.peer(address)) {
                assertThat(port.await(CompletionEntries.allocate(1), 50)).isZero();
                assertThat(pool.want(1)).isZero();
                assertThat(pool.lastError()).isZero();
                assertThat(pool.want(0)).isZero();
                final long socket = SimulatedNetwork.accept(port, pool, 1)[0];
                assertThat(Winsock.peerAddress(socket)).isEqualTo(first.getLocalSocketAddress());
                assertThat(pool.pending()).isZero();
                Winsock.close(socket);
                pool.want(4);
                assertThat(pool.pending()).isEqualTo(4);
                final long next = SimulatedNetwork.accept(port, pool, 1)[0];
                assertThat(Winsock.peerAddress(next)).isEqualTo(second.getLocalSocketAddress());
                assertThat(pool.pending()).isEqualTo(4);
                Winsock.close(next);
            }
            assertThatThrownBy(() -> pool.want(5)).isInstanceOf(IllegalArgumentException.class);
            SimulatedNetwork.closeAndDrain(port, pool);
        }
        SimulatedNetwork.assertOpenSockets(before);
    }

    /** Every third peer resets its connection at once: those who stay are all served, and nothing is lost or leaked. */
    @Test
    void aStormOfPeersOfWhichManyLeaveEarly() throws Exception {
        final int before = SimulatedNetwork.openSockets();
        try (CompletionPort port = CompletionPort.open()) {
            final AcceptPool pool = listen(port, 16);
            final InetSocketAddress address = (InetSocketAddress) pool.localAddress();
            final int peers = 300;
            final CompletableFuture<List<Socket>> storm = CompletableFuture.supplyAsync(() -> storm(address, peers));
            final List<Long> sockets = new ArrayList<>();
            final CompletionEntries entries = CompletionEntries.allocate(8);
            while (sockets.size() + pool.leftEarly() < peers) {
                assertThat(port.await(entries, SimulatedNetwork.PATIENCE)).isPositive();
                for (int i = 0; i < entries.count(); i++) {
                    pool.complete(entries, i, sockets::add);
                }
            }
            final List<Socket> stayed = storm.get();
            assertThat(sockets.size()).isBetween(stayed.size(), peers);
            assertThat(pool.pending()).isEqualTo(16);
            System.out.println(peers + " peers, " + pool.leftEarly() + " left before they were accepted");
            for (final long socket : sockets) {
                Winsock.close(socket);
            }
            for (final Socket socket : stayed) {
                socket.close();
            }
            SimulatedNetwork.closeAndDrain(port, pool);
        }
        SimulatedNetwork.assertOpenSockets(before);
    }

    private static List<Socket> storm(final InetSocketAddress address, final int peers) {
        final List<Socket> stay = new ArrayList<>();
        try {
            for (int i = 0; i < peers; i++) {
                final Socket socket = SimulatedNetwork.peer(address);
                if (i % 3 == 0) {
                    socket.setSoLinger(true, 0); // a reset
                    socket.close();
                } else {
                    stay.add(socket);
                }
            }
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
        return stay;
    }

    @Test
    void afterClosingNothingIsHandedOverAndNothingLeaks() throws Exception {
        final int before = SimulatedNetwork.openSockets();
        try (CompletionPort port = CompletionPort.open()) {
            final AcceptPool pool = listen(port, 4);
            final Socket peer = SimulatedNetwork.peer((InetSocketAddress) pool.localAddress());
            SimulatedNetwork.closeAndDrain(port, pool); // with a connection that was accepted, or was about to be
            assertThat(pool.isDrained()).isTrue();
            assertThatThrownBy(pool::localAddress).isInstanceOf(IllegalStateException.class);
            assertThat(pool.refill()).isZero();
            peer.close();
        }
        SimulatedNetwork.assertOpenSockets(before);
    }

    @Test
    void anAddressInUseIsAnErrorAndLeavesNothing() throws Exception {
        final int before = SimulatedNetwork.openSockets();
        try (CompletionPort port = CompletionPort.open()) {
            final AcceptPool pool = listen(port, 1);
            assertThatThrownBy(() -> AcceptPool.listen(port, 2, pool.localAddress(), 10, 4, true))
                    .isInstanceOf(WinsockException.class)
                    .hasMessageContaining("127.0.0.1");
            SimulatedNetwork.closeAndDrain(port, pool);
        }
        SimulatedNetwork.assertOpenSockets(before);
    }

    @Test
    void poolsLeaveNoHandles() throws Exception {
        assumeTrue(Libraries.isWindows(), "sockets are handles on Windows only");
        assumeTrue(SimulatedNetwork.handles() > 0, "Wine 8 does not count handles");
        try (CompletionPort port = CompletionPort.open()) {
            final int before = SimulatedNetwork.handles();
            for (int i = 0; i < 10; i++) {
                final AcceptPool pool = listen(port, 64);
                assertThat(SimulatedNetwork.handles()).isGreaterThan(before + 50);
                SimulatedNetwork.closeAndDrain(port, pool);
            }
            assertThat(SimulatedNetwork.handles()).isLessThan(before + 40);
        }
    }

    @Test
    void aForeignCompletionIsRefused() throws Exception {
        try (CompletionPort port = CompletionPort.open()) {
            final AcceptPool pool = listen(port, 1);
            port.post(9, 0, 0);
            final CompletionEntries entries = SimulatedNetwork.one(port);
            assertThat(pool.owns(entries.overlapped(0))).isFalse();
            assertThatThrownBy(() -> pool.complete(entries, 0, socket -> {})).isInstanceOf(IllegalStateException.class);
            SimulatedNetwork.closeAndDrain(port, pool);
        }
    }
}
