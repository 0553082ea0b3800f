package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.CLOCK_BOOTTIME;
import static dev.ringflow.uring.UringConstants.CLOCK_MONOTONIC;
import static dev.ringflow.uring.UringConstants.CLOCK_REALTIME;
import static dev.ringflow.uring.UringConstants.IORING_OP_NOP;
import static dev.ringflow.uring.UringConstants.IORING_OP_READV;
import static dev.ringflow.uring.UringConstants.IORING_OP_RECV_ZC;
import static dev.ringflow.uring.UringConstants.IORING_OP_WRITE;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_BUFFERS;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_CLOCK;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_NAPI;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE32;
import static dev.ringflow.uring.UringConstants.IO_URING_NAPI_TRACKING_STATIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a register call answers when it is wrong, and the calls that have no test of their own. */
@Timeout(60)
class RegisterCallsTest {
    private static final int NOT_OPEN = 1_000_000;

    private Uring ring;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(8);
    }

    @AfterEach
    void close() {
        ring.close();
    }

    /** R6. */
    @Test
    void shouldTellUnknownCallsAndWrongFilesApart() {
        final int[] pipe = Native.pipe();
        assertThat(ring.register(9999, 0, 0)).as("no such call").isEqualTo(-Errno.EINVAL);
        assertThat(LibC.ioUringRegister(NOT_OPEN, IORING_REGISTER_BUFFERS, 0, 0))
                .as("not open")
                .isEqualTo(-Errno.EBADF);
        assertThat(LibC.ioUringRegister(pipe[0], IORING_REGISTER_BUFFERS, 0, 0))
                .as("no ring")
                .isEqualTo(-Errno.EOPNOTSUPP);
        Native.close(pipe);
    }

    /** S13. */
    @Test
    void shouldProbeWithAndWithoutARing() throws IOException {
        for (final Probe probe : new Probe[] {ring.getProbe(), Probe.get()}) {
            assertThat(probe.opsLen()).isPositive().isEqualTo(probe.lastOp() + 1);
            for (final int opcode : new int[] {IORING_OP_NOP, IORING_OP_READV, IORING_OP_WRITE}) {
                assertThat(probe.opcodeSupported(opcode)).isTrue();
            }
            assertThat(probe.opcodeSupported(probe.lastOp() + 1)).isFalse();
            assertThat(probe.opcodeSupported(255)).isFalse();
            assertThat(probe.opcodeSupported(-1)).isFalse();
        }
        final ByteBuffer used = Memory.allocate(Probe.SIZE, 8).put(Probe.HEADER, (byte) 1);
        assertThat(ring.registerProbe(Memory.address(used), Probe.MAX_OPS)).isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerProbe(8, 1)).isEqualTo(-Errno.EFAULT);
    }

    /** L21. */
    @Test
    void shouldWaitByTheClockThatIsRegistered() {
        final int result = ring.registerClock(CLOCK_BOOTTIME);
        assumeTrue(result != -Errno.EINVAL, "this kernel has one clock only");
        assertThat(result).isZero();
        final long start = System.nanoTime();
        assertThat(ring.waitCqeTimeout(20_000_000)).isEqualTo(-Errno.ETIME);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);

        assertThat(ring.registerClock(CLOCK_MONOTONIC)).isZero();
        assertThat(ring.registerClock(CLOCK_REALTIME)).isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerClock(-1)).isEqualTo(-Errno.EINVAL);
        final ByteBuffer reserved =
                Memory.allocate(16, 4).putInt(0, CLOCK_MONOTONIC).putInt(12, 1);
        assertThat(ring.register(IORING_REGISTER_CLOCK, reserved, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(ring.waitCqeTimeout(1)).isEqualTo(-Errno.ETIME);
    }

    /** N15. */
    @Test
    void shouldAnswerTheBusyPollSettingsThatHeldBefore() {
        final int result = ring.register(IORING_REGISTER_NAPI, Memory.allocate(16, 8), 1);
        assumeTrue(result != -Errno.EINVAL && result != -Errno.EOPNOTSUPP, "this kernel cannot poll network devices");
        assertThat(result).isZero();
        final NapiSettings settings = NapiSettings.of().busyPollMicros(50).preferBusyPoll(true);
        assertThat(ring.registerNapi(settings)).isZero();
        assertThat(settings.busyPollMicros()).isZero();
        assertThat(settings.preferBusyPoll()).isFalse();

        final NapiSettings second = NapiSettings.of().busyPollMicros(60);
        assertThat(ring.registerNapi(second)).isZero();
        assertThat(second.busyPollMicros()).isEqualTo(50);
        assertThat(second.preferBusyPoll()).isTrue();
        final ByteBuffer padded = Memory.allocate(16, 8).put(6, (byte) 1);
        assertThat(ring.register(IORING_REGISTER_NAPI, padded, 1)).isEqualTo(-Errno.EINVAL);
        ring.getSqe().prepNop();
        assertThat(Completion.awaitResult(ring)).as("a wait that polls").isZero();

        final NapiSettings last = NapiSettings.of();
        assertThat(ring.unregisterNapi(last)).isZero();
        assertThat(last.busyPollMicros()).isEqualTo(60);
        assertThat(last.preferBusyPoll()).isFalse();
        assertThat(last).hasToString("NapiSettings[60 us, not preferred, tracking " + last.tracking() + "]");
    }

    /** N15. */
    @Test
    void shouldKeepAListOfDevicesWhereTheKernelLeavesItToUs() {
        final ByteBuffer tracking = Memory.allocate(16, 8).putInt(8, IO_URING_NAPI_TRACKING_STATIC);
        final int result = ring.register(IORING_REGISTER_NAPI, tracking, 1);
        assumeTrue(result != -Errno.EINVAL && result != -Errno.EOPNOTSUPP, "this kernel keeps the list itself");
        assertThat(result).isZero();
        final NapiSettings settings = NapiSettings.of().tracking(IO_URING_NAPI_TRACKING_STATIC);
        assertThat(ring.registerNapi(settings)).isZero();
        assertThat(settings.tracking()).as("as registered before").isEqualTo(IO_URING_NAPI_TRACKING_STATIC);
        final int device = 100_000; // ids of devices start above the number of processors
        assertThat(ring.registerNapi(NapiSettings.addId(device))).isZero();
        assertThat(ring.registerNapi(NapiSettings.addId(device))).isEqualTo(-Errno.EEXIST);
        assertThat(ring.registerNapi(NapiSettings.deleteId(device))).isZero();
        assertThat(ring.registerNapi(NapiSettings.deleteId(device))).isEqualTo(-Errno.ENOENT);
        assertThat(ring.registerNapi(NapiSettings.addId(0))).isEqualTo(-Errno.EINVAL);
    }

    /** N15. */
    @Test
    void shouldTellWhetherThereIsZeroCopyReceive() throws IOException {
        assertThat(ring.zeroCopyReceiveSupported())
                .as("a ring without large completions")
                .isFalse();
        assertThat(ring.registerIfq(0)).isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerZcrxCtrl(0)).isEqualTo(-Errno.EINVAL);
        Native.assumeSetup(IORING_SETUP_CQE32);
        try (Uring large = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_CQE32))) {
            final boolean supported = large.zeroCopyReceiveSupported();
            final boolean known = large.getProbe().opcodeSupported(IORING_OP_RECV_ZC);
            System.out.println("zero-copy receive: " + supported + ", opcode known: " + known);
            assertThat(supported && !known).as("without the operation").isFalse();
            final ByteBuffer empty = Memory.allocate(96, 8);
            assertThat(large.registerIfq(Memory.address(empty)))
                    .as("an empty request")
                    .isNegative();
            large.getSqe().prepNop();
            assertThat(Completion.awaitResult(large))
                    .as("nothing was registered")
                    .isZero();
        }
    }

    @Test
    void shouldThrowOnAClosedRing() {
        final Uring closed = ring;
        closed.close();
        final ThrowingCallable[] uses = {
            () -> closed.registerBuffers(Memory.allocate(8, 8)),
            () -> closed.registerBuffersSparse(1),
            () -> closed.registerFilesTags(new int[] {0}, new long[1]),
            () -> closed.registerFilesUpdateTag(0, new int[] {0}, new long[1]),
            () -> closed.registerRestrictions(new Restrictions()),
            () -> closed.registerBpfFilter(BpfFilter.of(0).ret(1)),
            () -> closed.registerSyncCancel(0, -1, 0, 0, 0),
            () -> closed.registerIowqAff(0, 0),
            closed::unregisterIowqAff,
            () -> closed.registerNapi(NapiSettings.of()),
            () -> closed.registerClock(1),
            () -> closed.cloneBuffers(closed),
            () -> closed.registerIfq(0),
            closed::zeroCopyReceiveSupported,
            closed::registerPersonality
        };
        for (final ThrowingCallable use : uses) {
            assertThatThrownBy(use).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        }
    }
}
