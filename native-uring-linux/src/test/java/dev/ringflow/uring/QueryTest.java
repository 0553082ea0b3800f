package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ENTER_GETEVENTS;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_QUERY;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQPOLL;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Asking the kernel what it knows. */
@Timeout(60)
class QueryTest {
    private static final int UNKNOWN = 1000;

    /** S15. */
    @Test
    void shouldAgreeWithProbeAndRing() throws IOException {
        final Query query = Query.get();
        assumeTrue(query.isSupported(), "this kernel cannot be asked");
        try (Uring ring = Uring.open(4)) {
            assertThat(query.requestOpcodes()).isEqualTo(ring.getProbe().lastOp() + 1);
            assertThat(query.features()).isEqualTo(ring.features());
            assertThat(ring.flags() & ~query.setupFlags()).isZero();
        }
        assertThat(query.registerOpcodes()).isGreaterThan(IORING_REGISTER_QUERY);
        assertThat(query.setupFlags() & IORING_SETUP_SQPOLL).isNotZero();
        assertThat(query.enterFlags() & IORING_ENTER_GETEVENTS).isNotZero();
        assertThat(query.sqeFlags() & IOSQE_IO_LINK).isNotZero();
        assertThat(query.queryOpcodes()).isPositive();
        assertThat(query).hasToString(Query.get().toString()).asString().contains("SQPOLL", "NODROP");
    }

    /** S15. */
    @Test
    void shouldTellHowRingsAreLaidOutWhereTheKernelDoes() {
        final Query query = Query.get();
        assumeTrue(query.queryOpcodes() > UringConstants.IO_URING_QUERY_SCQ, "this kernel does not tell");
        assertThat(query.ringHeaderSize()).isBetween(32L, 4096L);
        assertThat(Long.bitCount(query.ringHeaderAlignment())).isEqualTo(1);
        if (query.zcrxCtrlOpcodes() > 0) {
            assertThat(query.zcrxRqHeaderSize()).isPositive();
            assertThat(Integer.bitCount(query.zcrxRqHeaderAlignment())).isEqualTo(1);
            assertThat(query.zcrxAreaFlags()).isNotNegative();
        }
    }

    @Test
    void shouldKnowNothingOfAKernelThatCannotBeAsked() {
        final Query query = Query.get();
        assumeTrue(!query.isSupported(), "this kernel can be asked");
        assertThat(query.requestOpcodes()).isZero();
        assertThat(query.features()).isZero();
        assertThat(query).hasToString("Query[this kernel cannot be asked]");
        final ByteBuffer header = Memory.allocate(Query.HEADER, 8);
        assertThat(Uring.registerQuery(Memory.address(header))).isIn(-Errno.EINVAL, -Errno.EBADF);
    }

    /** S15. */
    @Test
    void shouldAnswerEachQuestionOnItsOwn() {
        assumeTrue(Query.get().isSupported(), "this kernel cannot be asked");
        final ByteBuffer headers = Memory.allocate(2 * Query.HEADER, 8);
        final ByteBuffer answer = Memory.allocate(64, 8);
        headers.putLong(Query.NEXT_ENTRY, Memory.address(headers) + Query.HEADER);
        headers.putInt(Query.QUERY_OP, UNKNOWN);
        headers.putInt(Query.DATA_SIZE, 8);
        headers.putLong(Query.QUERY_DATA, Memory.address(answer) + 32);
        headers.putLong(Query.HEADER + Query.QUERY_DATA, Memory.address(answer));
        headers.putInt(Query.HEADER + Query.DATA_SIZE, 4);

        assertThat(Uring.registerQuery(Memory.address(headers))).isZero();

        assertThat(headers.getInt(Query.RESULT)).isEqualTo(-Errno.EOPNOTSUPP);
        assertThat(headers.getInt(Query.DATA_SIZE)).isZero();
        assertThat(headers.getInt(Query.HEADER + Query.RESULT)).isZero();
        assertThat(headers.getInt(Query.HEADER + Query.DATA_SIZE)).isEqualTo(4);
        assertThat(answer.getInt(0)).isEqualTo(Query.get().requestOpcodes());
        assertThat(answer.getInt(4)).as("no more than asked for").isZero();
        Reference.reachabilityFence(answer);

        headers.putInt(Query.HEADER + Query.RESULT, 1);
        assertThat(Uring.registerQuery(Memory.address(headers) + Query.HEADER)).isZero();
        assertThat(headers.getInt(Query.HEADER + Query.RESULT))
                .as("not all zero")
                .isEqualTo(-Errno.EINVAL);
        assertThat(Uring.registerQuery(1)).isEqualTo(-Errno.EFAULT);
    }
}
