package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_SQARRAY;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE128;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQE_MIXED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQPOLL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQ_REWIND;
import static dev.ringflow.uring.UringConstants.IOSQE_CQE_SKIP_SUCCESS;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The submission queue: the application writes entries and the tail, the kernel reads them and writes the head.
 *
 * <p>Indices are unsigned 32-bit numbers that run on and wrap; only differences and masked values mean something. The
 * tail that the kernel sees is published with release, after the entries that it covers are whole.
 */
final class SubmissionQueue {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private ByteBuffer ring;
    private final int headOffset;
    private final int tailOffset;
    private final int flagsOffset;
    private final int droppedOffset;
    private final int entries;
    private final boolean polled;
    private final boolean rewinds;
    private final boolean wide;
    private final boolean mixed;
    private final HeldMemory heldMemory;
    private Sqe[] slots;

    /** The head as last seen: never ahead of the kernel's. */
    private int knownHead;

    /** Entries before this one are published. */
    private int sqeHead;

    /** The entry to hand out next. */
    private int sqeTail;

    /**
     * Takes over a mapped ring.
     *
     * @param ring the submission ring, starting where the kernel's offsets count from
     * @param sqes the entries
     * @param params the kernel's answer, for the offsets
     * @param heldMemory where buffers go that typed preparations take
     */
    SubmissionQueue(
            final ByteBuffer ring, final ByteBuffer sqes, final ByteBuffer params, final HeldMemory heldMemory) {
        this.heldMemory = heldMemory;
        final int flags = params.getInt(ParamsLayout.FLAGS);
        this.ring = ring;
        headOffset = params.getInt(ParamsLayout.SQ_HEAD);
        tailOffset = params.getInt(ParamsLayout.SQ_TAIL);
        flagsOffset = params.getInt(ParamsLayout.SQ_FLAGS);
        droppedOffset = params.getInt(ParamsLayout.SQ_DROPPED);
        entries = ring.getInt(params.getInt(ParamsLayout.SQ_RING_ENTRIES));
        polled = (flags & IORING_SETUP_SQPOLL) != 0;
        rewinds = (flags & IORING_SETUP_SQ_REWIND) != 0;
        wide = (flags & IORING_SETUP_SQE128) != 0;
        mixed = (flags & IORING_SETUP_SQE_MIXED) != 0;
        final int stride = (wide ? 2 * SqeSlot.SIZE : SqeSlot.SIZE) / Long.BYTES;
        slots = new Sqe[entries];
        final LongBuffer words = sqes.asLongBuffer();
        for (int i = 0; i < entries; i++) {
            final int length = wide || (mixed && i < entries - 1) ? 2 * SqeSlot.SIZE : SqeSlot.SIZE;
            slots[i] = new Sqe(words.slice(i * stride, length / Long.BYTES), heldMemory);
        }
        if ((flags & IORING_SETUP_NO_SQARRAY) == 0) {
            final int array = params.getInt(ParamsLayout.SQ_ARRAY);
            for (int i = 0; i < entries; i++) {
                ring.putInt(array + i * Integer.BYTES, i); // entry i is always in slot i
            }
        }
        sqeTail = ring.getInt(tailOffset);
        sqeHead = sqeTail;
        knownHead = ring.getInt(headOffset);
    }

    /** The next free entry, as a NOP, or null when the queue is full. */
    @Nullable
    Sqe next() {
        final Sqe[] all = slots;
        final int tail = sqeTail;
        if (tail - knownHead >= all.length && isFull(tail)) {
            return null;
        }
        sqeTail = tail + 1;
        final Sqe sqe = all[tail & all.length - 1];
        sqe.reset();
        if (wide) {
            sqe.resetSecondHalf();
        }
        return sqe;
    }

    /** The next free entry of 128 bytes, as a NOP, or null when there is no room for it or the ring has none. */
    @Nullable
    Sqe next128() {
        requireAttached();
        if (wide) {
            return next();
        }
        final boolean atEnd = (sqeTail & entries - 1) == entries - 1;
        if (!mixed || spaceLeft() < (atEnd ? 3 : 2)) {
            return null;
        }
        if (atEnd) { // an entry must not wrap: a request that says nothing fills the last slot
            final Sqe filler = next();
            if (filler != null) {
                filler.prepNop();
                filler.setFlags(IOSQE_CQE_SKIP_SUCCESS);
            }
        }
        final Sqe sqe = next();
        sqeTail++;
        if (sqe != null) {
            sqe.resetSecondHalf();
        }
        return sqe;
    }

    private boolean isFull(final int tail) {
        requireAttached();
        knownHead = head();
        return tail - knownHead >= slots.length;
    }

    private void requireAttached() {
        if (ring == Memory.nothing()) {
            throw new IllegalStateException("the ring is closed");
        }
    }

    /** Publishes what was handed out, and tells how many published entries the kernel has not taken yet. */
    int flush() {
        final int tail = sqeTail;
        if (rewinds) {
            if (heldMemory.hasPrepared()) {
                heldMemory.submit();
            }
            return tail;
        }
        if (sqeHead != tail) {
            if (heldMemory.hasPrepared()) {
                heldMemory.submit();
            }
            sqeHead = tail;
            // Release: the kernel must see the entries when it sees the tail that covers them.
            INT.setRelease(ring, tailOffset, tail);
        }
        return tail - head();
    }

    /** Published entries that the kernel has not taken yet. */
    int unconsumed() {
        return rewinds ? sqeTail : sqeHead - head();
    }

    /** With SQ_REWIND, the kernel takes entries from the first slot on and tells only how many: the others move up. */
    void taken(final int count) {
        if (rewinds && count > 0) {
            for (int i = count; i < sqeTail; i++) {
                slots[i].copyTo(slots[i - count]);
            }
            sqeTail -= count;
        }
    }

    /** Entries that the kernel has not taken yet, published or not. */
    int ready() {
        return sqeTail - head();
    }

    int spaceLeft() {
        return entries - ready();
    }

    int entries() {
        return entries;
    }

    /** Acquire: a slot may be written again only after the kernel has read it. */
    private int head() {
        return (int) INT.getAcquire(ring, headOffset);
    }

    /** The kernel's flags. With SQPOLL, read them after {@link #flush()} and a full fence only. */
    int flags() {
        return (int) INT.getOpaque(ring, flagsOffset);
    }

    boolean isPolled() {
        return polled;
    }

    int dropped() {
        return (int) INT.getOpaque(ring, droppedOffset);
    }

    /** Lets go of the ring's memory: nothing here can touch it any more. */
    void detach() {
        ring = Memory.nothing();
        for (final Sqe slot : slots) {
            slot.detach();
        }
        slots = new Sqe[0]; // always full, so that asking for an entry comes across the missing ring
        knownHead = sqeTail;
    }

    @Override
    public String toString() {
        if (ring == Memory.nothing()) {
            return "SubmissionQueue[closed]";
        }
        final StringBuilder text = new StringBuilder("SubmissionQueue[")
                .append(ready())
                .append(" of ")
                .append(entries)
                .append(", flags=0x")
                .append(Integer.toHexString(flags()));
        for (int i = head(); i != sqeTail; i++) {
            text.append("\n  ").append(slots[i & entries - 1]);
        }
        return text.append(']').toString();
    }
}
