package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_FEAT_EXT_ARG;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE32;
import static dev.ringflow.uring.UringConstants.LIBURING_UDATA_TIMEOUT;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The completion queue: the kernel writes entries and the tail, the application reads them and writes the head.
 *
 * <p>Indices are unsigned 32-bit numbers that run on and wrap; only differences and masked values mean something. The
 * tail is read with acquire, before the entries that it covers; the head is published with release, after they are read.
 */
final class CompletionQueue {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private ByteBuffer ring;
    private final int headOffset;
    private final int tailOffset;
    private final int overflowOffset;
    private final int cqesOffset;
    private final int entries;
    private final int mask;
    private final int shift;
    private final boolean hidesTimeouts;
    private final @Nullable Cqe[] slots;

    /** The entry to read next; the kernel's copy is equal outside of these methods. */
    private int head;

    /** The tail as last seen: never ahead of the kernel's. */
    private int knownTail;

    /**
     * Takes over a mapped ring.
     *
     * @param ring the completion ring, starting where the kernel's offsets count from
     * @param params the kernel's answer, for the offsets
     */
    CompletionQueue(final ByteBuffer ring, final ByteBuffer params) {
        this.ring = ring;
        headOffset = params.getInt(ParamsLayout.CQ_HEAD);
        tailOffset = params.getInt(ParamsLayout.CQ_TAIL);
        overflowOffset = params.getInt(ParamsLayout.CQ_OVERFLOW);
        cqesOffset = params.getInt(ParamsLayout.CQ_CQES);
        entries = ring.getInt(params.getInt(ParamsLayout.CQ_RING_ENTRIES));
        mask = ring.getInt(params.getInt(ParamsLayout.CQ_RING_MASK));
        shift = (params.getInt(ParamsLayout.FLAGS) & IORING_SETUP_CQE32) != 0 ? 5 : 4;
        hidesTimeouts = (params.getInt(ParamsLayout.FEATURES) & IORING_FEAT_EXT_ARG) == 0;
        slots = new Cqe[entries];
        head = ring.getInt(headOffset);
        knownTail = head;
    }

    int entries() {
        return entries;
    }

    /** Completions that are ready. */
    int ready() {
        knownTail = tail();
        return knownTail - head;
    }

    /** The first completion, without consuming it, or null when there is none. */
    @Nullable Cqe peek() {
        while (head != knownTail || head != (knownTail = tail())) {
            if (!isHidden(head)) {
                return entry(head);
            }
            publish(head + 1);
        }
        return null;
    }

    /** Fills an array with the first completions, without consuming them; tells how many. */
    int peekBatch(final Cqe[] batch) {
        if (peek() == null) {
            return 0;
        }
        final int count = Math.min(ready(), batch.length);
        for (int i = 0; i < count; i++) {
            if (isHidden(head + i)) {
                return i; // the next call begins behind it
            }
            batch[i] = entry(head + i);
        }
        return count;
    }

    /** Consumes completions. */
    void advance(final int count) {
        if (count < 0 || (count > knownTail - head && count > ready())) {
            throw new IllegalArgumentException("cannot consume " + count + " completions: " + ready() + " are ready");
        }
        publish(head + count);
    }

    /**
     * Consumes what is ready, and what becomes ready meanwhile, up to once around the ring. Each entry is copied and
     * given back to the kernel before the handler runs: it may throw, and it may use the queue.
     */
    int forEach(final CqeHandler handler) {
        int count = 0;
        while (count < entries) {
            final ByteBuffer memory = ring;
            if (memory == Memory.nothing()) {
                break; // the handler closed the ring
            }
            final int at = head;
            if (at == knownTail) {
                knownTail = tail();
                if (at == knownTail) {
                    break;
                }
            }
            final int offset = offset(at);
            final long userData = memory.getLong(offset + Cqe.USER_DATA);
            final int res = memory.getInt(offset + Cqe.RES);
            final int flags = memory.getInt(offset + Cqe.FLAGS);
            publish(at + 1);
            if (hidesTimeouts && userData == LIBURING_UDATA_TIMEOUT) {
                continue;
            }
            count++;
            handler.handle(userData, res, flags);
        }
        return count;
    }

    /** Acquire: the entries that a tail covers are read after the tail. */
    private int tail() {
        return (int) INT.getAcquire(ring, tailOffset);
    }

    /** Release: the kernel may write a slot again only after it was read. */
    private void publish(final int newHead) {
        head = newHead;
        INT.setRelease(ring, headOffset, newHead);
    }

    private int offset(final int index) {
        return cqesOffset + ((index & mask) << shift);
    }

    private boolean isHidden(final int index) {
        return hidesTimeouts && ring.getLong(offset(index) + Cqe.USER_DATA) == LIBURING_UDATA_TIMEOUT;
    }

    private Cqe entry(final int index) {
        final int slot = index & mask;
        Cqe cqe = slots[slot];
        if (cqe == null) {
            cqe = new Cqe(ring, offset(index));
            slots[slot] = cqe;
        }
        return cqe;
    }

    /** Completions that were lost: the kernel had no memory to keep them outside of the full queue. */
    int overflow() {
        return (int) INT.getOpaque(ring, overflowOffset);
    }

    /** Lets go of the ring's memory: nothing here can touch it any more. */
    void detach() {
        ring = Memory.nothing();
        for (final Cqe slot : slots) {
            if (slot != null) {
                slot.detach();
            }
        }
    }

    @Override
    public String toString() {
        if (ring == Memory.nothing()) {
            return "CompletionQueue[closed]";
        }
        final int tail = tail();
        final StringBuilder text =
                new StringBuilder("CompletionQueue[").append(tail - head).append(" of ").append(entries);
        for (int i = head; i != tail; i++) {
            text.append("\n  ").append(entry(i));
        }
        return text.append(']').toString();
    }
}
