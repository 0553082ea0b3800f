package dev.ringflow.uring.struct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.uring.Memory;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SockaddrTest {
    private final ByteBuffer memory = Memory.allocate(16 + Sockaddr.STORAGE_SIZE, 8);

    SockaddrTest() {
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, (byte) 0xEE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "255.254.253.252", "0.0.0.0", "::1", "fe80::1", "2001:db8::ff00:42:8329", "::"})
    void shouldReadBackWhatItWrote(final String ip) throws Exception {
        for (final int port : new int[] {0, 1, 80, 32768, 65535}) {
            final InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(ip), port);
            final int length = Sockaddr.set(memory, 16, address);
            assertThat(Sockaddr.get(memory, 16, length)).isEqualTo(address);
        }
        assertThat(memory.getLong(8)).as("nothing before").isEqualTo(0xEEEEEEEEEEEEEEEEL);
    }

    @Test
    void shouldLeaveNoByteOfAnEarlierAddress() throws Exception {
        final int length = Sockaddr.set(memory, 0, new InetSocketAddress(InetAddress.getByName("1.2.3.4"), 0x1234));
        assertThat(length).isEqualTo(Sockaddr.IN_SIZE);
        final byte[] bytes = new byte[Sockaddr.IN_SIZE];
        memory.get(0, bytes);
        assertThat(bytes).containsExactly(2, 0, 0x12, 0x34, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(memory.get(Sockaddr.IN_SIZE)).isEqualTo((byte) 0xEE);
    }

    @Test
    void shouldKeepTheScope() throws Exception {
        final byte[] local = InetAddress.getByName("fe80::1").getAddress();
        final InetSocketAddress scoped = new InetSocketAddress(Inet6Address.getByAddress(null, local, 3), 80);
        final int length = Sockaddr.set(memory, 0, scoped);
        final InetSocketAddress back = (InetSocketAddress) Sockaddr.get(memory, 0, length);
        assertThat(((Inet6Address) back.getAddress()).getScopeId()).isEqualTo(3);
    }

    @Test
    void shouldMapIpv4ForSocketsOfIpv6() throws Exception {
        final InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("10.1.2.3"), 443);
        assertThat(Sockaddr.setMapped(memory, 0, address)).isEqualTo(Sockaddr.IN6_SIZE);
        assertThat(memory.getShort(0)).isEqualTo((short) 10);
        assertThat(Sockaddr.get(memory, 0, Sockaddr.IN6_SIZE)).isEqualTo(address);
        Sockaddr.setMapped(memory, 0, new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 443));
        assertThat(((InetSocketAddress) Sockaddr.get(memory, 0, Sockaddr.IN6_SIZE)).getAddress())
                .isEqualTo(InetAddress.getByName("::"));
    }

    @Test
    void shouldReadBackPaths() {
        final SocketAddress address = UnixDomainSocketAddress.of("/tmp/söcket");
        final int length = Sockaddr.set(memory, 0, address);
        assertThat(Sockaddr.get(memory, 0, length)).isEqualTo(address);
        final SocketAddress unnamed = UnixDomainSocketAddress.of("");
        assertThat(Sockaddr.set(memory, 0, unnamed)).isEqualTo(2);
        assertThat(Sockaddr.get(memory, 0, 2)).isEqualTo(unnamed);
    }

    @Test
    void shouldWriteAbstractNames() {
        assertThat(Sockaddr.setAbstract(memory, 0, "ring")).isEqualTo(7);
        assertThat(memory.get(2)).isZero();
        assertThat(memory.get(3)).isEqualTo((byte) 'r');
        assertThat(Sockaddr.get(memory, 0, 7)).as("no file stands for it").isNull();
    }

    @Test
    void shouldRefuseWhatHasNoPlace() {
        assertThatThrownBy(() -> Sockaddr.set(memory, 0, UnixDomainSocketAddress.of("x".repeat(108))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("107");
        assertThatThrownBy(() -> Sockaddr.set(memory, 0, InetSocketAddress.createUnresolved("host", 80)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host");
        assertThatThrownBy(() -> Sockaddr.set(memory, 0, new SocketAddress() {}))
                .isInstanceOf(IllegalArgumentException.class);
        Sockaddr.set(memory, 0, UnixDomainSocketAddress.of("x".repeat(107)));
    }

    @Test
    void shouldAnswerNullForWhatIsCutShort() throws Exception {
        Sockaddr.set(memory, 0, new InetSocketAddress(InetAddress.getByName("1.2.3.4"), 5));
        for (int length = -1; length < 8; length++) {
            assertThat(Sockaddr.get(memory, 0, length)).isNull();
        }
        assertThat(Sockaddr.get(memory, 0, 1 << 20)).isNull();
        Sockaddr.set(memory, 0, new InetSocketAddress(InetAddress.getByName("::1"), 5));
        assertThat(Sockaddr.get(memory, 0, 23)).isNull();
        memory.putShort(0, (short) 77);
        assertThat(Sockaddr.get(memory, 0, 16)).isNull();
    }

    @Test
    void shouldReadBackNamesThatAreNotText() {
        final byte[] name = {0, (byte) 0xFF, 'x', 0};
        final int length = Sockaddr.setAbstract(memory, 16, name);
        assertThat(length).isEqualTo(2 + 1 + 4);
        assertThat(Sockaddr.abstractName(memory, 16, length)).containsExactly(name);
        assertThat(Sockaddr.path(memory, 16, length)).isNull();
        assertThat(memory.get(16 + length)).as("nothing behind").isEqualTo((byte) 0xEE);

        final int path = Sockaddr.set(memory, 0, UnixDomainSocketAddress.of("/run/x"));
        memory.put(3, (byte) 0xFF);
        assertThat(Sockaddr.get(memory, 0, path)).as("not UTF-8").isNull();
        assertThat(Sockaddr.path(memory, 0, path))
                .containsExactly((byte) '/', (byte) 0xFF, (byte) 'u', (byte) 'n', (byte) '/', (byte) 'x');
        assertThat(Sockaddr.abstractName(memory, 0, path)).isNull();
        assertThat(Sockaddr.path(memory, 0, 2)).as("unnamed").isEmpty();
        assertThat(Sockaddr.abstractName(memory, 0, 2)).isNull();
    }

    @Test
    void shouldReadBackAddressesOfPackets() {
        final byte[] hardware = {2, 4, 6, 8, 10, 12};
        assertThat(Sockaddr.setPacket(memory, 16, 0x0806, 3, hardware)).isEqualTo(Sockaddr.LL_SIZE);
        assertThat(Sockaddr.hardwareAddress(memory, 16, Sockaddr.LL_SIZE)).containsExactly(hardware);
        assertThat(Sockaddr.hardwareAddress(memory, 16, 16)).containsExactly(2, 4, 6, 8);
        assertThat(Sockaddr.hardwareAddress(memory, 16, 11)).isNull();
        assertThat(memory.get(16 + Sockaddr.LL_PROTOCOL)).isEqualTo((byte) 0x08);
        assertThat(memory.getInt(16 + Sockaddr.LL_IFINDEX)).isEqualTo(3);
        assertThat(Sockaddr.family(memory, 16, Sockaddr.LL_SIZE)).isEqualTo(17);
        assertThat(Sockaddr.get(memory, 16, Sockaddr.LL_SIZE))
                .as("no address of Java")
                .isNull();
        assertThat(memory.get(15)).isEqualTo((byte) 0xEE);
        assertThat(memory.get(16 + Sockaddr.LL_SIZE)).isEqualTo((byte) 0xEE);
        memory.put(16 + Sockaddr.LL_HALEN, (byte) 255);
        assertThat(Sockaddr.hardwareAddress(memory, 16, Sockaddr.LL_SIZE)).hasSize(8);
        assertThatThrownBy(() -> Sockaddr.setPacket(memory, 16, 0x0806, 3, new byte[9]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("9");
    }

    @Test
    void shouldNotReadBehindTheLimit() throws Exception {
        final int length = Sockaddr.set(memory, 0, new InetSocketAddress(InetAddress.getByName("1.2.3.4"), 5));
        memory.limit(length - 1);
        assertThat(Sockaddr.get(memory, 0, length)).isNull();
        assertThat(Sockaddr.family(memory, -1, 2)).isZero();
    }
}
