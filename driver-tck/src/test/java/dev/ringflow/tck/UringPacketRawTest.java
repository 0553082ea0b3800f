package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Capabilities;
import dev.ringflow.Support;
import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.net.packet.PacketMatch;
import dev.ringflow.net.packet.PacketPort;
import dev.ringflow.net.packet.PacketTransmitter;
import dev.ringflow.net.packet.PacketTransport;
import dev.ringflow.spi.OpCode;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;

final class UringPacketRawTest extends PacketRawContract {
    @Override
    protected String driverName() {
        return "uring";
    }

    /** The ring of Linux 5.10 refuses to read from packet sockets, which nothing tells but trying. */
    @Test
    void ringThatRefusesPacketSocketsIsToldByTheCapabilities() {
        PacketTransport transport = transport(small());
        PacketPort port = port(transport, PacketEndpoint.link("lo", LOCAL_EXPERIMENT));
        BlockingQueue<byte[]> came = collect(port, PacketMatch.ALL);
        port.start();
        PacketTransmitter transmitter = port.transmitter();
        byte[] frame = frameHead(new byte[6], new byte[6], LOCAL_EXPERIMENT);
        put(transmitter, frame);
        transmitter.send(frame.length);
        assertThat(take(came)).startsWith(frame);
        Capabilities told = transport.rings().get(0).capabilities();
        assertThat(told.support(OpCode.RECEIVE_PACKET))
                .isEqualTo(told.details().containsKey("packet sockets") ? Support.ALTERNATIVE : Support.NATIVE);
        assertThat(port.statistics().receiveErrors()).isZero();
    }
}
