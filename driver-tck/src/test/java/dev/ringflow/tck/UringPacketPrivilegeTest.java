package dev.ringflow.tck;

import static dev.ringflow.tck.PacketContract.loopbackUdp;
import static dev.ringflow.tck.PacketContract.small;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.RingException;
import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.net.packet.PacketTransport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.LibraryLoader;
import org.junit.jupiter.api.Test;

/** A loop without CAP_NET_RAW: capabilities are those of a thread, so that one alone can give them up. */
final class UringPacketPrivilegeTest extends DriverContract {
    private static final int VERSION_3 = 0x20080522;
    private static final int NET_RAW = 1 << 13;
    private static final int WORDS = 6;

    /** The calls of the C library for capabilities. */
    public interface Calls {
        int capget(ByteBuffer header, ByteBuffer data);

        int capset(ByteBuffer header, ByteBuffer data);
    }

    @Override
    protected String driverName() {
        return "uring";
    }

    @Test
    void missingPrivilegeIsToldWithWhatToDo() {
        try (PacketTransport transport = PacketTransport.open(ring(), small().build())) {
            onLoop(ring(), UringPacketPrivilegeTest::giveUpRawPackets);
            for (PacketEndpoint each : new PacketEndpoint[] {
                PacketEndpoint.link("lo"), PacketEndpoint.ip(loopback().getAddress(), 253)
            }) {
                assertThat(failureOf(transport.bindAsync(each)))
                        .isInstanceOfSatisfying(RingException.class, refused -> {
                            assertThat(refused.codeName()).isEqualTo("EPERM");
                            assertThat(refused.advice()).contains("CAP_NET_RAW").contains("UDP");
                            assertThat(refused.operation()).contains(each.toString());
                        });
            }
            assertThat(await(transport.bindAsync(loopbackUdp())).isOpen()).isTrue();
        }
    }

    private static boolean giveUpRawPackets() {
        Calls calls = LibraryLoader.create(Calls.class).load("c");
        ByteBuffer header = Bytes.direct(2 * Integer.BYTES).order(ByteOrder.nativeOrder());
        ByteBuffer data = Bytes.direct(WORDS * Integer.BYTES).order(ByteOrder.nativeOrder());
        header.putInt(0, VERSION_3).putInt(Integer.BYTES, 0);
        assertThat(calls.capget(header, data)).isZero();
        data.putInt(0, data.getInt(0) & ~NET_RAW);
        assertThat(calls.capset(header, data)).isZero();
        return true;
    }
}
