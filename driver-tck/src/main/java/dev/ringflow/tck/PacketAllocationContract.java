package dev.ringflow.tck;

import static dev.ringflow.tck.PacketContract.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.ringflow.net.packet.Packet;
import dev.ringflow.net.packet.PacketAddress;
import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.net.packet.PacketMatch;
import dev.ringflow.net.packet.PacketOptions;
import dev.ringflow.net.packet.PacketPort;
import dev.ringflow.net.packet.PacketReceiver;
import dev.ringflow.net.packet.PacketTransmitter;
import dev.ringflow.net.packet.PacketTransport;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Heap per packet on the loop thread, by the thread's own account: a packet is received, matched, and answered, again and
 * again, and none of that allocates.
 */
public abstract class PacketAllocationContract extends DriverContract {
    private static final int PACKETS = 40_000;
    private static final int WARM_UPS = 2;
    private static final int AT_ONCE = 8;

    /** For subclasses. */
    protected PacketAllocationContract() {}

    /**
     * The most heap that one packet there and back may cost, two packets sent and two received.
     *
     * @return bytes
     */
    protected long most() {
        return 8;
    }

    /**
     * How many packets go there and back in a round.
     *
     * @return more than a thousand, so that what is done once does not count
     */
    protected int packets() {
        return PACKETS;
    }

    @Test
    void packetsWithAddressesCostNoHeap() {
        assertFree(PacketOptions.builder(), false);
    }

    @Test
    void packetsOfConnectedPortsCostNoHeap() {
        assertFree(PacketOptions.builder(), true);
    }

    @Test
    void packetsFromPlainMemoryCostNoHeap() {
        assertFree(PacketOptions.builder().registeredBuffers(false), true);
    }

    private void assertFree(PacketOptions.Builder options, boolean connected) {
        try (PacketTransport transport =
                PacketTransport.open(ring(), options.bufferCount(512).build())) {
            PacketPort server = await(transport.bindAsync(PacketEndpoint.udp(loopback())));
            PacketEndpoint clientEnd = PacketEndpoint.udp(loopback());
            PacketPort client = await(transport.bindAsync(connected ? clientEnd.connectedTo(at(server)) : clientEnd));
            PacketTransmitter answers = server.transmitter();
            server.addReceiver(PacketMatch.from(at(client)), packet -> {
                ByteBuffer answer = answers.nextBuffer();
                if (answer != null) {
                    answer.put(packet.data());
                    answers.reply(packet.length(), packet);
                }
                return true;
            });
            PingPong pingPong = new PingPong(client, connected ? null : PacketAddress.of(at(server)));
            client.addReceiver(packet -> false);
            client.addReceiver(pingPong);
            transport.start();
            for (int i = 0; i < WARM_UPS; i++) {
                pingPong.run();
            }
            long bytes = pingPong.run() / packets();
            System.out.println(
                    driverName() + ": " + bytes + " bytes of heap for a packet there and back, " + client.describe());
            assertThat(bytes).isLessThanOrEqualTo(most());
        }
    }

    /** Packets of which each is sent when the answer to an earlier one has come. */
    private final class PingPong implements PacketReceiver {
        private final PacketPort port;
        private final PacketTransmitter transmitter;
        private final @Nullable PacketAddress to;
        private CompletableFuture<Long> done = new CompletableFuture<>();
        private int begun;
        private int ended;
        private long before;

        PingPong(PacketPort port, @Nullable PacketAddress to) {
            this.port = port;
            this.transmitter = port.transmitter();
            this.to = to;
        }

        long run() {
            done = new CompletableFuture<>();
            begun = 0;
            ended = 0;
            port.ring().execute(() -> {
                before = allocated();
                for (int i = 0; i < AT_ONCE; i++) {
                    begin();
                }
            });
            return await(done);
        }

        private void begin() {
            if (begun == packets()) {
                return;
            }
            ByteBuffer buffer = transmitter.nextBuffer();
            if (buffer == null) {
                done.completeExceptionally(new AssertionError("no buffer is free"));
                return;
            }
            buffer.putLong(begun++);
            if (to == null) {
                transmitter.send(Long.BYTES);
            } else {
                transmitter.send(Long.BYTES, to);
            }
        }

        @Override
        public boolean tryConsume(Packet packet) {
            if (++ended == packets()) {
                done.complete(allocated() - before);
            } else {
                begin();
            }
            return true;
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
