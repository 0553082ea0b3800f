package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ENTER_GETEVENTS;
import static dev.ringflow.uring.UringConstants.IORING_SQ_CQ_OVERFLOW;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Completions out: looking at them and consuming them. {@link Uring} tells what holds for all of it.
 */
public abstract class UringCompletion extends UringWaiting {
    UringCompletion(final int fd, final ByteBuffer answer, final RingMapping mapping) {
        super(fd, answer, mapping);
    }

    /**
     * {@code io_uring_peek_cqe(3)}: the first completion, if there is one, without consuming it. Enters the kernel only
     * when completions wait there.
     *
     * @return a view of it, good until it is marked as seen; null when there is none
     */
    public final @Nullable Cqe peekCqe() {
        requireOpen();
        final Cqe cqe = cq.peek();
        if (cqe != null || !cqNeedsEnter()) {
            return cqe;
        }
        enter(0, 0, IORING_ENTER_GETEVENTS);
        return cq.peek();
    }

    /**
     * {@code io_uring_peek_batch_cqe(3)}: the first completions, without consuming them. Enters the kernel only when there
     * are none and some wait there.
     *
     * @param cqes filled from index 0 on
     * @return how many
     */
    public final int peekBatchCqe(final Cqe[] cqes) {
        requireOpen();
        final int count = cq.peekBatch(cqes);
        if (count > 0 || !cqNeedsEnter()) {
            return count;
        }
        enter(0, 0, IORING_ENTER_GETEVENTS);
        return cq.peekBatch(cqes);
    }

    /**
     * {@code io_uring_for_each_cqe(3)} and {@code io_uring_cq_advance(3)} in one: consumes every completion that is ready,
     * and those that become ready meanwhile, up to once around the queue. Never enters the kernel: the next submit or wait
     * brings in what waits there ({@link #cqHasOverflow()}).
     *
     * <p>An entry is copied and given back to the kernel before the handler sees it. So a handler may throw, which ends
     * the loop with nothing lost and nothing seen twice, and may use the ring, this method included. Allocates nothing.
     *
     * @param handler called for each, on this thread
     * @return how many the handler was called for
     */
    public final int forEachCqe(final CqeHandler handler) {
        requireOpen();
        return cq.forEach(handler);
    }

    /**
     * {@code io_uring_cq_ready(3)}: how many completions are ready.
     *
     * @return completions in the queue
     */
    public final int cqReady() {
        requireOpen();
        return cq.shown();
    }

    /**
     * {@code io_uring_cq_advance(3)}: consumes completions. Their {@link Cqe}s must not be used after it.
     *
     * @param nr how many
     * @throws IllegalArgumentException if fewer are ready
     */
    public final void cqAdvance(final int nr) {
        requireOpen();
        cq.advance(nr);
    }

    /**
     * {@code io_uring_cqe_seen(3)}: consumes the first completion.
     *
     * @param cqe the one that {@link #peekCqe()} gave; null does nothing
     */
    public final void cqeSeen(final @Nullable Cqe cqe) {
        requireOpen();
        if (cqe != null) {
            cq.advance(1);
        }
    }

    /**
     * {@code io_uring_cq_has_overflow(3)}: whether completions wait in the kernel because the queue was full. The next
     * {@link #getEvents()}, wait, or peek of an empty queue brings them in.
     *
     * @return true if {@code IORING_SQ_CQ_OVERFLOW} is set
     */
    public final boolean cqHasOverflow() {
        requireOpen();
        return (sq.flags() & IORING_SQ_CQ_OVERFLOW) != 0;
    }

    /**
     * {@code *ring->cq.koverflow}: completions that were lost for ever, because the kernel had no memory to keep them. Other
     * than 0 means that the ring can no longer be trusted.
     *
     * @return an unsigned count
     */
    public final int cqOverflow() {
        requireOpen();
        return cq.overflow();
    }

    /**
     * {@code io_uring_cq_eventfd_enabled(3)}: whether completions are told to the registered eventfd.
     *
     * @return true unless {@link #cqEventfdToggle} switched it off
     */
    public final boolean cqEventfdEnabled() {
        requireOpen();
        return cq.isEventfdEnabled();
    }

    /**
     * {@code io_uring_cq_eventfd_toggle(3)}: whether completions are told to the registered eventfd. Since Linux 5.8.
     *
     * @param enabled false to make the kernel silent
     * @return 0, or -EOPNOTSUPP where the kernel has no such switch
     */
    public final int cqEventfdToggle(final boolean enabled) {
        requireOpen();
        return cq.toggleEventfd(enabled) ? 0 : -Errno.EOPNOTSUPP;
    }
}
