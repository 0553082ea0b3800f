package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.net.packet.PacketAddress;
import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.net.packet.PacketMatch;
import dev.ringflow.net.packet.PacketPort;
import dev.ringflow.net.packet.PacketTransmitter;
import dev.ringflow.net.packet.PacketTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packets between two network namespaces that a pair of veth interfaces joins. Skipped without root and iproute2. */
final class UringPacketNetworkTest extends PacketRawFixture {
    private static final int ICMP = 1;

    @SuppressWarnings("NullAway.Init") // by JUnit
    private PacketNetwork network;

    @Override
    protected String driverName() {
        return "uring";
    }

    @BeforeEach
    void makesTheNetwork() {
        network = PacketNetwork.open();
    }

    @AfterEach
    void removesTheNetwork() {
        if (network != null) {
            network.close();
        }
    }

    private PacketEndpoint near(PacketEndpoint endpoint) {
        return endpoint.inNamespace(network.nearNamespace());
    }

    private PacketEndpoint far(PacketEndpoint endpoint) {
        return endpoint.inNamespace(network.farNamespace());
    }

    private static PacketEndpoint udp(InetAddress address) {
        return PacketEndpoint.udp(new InetSocketAddress(address, 0));
    }

    /** Sends back what comes. */
    private static void echo(PacketPort port) {
        PacketTransmitter answers = port.transmitter();
        port.addReceiver(packet -> {
            ByteBuffer answer = answers.nextBuffer();
            if (answer != null) {
                answer.put(packet.data());
                answers.reply(packet.length(), packet);
            }
            return true;
        });
    }

    @Test
    void datagramsGoThereAndBack() {
        PacketTransport transport = transport(small().queues(2));
        PacketPort server = port(transport, far(udp(PacketNetwork.farAddress())));
        PacketPort client =
                port(transport, near(udp(PacketNetwork.nearAddress())).connectedTo(PacketContract.at(server)));
        echo(server);
        BlockingQueue<byte[]> came = collect(client, PacketMatch.from(PacketContract.at(server)));
        transport.start();
        PacketTransmitter transmitter = client.transmitter();
        for (int i = 1; i <= 200; i++) {
            put(transmitter, Bytes.content(i * 7));
            transmitter.send(i * 7);
            assertThat(take(came)).isEqualTo(Bytes.content(i * 7));
        }
        assertThat(server.statistics().received()).isEqualTo(200);
    }

    @Test
    void threadOfTheLoopStaysInItsOwnNamespace() {
        PacketTransport transport = transport(small());
        port(transport, far(udp(PacketNetwork.farAddress())));
        PacketPort here = port(transport, udp(PacketNetwork.address("127.0.0.1")));
        PacketPort peer = await(transport(small()).bindAsync(udp(PacketNetwork.address("127.0.0.1"))));
        BlockingQueue<byte[]> came = collect(peer, PacketMatch.ALL);
        peer.start();
        send(here.transmitter(), PacketContract.at(peer), Bytes.content(9));
        assertThat(take(came)).isEqualTo(Bytes.content(9));
    }

    @Test
    void kernelAnswersOurEchoRequests() {
        PacketTransport transport = transport(small());
        PacketPort port = port(
                transport,
                near(PacketEndpoint.ip(PacketNetwork.nearAddress(), ICMP))
                        .connectedTo(new InetSocketAddress(PacketNetwork.farAddress(), 0)));
        BlockingQueue<byte[]> came = collect(port, packet -> packet.data().get(IPV4) == 0);
        port.start();
        PacketTransmitter transmitter = port.transmitter();
        for (int i = 0; i < 10; i++) {
            byte[] request = echoRequest(transmitter.nextSequenceNumber(), Bytes.content(56));
            put(transmitter, request);
            transmitter.send(request.length);
            byte[] answer = part(take(came), IPV4);
            assertThat(part(answer, 4)).isEqualTo(part(request, 4));
        }
    }

    private static byte[] echoRequest(int sequence, byte[] content) {
        ByteBuffer request = ByteBuffer.allocate(8 + content.length);
        request.put(0, (byte) 8)
                .putShort(4, (short) 4711)
                .putShort(6, (short) sequence)
                .put(8, content);
        int sum = 0;
        for (int i = 0; i < request.capacity(); i += 2) {
            sum += request.getShort(i) & 0xFFFF;
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        sum = (sum & 0xFFFF) + (sum >>> 16);
        return request.putShort(2, (short) ~sum).array();
    }

    @Test
    void framesGoThereAndBack() {
        PacketTransport transport = transport(small().queues(2));
        PacketPort near = port(transport, near(PacketEndpoint.link(PacketNetwork.NEAR, LOCAL_EXPERIMENT)));
        PacketPort far = port(transport, far(PacketEndpoint.link(PacketNetwork.FAR, LOCAL_EXPERIMENT)));
        assertThat(near.hardwareAddress()).hasSize(6).isNotEqualTo(far.hardwareAddress());
        PacketTransmitter answers = far.transmitter();
        far.addReceiver(packet -> {
            byte[] head = frameHead(packet.hardwareAddress(), far.hardwareAddress(), packet.etherType());
            ByteBuffer answer = Objects.requireNonNull(answers.nextBuffer());
            answer.put(head).put(packet.data().position(ETHERNET));
            answers.send(answer.position());
            return true;
        });
        BlockingQueue<byte[]> came = collect(near, PacketMatch.onInterface(near.interfaceIndex()));
        transport.start();
        PacketTransmitter transmitter = near.transmitter();
        byte[] head = frameHead(far.hardwareAddress(), near.hardwareAddress(), LOCAL_EXPERIMENT);
        for (int i = 1; i <= 100; i++) {
            put(transmitter, head, Bytes.content(1000 + i));
            transmitter.send(ETHERNET + 1000 + i);
            byte[] frame = take(came);
            assertThat(frame).startsWith(frameHead(near.hardwareAddress(), far.hardwareAddress(), LOCAL_EXPERIMENT));
            assertThat(part(frame, ETHERNET)).isEqualTo(Bytes.content(1000 + i));
        }
    }

    @Test
    void framesWithoutHeadersGoToTheStationThatIsNamed() {
        PacketTransport transport = transport(small());
        PacketPort near = port(
                transport,
                near(PacketEndpoint.link(PacketNetwork.NEAR, LOCAL_EXPERIMENT).withoutHeaders()));
        PacketPort far = port(
                transport,
                far(PacketEndpoint.link(PacketNetwork.FAR, LOCAL_EXPERIMENT)
                        .withoutHeaders()
                        .withSynthesizedHeaders()));
        BlockingQueue<byte[]> came = collect(far, PacketMatch.ALL);
        transport.start();
        PacketTransmitter transmitter = near.transmitter();
        put(transmitter, Bytes.content(500));
        transmitter.send(500, PacketAddress.ofLink(LOCAL_EXPERIMENT, far.hardwareAddress()));
        byte[] frame = take(came);
        assertThat(frame).startsWith(frameHead(far.hardwareAddress(), near.hardwareAddress(), LOCAL_EXPERIMENT));
        assertThat(part(frame, ETHERNET)).isEqualTo(Bytes.content(500));
    }

    @Test
    void interfaceIsPromiscuousAsLongAsThePortIsOpen() {
        PacketTransport transport = transport(small());
        assertThat(network.farLink()).contains("promiscuity 0");
        PacketPort plain = port(transport, far(PacketEndpoint.link(PacketNetwork.FAR)));
        assertThat(network.farLink()).contains("promiscuity 0");
        PacketPort port =
                port(transport, far(PacketEndpoint.link(PacketNetwork.FAR).promiscuous()));
        assertThat(network.farLink()).contains("promiscuity 1");
        await(port.closeAsync());
        await(plain.closeAsync());
        eventually("it is over", () -> network.farLink().contains("promiscuity 0"));
    }

    @Test
    void interfaceThatGoesDownAndComesBackKeepsThePort() {
        PacketTransport transport = transport(small());
        PacketPort near = port(transport, near(PacketEndpoint.link(PacketNetwork.NEAR, LOCAL_EXPERIMENT)));
        PacketPort far = port(transport, far(PacketEndpoint.link(PacketNetwork.FAR, LOCAL_EXPERIMENT)));
        AtomicInteger came = new AtomicInteger();
        far.addReceiver(packet -> came.incrementAndGet() > 0);
        transport.start();
        eventually(
                "it waits for frames", () -> transport.rings().get(0).metrics().inFlight() > 0);
        network.farLink("down");
        eventually("that is counted", () -> far.statistics().receiveErrors() > 0);
        network.farLink("up");
        PacketTransmitter transmitter = near.transmitter(1);
        byte[] head = frameHead(far.hardwareAddress(), near.hardwareAddress(), LOCAL_EXPERIMENT);
        eventually("frames come again", () -> {
            if (transmitter.nextBuffer() != null) {
                put(transmitter, head);
                transmitter.send(head.length);
            }
            return came.get() > 0;
        });
    }

    @Test
    void lossOnTheWayIsTheDifferenceOfTheStatistics() {
        PacketTransport transport = transport(small());
        PacketPort far = port(transport, far(udp(PacketNetwork.farAddress()).socketBuffer(1 << 20)));
        PacketPort near = port(transport, near(udp(PacketNetwork.nearAddress())).connectedTo(PacketContract.at(far)));
        AtomicInteger last = new AtomicInteger(-1);
        far.addReceiver(packet -> {
            last.set(packet.data().getInt());
            return true;
        });
        transport.start();
        String how = network.loseSome();
        int packets = 400;
        PacketTransmitter transmitter = near.transmitter(64);
        for (int i = 0; i < packets; i++) {
            eventually("a buffer is free", () -> transmitter.nextBuffer() != null);
            Objects.requireNonNull(transmitter.nextBuffer()).putInt(i);
            transmitter.send(1000);
        }
        eventually("all are on their way", () -> sentOrRefused(near) == packets);
        eventually("what is sent last comes", () -> {
            if (transmitter.nextBuffer() != null) {
                Objects.requireNonNull(transmitter.nextBuffer()).putInt(packets);
                transmitter.send(1000);
            }
            return last.get() == packets;
        });
        long sent = near.statistics().sent();
        long received = far.statistics().received();
        System.out.println(how + ": " + sent + " sent, " + received + " received, " + await(far.overrunsAsync())
                + " lost in the socket");
        assertThat(received).isBetween(1L, packets - 1L);
        assertThat(await(far.overrunsAsync())).isZero();
    }

    private static long sentOrRefused(PacketPort port) {
        return port.statistics().sent() + port.statistics().sendErrors();
    }
}
