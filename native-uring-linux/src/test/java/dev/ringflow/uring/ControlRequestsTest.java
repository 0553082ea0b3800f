package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_ANY;
import static dev.ringflow.uring.UringConstants.IORING_NOP_INJECT_RESULT;
import static dev.ringflow.uring.UringConstants.IORING_TIMEOUT_ABS;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_HARDLINK;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static dev.ringflow.uring.UringConstants.POLLIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Timespec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Timeouts, links, cancels, polls. */
@Timeout(60)
class ControlRequestsTest {
    private static final long MILLIS = 1_000_000L;

    private Uring ring;
    private int[] pipe;
    private final ByteBuffer buffer = Memory.allocate(64, 8);
    private final ByteBuffer time = Memory.allocate(Timespec.SIZE, 8);

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(32);
        pipe = Native.pipe();
    }

    @AfterEach
    void close() {
        ring.close();
        Native.close(pipe);
    }

    private long timespec(final long nanos) {
        Timespec.setNanos(time, 0, nanos);
        return Memory.address(time);
    }

    private Sqe sqe(final long userData) {
        final Sqe sqe = ring.getSqe();
        sqe.setData64(userData);
        return sqe;
    }

    private Sqe pendingRead(final long userData) {
        final Sqe sqe = sqe(userData);
        sqe.prepRead(pipe[0], Memory.address(buffer), 8, -1);
        return sqe;
    }

    @Test
    void shouldFireATimeout() {
        sqe(1).prepTimeout(timespec(30 * MILLIS), 0, 0);
        final long start = System.nanoTime();
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ETIME);
        assertThat(System.nanoTime() - start).isBetween(30 * MILLIS, 10_000 * MILLIS);
    }

    @Test
    void shouldFireAnAbsoluteTimeout() {
        final long due = System.nanoTime() + 30 * MILLIS; // CLOCK_MONOTONIC, as the kernel's
        sqe(1).prepTimeout(timespec(due), 0, IORING_TIMEOUT_ABS);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ETIME);
        assertThat(System.nanoTime()).isBetween(due, due + 10_000 * MILLIS);
    }

    @Test
    void shouldEndATimeoutByCount() {
        sqe(1).prepTimeout(timespec(10_000 * MILLIS), 2, 0);
        sqe(2).prepNop();
        sqe(3).prepNop();
        assertThat(Completion.awaitSorted(ring, 3)).extracting(Completion::res).containsExactly(0, 0, 0);
    }

    @Test
    void shouldRemoveAndUpdateTimeouts() {
        sqe(1).prepTimeout(timespec(10_000 * MILLIS), 0, 0);
        ring.submit();
        sqe(2).prepTimeoutRemove(1, 0);
        assertThat(Completion.awaitSorted(ring, 2))
                .containsExactly(new Completion(1, -Errno.ECANCELED, 0), new Completion(2, 0, 0));
        sqe(3).prepTimeoutRemove(1, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ENOENT);

        sqe(4).prepTimeout(timespec(10_000 * MILLIS), 0, 0);
        ring.submit();
        sqe(5).prepTimeoutUpdate(timespec(20 * MILLIS), 4, 0);
        final int updated = Completion.awaitResult(ring);
        if (updated == -Errno.EINVAL) { // before 5.11
            sqe(6).prepTimeoutRemove(4, 0);
            Completion.await(ring, 2);
            assumeTrue(false, "this kernel cannot update timeouts");
        }
        assertThat(updated).isZero();
        assertThat(Completion.await(ring, 1)).containsExactly(new Completion(4, -Errno.ETIME, 0));
    }

    @Test
    void shouldRunChainsInOrder() {
        for (int chain = 0; chain < 2; chain++) {
            for (int i = 0; i < 3; i++) {
                final Sqe sqe = sqe(chain * 10L + i);
                sqe.prepNop();
                sqe.setFlags(i < 2 ? IOSQE_IO_LINK : 0);
            }
        }
        final List<Completion> completions = Completion.await(ring, 6);
        assertThat(completions).allMatch(completion -> completion.res() == 0);
        assertThat(completions)
                .filteredOn(completion -> completion.userData() < 10)
                .extracting(Completion::userData)
                .containsExactly(0L, 1L, 2L);
        assertThat(completions)
                .filteredOn(completion -> completion.userData() >= 10)
                .extracting(Completion::userData)
                .containsExactly(10L, 11L, 12L);
    }

    @Test
    void shouldCancelTheRestOfAChainAfterAFailure() {
        final Sqe bad = sqe(1);
        bad.prepRemoveBuffers(1, 12345);
        bad.setFlags(IOSQE_IO_LINK);
        sqe(2).prepNop();
        assertThat(Completion.awaitSorted(ring, 2))
                .extracting(Completion::res)
                .containsExactly(-Errno.ENOENT, -Errno.ECANCELED);
    }

    @Test
    void shouldGoOnAfterAFailureInAHardChain() {
        final Sqe timer = sqe(1);
        timer.prepTimeout(timespec(5 * MILLIS), 0, 0);
        timer.setFlags(IOSQE_IO_HARDLINK);
        sqe(2).prepNop();
        assertThat(Completion.awaitSorted(ring, 2)).extracting(Completion::res).containsExactly(-Errno.ETIME, 0);
    }

    @Test
    void shouldBoundARequestByALinkedTimeout() {
        pendingRead(1).setFlags(IOSQE_IO_LINK);
        sqe(2).prepLinkTimeout(timespec(20 * MILLIS), 0);
        final List<Completion> late = Completion.awaitSorted(ring, 2);
        assertThat(late.get(0).res()).isIn(-Errno.ECANCELED, -Errno.EINTR);
        assertThat(late.get(1).res()).isIn(-Errno.ETIME, -Errno.EALREADY, 0);

        Native.write(pipe[1], "in time");
        pendingRead(3).setFlags(IOSQE_IO_LINK);
        sqe(4).prepLinkTimeout(timespec(10_000 * MILLIS), 0);
        assertThat(Completion.awaitSorted(ring, 2)).extracting(Completion::res).containsExactly(7, -Errno.ECANCELED);

        sqe(5).prepLinkTimeout(timespec(MILLIS), 0);
        assertThat(Completion.awaitResult(ring)).as("alone").isEqualTo(-Errno.EINVAL);
    }

    @Test
    void shouldCancelByUserData() {
        pendingRead(77);
        ring.submit();
        sqe(2).prepCancel64(77, 0);
        final List<Completion> both = Completion.awaitSorted(ring, 2);
        assertThat(both.get(0).res()).isIn(0, -Errno.EALREADY);
        assertThat(both.get(1).res()).isIn(-Errno.ECANCELED, -Errno.EINTR);

        sqe(3).prepCancel64(77, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void shouldCancelAnything() {
        pendingRead(1);
        sqe(2).prepPollAdd(pipe[0], POLLIN);
        sqe(3).prepTimeout(timespec(10_000 * MILLIS), 0, 0);
        ring.submit();
        sqe(4).prepCancel64(0, IORING_ASYNC_CANCEL_ANY);
        final List<Completion> first = Completion.awaitUserData(ring, 4);
        assumeTrue(first.get(0).res() != -Errno.EINVAL, "this kernel cannot cancel anything at once");
        first.addAll(Completion.await(ring, 4 - first.size()));

        assertThat(first)
                .filteredOn(completion -> completion.userData() == 4)
                .extracting(Completion::res)
                .containsExactly(3);
        assertThat(first)
                .filteredOn(completion -> completion.userData() < 4)
                .hasSize(3)
                .allMatch(completion -> completion.res() == -Errno.ECANCELED);
    }

    @Test
    void shouldLeaveTheTruthToTheRequestsOwnCompletionWhenACancelRaces() throws Exception {
        final Random random = new Random(42);
        final ByteBuffer canaries = Memory.allocate(3 * 64, 64);
        for (int i = 0; i < canaries.capacity(); i++) {
            canaries.put(i, (byte) 0x5A);
        }
        int cancelled = 0;
        int succeeded = 0;
        for (int round = 0; round < 300; round++) {
            final Sqe read = sqe(1);
            read.prepRead(pipe[0], Memory.address(canaries) + 64, 8, -1);
            ring.submit();
            final boolean data = random.nextBoolean();
            if (data) {
                Native.write(pipe[1], "8 bytes!");
                if (random.nextBoolean()) {
                    ring.getEvents(); // the read runs before the cancel does
                }
            }
            sqe(2).prepCancel64(1, 0);
            final List<Completion> both = Completion.awaitSorted(ring, 2);
            assertThat(both).extracting(Completion::userData).containsExactly(1L, 2L);
            assertThat(both.get(1).res()).isIn(0, -Errno.ENOENT, -Errno.EALREADY);
            final int result = both.get(0).res();
            if (result == 8) {
                assertThat(data).isTrue();
                succeeded++;
            } else {
                assertThat(result).isIn(-Errno.ECANCELED, -Errno.EINTR);
                cancelled++;
                if (data) {
                    assertThat(LibC.read(pipe[0], Memory.address(buffer), 8))
                            .as("a cancelled read took nothing")
                            .isEqualTo(8);
                }
            }
        }
        assertThat(cancelled).isPositive();
        assertThat(succeeded).isPositive();
        for (int i = 0; i < canaries.capacity(); i++) {
            if (i < 64 || i >= 72) {
                assertThat(canaries.get(i)).as("canary %s", i).isEqualTo((byte) 0x5A);
            }
        }
    }

    @Test
    void shouldPoll() {
        sqe(1).prepPollAdd(pipe[0], POLLIN);
        ring.submit();
        assertThat(ring.waitCqeTimeout(5 * MILLIS)).isEqualTo(-Errno.ETIME);
        Native.write(pipe[1], "x");
        assertThat(Completion.awaitResult(ring) & POLLIN).isNotZero();

        LibC.read(pipe[0], Memory.address(buffer), 1);
        sqe(2).prepPollAdd(pipe[0], POLLIN);
        ring.submit();
        sqe(3).prepPollRemove(2);
        assertThat(Completion.awaitSorted(ring, 2)).extracting(Completion::res).containsExactly(-Errno.ECANCELED, 0);
        sqe(4).prepPollRemove(2);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void shouldPollAgainAndAgain() {
        sqe(1).prepPollMultishot(pipe[0], POLLIN);
        ring.submitAndGetEvents();
        final Cqe early = ring.peekCqe();
        assumeTrue(early == null || early.res() != -Errno.EINVAL, "this kernel has no multishot poll");
        for (int i = 0; i < 5; i++) {
            Native.write(pipe[1], "x");
            final Completion ready = Completion.await(ring, 1).get(0);
            assertThat(ready.res() & POLLIN).isNotZero();
            assertThat(ready.hasMore()).isTrue();
            LibC.read(pipe[0], Memory.address(buffer), 1);
        }

        sqe(2).prepPollUpdate(
                        1, 9, 0, UringConstants.IORING_POLL_UPDATE_USER_DATA | UringConstants.IORING_POLL_ADD_MULTI);
        assertThat(Completion.awaitResult(ring)).isZero();
        Native.write(pipe[1], "x");
        assertThat(Completion.await(ring, 1).get(0).userData())
                .as("under its new name")
                .isEqualTo(9);
        sqe(3).prepPollRemove(9);
        final List<Completion> end = Completion.awaitSorted(ring, 2);
        assertThat(end.get(1).hasMore()).isFalse();
        assertThat(end.get(1).res()).isEqualTo(-Errno.ECANCELED);
    }

    @Test
    void shouldInjectTheResultOfANop() {
        final Sqe nop = sqe(1);
        nop.prepNop();
        nop.setRwFlags(IORING_NOP_INJECT_RESULT);
        nop.setLen(4711);
        final int result = Completion.awaitResult(ring);
        assumeTrue(result != 0 && result != -Errno.EINVAL, "this kernel injects no results");
        assertThat(result).isEqualTo(4711);
    }

    @Test
    void shouldRefuseUnknownPersonalities() {
        final int personality = ring.registerPersonality();
        assertThat(personality).isPositive();
        final Sqe good = sqe(1);
        good.prepNop();
        good.setPersonality(personality);
        assertThat(Completion.awaitResult(ring)).isZero();
        assertThat(ring.unregisterPersonality(personality)).isZero();
        assertThat(ring.unregisterPersonality(personality)).isEqualTo(-Errno.EINVAL);
        final Sqe bad = sqe(2);
        bad.prepNop();
        bad.setPersonality(personality);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void shouldSignalAnEventfd() {
        final int eventfd = LibC.eventfd(0, UringConstants.EFD_CLOEXEC | UringConstants.EFD_NONBLOCK);
        assertThat(Native.isCloseOnExec(eventfd)).isTrue();
        assertThat(ring.registerEventfd(eventfd)).isZero();
        assertThat(ring.registerEventfd(eventfd)).isEqualTo(-Errno.EBUSY);
        for (int i = 0; i < 3; i++) {
            sqe(i).prepNop();
        }
        ring.submitAndWait(3);
        assertThat(LibC.read(eventfd, Memory.address(buffer), 8)).isEqualTo(8);
        assertThat(buffer.getLong(0)).isPositive();

        assertThat(ring.unregisterEventfd()).isZero();
        assertThat(ring.unregisterEventfd()).isEqualTo(-Errno.ENXIO);
        sqe(9).prepNop();
        ring.submitAndWait(4);
        assertThat(LibC.read(eventfd, Memory.address(buffer), 8)).isEqualTo(-Errno.EAGAIN);
        assertThat(ring.registerEventfdAsync(eventfd)).isZero();
        assertThat(ring.unregisterEventfd()).isZero();
        Native.close(eventfd);
    }

    @Test
    void shouldBoundWorkerThreads() {
        final int[] values = {3, 5};
        final int result = ring.registerIowqMaxWorkers(values);
        assumeTrue(result != -Errno.EINVAL, "this kernel cannot bound its workers");
        assertThat(result).isZero();
        final int[] now = {0, 0};
        assertThat(ring.registerIowqMaxWorkers(now)).isZero();
        assertThat(now).containsExactly(3, 5);
    }

    @Test
    void shouldPickSlotsFromARangeOnly() {
        assumeTrue(ring.registerFilesSparse(8) == 0, "this kernel has no sparse tables");
        Native.assumeOpcode(ring, UringConstants.IORING_OP_SOCKET);
        final int result = ring.registerFileAllocRange(5, 2);
        assumeTrue(result != -Errno.EINVAL, "this kernel has no ranges");
        assertThat(result).isZero();
        for (int i = 0; i < 3; i++) {
            sqe(i).prepSocketDirectAlloc(UringConstants.AF_INET, UringConstants.SOCK_STREAM, 0, 0);
        }
        assertThat(Completion.await(ring, 3))
                .extracting(Completion::res)
                .containsExactlyInAnyOrder(5, 6, -Errno.ENFILE);
    }

    @Test
    void shouldTellWhichOpcodesThereAre() throws IOException {
        final Probe probe = ring.getProbe();
        assertThat(probe.opsLen()).isPositive();
        for (final int opcode :
                new int[] {UringConstants.IORING_OP_NOP, UringConstants.IORING_OP_READV, UringConstants.IORING_OP_WRITEV
                }) {
            assertThat(probe.opcodeSupported(opcode)).isTrue();
        }
        assertThat(probe.opcodeSupported(255)).isFalse();
        assertThat(probe.opcodeSupported(-1)).isFalse();
        assertThat(probe.toString()).contains("NOP", "READV");
        assertThat(Probe.get().lastOp()).isEqualTo(probe.lastOp());
        assertThat(new Probe().opcodeSupported(0))
                .as("a kernel that cannot be asked")
                .isFalse();
    }
}
