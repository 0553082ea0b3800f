package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FILE_INDEX_ALLOC;
import static dev.ringflow.uring.UringConstants.IORING_MSG_RING_CQE_SKIP;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_R_DISABLED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages from ring to ring, and files passed the same way. */
@Timeout(60)
class MsgRingTest {
    private static final long MILLIS = 1_000_000L;

    private Uring ring;
    private Uring other;
    private int[] pipe;
    private final ByteBuffer buffer = Memory.allocate(64, 8);

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(16);
        other = Uring.open(16);
        pipe = Native.pipe();
        Native.assumeOpcode(ring, UringConstants.IORING_OP_MSG_RING);
    }

    @AfterEach
    void close() {
        ring.close();
        other.close();
        if (pipe != null) {
            Native.close(pipe);
        }
    }

    private Sqe sqe(final long userData) {
        final Sqe sqe = ring.getSqe();
        sqe.setData64(userData);
        return sqe;
    }

    private static void expectNothing(final Uring target) {
        assertThat(target.waitCqeTimeout(3 * MILLIS)).isEqualTo(-Errno.ETIME);
    }

    /** X1. */
    @Test
    void shouldSendToItself() {
        sqe(1).prepMsgRing(ring.ringFd(), 0x10, 0x1122334455667788L, 0);
        assertThat(Completion.awaitSorted(ring, 2))
                .containsExactly(new Completion(1, 0, 0), new Completion(0x1122334455667788L, 0x10, 0));
    }

    /** X1. */
    @Test
    void shouldSendToAnotherRing() {
        for (final int result : new int[] {0, 77, -5, Integer.MAX_VALUE}) {
            sqe(1).prepMsgRing(other.ringFd(), result, 99, 0);
            assertThat(Completion.awaitResult(ring)).isZero();
            assertThat(Completion.await(other, 1)).containsExactly(new Completion(99, result, 0));
        }
    }

    /** X1. */
    @Test
    void shouldSendManyFromAnotherThread() throws Exception {
        final int target = ring.ringFd();
        final int count = 1_000;
        final CompletableFuture<Void> sent = new CompletableFuture<>();
        final Thread sender = new Thread(() -> {
            try (Uring own = Uring.open(16)) {
                for (int i = 0; i < count; i++) {
                    own.getSqe().prepMsgRing(target, i, 1_000 + i, 0);
                    final int result = Completion.awaitResult(own);
                    if (result != 0) {
                        throw new AssertionError(Errno.name(result) + " for message " + i);
                    }
                }
                sent.complete(null);
            } catch (final UringException | RuntimeException | AssertionError e) {
                sent.completeExceptionally(e);
            }
        });
        sender.start();
        final int[] next = {0};
        while (next[0] < count) {
            assertThat(ring.submitAndWaitTimeout(1, 10_000 * MILLIS)).isNotNegative();
            ring.forEachCqe((userData, res, flags) -> {
                assertThat(res).isEqualTo(next[0]++);
                assertThat(userData).isEqualTo(1_000 + res);
            });
        }
        sent.get(10, TimeUnit.SECONDS);
        sender.join();
    }

    /** X1: a ring whose owner sleeps in a wait is woken by the message. */
    @Test
    void shouldWakeAnOwnerThatWaits() throws Exception {
        for (final int flags : new int[] {0, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN}) {
            if (flags != 0) {
                Native.assumeSetup(flags);
            }
            final BlockingQueue<Integer> fds = new LinkedBlockingQueue<>();
            final CompletableFuture<Completion> received = new CompletableFuture<>();
            final Thread owner = new Thread(() -> {
                try (Uring waiting =
                        Uring.open(UringParams.of(8).withWishedFlags(0).withFlags(flags))) {
                    fds.add(waiting.ringFd());
                    received.complete(Completion.await(waiting, 1).get(0));
                } catch (final UringException | RuntimeException | AssertionError e) {
                    received.completeExceptionally(e);
                }
            });
            owner.start();
            final Integer target = fds.poll(10, TimeUnit.SECONDS);
            sqe(1).prepMsgRing(target, 5, 6, 0);
            assertThat(Completion.awaitResult(ring)).isZero();
            assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo(new Completion(6, 5, 0));
            owner.join();
        }
    }

    /** X1. */
    @Test
    void shouldRefuseWhatIsNoRing() {
        sqe(1).prepMsgRing(pipe[0], 1, 2, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EBADFD);
        sqe(2).prepMsgRing(12_345, 1, 2, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EBADF);
        sqe(3).prepMsgRing(other.ringFd(), 1, 2, 1 << 20);
        assertThat(Completion.awaitResult(ring)).as("flags").isEqualTo(-Errno.EINVAL);
        expectNothing(other);
    }

    /** X1. */
    @Test
    void shouldRefuseADisabledRing() throws IOException {
        Native.assumeSetup(IORING_SETUP_R_DISABLED);
        try (Uring disabled = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_R_DISABLED))) {
            sqe(1).prepMsgRing(disabled.ringFd(), 1, 2, 0);
            final int result = Completion.awaitResult(ring);
            assumeTrue(result != 0, "this kernel sends to disabled rings");
            assertThat(result).isEqualTo(-Errno.EBADFD);
            assertThat(disabled.enableRings()).isZero();
            sqe(2).prepMsgRing(disabled.ringFd(), 1, 2, 0);
            assertThat(Completion.awaitResult(ring)).isZero();
            assertThat(Completion.await(disabled, 1)).containsExactly(new Completion(2, 1, 0));
        }
    }

    /** X1. */
    @Test
    void shouldPassFlags() {
        sqe(1).prepMsgRingCqeFlags(other.ringFd(), 7, 8, 0, 0x00AB_0004);
        final int result = Completion.awaitResult(ring);
        assumeTrue(result != -Errno.EINVAL, "this kernel passes no flags");
        assertThat(result).isZero();
        assertThat(Completion.await(other, 1)).containsExactly(new Completion(8, 7, 0x00AB_0004));

        sqe(2).prepMsgRingCqeFlags(ring.ringFd(), 7, 8, 0, 0x00AB_0004);
        assertThat(Completion.awaitSorted(ring, 2)).as("to itself").contains(new Completion(8, 7, 0x00AB_0004));
    }

    private void assumeFilesPass() {
        assumeTrue(ring.registerFilesSparse(4) == 0, "this kernel has no sparse tables");
        assertThat(other.registerFilesSparse(4)).isZero();
        assertThat(ring.registerFilesUpdate(1, pipe[0])).isEqualTo(1);
        sqe(1).prepMsgRingFd(other.ringFd(), 3, 0, 0, 0);
        final int result = Completion.awaitResult(ring);
        assumeTrue(result != -Errno.EINVAL, "this kernel passes no files");
        assertThat(result).as("an empty slot").isEqualTo(-Errno.EBADF);
    }

    private void expectReadable(final int slot) {
        Native.write(pipe[1], "passed");
        final Sqe read = other.getSqe();
        read.prepRead(slot, Memory.address(buffer), 64, -1);
        read.setFlags(IOSQE_FIXED_FILE);
        assertThat(Completion.awaitResult(other)).isEqualTo(6);
        assertThat(Native.text(buffer, 6)).isEqualTo("passed");
    }

    /** R8. */
    @Test
    void shouldPassAFileToASlotOfAnotherRing() {
        assumeFilesPass();
        sqe(2).prepMsgRingFd(other.ringFd(), 1, 2, 55, 0);
        assertThat(Completion.awaitResult(ring)).isZero();
        assertThat(Completion.await(other, 1)).containsExactly(new Completion(55, 0, 0));
        expectReadable(2);

        assertThat(ring.registerFilesUpdate(1, -1)).isEqualTo(1);
        expectReadable(2);
        sqe(3).prepMsgRingFd(other.ringFd(), 1, 0, 55, 0);
        assertThat(Completion.awaitResult(ring)).as("the source is closed").isEqualTo(-Errno.EBADF);
    }

    /** R8. */
    @Test
    void shouldPassAFileToASlotThatTheOtherRingPicks() {
        assumeFilesPass();
        for (int slot = 0; slot < 4; slot++) {
            sqe(2).prepMsgRingFdAlloc(other.ringFd(), 1, 55, 0);
            assertThat(Completion.awaitResult(ring)).isEqualTo(slot);
            assertThat(Completion.await(other, 1)).containsExactly(new Completion(55, slot, 0));
        }
        expectReadable(3);
        sqe(2).prepMsgRingFd(other.ringFd(), 1, IORING_FILE_INDEX_ALLOC, 55, 0);
        assertThat(Completion.awaitResult(ring)).as("full").isEqualTo(-Errno.ENFILE);
        expectNothing(other);
    }

    /** R8. */
    @Test
    void shouldPassAFileSilently() {
        assumeFilesPass();
        sqe(2).prepMsgRingFd(other.ringFd(), 1, 3, 55, IORING_MSG_RING_CQE_SKIP);
        assertThat(Completion.awaitResult(ring)).isZero();
        expectNothing(other);
        expectReadable(3);
    }

    /** R8. */
    @Test
    void shouldRefuseFilesThatCannotPass() {
        assumeFilesPass();
        sqe(2).prepMsgRingFd(other.ringFd(), 99, 0, 55, 0);
        assertThat(Completion.awaitResult(ring)).as("no such slot here").isEqualTo(-Errno.EBADF);
        sqe(3).prepMsgRingFd(other.ringFd(), 1, 99, 55, 0);
        assertThat(Completion.awaitResult(ring)).as("no such slot there").isEqualTo(-Errno.EINVAL);
        sqe(4).prepMsgRingFd(ring.ringFd(), 1, 0, 55, 0);
        assertThat(Completion.awaitResult(ring)).as("to itself").isEqualTo(-Errno.EINVAL);
        sqe(5).prepMsgRingFd(pipe[0], 1, 0, 55, 0);
        assertThat(Completion.awaitResult(ring)).as("no ring").isEqualTo(-Errno.EBADFD);
        assertThat(other.unregisterFiles()).isZero();
        sqe(6).prepMsgRingFd(other.ringFd(), 1, 0, 55, 0);
        assertThat(Completion.awaitResult(ring)).as("no table there").isEqualTo(-Errno.ENXIO);
        expectNothing(other);
    }
}
