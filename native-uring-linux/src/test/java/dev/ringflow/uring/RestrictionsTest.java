package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_OP_NOP;
import static dev.ringflow.uring.UringConstants.IORING_OP_READ;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_ENABLE_RINGS;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_FILES;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_R_DISABLED;
import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_DRAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a restricted ring still does. */
@Timeout(60)
class RestrictionsTest {
    private Uring ring;
    private int[] pipe;
    private final ByteBuffer buffer = Memory.allocate(8, 8);

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_R_DISABLED));
        pipe = Native.pipe();
        Native.write(pipe[1], "data");
    }

    @AfterEach
    void close() {
        ring.close();
        Native.close(pipe);
    }

    private void enable() {
        assertThat(ring.enableRings()).isZero();
        assumeTrue(ring.getEvents() != -Errno.EBADFD, "this kernel says that it enabled the ring, and did not");
    }

    private int nop(final int flags) {
        final Sqe sqe = ring.getSqe();
        sqe.prepNop();
        sqe.setFlags(flags);
        return Completion.awaitResult(ring);
    }

    private int read() {
        ring.getSqe().prepRead(pipe[0], buffer, -1);
        return Completion.awaitResult(ring);
    }

    @Test
    void shouldRunOnlyTheOperationsThatAreAllowed() {
        assertThat(ring.registerRestrictions(new Restrictions().sqeOp(IORING_OP_NOP)))
                .isZero();
        enable();

        assertThat(nop(0)).isZero();
        assertThat(read()).isEqualTo(-Errno.EACCES);
        assertThat(nop(IOSQE_ASYNC)).as("no flag is allowed").isEqualTo(-Errno.EACCES);
        assertThat(nop(0)).as("a refusal changes nothing").isZero();
    }

    @Test
    void shouldAnswerOnlyTheRegisterCallsThatAreAllowed() {
        final Restrictions restrictions =
                new Restrictions().registerOp(IORING_REGISTER_ENABLE_RINGS).registerOp(IORING_REGISTER_FILES);
        assertThat(ring.registerRestrictions(restrictions)).isZero();
        enable();

        assertThat(ring.registerFiles(pipe[0])).isZero();
        assertThat(ring.unregisterFiles()).isEqualTo(-Errno.EACCES);
        assertThat(ring.registerPersonality()).isEqualTo(-Errno.EACCES);
    }

    @Test
    void shouldRequireFlags() {
        assertThat(ring.registerFiles(pipe[0])).isZero();
        final Restrictions restrictions = new Restrictions()
                .sqeOp(IORING_OP_READ)
                .sqeFlagsAllowed(IOSQE_ASYNC)
                .sqeFlagsRequired(IOSQE_FIXED_FILE);
        assertThat(ring.registerRestrictions(restrictions)).isZero();
        enable();

        assertThat(read()).as("without the required flag").isEqualTo(-Errno.EACCES);
        final Sqe sqe = ring.getSqe();
        sqe.prepRead(0, buffer, -1);
        sqe.setFlags(IOSQE_FIXED_FILE | IOSQE_ASYNC);
        assertThat(Completion.awaitResult(ring)).isEqualTo(4);
        final Sqe drained = ring.getSqe();
        drained.prepRead(0, buffer, -1);
        drained.setFlags(IOSQE_FIXED_FILE | IOSQE_IO_DRAIN);
        assertThat(Completion.awaitResult(ring)).as("a flag too many").isEqualTo(-Errno.EACCES);
    }

    @Test
    void shouldRefuseEverythingWithAnEmptyList() {
        assertThat(ring.registerRestrictions(new Restrictions())).isZero();
        enable();

        assertThat(nop(0)).isEqualTo(-Errno.EACCES);
        assertThat(ring.registerFiles(pipe[0])).isEqualTo(-Errno.EACCES);
    }

    @Test
    void shouldRestrictOnceAndOnlyADisabledRing() throws IOException {
        final Restrictions restrictions = new Restrictions().sqeOp(IORING_OP_NOP);
        assertThat(ring.registerRestrictions(restrictions)).isZero();
        assertThat(ring.registerRestrictions(restrictions)).isEqualTo(-Errno.EBUSY);
        enable();
        assertThat(ring.registerRestrictions(restrictions)).isIn(-Errno.EBADFD, -Errno.EACCES);
        try (Uring enabled = Uring.open(4)) {
            assertThat(enabled.registerRestrictions(restrictions)).isEqualTo(-Errno.EBADFD);
            enabled.getSqe().prepRead(pipe[0], buffer, -1);
            assertThat(Completion.awaitResult(enabled)).as("is not restricted").isEqualTo(4);
        }
    }

    @Test
    void shouldForgetAFaultyListAsAWhole() {
        final ByteBuffer unknown = Memory.allocate(Restrictions.SIZE, 4).putShort(0, (short) 99);
        assertThat(ring.registerRestrictions(Memory.address(unknown), 1)).isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerRestrictions(
                        new Restrictions().sqeOp(IORING_OP_NOP).sqeOp(255)))
                .isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerRestrictions(0, 1)).isIn(-Errno.EINVAL, -Errno.EFAULT);
        assertThat(ring.registerRestrictions(new Restrictions().sqeOp(IORING_OP_READ)))
                .isZero();
        enable();

        assertThat(read()).isEqualTo(4);
        assertThat(nop(0)).isEqualTo(-Errno.EACCES);
    }

    @Test
    void shouldRestrictTheRingsThatAThreadOpens() throws Exception {
        final int[] results = OrdinaryUser.onThreadOfItsOwn(() -> {
            final Restrictions restrictions = new Restrictions().sqeOp(IORING_OP_NOP);
            final int first = Uring.registerRestrictionsTask(restrictions);
            if (first < 0) {
                return new int[] {first};
            }
            try (Uring own = Uring.open(4)) {
                own.getSqe().prepNop();
                final int nop = Completion.awaitResult(own);
                own.getSqe().prepRead(pipe[0], buffer, -1);
                return new int[] {first, Uring.registerRestrictionsTask(restrictions), nop, Completion.awaitResult(own)
                };
            }
        });
        assumeTrue(results[0] != -Errno.EINVAL && results[0] != -Errno.EBADF, "this kernel cannot restrict threads");
        assumeTrue(results[0] != -Errno.EACCES, "needs root");

        assertThat(results).containsExactly(0, -Errno.EPERM, 0, -Errno.EACCES);
        try (Uring own = Uring.open(4)) {
            own.getSqe().prepRead(pipe[0], buffer, -1);
            assertThat(Completion.awaitResult(own)).as("on another thread").isEqualTo(4);
        }
    }

    @Test
    void shouldRefuseWhatIsNoByte() {
        assertThatThrownBy(() -> new Restrictions().sqeOp(256)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Restrictions().registerOp(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
