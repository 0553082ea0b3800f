package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ENTER_GETEVENTS;
import static dev.ringflow.uring.UringConstants.IORING_ENTER_SQ_WAIT;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_EXT_ARG;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Entries in: handing them out and to the kernel. {@link Uring} tells what holds for all of it.
 */
public abstract class UringSubmission extends UringEntering {
    private final boolean waitsExtended = (features() & IORING_FEAT_EXT_ARG) != 0;

    UringSubmission(final int fd, final ByteBuffer answer, final RingMapping mapping) {
        super(fd, answer, mapping);
    }

    /**
     * {@code io_uring_get_sqe(3)}: the next free entry, as a NOP with user data 0.
     *
     * @return an entry that is the caller's until the next submit; null when the queue is full: submit, then ask again
     */
    public final @Nullable Sqe getSqe() {
        return sq.next(); // of a closed ring, throws
    }

    /**
     * {@code io_uring_get_sqe128(3)}: the next free entry of 128 bytes, as a NOP with user data 0: in a ring with
     * {@code IORING_SETUP_SQE128} any entry, in one with {@code IORING_SETUP_SQE_MIXED} two neighbouring slots. Since Linux
     * 5.19.
     *
     * @return an entry that is the caller's until the next submit; null when there is no room, or the ring has no such
     *     entries
     */
    public final @Nullable Sqe getSqe128() {
        requireOpen();
        return sq.next128();
    }

    /**
     * {@code io_uring_submit(3)}: hands all entries to the kernel.
     *
     * @return how many it took (with SQPOLL: how many wait for its thread), or the negated errno. On -EAGAIN and -EBUSY
     *     the entries are kept: reap completions, then submit again
     */
    public final int submit() {
        requireOpen();
        return handIn(0, false);
    }

    /**
     * {@code io_uring_submit_and_wait(3)}: hands all entries to the kernel and waits for completions. Ends before
     * {@code waitNr} of them when a timeout request fires or a signal comes, but not before one is ready.
     *
     * @param waitNr completions to wait for; more than the completion queue holds counts as its size
     * @return how many entries the kernel took, or the negated errno
     */
    public final int submitAndWait(final int waitNr) {
        requireOpen();
        final int submitted = handIn(waitNr, false);
        return waitsExtended || waitNr <= 0 || submitted < 0 ? submitted : waitForOne(submitted);
    }

    /** On kernels before 5.11, the timeout request of an earlier wait may have ended this one: waits on. */
    private int waitForOne(final int submitted) {
        while (!cq.hasShown()) {
            final int result = enter(0, 1, IORING_ENTER_GETEVENTS);
            if (result < 0 && result != -Errno.EINTR) {
                return submitted > 0 ? submitted : result;
            }
        }
        return submitted;
    }

    /**
     * {@code io_uring_submit_and_get_events(3)}: hands all entries to the kernel and lets it run what is pending.
     *
     * @return how many entries it took, or the negated errno
     */
    public final int submitAndGetEvents() {
        requireOpen();
        return handIn(0, true);
    }

    final int handIn(final int waitNr, final boolean getEvents) {
        int toSubmit = sq.flush();
        int submitted = 0;
        while (true) {
            int flags = 0;
            boolean enter = false;
            if (toSubmit > 0) {
                flags = wakeup();
                enter = !sq.isPolled() || flags != 0;
            }
            if (waitNr > 0 || getEvents || cqNeedsEnter()) {
                flags |= IORING_ENTER_GETEVENTS;
                enter = true;
            }
            if (!enter) {
                return submitted + toSubmit;
            }
            final int taken = enter(toSubmit, waitNr, flags);
            if (taken == -Errno.EINTR) {
                toSubmit = sq.isPolled() ? toSubmit : sq.unconsumed(); // a polled queue is its thread's business
                continue;
            }
            if (taken < 0) {
                return submitted > 0 ? submitted : taken;
            }
            submitted += taken;
            if (taken < toSubmit) {
                if (taken == 0) {
                    return submitted; // the kernel takes nothing: going on would spin
                }
                toSubmit -= taken; // without SUBMIT_ALL, a faulty entry ended the batch
                continue;
            }
            if (waitNr <= 0 || cq.ready() > 0) {
                return submitted;
            }
            toSubmit = 0; // a signal ended the wait, hidden behind the number of entries taken
        }
    }

    /**
     * {@code io_uring_sq_ready(3)}: entries that the kernel has not taken yet.
     *
     * @return entries in the queue
     */
    public final int sqReady() {
        requireOpen();
        return sq.ready();
    }

    /**
     * {@code io_uring_sq_space_left(3)}: entries that {@link #getSqe()} can give now. A chain of links must fit in whole,
     * since a submit between two of its entries ends it: check before its first entry.
     *
     * @return free entries of the queue
     */
    public final int sqSpaceLeft() {
        requireOpen();
        return sq.spaceLeft();
    }

    /**
     * {@code io_uring_sqring_wait(3)}: with SQPOLL, waits until the queue has room; otherwise does nothing.
     *
     * @return 0 or more, or the negated errno
     */
    public final int sqringWait() {
        requireOpen();
        return !sq.isPolled() || sq.spaceLeft() > 0 ? 0 : enter(0, 0, IORING_ENTER_SQ_WAIT);
    }

    /**
     * {@code *ring->sq.kdropped}: entries that the kernel dropped because their index was wrong. Other than 0 means that the
     * ring can no longer be trusted.
     *
     * @return an unsigned count
     */
    public final int sqDropped() {
        requireOpen();
        return sq.dropped();
    }

    /**
     * {@code io_uring_get_events(3)}: lets the kernel run what is pending and bring kept completions into the queue, without
     * waiting.
     *
     * @return 0, or the negated errno
     */
    public final int getEvents() {
        requireOpen();
        return enter(0, 0, IORING_ENTER_GETEVENTS);
    }
}
