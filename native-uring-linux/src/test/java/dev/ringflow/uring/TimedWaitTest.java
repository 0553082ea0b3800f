package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_EXT_ARG;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_MIN_TIMEOUT;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_R_DISABLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.struct.RegisteredWait;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits that end by time. */
@Timeout(60)
class TimedWaitTest {
    private static final long MILLIS = 1_000_000L;
    private static final long LONG = 10_000 * MILLIS;

    /** Something that completes later. (A timeout request would not do: it ends waits by itself.) */
    private static Thread later(final Uring ring, final int[] pipe, final long nanos) {
        ring.getSqe().prepPollAdd(pipe[0], UringConstants.POLLIN);
        ring.submit();
        final Thread writer = new Thread(() -> {
            LockSupport.parkNanos(nanos);
            Native.write(pipe[1], "x");
        });
        writer.start();
        return writer;
    }

    /** L21. */
    @Test
    void shouldEndWhenTheTimeIsOver() throws UringException {
        try (Uring ring = Uring.open(8)) {
            final long start = System.nanoTime();
            assertThat(ring.submitAndWaitTimeout(1, 20 * MILLIS)).isEqualTo(-Errno.ETIME);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20 * MILLIS);
            ring.getSqe();
            assertThat(ring.submitAndWaitTimeout(1, LONG)).isEqualTo(1);
            assertThat(ring.waitCqes(1, LONG)).as("it is there already").isZero();
        }
    }

    /** On kernels before 5.11 a request keeps the time, and may do so before the kernel begins to wait. */
    @Test
    void shouldEndWhenTheTimeIsOverBeforeTheWaitBegins() throws UringException {
        try (Uring ring = Uring.open(8)) {
            for (int i = 0; i < 3000; i++) {
                ring.getSqe();
                assertThat(ring.submitAndWaitTimeout(3, i % 100 * 300L)).isEqualTo(1);
                assertThat(ring.cqReady()).isBetween(1, 2);
                ring.forEachCqe((userData, res, flags) -> assertThat(res).isZero());
            }
        }
    }

    /** L21: ABS. */
    @Test
    void shouldEndAtAMoment() throws UringException {
        try (Uring ring = Uring.open(8)) {
            final long deadline = System.nanoTime() + 20 * MILLIS;
            final int result = ring.submitAndWaitUntil(1, deadline);
            assumeTrue(result != -Errno.EINVAL, "this kernel lacks IORING_ENTER_ABS_TIMER");
            assertThat(result).isEqualTo(-Errno.ETIME);
            assertThat(System.nanoTime()).isGreaterThanOrEqualTo(deadline);
            assertThat(ring.submitAndWaitUntil(1, 1)).as("long ago").isEqualTo(-Errno.ETIME);
            ring.getSqe();
            assertThat(ring.submitAndWaitUntil(1, System.nanoTime() + LONG)).isEqualTo(1);
        }
    }

    /** L22: all come at once. */
    @Test
    void shouldGiveTheWholeBatchWithinTheSmallerTime() throws UringException {
        try (Uring ring = Uring.open(16)) {
            Native.assumeFeature(ring, IORING_FEAT_MIN_TIMEOUT);
            for (int i = 0; i < 8; i++) {
                ring.getSqe();
            }
            final long before = ring.enterCalls();
            assertThat(ring.submitAndWaitMinTimeout(8, LONG, 5_000_000)).isEqualTo(8);
            assertThat(ring.cqReady()).isEqualTo(8);
            assertThat(ring.enterCalls() - before).isEqualTo(1);
        }
    }

    /** L22: one comes, the others do not. */
    @Test
    void shouldBeContentWithOneAfterTheSmallerTime() throws Exception {
        try (Uring ring = Uring.open(16)) {
            Native.assumeFeature(ring, IORING_FEAT_MIN_TIMEOUT);
            final int[] pipe = Native.pipe();
            final long start = System.nanoTime();
            final Thread writer = later(ring, pipe, 2 * MILLIS);
            assertThat(ring.waitCqesMinTimeout(8, LONG, 20_000)).isZero();
            assertThat(System.nanoTime() - start).isBetween(15 * MILLIS, LONG);
            assertThat(ring.cqReady()).isEqualTo(1);
            writer.join();
            Native.close(pipe);
        }
    }

    /** L22: none comes within the smaller time; the first that does ends the wait. */
    @Test
    void shouldWaitForTheFirstAfterTheSmallerTime() throws Exception {
        try (Uring ring = Uring.open(16)) {
            Native.assumeFeature(ring, IORING_FEAT_MIN_TIMEOUT);
            final int[] pipe = Native.pipe();
            final long start = System.nanoTime();
            final Thread writer = later(ring, pipe, 60 * MILLIS);
            assertThat(ring.waitCqesMinTimeout(8, LONG, 10_000)).isZero();
            assertThat(System.nanoTime() - start).isBetween(40 * MILLIS, LONG);
            assertThat(ring.waitCqesMinTimeout(8, 20 * MILLIS, 1_000))
                    .as("one is there")
                    .isZero();
            ring.cqAdvance(1);
            assertThat(ring.waitCqesMinTimeout(8, 20 * MILLIS, 1_000)).isEqualTo(-Errno.ETIME);
            writer.join();
            Native.close(pipe);
        }
    }

    @Test
    void shouldRefuseASmallerTimeWhereTheKernelLacksIt() throws UringException {
        try (Uring ring = Uring.open(16)) {
            assumeTrue((ring.features() & IORING_FEAT_MIN_TIMEOUT) == 0, "this kernel has it");
            assertThat(ring.submitAndWaitMinTimeout(1, MILLIS, 1)).isEqualTo(-Errno.EINVAL);
        }
    }

    @Test
    void shouldWaitUnderASignalMask() throws UringException {
        try (Uring ring = Uring.open(8)) {
            final ByteBuffer mask = Memory.allocate(8, 8).putLong(0, ~0L);
            if ((ring.features() & IORING_FEAT_EXT_ARG) == 0) {
                assertThat(ring.submitAndWaitTimeout(1, MILLIS, Memory.address(mask)))
                        .isEqualTo(-Errno.EOPNOTSUPP);
                return;
            }
            assertThat(ring.submitAndWaitTimeout(1, 5 * MILLIS, Memory.address(mask)))
                    .isEqualTo(-Errno.ETIME);
            assertThat(ring.submitAndWaitTimeout(1, 5 * MILLIS, 8))
                    .as("no such memory")
                    .isEqualTo(-Errno.EFAULT);
            ring.getSqe();
            assertThat(ring.submitAndWaitTimeout(1, LONG))
                    .as("the mask is forgotten")
                    .isEqualTo(1);
        }
    }

    private static Uring withWaits(final int count) throws UringException {
        final Uring ring = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_R_DISABLED));
        final int result = ring.registerWaitReg(count);
        if (result < 0) {
            ring.close();
            assumeTrue(result != -Errno.EINVAL, "this kernel lacks registered waits");
        }
        assertThat(result).isZero();
        return ring;
    }

    /** L23. */
    @Test
    void shouldWaitWithARegisteredArgument() throws UringException {
        try (Uring ring = withWaits(3)) {
            assertThat(ring.enableRings()).isZero();
            RegisteredWait.set(ring.waitRegion(), 0, 5 * MILLIS, 0);
            RegisteredWait.set(ring.waitRegion(), 2, LONG, 0);
            for (int round = 0; round < 3; round++) {
                final long start = System.nanoTime();
                assertThat(ring.submitAndWaitReg(1, 0)).isEqualTo(-Errno.ETIME);
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(5 * MILLIS);
                ring.getSqe();
                assertThat(ring.submitAndWaitReg(1, 2)).isEqualTo(1);
                ring.cqAdvance(1);
            }
            final int inPage = ring.waitRegion().capacity() / RegisteredWait.SIZE;
            assertThat(ring.submitAndWaitReg(1, inPage))
                    .as("outside of the region")
                    .isEqualTo(-Errno.EFAULT);
            assertThat(ring.submitAndWaitReg(1, -1)).as("outside of the region").isEqualTo(-Errno.EFAULT);
            RegisteredWait.setSigmask(ring.waitRegion(), 1, 8, 8);
            assertThat(ring.submitAndWaitReg(1, 1)).as("a bad mask").isEqualTo(-Errno.EFAULT);
            RegisteredWait.setSigmask(ring.waitRegion(), 1, Memory.address(ring.waitRegion()), 5);
            assertThat(ring.submitAndWaitReg(1, 1)).as("a mask of a wrong size").isEqualTo(-Errno.EINVAL);
        }
    }

    /** L23. */
    @Test
    void shouldRegisterArgumentsBeforeTheRingIsEnabledOnly() throws UringException {
        try (Uring ring = withWaits(1)) {
            assertThat(ring.registerWaitReg(1)).as("again").isEqualTo(-Errno.EBUSY);
            assertThatThrownBy(() -> ring.registerWaitReg(0)).isInstanceOf(IllegalArgumentException.class);
        }
        try (Uring ring = Uring.open(8)) {
            assertThat(ring.registerWaitReg(1)).isEqualTo(-Errno.EINVAL);
            assertThatThrownBy(ring::waitRegion).isInstanceOf(IllegalStateException.class);
            assertThat(ring.submitAndWaitReg(1, 0)).isLessThan(0);
        }
    }

    @Test
    void shouldRegisterARegionOfTheApplication() throws UringException {
        try (Uring ring = Uring.open(8)) {
            final ByteBuffer page = Memory.allocate(4096, 4096);
            final int result = ring.registerRegion(Memory.address(page), 4096, 0);
            assumeTrue(result != -Errno.EINVAL, "this kernel lacks memory regions");
            assertThat(result).isZero();
            assertThat(ring.registerRegion(Memory.address(page), 4096, 0)).isEqualTo(-Errno.EBUSY);
        }
        try (Uring ring = Uring.open(8)) {
            final ByteBuffer page = Memory.allocate(4096, 4096);
            assertThat(ring.registerRegion(Memory.address(page) + 1, 4096, 0)).isEqualTo(-Errno.EINVAL);
        }
    }
}
