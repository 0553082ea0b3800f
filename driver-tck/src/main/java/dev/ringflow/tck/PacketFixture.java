package dev.ringflow.tck;

import dev.ringflow.net.packet.Packet;
import dev.ringflow.net.packet.PacketAddress;
import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.net.packet.PacketOptions;
import dev.ringflow.net.packet.PacketPort;
import dev.ringflow.net.packet.PacketTransmitter;
import dev.ringflow.net.packet.PacketTransport;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** What tests of packets share. */
abstract class PacketFixture extends DriverContract {
    private final List<PacketTransport> transports = new ArrayList<>();

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
}
