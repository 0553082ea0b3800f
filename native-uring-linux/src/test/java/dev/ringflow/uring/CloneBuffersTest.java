package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_REG_REG_RING;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_DST_REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Buffers that one ring takes over from another. */
@Timeout(60)
class CloneBuffersTest {
    private Uring source;
    private Uring target;
    private int[] pipe;
    private final ByteBuffer first = Memory.allocate(64, 8);
    private final ByteBuffer second = Memory.allocate(64, 8);
    private final ByteBuffer third = Memory.allocate(64, 8);

    @BeforeEach
    void open() throws IOException {
        source = Uring.open(8);
        target = Uring.open(8);
        pipe = Native.pipe();
        assumeTrue(target.cloneBuffers(source) == -Errno.ENXIO, "this kernel cannot clone buffers");
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
        Native.close(pipe);
    }

    private int read(final ByteBuffer buffer, final int index) {
        Native.write(pipe[1], "x");
        target.getSqe().prepReadFixed(pipe[0], buffer, -1, index);
        final int result = Completion.awaitResult(target);
        if (result < 0) { // take it out again
            target.getSqe().prepRead(pipe[0], Memory.allocate(1, 1), -1);
            assertThat(Completion.awaitResult(target)).isEqualTo(1);
        }
        return result;
    }

    @Test
    void shouldUseTheBuffersAfterTheOtherRingIsClosed() {
        assertThat(source.registerBuffers(first, second)).isZero();
        assertThat(target.cloneBuffers(source)).isZero();
        assertThat(target.heldBuffers()).as("kept reachable here too").isEqualTo(2);
        assertThat(source.unregisterBuffers()).isZero();
        source.close();

        assertThat(read(second, 1)).isEqualTo(1);
        assertThat(read(first, 1)).as("another's index").isEqualTo(-Errno.EFAULT);
        assertThat(target.unregisterBuffers()).isZero();
        assertThat(target.heldBuffers()).isZero();
    }

    @Test
    void shouldReplaceBuffersOnlyWhenAsked() {
        assertThat(source.registerBuffers(first)).isZero();
        assertThat(target.registerBuffers(second)).isZero();
        assertThat(target.cloneBuffers(source)).isEqualTo(-Errno.EBUSY);
        assertThat(read(second, 0)).isEqualTo(1);

        final int result = target.cloneBuffers(source, IORING_REGISTER_DST_REPLACE);
        assumeTrue(result != -Errno.EINVAL && result != -Errno.EBUSY, "this kernel cannot replace buffers");
        assertThat(result).isZero();
        assertThat(read(first, 0)).isEqualTo(1);
        assertThat(read(second, 0)).isEqualTo(-Errno.EFAULT);
        assertThat(target.heldBuffers()).isEqualTo(1);
    }

    @Test
    void shouldTakeOverAPart() {
        assertThat(source.registerBuffers(first, second, third)).isZero();
        final int result = target.cloneBuffersOffset(source, 2, 1, 1, 0);
        assumeTrue(result != -Errno.EINVAL, "this kernel clones all buffers only");
        assertThat(result).isZero();
        assertThat(read(second, 2)).isEqualTo(1);
        assertThat(read(first, 0)).as("a slot that was skipped").isEqualTo(-Errno.EFAULT);
        assertThat(target.heldBuffers()).isEqualTo(1);

        assertThat(target.cloneBuffersOffset(source, 0, 2, 1, IORING_REGISTER_DST_REPLACE))
                .isZero();
        assertThat(read(third, 0)).isEqualTo(1);
        assertThat(read(second, 2)).as("not replaced").isEqualTo(1);
        assertThat(target.heldBuffers()).isEqualTo(2);

        assertThat(target.cloneBuffersOffset(source, 0, 3, 1, IORING_REGISTER_DST_REPLACE))
                .as("beyond the other's table")
                .isIn(-Errno.EINVAL, -Errno.EOVERFLOW);
        assertThat(target.cloneBuffersOffset(source, 0, 0, 4, IORING_REGISTER_DST_REPLACE))
                .as("more than it has")
                .isEqualTo(-Errno.EINVAL);
        assertThat(read(third, 0)).as("as it was").isEqualTo(1);
    }

    @Test
    void shouldTakeOverFromARingWithoutFileDescriptor() {
        Native.assumeFeature(source, IORING_FEAT_REG_REG_RING);
        assertThat(source.registerBuffers(first)).isZero();
        assumeTrue(source.registeredIndex() >= 0 || source.registerRingFd() == 1, "no room to register the ring");
        assertThat(source.closeRingFd()).isEqualTo(1);

        assertThat(target.cloneBuffers(source)).isZero();
        assertThat(read(first, 0)).isEqualTo(1);
    }

    @Test
    void shouldRefuseWhatIsNoRing() {
        assertThat(target.cloneBuffersOffset(pipe[0], 0, 0, 0, 0)).isIn(-Errno.EOPNOTSUPP, -Errno.EBADF);
        assertThat(target.cloneBuffersOffset(1_000_000, 0, 0, 0, 0)).isEqualTo(-Errno.EBADF);
        assertThat(source.registerBuffers(first)).isZero();
        assertThat(target.cloneBuffers(source, 1 << 20)).as("unknown flags").isEqualTo(-Errno.EINVAL);
    }
}
