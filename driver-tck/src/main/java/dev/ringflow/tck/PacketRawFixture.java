package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.RingException;
import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.net.packet.PacketMatch;
import dev.ringflow.net.packet.PacketPort;
import dev.ringflow.net.packet.PacketTransmitter;
import dev.ringflow.net.packet.PacketTransport;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Assumptions;

/** What tests of packets below UDP share. */
abstract class PacketRawFixture extends PacketFixture {
    static final int EXPERIMENT = 253;
    static final int LOCAL_EXPERIMENT = 0x88B5;
    static final int ETHERNET = 14;
    static final int IPV4 = 20;

    /**
     * Whether the driver has such packets at all.
     *
     * @return false if it answers that they are not supported
     */
    protected boolean hasRawPackets() {
        return true;
    }

    /** Opens a port; skips the test where the driver, or this user, cannot. */
    final PacketPort port(PacketTransport transport, PacketEndpoint endpoint) {
        var bind = transport.bindAsync(endpoint);
        Throwable failure = outcomeOf(bind).orElse(null);
        if (!hasRawPackets()) {
            assertThat(failure)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("not supported by the driver " + driverName());
            Assumptions.abort("the driver " + driverName() + " says that it has none: " + failure.getMessage());
        }
        if (failure instanceof RingException refused && refused.codeName().equals("EPERM")) {
            assertThat(refused.advice()).contains("CAP_NET_RAW");
            Assumptions.abort(refused.getMessage());
        }
        return await(bind);
    }

    static BlockingQueue<byte[]> collect(PacketPort port, PacketMatch match) {
        BlockingQueue<byte[]> came = new LinkedBlockingQueue<>();
        port.addReceiver(match, packet -> came.add(bytes(packet)));
        return came;
    }

    static byte[] part(byte[] whole, int from) {
        return java.util.Arrays.copyOfRange(whole, from, whole.length);
    }

    static void put(PacketTransmitter transmitter, byte[]... parts) {
        ByteBuffer buffer = Objects.requireNonNull(transmitter.nextBuffer());
        for (byte[] each : parts) {
            buffer.put(each);
        }
    }

    static byte[] frameHead(byte[] to, byte[] from, int type) {
        return ByteBuffer.allocate(ETHERNET)
                .put(to)
                .put(from)
                .putShort((short) type)
                .array();
    }
}
