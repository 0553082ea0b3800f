package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_NOP_CQE32;
import static dev.ringflow.uring.UringConstants.IORING_NOP_FILE;
import static dev.ringflow.uring.UringConstants.IORING_NOP_FIXED_BUFFER;
import static dev.ringflow.uring.UringConstants.IORING_NOP_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.IORING_NOP_INJECT_RESULT;
import static dev.ringflow.uring.UringConstants.IORING_NOP_TW;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE32;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE128;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE_MIXED;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_DRAIN;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.struct.Iovec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No-ops: the queues at every size, and the flags by which a no-op looks up what others look up. */
@Timeout(60)
class NopRequestsTest {
    private static final int NO_FILE = 12_345;

    private Uring ring;
    private int[] pipe;
    private final ByteBuffer buffer = Memory.allocate(4096, 4096);

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(16);
        pipe = Native.pipe();
    }

    @AfterEach
    void close() {
        ring.close();
        Native.close(pipe);
    }

    private Sqe nop(final long userData, final int nopFlags) {
        final Sqe sqe = ring.getSqe();
        sqe.setData64(userData);
        sqe.prepNop();
        sqe.setRwFlags(nopFlags);
        return sqe;
    }

    private Sqe nop(final long userData, final int nopFlags, final int fd) {
        final Sqe sqe = nop(userData, nopFlags);
        sqe.setFd(fd);
        return sqe;
    }

    private void assumeNopFlags(final int flags) {
        nop(1, flags & ~IORING_NOP_CQE32);
        final int result = Completion.awaitResult(ring);
        assumeTrue(result != -Errno.EINVAL, "this kernel lacks these flags of no-ops");
        nop(1, IORING_NOP_INJECT_RESULT).setLen(42);
        assumeTrue(Completion.awaitResult(ring) == 42, "this kernel has no flags of no-ops");
    }

    /** S5. */
    @Test
    void shouldEchoTheUserData() {
        for (final long userData : new long[] {0, 1, -1, Long.MIN_VALUE, 0x0102030405060708L}) {
            if (userData == UringConstants.LIBURING_UDATA_TIMEOUT) {
                continue; // kept for timeouts on kernels before 5.11
            }
            nop(userData, 0);
            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(userData, 0, 0));
        }
    }

    /** S5. Older kernels start what comes after the drained ones too early, never a drained one. */
    @Test
    void shouldDrainNops() {
        for (int i = 0; i < 9; i++) {
            nop(i, 0).setFlags(i % 3 == 1 ? IOSQE_IO_DRAIN : 0);
        }
        final List<Long> order =
                Completion.await(ring, 9).stream().map(Completion::userData).toList();
        assertThat(order).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        for (long drained = 1; drained < 9; drained += 3) {
            for (long before = 0; before < drained; before++) {
                assertThat(order).containsSubsequence(before, drained);
            }
        }
    }

    /** S5: both queues filled to the brim, at each power of two, three times round. */
    @Test
    void shouldFillQueuesOfEverySize() throws IOException {
        for (int size = 1; size <= 4096; size *= 2) {
            try (Uring sized = Uring.open(size)) {
                assertThat(sized.params().sqEntries()).isEqualTo(size);
                assertThat(sized.params().cqEntries()).isEqualTo(2 * size);
                for (int round = 0; round < 3; round++) {
                    fillBothQueues(sized, size, round);
                }
                assertThat(sized.cqOverflow()).isZero();
            }
        }
    }

    private static void fillBothQueues(final Uring sized, final int size, final long round) {
        for (int half = 0; half < 2; half++) {
            for (int i = 0; i < size; i++) {
                final Sqe sqe = sized.getSqe();
                sqe.prepNop();
                sqe.setData64(round << 32 | (long) half * size + i);
            }
            assertThat(sized.getSqe()).isNull();
            assertThat(sized.submit()).isEqualTo(size);
        }
        final List<Completion> completions = Completion.await(sized, 2 * size);
        for (int i = 0; i < 2 * size; i++) {
            assertThat(completions.get(i)).isEqualTo(new Completion(round << 32 | i, 0, 0));
        }
    }

    /** S5. */
    @Test
    void shouldCompleteWithTheResultInjected() {
        assumeNopFlags(0);
        for (final int result : new int[] {0, 1, Integer.MAX_VALUE, -Errno.EIO, Integer.MIN_VALUE}) {
            nop(1, IORING_NOP_INJECT_RESULT).setLen(result);
            assertThat(Completion.awaitResult(ring)).isEqualTo(result);
        }
        final Sqe failing = nop(1, IORING_NOP_INJECT_RESULT);
        failing.setLen(-Errno.EIO);
        failing.setFlags(IOSQE_IO_LINK);
        nop(2, 0);
        assertThat(Completion.awaitSorted(ring, 2))
                .extracting(Completion::res)
                .containsExactly(-Errno.EIO, -Errno.ECANCELED);
        nop(3, 1 << 30);
        assertThat(Completion.awaitResult(ring)).as("unknown flag").isEqualTo(-Errno.EINVAL);
    }

    /**
     * S6. The chain tells whether a file was missed: kernels before 7.1 let the request fail, but complete it with the
     * result that it would have had.
     */
    @Test
    void shouldLookUpFiles() {
        assumeNopFlags(IORING_NOP_FILE);
        nop(1, IORING_NOP_FILE).setFd(pipe[0]);
        assertThat(Completion.awaitResult(ring)).isZero();
        expectMissed(() -> nop(1, IORING_NOP_FILE, NO_FILE), -Errno.EBADF);

        assertThat(ring.registerFiles(-1, pipe[0])).isZero();
        nop(1, IORING_NOP_FILE | IORING_NOP_FIXED_FILE).setFd(1);
        assertThat(Completion.awaitResult(ring)).isZero();
        expectMissed(() -> nop(1, IORING_NOP_FILE | IORING_NOP_FIXED_FILE, 0), -Errno.EBADF);
        expectMissed(() -> nop(1, IORING_NOP_FILE | IORING_NOP_FIXED_FILE, 2), -Errno.EBADF);
    }

    /** S6. */
    @Test
    void shouldLookUpBuffers() {
        assumeNopFlags(IORING_NOP_FIXED_BUFFER);
        expectMissed(() -> nop(1, IORING_NOP_FIXED_BUFFER), -Errno.EFAULT);
        final ByteBuffer iovec = Memory.allocate(Iovec.SIZE, 8);
        Iovec.set(iovec, 0, Memory.address(buffer), buffer.capacity());
        assertThat(ring.registerBuffers(Memory.address(iovec), 1)).isZero();
        nop(1, IORING_NOP_FIXED_BUFFER).setBufIndex(0);
        assertThat(Completion.awaitResult(ring)).isZero();
        expectMissed(
                () -> {
                    final Sqe sqe = nop(1, IORING_NOP_FIXED_BUFFER);
                    sqe.setBufIndex(1);
                    return sqe;
                },
                -Errno.EFAULT);
    }

    private void expectMissed(final Supplier<Sqe> prepared, final int error) {
        prepared.get().setFlags(IOSQE_IO_LINK);
        nop(2, 0);
        final List<Completion> chain = Completion.awaitSorted(ring, 2);
        assertThat(chain.get(0).res()).isIn(error, 0);
        assertThat(chain.get(1)).isEqualTo(new Completion(2, -Errno.ECANCELED, 0));
    }

    @Test
    void shouldCompleteByTaskWork() {
        assumeNopFlags(IORING_NOP_TW);
        nop(1, IORING_NOP_TW);
        nop(2, IORING_NOP_TW | IORING_NOP_INJECT_RESULT).setLen(9);
        assertThat(Completion.awaitSorted(ring, 2)).containsExactly(new Completion(1, 0, 0), new Completion(2, 9, 0));
    }

    @Test
    void shouldPostALargeCompletion() throws IOException {
        Native.assumeSetup(IORING_SETUP_CQE32);
        try (Uring large = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_CQE32))) {
            final Sqe sqe = large.getSqe();
            sqe.prepNop();
            sqe.setRwFlags(IORING_NOP_CQE32 | IORING_NOP_INJECT_RESULT);
            sqe.setLen(5);
            sqe.setOff(0x1111_2222_3333_4444L);
            sqe.setAddr(-5);
            sqe.setData64(6);
            assertThat(large.submitAndWait(1)).isEqualTo(1);
            final Cqe cqe = large.peekCqe();
            assumeTrue(cqe.res() != -Errno.EINVAL && cqe.res() != 0, "this kernel lacks IORING_NOP_CQE32");
            assertThat(cqe.res()).isEqualTo(5);
            assertThat(cqe.userData()).isEqualTo(6);
            assertThat(cqe.bigCqe(0)).isEqualTo(0x1111_2222_3333_4444L);
            assertThat(cqe.bigCqe(1)).isEqualTo(-5);
            large.cqeSeen(cqe);
        }
        nop(1, IORING_NOP_CQE32);
        assertThat(Completion.awaitResult(ring)).as("in a ring of small ones").isEqualTo(-Errno.EINVAL);
    }

    @Test
    void shouldTakeLargeNopsInRingsOfLargeEntriesOnly() throws IOException {
        ring.getSqe().prepNop128();
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EINVAL);

        Native.assumeOpcode(ring, UringConstants.IORING_OP_NOP128);
        try (Uring large = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_SQE128))) {
            for (int i = 0; i < 20; i++) {
                final Sqe sqe = large.getSqe();
                sqe.setData64(i);
                sqe.prepNop128();
                sqe.setCmd(9, -1); // the last word of the entry
                assertThat(Completion.await(large, 1)).containsExactly(new Completion(i, 0, 0));
            }
        }
    }

    /** Round the queue several times, so that large ones meet its end. */
    @Test
    void shouldTakeLargeNopsAmongSmallOnes() throws IOException {
        Native.assumeSetup(IORING_SETUP_SQE_MIXED);
        try (Uring mixed = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_SQE_MIXED))) {
            for (int i = 0; i < 60; i += 2) {
                final Sqe small = mixed.getSqe();
                small.setData64(i);
                small.prepNop();
                final Sqe large = mixed.getSqe128();
                large.setData64(i + 1);
                large.prepNop128();
                large.setCmd(9, -1);
                assertThat(Completion.await(mixed, 2))
                        .containsExactly(new Completion(i, 0, 0), new Completion(i + 1, 0, 0));
            }
        }
    }

    @Test
    void shouldKeepCommandWordsInsideTheEntry() throws IOException {
        final Sqe small = ring.getSqe();
        small.prepUringCmd(1, 2);
        small.setCmd(0, 3);
        small.setCmd(1, 4);
        assertThatThrownBy(() -> small.setCmd(2, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> small.setCmd(-1, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        Native.assumeSetup(IORING_SETUP_SQE128);
        try (Uring large = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_SQE128))) {
            final Sqe sqe = large.getSqe();
            sqe.prepUringCmd128(1, 2);
            sqe.setCmd(9, 5);
            assertThatThrownBy(() -> sqe.setCmd(10, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }
}
