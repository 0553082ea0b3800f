package dev.ringflow.windows.iocp;

import static dev.ringflow.windows.iocp.SimulatedNetwork.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.DirectMemory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
class OverlappedSocketsTest {
    private static final long LISTENER = 1;
    private static final long SOCKET = 2;

    private CompletionPort port;
    private OverlappedPool blocks;
    private int socketsBefore;

    @BeforeEach
    void open() throws Exception {
        socketsBefore = SimulatedNetwork.openSockets();
        port = CompletionPort.open();
        blocks = OverlappedPool.ofBlocks(16);
    }

    @AfterEach
    void close() {
        blocks.close();
        port.close();
        SimulatedNetwork.assertOpenSockets(socketsBefore);
    }

    private AcceptPool listen(final int requests) throws Exception {
        return AcceptPool.listen(
                port, LISTENER, SimulatedNetwork.anyPort(), WinsockConstants.SOMAXCONN, requests, false);
    }

    private long connected(final AcceptPool pool, final Socket[] peer) throws Exception {
        peer[0] = SimulatedNetwork.peer((InetSocketAddress) pool.localAddress());
        final long socket = SimulatedNetwork.accept(port, pool, 1)[0];
        port.associate(socket, SOCKET);
        return socket;
    }

    @Test
    void bytesGoBothWaysAndTheEndIsZeroBytes() throws Exception {
        final AcceptPool pool = listen(2);
        final Socket[] peer = new Socket[1];
        final long socket = connected(pool, peer);
        final Overlapped block = blocks.acquire();
        final ByteBuffer in = DirectMemory.allocate(64, 1);

        assertThat(OverlappedSockets.receive(socket, in.position(8), block)).isZero();
        peer[0].getOutputStream().write("hello".getBytes());
        CompletionEntries entries = one(port);
        assertThat(entries.key(0)).isEqualTo(SOCKET);
        assertThat(blocks.find(entries.overlapped(0))).isSameAs(block);
        assertThat(entries.bytes(0)).isEqualTo(5);
        block.complete();
        assertThat(SimulatedNetwork.text(in.slice(8, 5), 5)).isEqualTo("hello");

        assertThat(OverlappedSockets.send(socket, SimulatedNetwork.bytes("world"), block))
                .isZero();
        assertThat(one(port).bytes(0)).isEqualTo(5);
        block.complete();
        assertThat(peer[0].getInputStream().readNBytes(5)).isEqualTo("world".getBytes());

        assertThat(OverlappedSockets.receive(socket, in, block)).isZero();
        peer[0].close();
        entries = one(port);
        assertThat(entries.error(0)).isZero();
        assertThat(entries.bytes(0)).isZero();
        block.complete();
        block.release();
        Winsock.close(socket);
        SimulatedNetwork.closeAndDrain(port, pool);
    }

    @Test
    void aBlockServesOneRequestAtATime() throws Exception {
        final AcceptPool pool = listen(1);
        final Socket[] peer = new Socket[1];
        final long socket = connected(pool, peer);
        final Overlapped block = blocks.acquire();
        final ByteBuffer in = DirectMemory.allocate(64, 1);
        assertThat(OverlappedSockets.receive(socket, in, block)).isZero();
        assertThat(block.isPending()).isTrue();
        assertThatThrownBy(() -> OverlappedSockets.receive(socket, in, block))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in flight");
        assertThatThrownBy(block::release).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(blocks::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 requests are in flight");

        Winsock.close(socket); // aborts the request, whose completion comes still
        final CompletionEntries entries = one(port);
        assertThat(entries.overlapped(0)).isEqualTo(block.address());
        assertThat(WinsockError.isEndOfConnection(entries.error(0)))
                .as("status %x", entries.status(0))
                .isTrue();
        block.complete();
        block.release();
        assertThatThrownBy(() -> OverlappedSockets.receive(socket, in, block))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("released");
        peer[0].close();
        SimulatedNetwork.closeAndDrain(port, pool);
    }

    @Test
    void aCancelledRequestCompletesOnceAndOthersGoOn() throws Exception {
        final AcceptPool pool = listen(2);
        final Socket[] peers = new Socket[1];
        final long first = connected(pool, peers);
        final Socket firstPeer = peers[0];
        final long second = connected(pool, peers);
        final Overlapped one = blocks.acquire();
        final Overlapped two = blocks.acquire();
        final ByteBuffer in = DirectMemory.allocate(64, 1);
        assertThat(OverlappedSockets.receive(first, in.slice(0, 8), one)).isZero();
        assertThat(OverlappedSockets.receive(second, in.slice(8, 8), two)).isZero();

        assertThat(OverlappedSockets.cancel(first, one)).isZero();
        final CompletionEntries entries = one(port);
        assertThat(entries.overlapped(0)).isEqualTo(one.address());
        assertThat(entries.error(0)).isEqualTo(WinsockError.WSA_OPERATION_ABORTED);
        one.complete();
        // nothing is in flight: Windows says so, Wine 8 does not
        assertThat(OverlappedSockets.cancel(first, one)).isIn(0, -WinsockError.ERROR_NOT_FOUND);
        assertThat(OverlappedSockets.cancel(first, null)).isIn(0, -WinsockError.ERROR_NOT_FOUND);

        peers[0].getOutputStream().write(7);
        assertThat(one(port).overlapped(0)).isEqualTo(two.address());
        two.complete();
        one.release();
        two.release();
        Winsock.close(first);
        Winsock.close(second);
        firstPeer.close();
        peers[0].close();
        SimulatedNetwork.closeAndDrain(port, pool);
    }

    /** Whichever wins, there is one completion, and what it says is true. */
    @Test
    void cancellingRacesWithArrivingBytes() throws Exception {
        final AcceptPool pool = listen(1);
        final Socket[] peer = new Socket[1];
        final long socket = connected(pool, peer);
        final Overlapped block = blocks.acquire();
        final ByteBuffer in = DirectMemory.allocate(1, 1);
        int arrived = 0;
        for (int turn = 0; turn < 200; turn++) {
            assertThat(OverlappedSockets.receive(socket, in, block)).isZero();
            peer[0].getOutputStream().write(turn);
            OverlappedSockets.cancel(socket, block);
            CompletionEntries entries = one(port);
            block.complete();
            if (entries.error(0) == WinsockError.WSA_OPERATION_ABORTED) { // then the byte is still to come
                assertThat(OverlappedSockets.receive(socket, in, block)).isZero();
                entries = one(port);
                block.complete();
            } else {
                arrived++;
            }
            assertThat(entries.error(0)).isZero();
            assertThat(entries.bytes(0)).isEqualTo(1);
            assertThat(in.get(0)).isEqualTo((byte) turn);
            assertThat(port.await(entries, 0)).isZero();
        }
        System.out.println("cancel came first " + (200 - arrived) + " times of 200");
        block.release();
        Winsock.close(socket);
        peer[0].close();
        SimulatedNetwork.closeAndDrain(port, pool);
    }

    @Test
    void datagramsCarryTheSender() throws Exception {
        final long a = Winsock.socket(WinsockConstants.AF_INET, WinsockConstants.SOCK_DGRAM, 0, 0);
        final long b = Winsock.socket(WinsockConstants.AF_INET, WinsockConstants.SOCK_DGRAM, 0, 0);
        Winsock.bind(a, SimulatedNetwork.anyPort());
        Winsock.bind(b, SimulatedNetwork.anyPort());
        port.associate(a, SOCKET);
        port.associate(b, SOCKET);
        final Overlapped in = blocks.acquire();
        final Overlapped out = blocks.acquire();
        final ByteBuffer memory = DirectMemory.allocate(16, 1);
        assertThat(OverlappedSockets.receiveFrom(b, memory, in)).isZero();
        assertThat(OverlappedSockets.sendTo(a, SimulatedNetwork.bytes("datagram"), Winsock.localAddress(b), out))
                .isZero();
        for (int i = 0; i < 2; i++) {
            final CompletionEntries entries = one(port);
            assertThat(entries.error(0)).isZero();
            assertThat(entries.bytes(0)).isEqualTo(8);
            blocks.find(entries.overlapped(0)).complete();
        }
        assertThat(in.sender()).isEqualTo(Winsock.localAddress(a));
        assertThat(SimulatedNetwork.text(memory, 8)).isEqualTo("datagram");

        assertThat(OverlappedSockets.receiveFrom(b, memory.slice(0, 4), in)).isZero();
        assertThat(OverlappedSockets.sendTo(a, SimulatedNetwork.bytes("too long"), Winsock.localAddress(b), out))
                .isZero();
        for (int i = 0; i < 2; i++) {
            final CompletionEntries entries = one(port);
            final Overlapped block = blocks.find(entries.overlapped(0));
            assertThat(entries.error(0)).isEqualTo(block == in ? WinsockError.WSAEMSGSIZE : 0);
            block.complete();
        }
        in.release();
        out.release();
        Winsock.close(a);
        Winsock.close(b);
    }

    @Test
    void connectingTellsAddressesAndRefusals() throws Exception {
        final AcceptPool pool = listen(1);
        final InetSocketAddress address = (InetSocketAddress) pool.localAddress();
        final long socket = Winsock.socket(WinsockConstants.AF_INET, WinsockConstants.SOCK_STREAM, 0, 0);
        port.associate(socket, SOCKET);
        final ConnectEx connector = ConnectEx.of(socket);
        final Overlapped block = blocks.acquire();
        assertThat(connector.connect(socket, address, block)).isZero();
        long accepted = -1;
        final long[] acceptedSocket = {-1};
        while (block.isPending() || acceptedSocket[0] == -1) {
            final CompletionEntries entries = one(port);
            if (pool.owns(entries.overlapped(0))) {
                pool.complete(entries, 0, s -> acceptedSocket[0] = s);
            } else {
                assertThat(entries.error(0)).isZero();
                block.complete();
            }
        }
        accepted = acceptedSocket[0];
        ConnectEx.finish(socket);
        assertThat(Winsock.peerAddress(socket)).isEqualTo(address);
        assertThat(Winsock.peerAddress(accepted)).isEqualTo(Winsock.localAddress(socket));
        assertThat(Winsock.localAddress(accepted)).isEqualTo(address);
        Winsock.shutdown(socket, WinsockConstants.SD_SEND);
        Winsock.close(socket);
        Winsock.close(accepted);
        SimulatedNetwork.closeAndDrain(port, pool);

        final long refused = Winsock.socket(WinsockConstants.AF_INET, WinsockConstants.SOCK_STREAM, 0, 0);
        port.associate(refused, SOCKET);
        assertThat(connector.connect(refused, address, block)).isZero();
        assertThat(one(port).error(0)).isEqualTo(WinsockError.WSAECONNREFUSED);
        block.complete();
        block.release();
        Winsock.close(refused);
    }

    @Test
    void aSocketThatIsClosedIsAnError() throws Exception {
        final long socket = Winsock.socket(WinsockConstants.AF_INET, WinsockConstants.SOCK_STREAM, 0, 0);
        Winsock.setOption(socket, WinsockConstants.IPPROTO_TCP, WinsockConstants.TCP_NODELAY, 1);
        assertThat(Winsock.option(socket, WinsockConstants.IPPROTO_TCP, WinsockConstants.TCP_NODELAY))
                .isNotZero();
        Winsock.close(socket);
        assertThatThrownBy(() -> Winsock.close(socket)).isInstanceOfSatisfying(WinsockException.class, e -> {
            assertThat(e.error()).isEqualTo(WinsockError.WSAENOTSOCK);
            assertThat(e.errorName()).isEqualTo("WSAENOTSOCK");
            assertThat(e.asked()).startsWith("closesocket(");
            assertThat(e.advice()).isNotEmpty();
        });
        final Overlapped block = blocks.acquire();
        assertThat(OverlappedSockets.receive(socket, DirectMemory.allocate(1, 1), block))
                .isEqualTo(-WinsockError.WSAENOTSOCK);
        assertThat(block.isPending()).isFalse();
        block.release();
    }
}
