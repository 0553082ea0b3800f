package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_OP_RECV_ZC;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE32;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SINGLE_ISSUER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Row N15: without a network card that can do it, receiving without copying is refused cleanly. */
@Timeout(60)
class ZeroCopyReceiveTest {
    /** N15. */
    @Test
    void shouldBeRefusedWithoutAnInterfaceQueue() throws IOException {
        final int flags = IORING_SETUP_CQE32 | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
        try (Sockets sockets = new Sockets();
                Uring probing = Uring.open(4)) {
            Native.assumeOpcode(probing, IORING_OP_RECV_ZC);
            Native.assumeSetup(flags);
            final int[] pair = sockets.tcp();
            Native.write(pair[0], "data");
            try (Uring ring = Uring.open(UringParams.of(4).withFlags(flags))) {
                ring.getSqe().prepRecvZc(pair[1], 0, 0, 0);
                final Completion none = Completion.await(ring, 1).get(0);
                assertThat(none.res()).isEqualTo(-Errno.EINVAL);
                assertThat(none.hasMore()).isFalse();
                ring.getSqe().prepRecv(pair[1], Memory.allocate(8, 1), 0);
                assertThat(Completion.awaitResult(ring)).as("nothing was lost").isEqualTo(4);
            }
        }
    }

    /** N15: no card here reads these fields. */
    @Test
    void shouldWriteTheFieldsOfTheEntry() throws IOException {
        try (Uring ring = Uring.open(4)) {
            final Sqe sqe = ring.getSqe();
            sqe.prepRecvZc(5, 4096, 0, 3);
            assertThat(sqe.get(SqeSlot.OPCODE, 1)).isEqualTo(IORING_OP_RECV_ZC);
            assertThat(sqe.get(SqeSlot.FD, 4)).isEqualTo(5);
            assertThat(sqe.get(SqeSlot.LEN, 4)).isEqualTo(4096);
            assertThat(sqe.get(SqeSlot.IOPRIO, 2)).isEqualTo(UringConstants.IORING_RECV_MULTISHOT);
            assertThat(sqe.get(SqeSlot.FILE_INDEX, 4)).as("zcrx_ifq_idx").isEqualTo(3);
            sqe.prepNop();
        }
    }

    /** N15. */
    @Test
    void shouldBeRefusedOnARingOfSmallCompletions() throws IOException {
        try (Sockets sockets = new Sockets();
                Uring ring = Uring.open(4)) {
            Native.assumeOpcode(ring, IORING_OP_RECV_ZC);
            ring.getSqe().prepRecvZc(sockets.tcp()[0], 0, 0, 0);
            assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EINVAL);
        }
    }
}
