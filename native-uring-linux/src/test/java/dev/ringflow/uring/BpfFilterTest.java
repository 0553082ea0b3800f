package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.AF_INET;
import static dev.ringflow.uring.UringConstants.AF_UNIX;
import static dev.ringflow.uring.UringConstants.IORING_OP_NOP;
import static dev.ringflow.uring.UringConstants.IORING_OP_SOCKET;
import static dev.ringflow.uring.UringConstants.IO_URING_BPF_FILTER_DENY_REST;
import static dev.ringflow.uring.UringConstants.IO_URING_BPF_FILTER_SZ_STRICT;
import static dev.ringflow.uring.UringConstants.SOCK_CLOEXEC;
import static dev.ringflow.uring.UringConstants.SOCK_STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs that the kernel asks before it runs a request. */
@Timeout(60)
class BpfFilterTest {
    private static final int SOCKET_DATA = 12;

    private Uring ring;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(8);
        try (Uring probe = Uring.open(4)) {
            final int result =
                    probe.registerBpfFilter(BpfFilter.of(IORING_OP_NOP).ret(1));
            assumeTrue(result != -Errno.EINVAL, "this kernel has no filters");
            assertThat(result).isZero();
        }
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private static int nop(final Uring on, final long userData) {
        final Sqe sqe = on.getSqe();
        sqe.prepNop();
        sqe.setData64(userData);
        return Completion.awaitResult(on);
    }

    private int socket(final int domain) {
        ring.getSqe().prepSocket(domain, SOCK_STREAM | SOCK_CLOEXEC, 0, 0);
        final int result = Completion.awaitResult(ring);
        if (result >= 0) {
            Native.close(result);
        }
        return result;
    }

    @Test
    void shouldRefuseByOpcode() {
        assertThat(ring.registerBpfFilter(BpfFilter.of(IORING_OP_NOP).ret(0))).isZero();

        assertThat(nop(ring, 1)).isEqualTo(-Errno.EACCES);
        assertThat(socket(AF_INET)).as("another operation").isPositive();
    }

    @Test
    void shouldSeeUserDataAndAskEveryFilter() {
        final int low = java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN ? 0 : 4;
        assertThat(ring.registerBpfFilter(BpfFilter.of(IORING_OP_NOP)
                        .load(BpfFilter.USER_DATA + low)
                        .jumpIfEqual(42, 0, 1)
                        .ret(0)
                        .ret(1)))
                .isZero();
        assertThat(nop(ring, 42)).isEqualTo(-Errno.EACCES);
        assertThat(nop(ring, 43)).isZero();

        assertThat(ring.registerBpfFilter(BpfFilter.of(IORING_OP_NOP)
                        .load(BpfFilter.USER_DATA + low)
                        .and(1)
                        .jumpIfEqual(0, 0, 1)
                        .ret(1)
                        .ret(0)))
                .isZero();
        assertThat(nop(ring, 43)).as("refused by the second").isEqualTo(-Errno.EACCES);
        assertThat(nop(ring, 42)).as("refused by the first").isEqualTo(-Errno.EACCES);
        assertThat(nop(ring, 44)).isZero();
    }

    @Test
    void shouldSeeTheDataOfAnOperation() {
        assertThat(ring.registerBpfFilter(BpfFilter.of(IORING_OP_SOCKET)
                        .dataSize(SOCKET_DATA)
                        .load(BpfFilter.DATA)
                        .jumpIfEqual(AF_INET, 0, 1)
                        .ret(1)
                        .ret(0)))
                .isZero();

        assertThat(socket(AF_INET)).isPositive();
        assertThat(socket(AF_UNIX)).isEqualTo(-Errno.EACCES);
    }

    @Test
    void shouldRefuseAllTheRest() {
        assertThat(ring.registerBpfFilter(BpfFilter.of(IORING_OP_NOP)
                        .flags(IO_URING_BPF_FILTER_DENY_REST)
                        .ret(1)))
                .isZero();

        assertThat(nop(ring, 1)).isZero();
        assertThat(socket(AF_INET)).isEqualTo(-Errno.EACCES);
    }

    @Test
    void shouldRefuseFaultyPrograms() {
        assertThat(ring.registerBpfFilter(BpfFilter.of(IORING_OP_NOP)))
                .as("empty")
                .isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerBpfFilter(BpfFilter.of(IORING_OP_NOP).load(0)))
                .as("without an end")
                .isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerBpfFilter(BpfFilter.of(255).ret(1))).isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerBpfFilter(
                        BpfFilter.of(IORING_OP_NOP).flags(1 << 20).ret(1)))
                .isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerBpfFilter(BpfFilter.of(IORING_OP_SOCKET)
                        .dataSize(SOCKET_DATA - 4)
                        .flags(IO_URING_BPF_FILTER_SZ_STRICT)
                        .ret(1)))
                .as("another size")
                .isIn(-Errno.EMSGSIZE, -Errno.EINVAL);
        assertThat(ring.registerBpfFilter(0)).isIn(-Errno.EINVAL, -Errno.EFAULT);
        assertThat(nop(ring, 1)).as("none of them holds").isZero();
    }

    @Test
    void shouldFilterTheRingsThatAThreadOpens() throws Exception {
        final int[] results = OrdinaryUser.onThreadOfItsOwn(() -> {
            final int result =
                    Uring.registerBpfFilterTask(BpfFilter.of(IORING_OP_NOP).ret(0));
            try (Uring own = Uring.open(4)) {
                return new int[] {result, nop(own, 1)};
            }
        });
        assumeTrue(results[0] != -Errno.EACCES, "needs root");

        assertThat(results).containsExactly(0, -Errno.EACCES);
        assertThat(nop(ring, 1)).as("on another thread").isZero();
    }
}
