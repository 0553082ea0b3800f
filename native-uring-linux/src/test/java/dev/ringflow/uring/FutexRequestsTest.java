package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.FUTEX2_PRIVATE;
import static dev.ringflow.uring.UringConstants.FUTEX2_SIZE_U32;
import static dev.ringflow.uring.UringConstants.FUTEX2_SIZE_U8;
import static dev.ringflow.uring.UringConstants.FUTEX_BITSET_MATCH_ANY;
import static dev.ringflow.uring.UringConstants.FUTEX_WAITV_MAX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.uring.struct.FutexWaitv;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Futexes: waits, wakes, waits on several, and what their values and masks do. */
@Timeout(60)
class FutexRequestsTest {
    private static final long MILLIS = 1_000_000L;
    private static final int FLAGS = FUTEX2_SIZE_U32 | FUTEX2_PRIVATE;

    private Uring ring;
    private final ByteBuffer futex = Memory.allocate(Integer.BYTES, Integer.BYTES);

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(32);
        Native.assumeOpcode(ring, UringConstants.IORING_OP_FUTEX_WAIT);
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private Sqe sqe(final long userData) {
        final Sqe sqe = ring.getSqe();
        sqe.setData64(userData);
        return sqe;
    }

    private void await(final long userData, final int value) {
        sqe(userData).prepFutexWait(futex, value, FUTEX_BITSET_MATCH_ANY, FLAGS, 0);
        ring.submit();
    }

    private int wake(final int count, final long mask) {
        sqe(100).prepFutexWake(futex, count, mask, FLAGS, 0);
        return Completion.awaitUserData(ring, 100).stream()
                .filter(completion -> completion.userData() == 100)
                .findFirst()
                .orElseThrow()
                .res();
    }

    private void expectNothing() {
        assertThat(ring.waitCqeTimeout(3 * MILLIS)).isEqualTo(-Errno.ETIME);
    }

    @Test
    void shouldWakeAWait() {
        futex.putInt(0, 7);
        await(1, 7);
        expectNothing();
        sqe(2).prepFutexWake(futex, 1, FUTEX_BITSET_MATCH_ANY, FLAGS, 0);
        assertThat(Completion.awaitSorted(ring, 2)).containsExactly(new Completion(1, 0, 0), new Completion(2, 1, 0));
    }

    @Test
    void shouldNotWaitWhenTheValueDiffers() {
        futex.putInt(0, 7);
        sqe(1).prepFutexWait(futex, 8, FUTEX_BITSET_MATCH_ANY, FLAGS, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void shouldCompareTheValueAtTheBuffersPosition() {
        final ByteBuffer words =
                Memory.allocate(3 * Integer.BYTES, Integer.BYTES).putInt(4, 7);
        words.position(4);
        sqe(1).prepFutexWait(words, 7, FUTEX_BITSET_MATCH_ANY, FLAGS, 0);
        ring.submit();
        expectNothing();
        sqe(2).prepFutexWake(Memory.address(words) + 4, 1, FUTEX_BITSET_MATCH_ANY, FLAGS, 0);
        assertThat(Completion.awaitSorted(ring, 2)).extracting(Completion::res).containsExactly(0, 1);
    }

    @Test
    void shouldWakeNoMoreThanAsked() {
        for (int i = 0; i < 5; i++) {
            await(i, 0);
        }
        sqe(100).prepFutexWake(futex, 2, FUTEX_BITSET_MATCH_ANY, FLAGS, 0);
        final List<Completion> first = Completion.awaitSorted(ring, 3);
        assertThat(first.get(2)).isEqualTo(new Completion(100, 2, 0));
        assertThat(first.subList(0, 2)).allMatch(completion -> completion.res() == 0);
        expectNothing();
        assertThat(wake(0, FUTEX_BITSET_MATCH_ANY)).as("none").isZero();
        sqe(100).prepFutexWake(futex, 100, FUTEX_BITSET_MATCH_ANY, FLAGS, 0);
        assertThat(Completion.awaitSorted(ring, 4)).extracting(Completion::res).containsExactly(0, 0, 0, 3);
        assertThat(wake(100, FUTEX_BITSET_MATCH_ANY)).as("nobody is left").isZero();
    }

    @Test
    void shouldWakeThoseOnlyWhoseMaskMatches() {
        sqe(1).prepFutexWait(futex, 0, 0b01, FLAGS, 0);
        sqe(2).prepFutexWait(futex, 0, 0b10, FLAGS, 0);
        ring.submit();
        assertThat(wake(10, 0b100)).isZero();
        sqe(100).prepFutexWake(futex, 10, 0b10, FLAGS, 0);
        assertThat(Completion.awaitSorted(ring, 2)).containsExactly(new Completion(2, 0, 0), new Completion(100, 1, 0));
        sqe(100).prepFutexWake(futex, 10, 0b11, FLAGS, 0);
        assertThat(Completion.awaitSorted(ring, 2)).containsExactly(new Completion(1, 0, 0), new Completion(100, 1, 0));
    }

    @Test
    void shouldBeWokenByAnotherThreadsRing() throws Exception {
        await(1, 0);
        final CompletableFuture<Integer> woken = new CompletableFuture<>();
        final Thread waker = new Thread(() -> {
            try (Uring other = Uring.open(4)) {
                other.getSqe().prepFutexWake(futex, 1, FUTEX_BITSET_MATCH_ANY, FLAGS, 0);
                woken.complete(Completion.awaitResult(other));
            } catch (final UringException | RuntimeException | AssertionError e) {
                woken.completeExceptionally(e);
            }
        });
        waker.start();
        assertThat(Completion.awaitResult(ring)).isZero();
        assertThat(woken.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        waker.join();
    }

    @Test
    void shouldRefuseWhatIsNoFutex() {
        sqe(1).prepFutexWait(futex, 0, 0, FLAGS, 0);
        assertThat(Completion.awaitResult(ring))
                .as("a mask that nothing matches")
                .isEqualTo(-Errno.EINVAL);
        sqe(2).prepFutexWait(futex, 0, -1, FLAGS, 0);
        assertThat(Completion.awaitResult(ring))
                .as("a mask wider than the futex")
                .isEqualTo(-Errno.EINVAL);
        sqe(3).prepFutexWait(futex, 1L << 32, FUTEX_BITSET_MATCH_ANY, FLAGS, 0);
        assertThat(Completion.awaitResult(ring))
                .as("a value wider than the futex")
                .isEqualTo(-Errno.EINVAL);
        sqe(4).prepFutexWait(Memory.address(futex) + 1, 0, FUTEX_BITSET_MATCH_ANY, FLAGS, 0);
        assertThat(Completion.awaitResult(ring)).as("not aligned").isEqualTo(-Errno.EINVAL);
        sqe(5).prepFutexWait(8, 0, FUTEX_BITSET_MATCH_ANY, FLAGS, 0);
        assertThat(Completion.awaitResult(ring)).as("address").isEqualTo(-Errno.EFAULT);
        sqe(6).prepFutexWait(futex, 0, 0xFF, FUTEX2_SIZE_U8, 0);
        assertThat(Completion.awaitResult(ring)).as("size").isEqualTo(-Errno.EINVAL);
        sqe(7).prepFutexWait(futex, 0, FUTEX_BITSET_MATCH_ANY, FLAGS, 1);
        assertThat(Completion.awaitResult(ring)).as("flags").isEqualTo(-Errno.EINVAL);
        sqe(8).prepFutexWake(Memory.address(futex) + 1, 1, FUTEX_BITSET_MATCH_ANY, FLAGS, 0);
        assertThat(Completion.awaitResult(ring)).as("wake, not aligned").isEqualTo(-Errno.EINVAL);
        final Sqe sqe = sqe(9);
        assertThatThrownBy(() -> sqe.prepFutexWait(Memory.allocate(3, 4), 0, 1, FLAGS, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sqe.prepFutexWake(ByteBuffer.allocate(4), 0, 1, FLAGS, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ByteBuffer waiters(final ByteBuffer futexes, final int count, final long value) {
        final ByteBuffer waiters = Memory.allocate(count * FutexWaitv.SIZE, 8);
        for (int i = 0; i < count; i++) {
            FutexWaitv.set(
                    waiters, i * FutexWaitv.SIZE, Memory.address(futexes) + (long) i * Integer.BYTES, value, FLAGS);
        }
        return waiters;
    }

    @Test
    void shouldTellWhichOfSeveralWasWoken() {
        final ByteBuffer futexes = Memory.allocate(FUTEX_WAITV_MAX * Integer.BYTES, Integer.BYTES);
        for (final int index : new int[] {0, 5, FUTEX_WAITV_MAX - 1}) {
            final ByteBuffer waiters = waiters(futexes, FUTEX_WAITV_MAX, 0);
            sqe(1).prepFutexWaitv(Memory.address(waiters), FUTEX_WAITV_MAX, 0);
            ring.submit();
            expectNothing();
            sqe(2).prepFutexWake(
                            Memory.address(futexes) + (long) index * Integer.BYTES,
                            1,
                            FUTEX_BITSET_MATCH_ANY,
                            FLAGS,
                            0);
            assertThat(Completion.awaitSorted(ring, 2))
                    .containsExactly(new Completion(1, index, 0), new Completion(2, 1, 0));
        }
    }

    @Test
    void shouldNotWaitOnSeveralWhenOneValueDiffers() {
        final ByteBuffer futexes = Memory.allocate(8 * Integer.BYTES, Integer.BYTES);
        futexes.putInt(3 * Integer.BYTES, 1);
        final ByteBuffer waiters = waiters(futexes, 8, 0);
        sqe(1).prepFutexWaitv(Memory.address(waiters), 8, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EAGAIN);
        sqe(2).prepFutexWaitv(Memory.address(waiters), 3, 0);
        ring.submit();
        expectNothing();
        sqe(3).prepCancel64(2, 0);
        assertThat(Completion.awaitSorted(ring, 2).get(0)).isEqualTo(new Completion(2, -Errno.ECANCELED, 0));
    }

    @Test
    void shouldRefuseNoneAndTooMany() {
        final ByteBuffer futexes = Memory.allocate(129 * Integer.BYTES, Integer.BYTES);
        final ByteBuffer waiters = waiters(futexes, 129, 0);
        sqe(1).prepFutexWaitv(Memory.address(waiters), 0, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EINVAL);
        sqe(2).prepFutexWaitv(Memory.address(waiters), 129, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EINVAL);
        sqe(3).prepFutexWaitv(8, 1, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EFAULT);
    }

    /** C8. */
    @Test
    void shouldCancelAPendingWait() {
        await(1, 0);
        sqe(2).prepCancel64(1, 0);
        final List<Completion> both = Completion.awaitSorted(ring, 2);
        assertThat(both.get(0)).isEqualTo(new Completion(1, -Errno.ECANCELED, 0));
        assertThat(both.get(1).res()).isIn(0, 1);
        assertThat(wake(1, FUTEX_BITSET_MATCH_ANY)).as("it waits no more").isZero();
    }

    /** C8: whoever wins, the wait completes once, and a wake that counted it is not lost. */
    @Test
    void shouldAgreeWhoWonWhenACancelRacesWithAWake() throws Exception {
        for (int round = 0; round < 50; round++) {
            await(1, 0);
            final CompletableFuture<Integer> woken = new CompletableFuture<>();
            final Thread waker = new Thread(() -> {
                try (Uring other = Uring.open(4)) {
                    other.getSqe().prepFutexWake(futex, 1, FUTEX_BITSET_MATCH_ANY, FLAGS, 0);
                    woken.complete(Completion.awaitResult(other));
                } catch (final UringException | RuntimeException | AssertionError e) {
                    woken.completeExceptionally(e);
                }
            });
            waker.start();
            if (round % 2 == 0) {
                waker.join();
            }
            sqe(2).prepCancel64(1, 0);
            final List<Completion> both = Completion.awaitSorted(ring, 2);
            waker.join();
            assertThat(both).extracting(Completion::userData).containsExactly(1L, 2L);
            assertThat(both.get(1).res()).isIn(1, 0, -Errno.ENOENT, -Errno.EALREADY);
            assertThat(both.get(0).res()).isEqualTo(woken.get() == 1 ? 0 : -Errno.ECANCELED);
        }
    }
}
