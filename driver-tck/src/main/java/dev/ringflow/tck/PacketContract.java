package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.net.packet.Packet;
import dev.ringflow.net.packet.PacketAddress;
import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.net.packet.PacketMatch;
import dev.ringflow.net.packet.PacketOptions;
import dev.ringflow.net.packet.PacketPort;
import dev.ringflow.net.packet.PacketStatistics;
import dev.ringflow.net.packet.PacketTransmitter;
import dev.ringflow.net.packet.PacketTransport;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Packets of UDP: whole, to the right receiver, in the right buffer, and counted, whatever the load. */
public abstract class PacketContract extends DriverContract {
    private static final int MANY = 20_000;
    /** Few enough for the smallest socket buffer. */
    private static final int WINDOW = 64;

    private final List<PacketTransport> transports = new ArrayList<>();

    /** For subclasses. */
    protected PacketContract() {}

    @AfterEach
    final void closesItsTransports() {
        transports.forEach(each -> await(each.closeAsync()));
    }

    final PacketTransport transport(PacketOptions.Builder options) {
        PacketTransport opened =
                PacketTransport.open(options.driver(driverName()).build());
        transports.add(opened);
        return opened;
    }

    static PacketOptions.Builder small() {
        return PacketOptions.builder().submissionQueue(256).bufferCount(512);
    }

    static PacketEndpoint loopbackUdp() {
        return PacketEndpoint.udp(loopback());
    }

    static InetSocketAddress at(PacketPort port) {
        return Objects.requireNonNull(port.localAddress());
    }

    static void send(PacketTransmitter from, InetSocketAddress to, byte... content) {
        ByteBuffer buffer = Objects.requireNonNull(from.nextBuffer());
        buffer.put(content);
        from.send(content.length, PacketAddress.of(to));
    }

    static byte[] bytes(Packet packet) {
        byte[] bytes = new byte[packet.length()];
        packet.data().get(bytes);
        return bytes;
    }

    static <T> T take(BlockingQueue<T> queue) {
        try {
            T taken = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return Objects.requireNonNull(taken, "nothing came");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void packetArrivesWholeWithItsSender() {
        PacketTransport transport = transport(small());
        PacketPort receiver = await(transport.bindAsync(loopbackUdp()));
        PacketPort sender = await(transport.bindAsync(loopbackUdp()));
        BlockingQueue<byte[]> came = new LinkedBlockingQueue<>();
        BlockingQueue<InetSocketAddress> from = new LinkedBlockingQueue<>();
        receiver.addReceiver(packet -> {
            assertThat(packet.isFrom(PacketAddress.of(at(sender)))).isTrue();
            assertThat(packet.isFrom(PacketAddress.of(at(receiver)))).isFalse();
            assertThat(packet.isFromHost(PacketAddress.of(at(receiver)))).isTrue();
            assertThat(packet.sourcePort()).isEqualTo(at(sender).getPort());
            assertThat(packet.interfaceIndex()).isZero();
            assertThat(packet.sender()).isEqualTo(PacketAddress.of(at(sender)));
            from.add(Objects.requireNonNull(packet.source()));
            return came.add(bytes(packet));
        });
        receiver.start();
        PacketTransmitter transmitter = sender.transmitter();
        for (int size : new int[] {1, 64, 1472, 2048}) {
            send(transmitter, at(receiver), Bytes.content(size));
            assertThat(take(came)).isEqualTo(Bytes.content(size));
            assertThat(take(from)).isEqualTo(at(sender));
        }
        PacketStatistics received = receiver.statistics();
        assertThat(received.received()).isEqualTo(4);
        assertThat(received.receivedBytes()).isEqualTo(1 + 64 + 1472 + 2048);
        assertThat(received.declined() + received.receiveErrors() + received.truncated())
                .isZero();
        eventually("the sender counts", () -> sender.statistics().sent() == 4);
        assertThat(sender.statistics().sentBytes()).isEqualTo(1 + 64 + 1472 + 2048);
        assertThat(sender.statistics().batches()).isEqualTo(4);
        assertThat(transport.statistics().received()).isEqualTo(4);
    }

    @Test
    void emptyPacketIsAPacket() {
        PacketTransport transport = transport(small());
        PacketPort receiver = await(transport.bindAsync(loopbackUdp()));
        BlockingQueue<Integer> came = new LinkedBlockingQueue<>();
        receiver.addReceiver(packet -> came.add(packet.length()));
        receiver.start();
        send(receiver.transmitter(), at(receiver));
        assertThat(take(came)).isZero();
    }

    @Test
    void packetThatIsLongerThanTheBufferIsCut() {
        PacketTransport transport = transport(small().bufferSize(100));
        PacketPort receiver = await(transport.bindAsync(loopbackUdp()));
        BlockingQueue<byte[]> came = new LinkedBlockingQueue<>();
        receiver.addReceiver(packet -> came.add(bytes(packet)));
        receiver.start();
        PacketPort sender = await(transport(small()).bindAsync(loopbackUdp()));
        send(sender.transmitter(), at(receiver), Bytes.content(101));
        assertThat(take(came)).isEqualTo(Bytes.content(100));
        assertThat(receiver.statistics().truncated()).isEqualTo(tellsCutPackets() ? 1 : 0);
    }

    /**
     * Whether the driver knows that a packet was cut.
     *
     * @return false where the JDK does not tell
     */
    protected boolean tellsCutPackets() {
        return true;
    }

    @Test
    void receiversAreAskedInOrderUntilOneConsumes() throws Exception {
        PacketTransport transport = transport(small());
        PacketPort receiver = await(transport.bindAsync(loopbackUdp()));
        PacketPort sender = await(transport.bindAsync(loopbackUdp()));
        PacketPort stranger = await(transport.bindAsync(loopbackUdp()));
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        receiver.addReceiver(PacketMatch.from(at(stranger)), packet -> asked.add("stranger"));
        receiver.addReceiver(PacketMatch.from(InetAddress.getByName("127.0.0.9")), packet -> asked.add("nobody"));
        receiver.addReceiver(PacketMatch.onInterface(1), packet -> asked.add("interface"));
        PacketPort.Registration second = receiver.addReceiver(packet -> {
            packet.data().get();
            asked.add("second " + packet.data().position());
            return packet.data().get(0) == 2;
        });
        receiver.addReceiver(PacketMatch.from(at(sender).getAddress()), packet -> {
            asked.add("third " + packet.data().position() + " " + packet.data().remaining());
            return packet.data().get(0) == 3;
        });
        receiver.start();
        send(sender.transmitter(8), at(receiver), new byte[] {2, 9});
        assertThat(take(asked)).isEqualTo("second 1");
        send(sender.transmitter(8), at(receiver), new byte[] {3, 9});
        assertThat(List.of(take(asked), take(asked))).containsExactly("second 1", "third 0 2");
        send(stranger.transmitter(8), at(receiver), new byte[] {4, 9});
        assertThat(take(asked)).isEqualTo("stranger");
        second.close();
        second.close();
        send(sender.transmitter(8), at(receiver), new byte[] {5, 9});
        assertThat(take(asked)).isEqualTo("third 0 2");
        eventually("nobody took the last", () -> receiver.statistics().declined() == 1);
        assertThat(asked).isEmpty();
    }

    @Test
    void receiverThatThrowsHarmsNobody() {
        PacketTransport transport = transport(small().bufferCount(4));
        PacketPort receiver = await(transport.bindAsync(loopbackUdp()));
        PacketPort sender = await(transport.bindAsync(loopbackUdp()));
        BlockingQueue<Integer> came = new LinkedBlockingQueue<>();
        receiver.addReceiver(packet -> {
            came.add((int) packet.data().get(0));
            throw new IllegalStateException("a receiver of the test throws");
        });
        receiver.start();
        PacketTransmitter transmitter = sender.transmitter(1);
        for (int i = 0; i < 10; i++) { // more than there are buffers
            int number = i;
            eventually("a buffer is free", () -> transmitter.nextBuffer() != null);
            Objects.requireNonNull(transmitter.nextBuffer()).put((byte) number);
            transmitter.send(1, PacketAddress.of(at(receiver)));
            assertThat(take(came)).isEqualTo(number);
        }
    }

    @Test
    void answersGoBackThroughTheSamePort() {
        PacketTransport transport = transport(small().queues(2));
        PacketPort server = await(transport.bindAsync(loopbackUdp()));
        PacketPort client = await(transport.bindAsync(loopbackUdp().connectedTo(at(server))));
        PacketTransmitter answers = server.transmitter();
        server.addReceiver(packet -> {
            ByteBuffer answer = answers.nextBuffer();
            if (answer != null) {
                answer.put(packet.data());
                answers.reply(packet.length(), packet);
            }
            return true;
        });
        BlockingQueue<byte[]> came = new LinkedBlockingQueue<>();
        client.addReceiver(packet -> came.add(bytes(packet)));
        transport.start();
        PacketTransmitter questions = client.transmitter();
        for (int i = 0; i < 100; i++) {
            byte[] question = Bytes.content(1 + i * 13);
            Objects.requireNonNull(questions.nextBuffer()).put(question);
            questions.send(question.length);
            assertThat(take(came)).isEqualTo(question);
        }
        assertThat(server.ring()).isNotSameAs(client.ring());
    }

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

    @Test
    void refusalOfAPeerIsCountedAndThePortGoesOn() throws Exception {
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
        List<PacketPort> ports = await(transport.bindEachAsync(loopbackUdp()));
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

    @Test
    void closingGivesEverythingBackWhilePacketsFly() {
        Leftovers.assumeVisible();
        PacketTransport sending = transport(small());
        PacketPort sender = await(sending.bindAsync(loopbackUdp()));
        PacketTransmitter transmitter = sender.transmitter(64);
        ring();
        for (int round = 0; round < 20; round++) {
            PacketTransport transport = PacketTransport.open(ring(), small().build());
            PacketPort port = await(transport.bindAsync(loopbackUdp()));
            AtomicInteger came = new AtomicInteger();
            port.addReceiver(packet -> came.incrementAndGet() > 0);
            port.start();
            PacketTransmitter own = port.transmitter(16);
            for (int i = 0; i < 100; i++) {
                if (transmitter.nextBuffer() != null) {
                    transmitter.send(100, PacketAddress.of(at(port)));
                }
                if (own.nextBuffer() != null) {
                    own.send(100, PacketAddress.of(at(sender)));
                }
            }
            await(port.closeAsync());
            assertThat(port.isOpen()).isFalse();
            await(port.closeAsync());
            own.nextBuffer();
            await(transport.closeAsync());
            assertThat(ring().metrics().openHandles()).isZero();
            eventually("nothing is in flight", () -> ring().metrics().inFlight() == 0);
            assertThatThrownBy(() -> transport.bindAsync(loopbackUdp())).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void ringThatClosesFirstTakesThePortWithIt() {
        PacketTransport transport = PacketTransport.open(ring(), small().build());
        PacketPort port = await(transport.bindAsync(loopbackUdp()));
        port.addReceiver(packet -> true);
        port.start();
        PacketTransmitter transmitter = port.transmitter();
        await(ring().closeAsync());
        assertThat(transmitter.nextBuffer()).isNotNull();
        transmitter.send(1, PacketAddress.of(at(port)));
        assertThat(port.isStarted()).isFalse();
        await(port.closeAsync());
        await(transport.closeAsync());
        assertThat(transmitter.nextBuffer()).isNull();
    }

    @Test
    void closedTransmitterGivesItsBuffersBack() {
        PacketTransport transport = transport(small().bufferCount(16));
        PacketPort port = await(transport.bindAsync(loopbackUdp()));
        for (int i = 0; i < 10; i++) {
            PacketTransmitter all = port.transmitter(8);
            assertThatThrownBy(() -> port.transmitter(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("bufferCount");
            all.nextBuffer();
            send(all, at(port), (byte) 1);
            all.nextBuffer();
            all.close();
            all.close();
            assertThat(all.nextBuffer()).isNull();
            eventually("the buffers are back", () -> {
                try (PacketTransmitter next = port.transmitter(8)) {
                    return next.buffers() == 8;
                } catch (IllegalStateException notYet) {
                    return false;
                }
            });
            eventually("and again", () -> onLoop(port.ring(), () -> true));
        }
    }

    @Test
    void wrongUseIsToldAtOnce() {
        PacketTransport transport = transport(small().bufferSize(100));
        PacketPort port = await(transport.bindAsync(loopbackUdp()));
        PacketTransmitter transmitter = port.transmitter();
        PacketAddress somewhere = PacketAddress.of(at(port));
        assertThatThrownBy(() -> transmitter.send(1, somewhere))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nextBuffer");
        assertThat(Objects.requireNonNull(transmitter.nextBuffer()).capacity()).isEqualTo(100);
        assertThatThrownBy(() -> transmitter.send(101, somewhere)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> transmitter.send(-1, somewhere)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> transmitter.send(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not connected");
        assertThatThrownBy(() -> port.transmitter(0)).isInstanceOf(IllegalArgumentException.class);
        int first = transmitter.nextSequenceNumber();
        assertThat(transmitter.nextSequenceNumber()).isEqualTo(first + 1);
        assertThatThrownBy(() -> PacketEndpoint.ip(at(port).getAddress(), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PacketEndpoint.link("lo", 0x10000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> loopbackUdp().promiscuous()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> loopbackUdp().withoutHeaders()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> loopbackUdp().withSynthesizedHeaders()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> PacketOptions.builder().bufferCount(1000))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PacketOptions.builder().queues(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PacketOptions.builder().bufferSize(63)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void defaultsAreThoseThatArePromised() {
        PacketOptions options = PacketOptions.defaults();
        assertThat(options.submissionQueue()).isEqualTo(2048);
        assertThat(options.completionQueue()).isEqualTo(2048);
        assertThat(options.bufferCount()).isEqualTo(4096);
        assertThat(options.bufferSize()).isEqualTo(2048);
        assertThat(options.registeredBuffers()).isTrue();
        PacketTransport transport = transport(PacketOptions.builder());
        PacketPort port = await(transport.bindAsync(loopbackUdp()));
        System.out.println(driverName() + ": " + port.describe());
        assertThat(port.transmitter().buffers()).isEqualTo(512);
    }

    @Test
    void addressThatIsTakenIsABindException() {
        PacketTransport transport = transport(small());
        PacketPort port = await(transport.bindAsync(loopbackUdp()));
        assertThat(failureOf(transport.bindAsync(PacketEndpoint.udp(at(port))))).isInstanceOf(BindException.class);
        assertThat(failureOf(transport.bindAsync(PacketEndpoint.udp(new InetSocketAddress("192.0.2.1", 0)))))
                .isInstanceOf(BindException.class);
    }

    @Test
    void versionSixOfTheInternetProtocolWorks() throws Exception {
        PacketTransport transport = transport(small());
        var bind = transport.bindAsync(PacketEndpoint.udp(new InetSocketAddress(InetAddress.getByName("::1"), 0)));
        Assumptions.assumeTrue(outcomeOf(bind).isEmpty(), "no IPv6 here");
        PacketPort port = await(bind);
        BlockingQueue<InetSocketAddress> from = new LinkedBlockingQueue<>();
        port.addReceiver(
                PacketMatch.from(InetAddress.getByName("::1")),
                packet -> from.add(Objects.requireNonNull(packet.source())));
        port.start();
        send(port.transmitter(), at(port), Bytes.content(10));
        assertThat(take(from)).isEqualTo(at(port));
        assertThat(new HashSet<>(List.of(PacketAddress.of(at(port)), PacketAddress.of(at(port)))))
                .hasSize(1);
    }
}
