package dev.ringflow.uring;

import static dev.ringflow.uring.FakeRing.ENTRIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionQueueTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 0x7FFFFFF6, 0x7FFFFFFE, 0xFFFFFFF6, 0xFFFFFFFE})
    void shouldKeepCountWhenIndicesWrap(final int start) {
        final FakeRing ring = new FakeRing(start, 0, 0);
        final SubmissionQueue queue = ring.submissionQueue();

        for (int round = 0; round < 3; round++) {
            final Set<Sqe> handedOut = new HashSet<>();
            for (int i = 0; i < ENTRIES; i++) {
                assertThat(queue.spaceLeft()).isEqualTo(ENTRIES - i);
                final Sqe sqe = queue.next();
                assertThat(sqe).isNotNull();
                assertThat(handedOut.add(sqe)).as("a slot is handed out once").isTrue();
            }
            assertThat(queue.next()).as("the queue is full").isNull();
            assertThat(queue.ready()).isEqualTo(ENTRIES);

            assertThat(queue.flush()).isEqualTo(ENTRIES);
            assertThat(ring.tail()).isEqualTo(start + (round + 1) * ENTRIES);
            ring.take(ENTRIES);
            assertThat(queue.unconsumed()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x7FFFFFF6, 0x7FFFFFFE, 0xFFFFFFF6, 0xFFFFFFFE})
    void shouldUseTheSlotThatTheKernelReads(final int start) {
        final FakeRing ring = new FakeRing(start, 0, 0);
        final SubmissionQueue queue = ring.submissionQueue();

        for (int i = 0; i < 2 * ENTRIES; i++) {
            final int slot = start + i & ENTRIES - 1;
            final Sqe sqe = queue.next();
            sqe.prepNop();
            sqe.setData64(1000 + i);
            queue.flush();

            assertThat(ring.sqes.getLong(ring.arrayElement(slot) * SqeSlot.SIZE + SqeSlot.USER_DATA))
                    .isEqualTo(1000 + i);
            ring.take(1);
        }
    }

    @Test
    void shouldNotShowTheKernelAnEntryBeforeItIsFlushed() {
        final FakeRing ring = new FakeRing(0, 0, 0);
        final SubmissionQueue queue = ring.submissionQueue();

        queue.next();
        queue.next();

        assertThat(ring.tail()).isZero();
        assertThat(queue.flush()).isEqualTo(2);
        assertThat(ring.tail()).isEqualTo(2);
    }

    @Test
    void shouldKeepEntriesThatTheKernelDidNotTake() {
        final FakeRing ring = new FakeRing(0xFFFFFFFE, 0, 0);
        final SubmissionQueue queue = ring.submissionQueue();
        queue.next();
        queue.next();
        queue.next();
        queue.flush();

        ring.take(1);

        assertThat(queue.unconsumed()).isEqualTo(2);
        assertThat(queue.flush()).isEqualTo(2);
    }

    @Test
    void shouldOverwriteAllBytesOfAReusedSlot() {
        final FakeRing ring = new FakeRing(0, 0, 0);
        final SubmissionQueue queue = ring.submissionQueue();
        fill(ring.sqes, (byte) 0xFF);

        queue.next().prepNop();

        final ByteBuffer expected = Memory.allocate(SqeSlot.SIZE, 1).putInt(SqeSlot.FD, -1);
        assertThat(ring.sqes.slice(0, SqeSlot.SIZE)).isEqualTo(expected);
        assertThat(ring.sqes.get(SqeSlot.SIZE)).as("the next slot").isEqualTo((byte) 0xFF);
    }

    @Test
    void shouldLeaveNothingOfAnEarlierRequestWhenASlotIsReused() {
        final FakeRing ring = new FakeRing(0, 0, 0);
        final SubmissionQueue queue = ring.submissionQueue();
        fill(ring.sqes, (byte) 0xFF);

        final Sqe sqe = queue.next();
        sqe.prepRead(5, 0x123456789AL, 77, 0x11223344556677L);
        sqe.setData64(42);

        final ByteBuffer expected = Memory.allocate(SqeSlot.SIZE, 1);
        expected.put(SqeSlot.OPCODE, (byte) UringConstants.IORING_OP_READ);
        expected.putInt(SqeSlot.FD, 5);
        expected.putLong(SqeSlot.ADDR, 0x123456789AL);
        expected.putInt(SqeSlot.LEN, 77);
        expected.putLong(SqeSlot.OFF, 0x11223344556677L);
        expected.putLong(SqeSlot.USER_DATA, 42);
        assertThat(ring.sqes.slice(0, SqeSlot.SIZE)).isEqualTo(expected);
    }

    @Test
    void shouldHandOutAHarmlessEntryThatNobodyPrepares() {
        final FakeRing ring = new FakeRing(0, 0, 0);
        final SubmissionQueue queue = ring.submissionQueue();
        queue.next().prepRead(5, 0xDEAD0000L, 4096, 0); // an earlier request, whose memory is long free
        for (int i = 1; i < ENTRIES; i++) {
            queue.next();
        }
        queue.flush();
        ring.take(ENTRIES);

        queue.next();

        assertThat(ring.sqes.get(SqeSlot.OPCODE)).isEqualTo((byte) UringConstants.IORING_OP_NOP);
        assertThat(ring.sqes.get(SqeSlot.FLAGS)).isZero();
        assertThat(ring.sqes.getInt(SqeSlot.RW_FLAGS)).isZero();
        assertThat(ring.sqes.getLong(SqeSlot.USER_DATA)).isZero();
    }

    @Test
    void shouldKeepUserDataThatIsSetBeforeThePreparation() {
        final FakeRing ring = new FakeRing(0, 0, 0);
        final Sqe sqe = ring.submissionQueue().next();

        sqe.setData64(99);
        sqe.prepNop();

        assertThat(sqe.getData64()).isEqualTo(99);
    }

    @Test
    void shouldStepOverWideEntries() {
        final FakeRing ring = new FakeRing(0, UringConstants.IORING_SETUP_SQE128, 0);
        final SubmissionQueue queue = ring.submissionQueue();

        queue.next().setData64(1);
        queue.next().setData64(2);

        assertThat(ring.sqes.getLong(SqeSlot.USER_DATA)).isEqualTo(1);
        assertThat(ring.sqes.getLong(128 + SqeSlot.USER_DATA)).isEqualTo(2);
    }

    @Test
    void shouldThrowInsteadOfCrashWhenDetached() {
        final FakeRing ring = new FakeRing(0, 0, 0);
        final SubmissionQueue queue = ring.submissionQueue();
        final Sqe sqe = queue.next();

        queue.detach();

        assertThatThrownBy(sqe::prepNop).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sqe.setData64(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sqe.setBufGroup(1)).isInstanceOf(IllegalStateException.class);
        assertThat(sqe).hasToString("Sqe[closed]");
        assertThat(queue).hasToString("SubmissionQueue[closed]");
        assertThatThrownBy(queue::flush).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static void fill(final ByteBuffer memory, final byte value) {
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, value);
        }
    }
}
