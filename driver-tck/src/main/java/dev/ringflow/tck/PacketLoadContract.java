package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.net.packet.PacketPort;
import dev.ringflow.net.packet.PacketTransmitter;
import dev.ringflow.net.packet.PacketTransport;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Many packets of UDP: in the right buffer, to the right port, and counted, whatever the load. */
public abstract class PacketLoadContract extends PacketFixture {
    private static final int MANY = 20_000;
    /** Few enough for the smallest socket buffer. */
    private static final int WINDOW = 64;

    /** For subclasses. */
    protected PacketLoadContract() {}

    @Test
    void manyPacketsKeepTheirContentWhileBuffersGoRound() {
        PacketTransport transport = transport(small().bufferCount(256));
        PacketPort receiver = await(transport.bindAsync(loopbackUdp().socketBuffer(1 << 20)));
        PacketPort sender = await(transport.bindAsync(loopbackUdp().connectedTo(at(receiver))));
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        AtomicInteger wrong = new AtomicInteger();
        receiver.addReceiver(packet -> {
            int number = packet.data().getInt();
            boolean right = packet.length() == 4 + number % 1000 && seen.add(number);
            while (packet.data().hasRemaining()) {
                right &= packet.data().get() == (byte) number;
            }
            if (!right) {
                wrong.incrementAndGet();
            }
            return true;
        });
        receiver.start();
        PacketTransmitter transmitter = sender.transmitter(WINDOW);
        for (int i = 0; i < MANY; i++) {
            int behind = i - WINDOW;
            eventually("packets come", () -> seen.size() > behind);
            eventually("buffers come back", () -> transmitter.nextBuffer() != null);
            ByteBuffer buffer = Objects.requireNonNull(transmitter.nextBuffer()).putInt(i);
            int length = 4 + i % 1000;
            while (buffer.position() < length) {
                buffer.put((byte) i);
            }
            transmitter.queue(length);
            if (i % 7 == 0 || i == MANY - 1 || seen.size() <= behind + WINDOW / 2) {
                transmitter.flush();
            }
        }
        eventually(() -> seen.size() + " of " + MANY, () -> seen.size() == MANY);
        assertThat(wrong).hasValue(0);
        eventually("all are counted", () -> sender.statistics().sent() == MANY);
        assertThat(sender.statistics().batches()).isLessThan(MANY);
        assertThat(receiver.statistics().received()).isEqualTo(MANY);
    }

    @Test
    void packetsQueuedTogetherAreOneBatch() {
        PacketTransport transport = transport(small());
        PacketPort receiver = await(transport.bindAsync(loopbackUdp()));
        PacketPort sender = await(transport.bindAsync(loopbackUdp().connectedTo(at(receiver))));
        AtomicInteger came = new AtomicInteger();
        receiver.addReceiver(packet -> came.incrementAndGet() > 0);
        receiver.start();
        PacketTransmitter transmitter = sender.transmitter(50);
        assertThat(transmitter.buffers()).isEqualTo(50);
        for (int i = 0; i < 50; i++) {
            Objects.requireNonNull(transmitter.nextBuffer()).putInt(i);
            transmitter.queue(4);
        }
        assertThat(transmitter.nextBuffer()).isNull();
        assertThat(sender.statistics().batches()).isZero();
        transmitter.flush();
        eventually("all come", () -> came.get() == 50);
        assertThat(sender.statistics().batches()).isEqualTo(1);
        assertThat(sender.statistics().dropped()).isEqualTo(1);
    }

    @Test
    void transmittersOfManyThreadsShareAPort() {
        PacketTransport transport = transport(small());
        PacketPort receiver = await(transport.bindAsync(loopbackUdp().socketBuffer(1 << 20)));
        PacketPort sender = await(transport.bindAsync(loopbackUdp().connectedTo(at(receiver))));
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        receiver.addReceiver(packet -> seen.add(packet.data().getLong()));
        receiver.start();
        int threads = 4;
        int each = 200;
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            long thread = t;
            PacketTransmitter transmitter = sender.transmitter(16);
            all.add(OwnThread.run(() -> {
                for (int i = 0; i < each; i++) {
                    eventually("a buffer", () -> transmitter.nextBuffer() != null);
                    Objects.requireNonNull(transmitter.nextBuffer()).putLong(thread << 32 | i);
                    transmitter.send(Long.BYTES);
                }
            }));
        }
        all.forEach(DriverContract::await);
        eventually(() -> seen.size() + " came", () -> seen.size() == threads * each);
    }

    @Test
    void stoppedPortLeavesPacketsToTheKernel() {
        PacketTransport transport = transport(small());
        PacketPort receiver = await(transport.bindAsync(loopbackUdp()));
        PacketPort sender = await(transport.bindAsync(loopbackUdp()));
        BlockingQueue<Integer> came = new LinkedBlockingQueue<>();
        receiver.addReceiver(packet -> came.add((int) packet.data().get()));
        PacketTransmitter transmitter = sender.transmitter();
        assertThat(receiver.isStarted()).isFalse();
        send(transmitter, at(receiver), (byte) 1);
        eventually("it is sent", () -> sender.statistics().sent() == 1);
        assertThat(receiver.statistics().received()).isZero();
        for (int round = 2; round < 20; round++) {
            receiver.start();
            assertThat(receiver.isStarted()).isTrue();
            assertThat(take(came)).isEqualTo(round - 1);
            receiver.stop();
            assertThat(receiver.isStarted()).isFalse();
            eventually("nothing is posted", () -> receiver.ring().metrics().inFlight() == 0);
            send(transmitter, at(receiver), (byte) round);
            int sent = round;
            eventually("it is sent", () -> sender.statistics().sent() == sent);
            assertThat(came).isEmpty();
        }
    }

    @Test
    void stoppingAndStartingInOneMomentLosesNothing() {
        PacketTransport transport = transport(small());
        PacketPort receiver = await(transport.bindAsync(loopbackUdp()));
        PacketPort sender = await(transport.bindAsync(loopbackUdp()));
        BlockingQueue<Integer> came = new LinkedBlockingQueue<>();
        receiver.addReceiver(packet -> came.add((int) packet.data().get()));
        PacketTransmitter transmitter = sender.transmitter();
        for (int i = 0; i < 100; i++) {
            receiver.start();
            receiver.stop();
            receiver.start();
            send(transmitter, at(receiver), (byte) i);
            assertThat(take(came)).isEqualTo(i);
        }
    }

    @Test
    void floodThatNobodyReadsIsBoundedAndCounted() {
        PacketTransport transport = transport(small());
        PacketPort receiver = await(transport.bindAsync(loopbackUdp().socketBuffer(4096)));
        PacketPort sender = await(transport.bindAsync(loopbackUdp().connectedTo(at(receiver))));
        PacketTransmitter transmitter = sender.transmitter(32);
        int sent = 0;
        while (sent < 200) {
            if (transmitter.nextBuffer() != null) {
                transmitter.send(1000);
                sent++;
            }
        }
        eventually("all are sent", () -> sender.statistics().sent() == 200);
        AtomicInteger came = new AtomicInteger();
        receiver.addReceiver(packet -> came.incrementAndGet() > 0);
        receiver.start();
        eventually("some come", () -> came.get() > 0);
        send(sender.transmitter(1), at(receiver), (byte) 1);
        if (countsOverruns()) {
            eventually("the loss is told", () -> await(receiver.overrunsAsync()) + came.get() == 201);
            assertThat(await(receiver.overrunsAsync())).isPositive();
        } else {
            assertThat(failureOf(receiver.overrunsAsync())).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    /**
     * Whether the driver knows what the kernel has lost.
     *
     * @return false where the JDK does not tell
     */
    protected boolean countsOverruns() {
        return true;
    }

    /**
     * Skips the test, and says why, where the system lets a datagram socket receive nothing more after it has told that a
     * port is closed.
     *
     * @throws IOException if it cannot be found out
     */
    protected void assumeReceivesGoOnAfterAnError() throws IOException {}

    @Test
    void refusalOfAPeerIsCountedAndThePortGoesOn() throws Exception {
        assumeReceivesGoOnAfterAnError();
        PacketTransport transport = transport(small());
        InetSocketAddress gone;
        try (DatagramSocket once = new DatagramSocket(loopback())) {
            gone = (InetSocketAddress) once.getLocalSocketAddress();
        }
        PacketPort port = await(transport.bindAsync(loopbackUdp().connectedTo(gone)));
        BlockingQueue<byte[]> came = new LinkedBlockingQueue<>();
        port.addReceiver(packet -> came.add(bytes(packet)));
        port.start();
        PacketTransmitter transmitter = port.transmitter();
        for (int i = 0; i < 5; i++) {
            Objects.requireNonNull(transmitter.nextBuffer()).put((byte) 1);
            transmitter.send(1);
        }
        eventually(
                () -> "refusals are counted: " + port.statistics(),
                () -> port.statistics().receiveErrors() + port.statistics().sendErrors() > 0);
        try (DatagramSocket back = new DatagramSocket(gone)) {
            byte[] content = Bytes.content(20);
            back.send(new java.net.DatagramPacket(content, content.length, at(port)));
            assertThat(take(came)).isEqualTo(content);
        }
    }

    @Test
    void eachQueueHasAPortAndFlowsAreSpread() {
        PacketTransport transport = transport(small().queues(2));
        var bind = transport.bindEachAsync(loopbackUdp());
        Throwable refusal = outcomeOf(bind).orElse(null);
        Assumptions.assumeFalse(
                refusal instanceof UnsupportedOperationException, () -> "sockets share no port here: " + refusal);
        List<PacketPort> ports = await(bind);
        assertThat(ports).hasSize(2);
        assertThat(at(ports.get(0))).isEqualTo(at(ports.get(1)));
        assertThat(transport.ports()).hasSize(2);
        AtomicInteger came = new AtomicInteger();
        Set<PacketPort> by = ConcurrentHashMap.newKeySet();
        ports.forEach(each -> each.addReceiver(packet -> {
            assertThat(packet.port()).isSameAs(each);
            by.add(each);
            return came.incrementAndGet() > 0;
        }));
        transport.start();
        PacketTransport other = transport(small());
        int flows = 32;
        for (int i = 0; i < flows; i++) {
            PacketPort sender = await(other.bindAsync(loopbackUdp()));
            send(sender.transmitter(1), at(ports.get(0)), (byte) i);
        }
        eventually(() -> came + " came", () -> came.get() == flows);
        assertThat(by).hasSize(2);
        transport.stop();
        assertThat(ports).noneMatch(PacketPort::isStarted);
    }
}
