package dev.ringflow.uring.struct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.Memory;
import dev.ringflow.uring.UringConstants;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A hand-made answer; MultishotReceiveTest has the kernel's. */
class RecvmsgOutTest {
    private final ByteBuffer msghdr = Memory.allocate(8 + Msghdr.SIZE, 8);
    private final ByteBuffer buffer = Memory.allocate(128, 8);

    RecvmsgOutTest() {
        Msghdr.setName(msghdr, 8, 0, 28);
        Msghdr.setControl(msghdr, 8, 0, 48);
        buffer.putInt(8 + RecvmsgOut.NAMELEN, 16);
        buffer.putInt(8 + RecvmsgOut.CONTROLLEN, 24);
        buffer.putInt(8 + RecvmsgOut.PAYLOADLEN, 11);
        buffer.putInt(8 + RecvmsgOut.FLAGS, UringConstants.MSG_TRUNC);
    }

    @Test
    void shouldFindNameControlAndPayload() {
        assertThat(RecvmsgOut.validate(buffer, 8, 100, msghdr, 8)).isTrue();
        assertThat(RecvmsgOut.name(8)).isEqualTo(24);
        assertThat(RecvmsgOut.nameLength(buffer, 8, msghdr, 8)).isEqualTo(16);
        assertThat(RecvmsgOut.isNameTruncated(buffer, 8, msghdr, 8)).isFalse();
        assertThat(RecvmsgOut.control(8, msghdr, 8)).isEqualTo(24 + 28);
        assertThat(RecvmsgOut.controlLength(buffer, 8, msghdr, 8)).isEqualTo(24);
        assertThat(RecvmsgOut.payload(8, msghdr, 8)).isEqualTo(24 + 28 + 48);
        assertThat(RecvmsgOut.payloadLength(8, 100, msghdr, 8)).isEqualTo(8);
        assertThat(RecvmsgOut.flags(buffer, 8)).isEqualTo(UringConstants.MSG_TRUNC);
        assertThat(RecvmsgOut.messageLength(buffer, 8)).isEqualTo(11);
    }

    @Test
    void shouldFindControlMessages() {
        Msghdr.setName(msghdr, 8, 0, 16);
        buffer.putInt(8 + RecvmsgOut.CONTROLLEN, 48);
        ControlMessage.putInt(buffer, 40, 1, 2, 3);
        ControlMessage.putInt(buffer, 64, 4, 5, 6);
        final int first = RecvmsgOut.cmsgFirsthdr(buffer, 8, msghdr, 8);
        assertThat(first).isEqualTo(40);
        final int second = RecvmsgOut.cmsgNexthdr(buffer, 8, msghdr, 8, first);
        assertThat(ControlMessage.number(buffer, second)).isEqualTo(6);
        assertThat(RecvmsgOut.cmsgNexthdr(buffer, 8, msghdr, 8, second)).isNegative();
        buffer.putInt(8 + RecvmsgOut.CONTROLLEN, 15);
        assertThat(RecvmsgOut.cmsgFirsthdr(buffer, 8, msghdr, 8)).isNegative();
    }

    @Test
    void shouldBeInvalidBelowTheRoomThatTheRequestAskedFor() {
        assertThat(RecvmsgOut.validate(buffer, 8, 16 + 28 + 48, msghdr, 8)).isTrue();
        assertThat(RecvmsgOut.payloadLength(8, 16 + 28 + 48, msghdr, 8)).isZero();
        assertThat(RecvmsgOut.validate(buffer, 8, 16 + 28 + 47, msghdr, 8)).isFalse();
        assertThat(RecvmsgOut.validate(buffer, 8, -1, msghdr, 8)).isFalse();
        assertThat(RecvmsgOut.validate(buffer, 8, 0, msghdr, 8)).isFalse();
        Msghdr.clear(msghdr, 8);
        assertThat(RecvmsgOut.validate(buffer, 8, 16, msghdr, 8)).isTrue();
        assertThat(RecvmsgOut.validate(buffer, 8, 15, msghdr, 8)).isFalse();
    }

    @Test
    void shouldBeInvalidWhereSumsWouldWrapAround() {
        msghdr.putLong(8 + Msghdr.CONTROLLEN, -44); // 16 + 28 - 44 = 0
        assertThat(RecvmsgOut.validate(buffer, 8, 100, msghdr, 8)).isFalse();
        msghdr.putLong(8 + Msghdr.CONTROLLEN, Long.MAX_VALUE);
        assertThat(RecvmsgOut.validate(buffer, 8, 100, msghdr, 8)).isFalse();
        Msghdr.setControl(msghdr, 8, 0, 0);
        Msghdr.setName(msghdr, 8, 0, -1);
        assertThat(RecvmsgOut.validate(buffer, 8, 100, msghdr, 8)).isFalse();
    }

    @Test
    void shouldBeInvalidWhenTheBufferIsNotThatLong() {
        assertThat(RecvmsgOut.validate(buffer, 8, 120, msghdr, 8)).isTrue();
        assertThat(RecvmsgOut.validate(buffer, 8, 121, msghdr, 8)).isFalse();
        assertThat(RecvmsgOut.validate(buffer, 8, Integer.MAX_VALUE, msghdr, 8)).isFalse();
        assertThat(RecvmsgOut.validate(buffer, -1, 100, msghdr, 8)).isFalse();
    }

    @Test
    void shouldTellLengthsOfWhatIsThereWhenNameOrControlWereCutShort() {
        buffer.putInt(8 + RecvmsgOut.NAMELEN, 110);
        buffer.putInt(8 + RecvmsgOut.CONTROLLEN, -1);
        assertThat(RecvmsgOut.isNameTruncated(buffer, 8, msghdr, 8)).isTrue();
        assertThat(RecvmsgOut.nameLength(buffer, 8, msghdr, 8)).isEqualTo(28);
        assertThat(RecvmsgOut.controlLength(buffer, 8, msghdr, 8)).isEqualTo(48);
        buffer.putInt(8 + RecvmsgOut.NAMELEN, -1);
        assertThat(RecvmsgOut.nameLength(buffer, 8, msghdr, 8)).isEqualTo(28);
    }
}
