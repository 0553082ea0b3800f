package dev.ringflow.uring.struct;

import static dev.ringflow.uring.UringConstants.IPPROTO_IP;
import static dev.ringflow.uring.UringConstants.IP_PKTINFO;
import static dev.ringflow.uring.UringConstants.IP_TTL;
import static dev.ringflow.uring.UringConstants.SCM_CREDENTIALS;
import static dev.ringflow.uring.UringConstants.SCM_RIGHTS;
import static dev.ringflow.uring.UringConstants.SOL_SOCKET;
import static dev.ringflow.uring.UringConstants.SOL_UDP;
import static dev.ringflow.uring.UringConstants.UDP_SEGMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.uring.Memory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ControlMessageTest {
    private final ByteBuffer memory = Memory.allocate(256, 8);

    ControlMessageTest() {
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, (byte) 0xEE);
        }
    }

    @Test
    void shouldReadBackWhatItWrote() {
        int end = ControlMessage.putRights(memory, 8, 3, 4, 5);
        assertThat(end).isEqualTo(8 + 32);
        end = ControlMessage.putShort(memory, end, SOL_UDP, UDP_SEGMENT, 0xFFFE);
        end = ControlMessage.putInt(memory, end, IPPROTO_IP, IP_TTL, 42);
        end = ControlMessage.putCredentials(memory, end, 1, 2, 3);
        end = ControlMessage.putPktinfo(memory, end, 7, (byte) 127, (byte) 0, (byte) 0, (byte) 1);
        final int length = end - 8;

        final int rights = ControlMessage.first(memory, 8, length);
        assertThat(rights).isEqualTo(8);
        assertThat(ControlMessage.is(memory, rights, SOL_SOCKET, SCM_RIGHTS)).isTrue();
        assertThat(ControlMessage.is(memory, rights, SOL_SOCKET, SCM_CREDENTIALS))
                .isFalse();
        assertThat(ControlMessage.is(memory, rights, IPPROTO_IP, SCM_RIGHTS)).isFalse();
        assertThat(ControlMessage.rights(memory, rights)).containsExactly(3, 4, 5);

        final int segment = ControlMessage.next(memory, 8, length, rights);
        assertThat(ControlMessage.level(memory, segment)).isEqualTo(SOL_UDP);
        assertThat(ControlMessage.type(memory, segment)).isEqualTo(UDP_SEGMENT);
        assertThat(ControlMessage.dataLength(memory, segment)).isEqualTo(2);
        assertThat(ControlMessage.number(memory, segment)).isEqualTo(0xFFFE);

        final int ttl = ControlMessage.next(memory, 8, length, segment);
        assertThat(ControlMessage.number(memory, ttl)).isEqualTo(42);

        final int credentials = ControlMessage.next(memory, 8, length, ttl);
        assertThat(ControlMessage.dataLength(memory, credentials)).isEqualTo(ControlMessage.CREDENTIALS_SIZE);
        assertThat(memory.getInt(credentials + ControlMessage.DATA)).isEqualTo(1);
        assertThat(memory.getInt(credentials + ControlMessage.DATA + 8)).isEqualTo(3);

        final int packet = ControlMessage.next(memory, 8, length, credentials);
        assertThat(ControlMessage.is(memory, packet, IPPROTO_IP, IP_PKTINFO)).isTrue();
        assertThat(memory.getInt(packet + ControlMessage.DATA)).isEqualTo(7);
        assertThat(memory.get(packet + ControlMessage.DATA + ControlMessage.PKTINFO_SPEC_DST))
                .isEqualTo((byte) 127);
        assertThat(ControlMessage.next(memory, 8, length, packet)).isNegative();
        assertThat(memory.getLong(0)).as("nothing before").isEqualTo(0xEEEEEEEEEEEEEEEEL);
        assertThat(memory.getLong(end)).as("nothing behind").isEqualTo(0xEEEEEEEEEEEEEEEEL);
    }

    @Test
    void shouldPadWithZeros() {
        ControlMessage.putInt(memory, 0, IPPROTO_IP, IP_TTL, -1);
        assertThat(memory.getLong(ControlMessage.DATA) >>> 32).isZero();
        assertThat(ControlMessage.length(4)).isEqualTo(20);
        assertThat(ControlMessage.space(4)).isEqualTo(24);
        assertThat(ControlMessage.space(0)).isEqualTo(16);
        assertThat(ControlMessage.space(8)).isEqualTo(24);
    }

    @Test
    void shouldReadShortNumbers() {
        ControlMessage.put(memory, 0, 1, 1, 1);
        memory.put(ControlMessage.DATA, (byte) 200);
        assertThat(ControlMessage.number(memory, 0)).isEqualTo(200);
        ControlMessage.put(memory, 0, 1, 1, 0);
        assertThat(ControlMessage.number(memory, 0)).isZero();
        ControlMessage.put(memory, 0, 1, 1, 3);
        memory.putShort(ControlMessage.DATA, (short) -2);
        assertThat(ControlMessage.number(memory, 0)).isEqualTo(0xFFFE);
    }

    @Test
    void shouldRefuseWhatHasNoRoomAndWriteNothing() {
        final ByteBuffer small = memory.slice(0, 40).order(memory.order());
        assertThatThrownBy(() -> ControlMessage.putRights(small, 8, 1, 2, 3, 4, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("40");
        assertThatThrownBy(() -> ControlMessage.put(small, 0, 1, 1, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ControlMessage.put(small, -8, 1, 1, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ControlMessage.put(small, 0, 1, 1, Integer.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ControlMessage.putPktinfo(small, 0, 1, (byte) 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("four");
        for (int i = 0; i < 40; i++) {
            assertThat(small.get(i)).isEqualTo((byte) 0xEE);
        }
        assertThat(ControlMessage.putRights(small, 0, 1, 2, 3, 4, 5, 6)).isEqualTo(40);
    }

    @Test
    void shouldFindNoMessageInTooLittleMemory() {
        ControlMessage.putInt(memory, 0, 1, 1, 1);
        for (int length = -1; length < 20; length++) {
            assertThat(ControlMessage.first(memory, 0, length))
                    .as("%d bytes", length)
                    .isNegative();
        }
        assertThat(ControlMessage.first(memory, 0, 20))
                .as("its padding may be cut off")
                .isZero();
        assertThat(ControlMessage.first(memory, -1, 20)).isNegative();
        assertThat(ControlMessage.first(memory, 250, 100)).isNegative();
        assertThat(ControlMessage.first(memory, 1000, 100)).isNegative();
        assertThat(ControlMessage.next(memory, 16, 100, 8))
                .as("before the area")
                .isNegative();
    }

    @Test
    void shouldNotFollowLengthsThatLie() {
        for (final long lie : new long[] {0, 1, 15, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 57}) {
            ControlMessage.putInt(memory, 0, 1, 1, 1);
            ControlMessage.putInt(memory, 24, 1, 2, 2);
            memory.putLong(24, lie);
            assertThat(ControlMessage.first(memory, 0, 80)).isZero();
            assertThat(ControlMessage.next(memory, 0, 80, 0))
                    .as("length %d", lie)
                    .isNegative();
            memory.putLong(0, lie == 57 ? 81 : lie);
            assertThat(ControlMessage.first(memory, 0, 80)).as("length %d", lie).isNegative();
            assertThat(ControlMessage.next(memory, 0, 80, 0))
                    .as("length %d", lie)
                    .isNegative();
        }
    }
}
