package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.net.packet.PacketAddress;
import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.net.packet.PacketMatch;
import dev.ringflow.net.packet.PacketOptions;
import dev.ringflow.net.packet.PacketPort;
import dev.ringflow.net.packet.PacketStatistics;
import dev.ringflow.net.packet.PacketTransmitter;
import dev.ringflow.net.packet.PacketTransport;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Packets of UDP: whole, to the right receiver, and in the right buffer; and the end of all that sends and receives. */
public abstract class PacketContract extends PacketFixture {
    /** For subclasses. */
    protected PacketContract() {}

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
        InetSocketAddress strange = new InetSocketAddress("192.0.2.1", 0);
        Assumptions.assumeFalse(
                bindsStrangeAddresses(strange), "this system lets sockets be bound to addresses that it does not have");
        assertThat(failureOf(transport.bindAsync(PacketEndpoint.udp(strange)))).isInstanceOf(BindException.class);
    }

    /**
     * Whether the system, asked directly, lets a datagram socket be bound to an address that it does not have.
     *
     * @param address of nobody
     * @return true if it does, against all customs
     */
    protected boolean bindsStrangeAddresses(InetSocketAddress address) {
        try (DatagramSocket socket = new DatagramSocket(address)) {
            return socket.isBound();
        } catch (IOException refused) {
            return false;
        }
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
