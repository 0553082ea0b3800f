package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingException;
import dev.ringflow.net.packet.PacketAddress;
import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.net.packet.PacketMatch;
import dev.ringflow.net.packet.PacketPort;
import dev.ringflow.net.packet.PacketTransmitter;
import dev.ringflow.net.packet.PacketTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Packets below UDP, on the loopback interface: raw IP and frames; or that the driver says clearly that it has none. */
public abstract class PacketRawContract extends PacketRawFixture {
    /** For subclasses. */
    protected PacketRawContract() {}

    @Test
    void rawPacketBringsItsHeaderAndLeavesWithoutOne() throws IOException {
        PacketTransport transport = transport(small());
        InetAddress here = InetAddress.getByName("127.0.0.1");
        PacketPort port = port(transport, PacketEndpoint.ip(here, EXPERIMENT));
        PacketPort connected = port(
                transport,
                PacketEndpoint.ip(InetAddress.getByName("127.0.0.5"), EXPERIMENT)
                        .connectedTo(new InetSocketAddress(here, 0)));
        BlockingQueue<byte[]> came = collect(port, PacketMatch.from(InetAddress.getByName("127.0.0.5")));
        port.start();
        PacketTransmitter transmitter = connected.transmitter();
        put(transmitter, Bytes.content(300));
        transmitter.send(300);
        byte[] packet = take(came);
        assertThat(packet).hasSize(IPV4 + 300);
        assertThat(packet[0]).isEqualTo((byte) 0x45);
        assertThat(packet[9]).isEqualTo((byte) EXPERIMENT);
        assertThat(part(packet, IPV4)).isEqualTo(Bytes.content(300));
        put(transmitter, Bytes.content(5));
        transmitter.send(5, PacketAddress.of(here));
        assertThat(part(take(came), IPV4)).isEqualTo(Bytes.content(5));
        assertThat(port.overrunsAsync())
                .succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS))
                .isEqualTo(0L);
    }

    @Test
    void rawPacketOfVersionSixHasNoHeader() throws IOException {
        PacketTransport transport = transport(small());
        InetAddress here = InetAddress.getByName("::1");
        if (hasRawPackets()) {
            var bind = transport.bindAsync(PacketEndpoint.udp(new InetSocketAddress(here, 0)));
            Assumptions.assumeTrue(outcomeOf(bind).isEmpty(), "no IPv6 here");
        }
        PacketPort port = port(transport, PacketEndpoint.ip(here, EXPERIMENT));
        BlockingQueue<byte[]> came = collect(port, PacketMatch.from(here));
        port.start();
        PacketTransmitter transmitter = port.transmitter();
        put(transmitter, Bytes.content(77));
        transmitter.send(77, PacketAddress.of(here));
        assertThat(take(came)).isEqualTo(Bytes.content(77));
    }

    @Test
    void madeUpHeadersStandBeforeRawPackets() throws IOException {
        PacketTransport transport = transport(small());
        InetAddress here = InetAddress.getByName("127.0.0.1");
        PacketPort port = port(transport, PacketEndpoint.ip(here, EXPERIMENT).withSynthesizedHeaders());
        PacketPort plain = port(transport, PacketEndpoint.ip(InetAddress.getByName("127.0.0.7"), EXPERIMENT));
        BlockingQueue<byte[]> frames = collect(port, PacketMatch.from(InetAddress.getByName("127.0.0.7")));
        BlockingQueue<byte[]> answers = collect(plain, PacketMatch.from(here));
        transport.start();
        PacketTransmitter transmitter = plain.transmitter();
        put(transmitter, Bytes.content(100));
        transmitter.send(100, PacketAddress.of(here));
        byte[] frame = take(frames);
        assertThat(frame).hasSize(ETHERNET + IPV4 + 100);
        assertThat(frame).startsWith(2, 0, 127, 0, 0, 1, 2, 0, 127, 0, 0, 7, 8, 0, 0x45);
        assertThat(part(frame, ETHERNET + IPV4)).isEqualTo(Bytes.content(100));

        // the addresses of IP turned round, and out again
        System.arraycopy(frame, ETHERNET + 12, frame, 0, 4);
        System.arraycopy(frame, ETHERNET + 16, frame, ETHERNET + 12, 4);
        System.arraycopy(frame, 0, frame, ETHERNET + 16, 4);
        PacketTransmitter back = port.transmitter();
        put(back, frame);
        back.send(frame.length);
        assertThat(part(take(answers), IPV4)).isEqualTo(Bytes.content(100));
        put(back, frame);
        assertThatThrownBy(() -> back.send(ETHERNET + IPV4 - 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void frameIsReceivedOnceAlthoughItIsOurOwn() {
        PacketTransport transport = transport(small());
        PacketPort sender = port(transport, PacketEndpoint.link("lo", LOCAL_EXPERIMENT));
        assertThat(sender.interfaceIndex()).isEqualTo(1);
        assertThat(sender.hardwareAddress()).isEqualTo(new byte[6]);
        PacketPort port = port(transport, PacketEndpoint.link("lo"));
        PacketPort all = port(transport, PacketEndpoint.link("lo").withOutgoing());
        BlockingQueue<Integer> types = new LinkedBlockingQueue<>();
        all.addReceiver(PacketMatch.etherType(LOCAL_EXPERIMENT), packet -> types.add(packet.linkType()));
        BlockingQueue<byte[]> came = collect(port, PacketMatch.etherType(LOCAL_EXPERIMENT));
        transport.start();
        PacketTransmitter transmitter = sender.transmitter();
        byte[] head = frameHead(new byte[6], new byte[6], LOCAL_EXPERIMENT);
        for (int i = 1; i <= 3; i++) {
            put(transmitter, head, Bytes.content(50 + i));
            transmitter.send(head.length + 50 + i);
            byte[] frame = take(came);
            assertThat(frame).startsWith(head);
            assertThat(part(frame, ETHERNET)).isEqualTo(Bytes.content(50 + i));
        }
        int outgoing = 4;
        eventually(() -> types + " on both ways", () -> types.size() == 6);
        assertThat(types).containsOnly(0, outgoing);
        eventually("the sender's own port has them", () -> sender.statistics().received() == 3);
        assertThat(came).isEmpty();
    }

    @Test
    void frameWithoutHeaderNamesItsStation() {
        PacketTransport transport = transport(small());
        PacketEndpoint endpoint = PacketEndpoint.link("lo", LOCAL_EXPERIMENT).withoutHeaders();
        PacketPort port = port(transport, endpoint);
        PacketPort framed = port(transport, endpoint.withSynthesizedHeaders());
        BlockingQueue<byte[]> came = collect(port, PacketMatch.ALL);
        BlockingQueue<byte[]> frames = collect(framed, PacketMatch.ALL);
        transport.start();
        PacketTransmitter transmitter = port.transmitter();
        put(transmitter, Bytes.content(60));
        transmitter.send(60, PacketAddress.ofLink(LOCAL_EXPERIMENT, new byte[6]));
        assertThat(take(came)).isEqualTo(Bytes.content(60));
        byte[] frame = take(frames);
        assertThat(frame).startsWith(frameHead(new byte[6], new byte[6], LOCAL_EXPERIMENT));
        assertThat(part(frame, ETHERNET)).isEqualTo(Bytes.content(60));

        PacketTransmitter back = framed.transmitter();
        put(back, frame);
        back.send(frame.length);
        assertThat(take(came)).isEqualTo(Bytes.content(60));
        put(transmitter, Bytes.content(60));
        assertThatThrownBy(() -> transmitter.send(60)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void queuesOfAnInterfaceShareItsFrames() {
        PacketTransport transport = transport(small().queues(2));
        PacketEndpoint endpoint = PacketEndpoint.link("lo", LOCAL_EXPERIMENT);
        PacketPort probe = port(transport, endpoint);
        PacketTransmitter transmitter = probe.transmitter();
        List<PacketPort> ports = await(transport.bindEachAsync(endpoint));
        BlockingQueue<byte[]> came = new LinkedBlockingQueue<>();
        ports.forEach(each -> each.addReceiver(packet -> came.add(bytes(packet))));
        ports.forEach(PacketPort::start);
        byte[] head = frameHead(new byte[6], new byte[6], LOCAL_EXPERIMENT);
        int frames = 40;
        for (int i = 0; i < frames; i++) {
            put(transmitter, head, new byte[] {(byte) i});
            transmitter.send(head.length + 1);
        }
        eventually(() -> came.size() + " came", () -> came.size() == frames);
        assertThat(ports.get(0).statistics().received()
                        + ports.get(1).statistics().received())
                .isEqualTo(frames);
    }

    @Test
    void whatIsNotThereIsTold() {
        PacketTransport transport = transport(small());
        port(transport, PacketEndpoint.link("lo", LOCAL_EXPERIMENT));
        assertThat(failureOf(transport.bindAsync(PacketEndpoint.link("nosuch0"))))
                .isInstanceOf(RingException.class)
                .hasMessageContaining("nosuch0")
                .hasMessageContaining("ip link");
        assertThat(failureOf(transport.bindAsync(
                        PacketEndpoint.link("lo").inNamespace(Path.of("/run/netns/no-such-namespace")))))
                .isInstanceOf(RingException.class)
                .hasMessageContaining("ip netns");
        assertThat(failureOf(transport.bindAsync(PacketEndpoint.link("lo").inNamespace(Path.of("/dev/null")))))
                .isInstanceOf(RingException.class);
        assertThat(transport.rings().get(0).metrics().openHandles()).isEqualTo(1);
    }
}
