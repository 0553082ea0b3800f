package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_CQE_F_32;
import static dev.ringflow.uring.UringConstants.IORING_CQE_F_SKIP;
import static dev.ringflow.uring.UringConstants.IORING_CQ_EVENTFD_DISABLED;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_EXT_ARG;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE32;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQE_MIXED;
import static dev.ringflow.uring.UringConstants.LIBURING_UDATA_TIMEOUT;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The completion queue: the kernel writes entries and the tail, the application reads them and writes the head.
 *
 * <p>Indices are unsigned 32-bit numbers that run on and wrap; only differences and masked values mean something. The
 * tail is read with acquire, before the entries that it covers; the head is published with release, after they are read.
 */
final class CompletionQueue {
    /** Entries that are copied at once, and visited before the kernel gets their slots back. */
    private static final int CHUNK = 32;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private ByteBuffer ring;

    /** The entries by words of eight bytes: user data, then result and flags. */
    private LongBuffer words;

    private final int headOffset;
    private final int tailOffset;
    private final int overflowOffset;
    private final int cqesOffset;
    private final int entries;
    private final int mask;
    private final int wordShift;
    private final boolean hidesTimeouts;
    private final boolean mixed;

    /** Whether some entries are not to be shown, or not all entries are of one size. */
    private final boolean irregular;

    private final int flagsOffset;
    private final HeldMemory heldMemory;
    private final long[] copied;
    private final @Nullable Cqe[] slots;

    /** The entry to read next. */
    private int head;

    /** The head as the kernel knows it: behind the other only while handlers run. */
    private int released;

    /** The tail as last seen: never ahead of the kernel's. */
    private int knownTail;

    /**
     * Takes over a mapped ring.
     *
     * @param ring the completion ring, starting where the kernel's offsets count from
     * @param params the kernel's answer, for the offsets
     * @param heldMemory told of every completion that is consumed
     */
    CompletionQueue(final ByteBuffer ring, final ByteBuffer params, final HeldMemory heldMemory) {
        this.ring = ring;
        this.heldMemory = heldMemory;
        flagsOffset = params.getInt(ParamsLayout.CQ_FLAGS);
        headOffset = params.getInt(ParamsLayout.CQ_HEAD);
        tailOffset = params.getInt(ParamsLayout.CQ_TAIL);
        overflowOffset = params.getInt(ParamsLayout.CQ_OVERFLOW);
        cqesOffset = params.getInt(ParamsLayout.CQ_CQES);
        entries = ring.getInt(params.getInt(ParamsLayout.CQ_RING_ENTRIES));
        mask = ring.getInt(params.getInt(ParamsLayout.CQ_RING_MASK));
        wordShift = (params.getInt(ParamsLayout.FLAGS) & IORING_SETUP_CQE32) != 0 ? 2 : 1;
        hidesTimeouts = (params.getInt(ParamsLayout.FEATURES) & IORING_FEAT_EXT_ARG) == 0;
        mixed = (params.getInt(ParamsLayout.FLAGS) & IORING_SETUP_CQE_MIXED) != 0;
        irregular = hidesTimeouts || mixed;
        slots = new Cqe[entries];
        copied = new long[2 * CHUNK];
        words = ring.slice(cqesOffset, entries << wordShift + 3)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
        head = ring.getInt(headOffset);
        released = head;
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
    @Nullable
    Cqe peek() {
        while (head != knownTail || head != (knownTail = tail())) {
            if (!isHidden(head)) {
                return entry(head);
            }
            publish(head + 1);
        }
        return null;
    }

    /** Whether there is a completion to show. */
    boolean hasShown() {
        return irregular ? peek() != null : ready() > 0;
    }

    /** Completions to show that are ready. */
    int shown() {
        final int ready = ready();
        return irregular ? shownAmong(ready) : ready;
    }

    private int shownAmong(final int slotCount) {
        int shown = 0;
        for (int i = 0; i < slotCount; i += width(head + i)) {
            shown += isHidden(head + i) ? 0 : 1;
        }
        return shown;
    }

    /** Fills an array with the first completions, without consuming them; tells how many. */
    int peekBatch(final Cqe[] batch) {
        final int ready = ready();
        int count = 0;
        for (int i = 0; i < ready && count < batch.length; i += width(head + i)) {
            if (!isHidden(head + i)) {
                batch[count++] = entry(head + i);
            }
        }
        return count;
    }

    /** Consumes completions, and hidden ones before them. */
    void advance(final int count) {
        if (count < 0 || ((count > knownTail - head || irregular) && count > shown())) {
            throw new IllegalArgumentException("cannot consume " + count + " completions: " + shown() + " are ready");
        }
        int newHead = head + count;
        if (irregular || heldMemory.isInUse()) {
            newHead = head;
            for (int left = count; left > 0; newHead += width(newHead)) {
                if (!isHidden(newHead)) {
                    left--;
                    letGo(newHead);
                }
            }
        }
        publish(newHead);
    }

    private void letGo(final int index) {
        final int word = word(index);
        heldMemory.complete(words.get(word), flags(words.get(word + 1)));
    }

    /**
     * Consumes what is ready, and what becomes ready meanwhile, up to once around the ring. An entry is copied and
     * counts as consumed before the handler sees it: it may throw, and it may use the queue. The kernel learns of it
     * after at most {@link #CHUNK} entries, when a handler throws, and before it is entered ({@link #release()}).
     */
    int forEach(final CqeHandler handler) {
        if (irregular) {
            return forEachShown(handler);
        }
        final int end = head + entries;
        int count = 0;
        try {
            while (head != end && (head != knownTail || hasMore())) {
                count += visit(handler, Math.min(CHUNK, Math.min(knownTail - head, end - head)));
                release();
            }
        } finally {
            release();
        }
        return count;
    }

    /** Visits at most so many entries: fewer at the end of the memory, or when a handler consumes entries itself. */
    private int visit(final CqeHandler handler, final int limit) {
        final int start = head;
        final int count = copy(start, limit);
        final long[] copies = copied;
        final boolean held = heldMemory.isInUse();
        for (int i = 0; i < count; i++) {
            final long userData = copies[2 * i];
            final long resAndFlags = copies[2 * i + 1];
            final int next = start + i + 1;
            head = next;
            if (held) {
                heldMemory.complete(userData, flags(resAndFlags));
            }
            handler.handle(userData, res(resAndFlags), flags(resAndFlags));
            if (head != next) {
                return i + 1; // the handler consumed entries, or closed the ring: the other copies are stale
            }
        }
        return count;
    }

    /** Copies entries: one check of bounds for all of them, and the kernel's memory is not touched while handlers run. */
    private int copy(final int start, final int limit) {
        final int count = Math.min(limit, entries - (start & mask));
        final int first = word(start);
        if (wordShift == 1) {
            words.get(first, copied, 0, 2 * count);
        } else {
            for (int i = 0; i < count; i++) {
                words.get(first + (i << wordShift), copied, 2 * i, 2); // leaves the second half of a wide entry
            }
        }
        return count;
    }

    /** The same where entries are not all to be shown, or not all of one size. */
    private int forEachShown(final CqeHandler handler) {
        int count = 0;
        while (count < entries && ring != Memory.nothing()) {
            final Cqe cqe = peek();
            if (cqe == null) {
                break;
            }
            final long userData = cqe.userData();
            final int res = cqe.res();
            final int flags = cqe.flags();
            heldMemory.complete(userData, flags);
            publish(head + width(head));
            count++;
            handler.handle(userData, res, flags);
        }
        return count;
    }

    /** Looks at the kernel's tail. A handler may have closed the ring. */
    private boolean hasMore() {
        if (ring == Memory.nothing()) {
            return false;
        }
        knownTail = tail();
        return head != knownTail;
    }

    private static int res(final long resAndFlags) {
        return (int) (LITTLE_ENDIAN ? resAndFlags : resAndFlags >>> 32);
    }

    private static int flags(final long resAndFlags) {
        return (int) (LITTLE_ENDIAN ? resAndFlags >>> 32 : resAndFlags);
    }

    /** Acquire: the entries that a tail covers are read after the tail. */
    private int tail() {
        return (int) INT.getAcquire(ring, tailOffset);
    }

    private void publish(final int newHead) {
        head = newHead;
        release();
    }

    /** Tells the kernel which entries are consumed. Release: it may write a slot again only after it was read. */
    void release() {
        if (head != released && ring != Memory.nothing()) {
            released = head;
            INT.setRelease(ring, headOffset, released);
        }
    }

    /** Where an entry begins, in words of eight bytes. */
    private int word(final int index) {
        return (index & mask) << wordShift;
    }

    /** Whether an entry is this ring's own timeout (before 5.11), or fills the end of a mixed queue. */
    private boolean isHidden(final int index) {
        return (hidesTimeouts && words.get(word(index)) == LIBURING_UDATA_TIMEOUT)
                || (mixed && (flags(words.get(word(index) + 1)) & IORING_CQE_F_SKIP) != 0);
    }

    /** How many slots an entry takes. */
    private int width(final int index) {
        return mixed && (flags(words.get(word(index) + 1)) & IORING_CQE_F_32) != 0 ? 2 : 1;
    }

    private Cqe entry(final int index) {
        final int slot = index & mask;
        Cqe cqe = slots[slot];
        if (cqe == null) {
            cqe = new Cqe(ring, cqesOffset + word(index) * Long.BYTES, wordShift == 2);
            slots[slot] = cqe;
        }
        return cqe;
    }

    /** Completions that were lost: the kernel had no memory to keep them outside of the full queue. */
    int overflow() {
        return (int) INT.getOpaque(ring, overflowOffset);
    }

    /** Whether completions are told to the registered eventfd. */
    boolean isEventfdEnabled() {
        return flagsOffset == 0 || (ring.getInt(flagsOffset) & IORING_CQ_EVENTFD_DISABLED) == 0;
    }

    /** Switches that; false where the kernel has no such flag. */
    boolean toggleEventfd(final boolean enabled) {
        if (flagsOffset == 0) {
            return enabled;
        }
        final int flags = ring.getInt(flagsOffset) & ~IORING_CQ_EVENTFD_DISABLED;
        INT.setVolatile(ring, flagsOffset, enabled ? flags : flags | IORING_CQ_EVENTFD_DISABLED);
        return true;
    }

    /** Lets go of the ring's memory: nothing here can touch it any more. */
    void detach() {
        ring = Memory.nothing();
        words = ring.asLongBuffer();
        head += 2 * CHUNK; // ends a visit that is under way
        knownTail = head;
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
        final StringBuilder text = new StringBuilder("CompletionQueue[")
                .append(tail - head)
                .append(" of ")
                .append(entries);
        for (int i = head; tail - i > 0; i += width(i)) {
            text.append("\n  ").append(entry(i));
        }
        return text.append(']').toString();
    }
}
