package dev.ringflow.uring;

/** What {@link Uring#forEachCqe(CqeHandler)} calls for each completion, on the thread that called it. */
@FunctionalInterface
public interface CqeHandler {
    /**
     * Takes one completion. It counts as consumed before this method is called, so a handler may use the ring freely and
     * may throw: no entry is lost, none is seen twice.
     *
     * @param userData what the request carried
     * @param res its result, or the negated errno
     * @param flags {@code IORING_CQE_F_} flags; the upper 16 bits may hold a buffer id
     */
    void handle(long userData, int res, int flags);
}
