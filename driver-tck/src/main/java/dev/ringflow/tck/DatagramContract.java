package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.net.DatagramInfo;
import dev.ringflow.net.RingDatagramSocket;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Datagrams, one at a time: whole, with their senders, and with what the network says of them. */
public abstract class DatagramContract extends DriverContract {
    /** For subclasses. */
    protected DatagramContract() {}

    private RingDatagramSocket bound() {
        return await(ring().bindAsync(loopback()));
    }

    private static InetSocketAddress at(RingDatagramSocket socket) {
        return (InetSocketAddress) Objects.requireNonNull(socket.localAddress());
    }

    /** A socket of the JDK. */
    private static DatagramSocket plain() throws IOException {
        DatagramSocket socket = new DatagramSocket(loopback());
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        return socket;
    }

    @Test
    void datagramGoesToAPlainSocketAndItsAnswerNamesTheSender() throws IOException {
        RingDatagramSocket ours = bound();
        assertThat(ours.localPort()).isPositive();
        try (DatagramSocket theirs = plain()) {
            for (ByteBuffer out : List.of(Bytes.direct(Bytes.content(700)), ByteBuffer.wrap(Bytes.content(700)))) {
                assertThat(await(ours.sendAsync(out, theirs.getLocalSocketAddress())))
                        .isEqualTo(700);
                assertThat(out.hasRemaining()).isFalse();
                DatagramPacket came = new DatagramPacket(new byte[1000], 1000);
                theirs.receive(came);
                assertThat(came.getLength()).isEqualTo(700);
                assertThat(came.getSocketAddress()).isEqualTo(ours.localAddress());
                assertThat(java.util.Arrays.copyOf(came.getData(), 700)).isEqualTo(Bytes.content(700));
            }
            for (ByteBuffer in : List.of(Bytes.direct(800), ByteBuffer.allocate(800))) {
                RingFuture<DatagramInfo> receive = ours.receiveAsync(in);
                theirs.send(new DatagramPacket(Bytes.content(500), 500, ours.localAddress()));
                DatagramInfo info = await(receive);
                assertThat(info.sender()).isEqualTo(theirs.getLocalSocketAddress());
                assertThat(info.length()).isEqualTo(500);
                assertThat(info.isTruncated()).isFalse();
                assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(500));
            }
        }
    }

    @Test
    void emptyDatagramIsADatagram() {
        RingDatagramSocket a = bound();
        RingDatagramSocket b = bound();
        assertThat(await(a.sendAsync(Bytes.direct(0), at(b)))).isZero();
        assertThat(await(a.sendAsync(ByteBuffer.allocate(0), at(b)))).isZero();
        await(a.connectAsync(at(b)));
        RingFuture<Integer> toPeer = a.sendAsync(Bytes.direct(0));
        boolean swallowed = driverName().equals("nio");
        if (swallowed) {
            assertThat(failureOf(toPeer)).isInstanceOf(UnsupportedOperationException.class);
        } else {
            assertThat(await(toPeer)).isZero();
        }
        for (int i = 0; i < (swallowed ? 2 : 3); i++) {
            ByteBuffer in = Bytes.direct(10);
            DatagramInfo info = await(b.receiveAsync(in));
            assertThat(info.length()).isZero();
            assertThat(info.isTruncated()).isFalse();
            assertThat(info.sender()).isEqualTo(a.localAddress());
            assertThat(in.position()).isZero();
        }
    }

    @Test
    void whatDoesNotFitIsLostAndTold() {
        RingDatagramSocket a = bound();
        RingDatagramSocket b = bound();
        for (int room : new int[] {0, 1, 99, 100, 101}) {
            await(a.sendAsync(Bytes.direct(Bytes.content(100)), at(b)));
            ByteBuffer in = Bytes.direct(room);
            DatagramInfo info = await(b.receiveAsync(in));
            int there = Math.min(room, 100);
            assertThat(info.isTruncated()).as("%s bytes of room", room).isEqualTo(room < 100);
            assertThat(info.length()).isEqualTo(there);
            assertThat(Bytes.filled(in)).isEqualTo(java.util.Arrays.copyOf(Bytes.content(100), there));
        }
    }

    @Test
    void largestDatagramFitsAndOneByteMoreIsAClearFailure() {
        RingDatagramSocket a = bound();
        RingDatagramSocket b = bound();
        int largest = 65_507;
        assertThat(await(a.sendAsync(Bytes.direct(Bytes.content(largest)), at(b))))
                .isEqualTo(largest);
        ByteBuffer in = Bytes.direct(65_536);
        assertThat(await(b.receiveAsync(in)).length()).isEqualTo(largest);
        assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(largest));
        for (ByteBuffer tooLong : List.of(Bytes.direct(largest + 1), ByteBuffer.allocate(200_000))) {
            assertThat(failureOf(a.sendAsync(tooLong, at(b))))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("Message too long")
                    .hasMessageContaining(String.valueOf(tooLong.capacity()));
            assertThat(tooLong.position()).isZero();
        }
    }

    @Test
    void connectedSocketHearsItsPeerAloneAndDisconnectedEverybodyAtTheSamePort() {
        RingDatagramSocket a = bound();
        RingDatagramSocket peer = bound();
        RingDatagramSocket stranger = bound();
        InetSocketAddress where = at(a);
        assertThat(failureOf(a.sendAsync(Bytes.direct(1)))).isInstanceOf(NotYetConnectedException.class);
        await(a.connectAsync(at(peer)));
        assertThat(a.remoteAddress()).isEqualTo(peer.localAddress());
        assertThat(await(a.sendAsync(Bytes.direct(Bytes.content(3))))).isEqualTo(3);
        assertThat(await(peer.receiveAsync(Bytes.direct(10))).sender()).isEqualTo(where);

        await(stranger.sendAsync(Bytes.direct(Bytes.content(4)), where));
        await(peer.sendAsync(Bytes.direct(Bytes.content(5)), where));
        DatagramInfo first = await(a.receiveAsync(Bytes.direct(10)));
        assertThat(first.sender()).isEqualTo(peer.localAddress());
        assertThat(first.length()).isEqualTo(5);

        await(a.connectAsync(at(stranger))); // another, without a disconnect
        await(stranger.sendAsync(Bytes.direct(Bytes.content(6)), where));
        assertThat(await(a.receiveAsync(Bytes.direct(10))).sender()).isEqualTo(stranger.localAddress());

        await(a.disconnectAsync());
        assertThat(a.remoteAddress()).isNull();
        assertThat(a.localAddress()).isEqualTo(where);
        await(stranger.sendAsync(Bytes.direct(Bytes.content(7)), where));
        assertThat(await(a.receiveAsync(Bytes.direct(10))).length()).isEqualTo(7);
        await(peer.sendAsync(Bytes.direct(Bytes.content(8)), where));
        assertThat(await(a.receiveAsync(Bytes.direct(10))).length()).isEqualTo(8);
        assertThat(failureOf(a.sendAsync(Bytes.direct(1)))).isInstanceOf(NotYetConnectedException.class);
    }

    /**
     * Skips the test, and says why, where the system lets a datagram socket receive nothing more after it has told that a
     * port is closed.
     *
     * @throws IOException if it cannot be found out
     */
    protected void assumeReceivesGoOnAfterAnError() throws IOException {}

    @Test
    void closedPortFailsALaterOperationAndEndsNothing() throws IOException {
        assumeReceivesGoOnAfterAnError();
        RingDatagramSocket a = bound();
        int port;
        try (DatagramSocket gone = plain()) {
            port = gone.getLocalPort();
        }
        InetSocketAddress where = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        await(a.connectAsync(where));
        RingFuture<DatagramInfo> receive = a.receiveAsync(Bytes.direct(10));
        await(a.sendAsync(Bytes.direct(1)));
        assertThat(failureOf(receive))
                .isInstanceOf(PortUnreachableException.class)
                .hasMessageContaining("" + port);
        receive = a.receiveAsync(Bytes.direct(10));
        try (DatagramSocket there = new DatagramSocket(where)) {
            there.send(new DatagramPacket(new byte[3], 3, a.localAddress()));
            assertThat(await(receive).length()).isEqualTo(3);
        }
    }

    @Test
    void wildcardTakesBothProtocolsAndTellsThemApart() throws IOException {
        RingDatagramSocket any = await(ring().bindAsync(new InetSocketAddress(0)));
        RingDatagramSocket four = await(ring().bindAsync(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0)));
        await(four.sendAsync(Bytes.direct(4), new InetSocketAddress("127.0.0.1", any.localPort())));
        ByteBuffer in = Bytes.direct(100);
        DatagramInfo info = await(any.receiveAsync(in));
        assertThat(info.sender()).isEqualTo(four.localAddress());
        assertThat(await(any.sendAsync(Bytes.direct(3), Objects.requireNonNull(info.sender()))))
                .isEqualTo(3);
        assertThat(await(four.receiveAsync(Bytes.direct(100))).length()).isEqualTo(3);

        InetSocketAddress loopback6 = new InetSocketAddress(InetAddress.getByName("::1"), 0);
        RingFuture<RingDatagramSocket> bind6 = ring().bindAsync(loopback6);
        Assumptions.assumeTrue(outcomeOf(bind6).isEmpty(), "no IPv6 loopback here");
        RingDatagramSocket six = await(bind6);
        await(six.sendAsync(Bytes.direct(6), new InetSocketAddress(loopback6.getAddress(), any.localPort())));
        info = await(any.receiveAsync(in.clear()));
        assertThat(info.sender()).isEqualTo(six.localAddress());
        assertThat(((InetSocketAddress) info.sender()).getAddress()).isInstanceOf(Inet6Address.class);
        assertThat(await(any.sendAsync(Bytes.direct(3), info.sender()))).isEqualTo(3);
        assertThat(await(six.receiveAsync(Bytes.direct(100))).length()).isEqualTo(3);
    }

    @Test
    void takenPortAndUnresolvedAddressHaveTheExceptionsOfNio() {
        RingDatagramSocket a = bound();
        assertThat(failureOf(ring().bindAsync(at(a))))
                .isInstanceOf(BindException.class)
                .hasMessageContaining(String.valueOf(a.localPort()));
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 1);
        assertThatThrownBy(() -> ring().bindAsync(unresolved)).isInstanceOf(UnresolvedAddressException.class);
        assertThatThrownBy(() -> a.sendAsync(Bytes.direct(1), unresolved))
                .isInstanceOf(UnresolvedAddressException.class);
        assertThatThrownBy(() -> a.receiveAsync(Bytes.direct(1).asReadOnlyBuffer()))
                .isInstanceOf(java.nio.ReadOnlyBufferException.class);
    }

    @Test
    void closingEndsTheReceivesThatWaitAndCancellingOneLeavesTheOthers() {
        RingDatagramSocket a = bound();
        RingDatagramSocket b = bound();
        RingFuture<DatagramInfo> first = a.receiveAsync(Bytes.direct(10));
        RingFuture<DatagramInfo> second = a.receiveAsync(Bytes.direct(10));
        first.cancel(false);
        await(first.released());
        await(b.sendAsync(Bytes.direct(2), at(a)));
        assertThat(await(second).length()).isEqualTo(2);
        RingFuture<DatagramInfo> third = a.receiveAsync(Bytes.direct(10));
        await(a.closeAsync());
        assertThat(failureOf(third)).isInstanceOf(AsynchronousCloseException.class);
        assertThat(failureOf(a.sendAsync(Bytes.direct(1), at(b))))
                .isInstanceOf(java.nio.channels.ClosedChannelException.class);
        await(b.closeAsync());
        eventually("no handle is open", () -> ring().metrics().openHandles() == 0);
    }

    @Test
    void manyReceivesInFlightEachGetAWholeDatagramOfTheirOwn() {
        RingDatagramSocket a = bound();
        RingDatagramSocket b = bound();
        int count = 64;
        List<ByteBuffer> buffers = new ArrayList<>();
        List<RingFuture<DatagramInfo>> receives = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            buffers.add(Bytes.direct(512));
            receives.add(a.receiveAsync(buffers.get(i)));
        }
        for (int i = 0; i < count; i++) {
            ByteBuffer out = Bytes.direct(64 + i).putInt(0, i);
            out.put(63 + i, (byte) i);
            await(b.sendAsync(out, at(a)));
        }
        boolean[] seen = new boolean[count];
        for (int i = 0; i < count; i++) {
            int length = await(receives.get(i)).length();
            int number = buffers.get(i).getInt(0);
            assertThat(seen[number]).isFalse();
            seen[number] = true;
            assertThat(length).isEqualTo(64 + number);
            assertThat(buffers.get(i).get(63 + number)).isEqualTo((byte) number);
        }
    }

    @Test
    void pooledBuffersAndOneInfoServeAnyNumberOfReceives() {
        RingDatagramSocket a = bound();
        RingDatagramSocket b = bound();
        DatagramInfo info = new DatagramInfo();
        try (BufferPool pool = ring().bufferPool(1000, 2)) {
            Object before = null;
            for (int i = 0; i < 20; i++) {
                RingBuffer out = pool.acquire();
                RingBuffer in = pool.acquire();
                out.byteBuffer().limit(i);
                RingFuture<DatagramInfo> received = new RingFuture<>();
                a.receive(in, info, received);
                assertThatThrownBy(() -> a.receive(Bytes.direct(1), info, new RingFuture<>()))
                        .isInstanceOf(IllegalStateException.class);
                RingFuture<Integer> sent = new RingFuture<>();
                b.send(out, at(a), sent);
                assertThat(await(sent)).isEqualTo(i);
                assertThat(await(received)).isSameAs(info);
                assertThat(info.length()).isEqualTo(i);
                assertThat(info.sender()).isEqualTo(b.localAddress());
                assertThat(before == null
                                || before == info.sender()
                                || driverName().equals("nio"))
                        .as("the same peer is the same object")
                        .isTrue();
                before = info.sender();
                out.close();
                in.close();
            }
            assertThat(pool.available()).isEqualTo(2);
            RingBuffer closed = pool.acquire();
            closed.close();
            assertThatThrownBy(() -> a.receive(closed, info, new RingFuture<>()))
                    .isInstanceOf(IllegalStateException.class);
            RingFuture<DatagramInfo> usable = new RingFuture<>();
            a.receive(Bytes.direct(1), info, usable);
            await(b.sendAsync(Bytes.direct(1), at(a)));
            await(usable);
        }
    }

    @Test
    void callbackThatAnswersAtOnceKeepsThePingPongGoing() {
        RingDatagramSocket a = bound();
        RingDatagramSocket b = bound();
        int rounds = 1000;
        RingFuture<Integer> done = new RingFuture<>();
        ring().execute(() -> new Echo(b, done, Integer.MAX_VALUE).receive());
        ring().execute(() -> new Echo(a, done, rounds).start(at(b)));
        assertThat(await(done)).isEqualTo(rounds);
    }

    /** Sends back what comes, to whoever sent it. */
    private static final class Echo implements RingCallback<DatagramInfo> {
        private final RingDatagramSocket socket;
        private final RingFuture<Integer> done;
        private final DatagramInfo info = new DatagramInfo();
        private final ByteBuffer buffer = Bytes.direct(64);
        private final int rounds;
        private int round;

        private final RingCallback<Integer> sent = new RingCallback<>() {
            @Override
            public boolean completed(Integer value) {
                receive();
                return true;
            }

            @Override
            public void failed(Throwable cause) {
                done.failed(cause);
            }
        };

        Echo(RingDatagramSocket socket, RingFuture<Integer> done, int rounds) {
            this.socket = socket;
            this.done = done;
            this.rounds = rounds;
        }

        void start(InetSocketAddress peer) {
            socket.send(buffer, peer, sent);
        }

        void receive() {
            socket.receive(buffer.clear(), info, this);
        }

        @Override
        public boolean completed(DatagramInfo came) {
            if (++round == rounds) {
                return done.completed(round);
            }
            socket.send(buffer.flip(), Objects.requireNonNull(came.sender()), sent);
            return true;
        }

        @Override
        public void failed(Throwable cause) {
            if (!(cause instanceof AsynchronousCloseException)) {
                done.failed(cause);
            }
        }
    }
}
