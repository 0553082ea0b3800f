package dev.ringflow.windows.iocp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.windows.internal.DirectMemory;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SocketAddressesTest {
    private final ByteBuffer memory = DirectMemory.allocate(SocketAddresses.STORAGE_SIZE + 8, 8);

    private SocketAddress roundTrip(final SocketAddress address) {
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, (byte) 0x5A);
        }
        final int length = SocketAddresses.set(memory, 8, address);
        return SocketAddresses.get(memory, 8, length);
    }

    @Test
    void everyFamilySurvives() throws Exception {
        final SocketAddress four =
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {1, 2, 3, (byte) 254}), 65535);
        assertThat(roundTrip(four)).isEqualTo(four);
        assertThat(memory.getShort(8)).isEqualTo((short) 2);
        assertThat(memory.getLong(16)).isZero();
        final byte[] ip = new byte[16];
        new Random(1).nextBytes(ip);
        final InetSocketAddress six = new InetSocketAddress(Inet6Address.getByAddress(null, ip, 7), 0x1234);
        final InetSocketAddress back = (InetSocketAddress) roundTrip(six);
        assertThat(back).isEqualTo(six);
        assertThat(((Inet6Address) back.getAddress()).getScopeId()).isEqualTo(7);
        assertThat(memory.getShort(8)).isEqualTo((short) 23);
        assertThat(memory.get(10)).isEqualTo((byte) 0x12);
        assertThat(memory.get(11)).isEqualTo((byte) 0x34);
        final SocketAddress local = UnixDomainSocketAddress.of("some.socket");
        assertThat(roundTrip(local)).isEqualTo(local);
        assertThat(roundTrip(UnixDomainSocketAddress.of(""))).isEqualTo(UnixDomainSocketAddress.of(""));
    }

    @Test
    void mapsForIpv6Sockets() throws Exception {
        final InetSocketAddress four = new InetSocketAddress(InetAddress.getByAddress(new byte[] {1, 2, 3, 4}), 80);
        assertThat(SocketAddresses.setMapped(memory, 0, four)).isEqualTo(28);
        assertThat(SocketAddresses.get(memory, 0, 28)).isEqualTo(four);
        assertThat(memory.getShort(0)).isEqualTo((short) 23);
        SocketAddresses.setMapped(memory, 0, new InetSocketAddress("0.0.0.0", 80));
        assertThat(((InetSocketAddress) SocketAddresses.get(memory, 0, 28)).getAddress())
                .isEqualTo(InetAddress.getByName("::"));
    }

    @Test
    void refusesWhatIsNoAddress() {
        assertThatThrownBy(() -> SocketAddresses.family(InetSocketAddress.createUnresolved("nowhere", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not resolved");
        assertThatThrownBy(() -> SocketAddresses.family(new SocketAddress() {}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SocketAddresses.set(memory, 0, UnixDomainSocketAddress.of("x".repeat(108))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("107");
        assertThat(SocketAddresses.set(memory, 0, UnixDomainSocketAddress.of("x".repeat(107))))
                .isEqualTo(110);
    }

    @Test
    void noLengthLeadsOutOfTheBuffer() {
        final Random random = new Random(42);
        final byte[] bytes = new byte[memory.capacity()];
        for (int turn = 0; turn < 20_000; turn++) {
            random.nextBytes(bytes);
            memory.put(0, bytes);
            final int offset = random.nextInt(160) - 10;
            final short family = (short) new int[] {2, 23, 1, 99}[random.nextInt(4)];
            if (offset >= 0 && offset + 2 <= memory.capacity()) {
                memory.putShort(offset, family);
            }
            SocketAddresses.get(memory, offset, random.nextInt(300) - 20);
        }
        assertThat(SocketAddresses.get(memory, 0, Integer.MAX_VALUE)).isNull();
        memory.putShort(0, (short) 2);
        assertThat(SocketAddresses.get(memory, 0, 15)).isNull();
        memory.putShort(0, (short) 23);
        assertThat(SocketAddresses.get(memory, 0, 27)).isNull();
    }
}
