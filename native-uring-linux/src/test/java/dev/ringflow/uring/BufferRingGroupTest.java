package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_CQE_F_BUFFER;
import static dev.ringflow.uring.UringConstants.IOSQE_BUFFER_SELECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups that cannot be of both kinds, and a tail of sixteen bits. */
@Timeout(120)
class BufferRingGroupTest {
    private static final int GROUP = 3;

    private static BufferRing buffers(final Uring ring, final int entries) throws UringException {
        try {
            return BufferRing.open(ring, GROUP, entries, 8, 0);
        } catch (final UringException e) {
            assumeTrue(e.errno() != Errno.EINVAL, "this kernel has no buffer rings");
            throw e;
        }
    }

    /** P1: provided one by one first. */
    @Test
    void shouldRefuseARingForAGroupOfProvidedBuffers() throws UringException {
        try (Uring ring = Uring.open(8);
                Memory memory = Memory.ofPages(4096)) {
            ring.getSqe().prepProvideBuffers(memory.address(), 64, 4, GROUP, 0);
            assertThat(Completion.awaitResult(ring)).isGreaterThanOrEqualTo(0);
            final int result = ring.registerBufRing(memory.address(), 8, GROUP, 0);
            assumeTrue(result != -Errno.EINVAL, "this kernel has no buffer rings");
            assertThat(result).isEqualTo(-Errno.EEXIST);
            ring.getSqe().prepRemoveBuffers(4, GROUP);
            assertThat(Completion.awaitResult(ring)).isEqualTo(4);
        }
    }

    /** P1: the ring first. */
    @Test
    void shouldRefuseProvidedBuffersForAGroupWithARing() throws UringException {
        try (Uring ring = Uring.open(8);
                Memory memory = Memory.ofPages(4096);
                BufferRing buffers = buffers(ring, 8)) {
            assertThat(buffers.available()).as("-EINVAL before 6.8").isIn(8, -Errno.EINVAL);
            ring.getSqe().prepProvideBuffers(memory.address(), 64, 4, GROUP, 0);
            assertThat(Completion.awaitResult(ring)).isIn(-Errno.EINVAL, -Errno.EEXIST);
        }
    }

    /** P2: the tail wraps at 65536, three times around the largest ring. */
    @Test
    void shouldUseEveryIdOfTheLargestRingAgainAfterTheTailHasWrapped() throws UringException {
        final int[] pipe = Native.pipe();
        try (Uring ring = Uring.open(64);
                BufferRing buffers = buffers(ring, 32768)) {
            final BitSet seen = new BitSet();
            int left = 3 * 32768;
            while (left > 0) {
                Native.write(pipe[1], "0123456789abcdef0123456789abcdef");
                for (int i = 0; i < 32; i++) {
                    final Sqe sqe = ring.getSqe();
                    sqe.prepRead(pipe[0], 0, 1, -1);
                    sqe.setFlags(IOSQE_BUFFER_SELECT);
                    sqe.setBufGroup(GROUP);
                }
                for (final Completion completion : Completion.await(ring, 32)) {
                    assertThat(completion.res()).isEqualTo(1);
                    assertThat(completion.flags() & IORING_CQE_F_BUFFER).isNotZero();
                    final int id = buffers.take(completion.flags(), completion.res());
                    assertThat(id).isBetween(0, 32767);
                    if (left <= 32768) {
                        assertThat(seen.get(id)).as("id %s came twice", id).isFalse();
                        seen.set(id);
                    }
                    buffers.recycle(id);
                    left--;
                }
                buffers.publish();
            }
            assertThat(seen.cardinality()).isEqualTo(32768);
        } finally {
            Native.close(pipe);
        }
    }
}
