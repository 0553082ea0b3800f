package dev.ringflow.internal;

import dev.ringflow.Ring;
import java.lang.ref.WeakReference;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What lends out buffers of a ring, so that somebody can count them. Held weakly: a pool that is forgotten may go. Any
 * thread.
 */
public final class BuffersOut {
    /** A pool or group, which keeps it alive. */
    public interface Lender {
        /**
         * How many buffers are out.
         *
         * @return a recent number
         */
        int out();

        /**
         * Whether it lends nothing any more.
         *
         * @return true once it is closed
         */
        boolean isClosed();
    }

    /** Who is told that everything is out. */
    public interface ShortageListener {
        /**
         * Somebody wants a buffer, and there is none. On the thread that wants it.
         *
         * @param lender whose buffers are out
         * @param out how many that are
         */
        void shortOf(Object lender, long out);
    }

    private final List<WeakReference<Lender>> lenders = new CopyOnWriteArrayList<>();

    private volatile ShortageListener listener = (lender, out) -> {};

    private BuffersOut() {}

    /**
     * Those of a ring.
     *
     * @param ring the ring
     * @return always the same for the same ring
     */
    public static BuffersOut of(Ring ring) {
        return ring.companion(BuffersOut.class, absent -> new BuffersOut());
    }

    /**
     * Counts one more, until it is closed and has everything back.
     *
     * @param lender whoever lends; the caller keeps it alive
     */
    public void add(Lender lender) {
        count();
        lenders.add(new WeakReference<>(lender));
    }

    /**
     * Sets who is told of shortages.
     *
     * @param newListener the only one
     */
    public void onShortage(ShortageListener newListener) {
        listener = newListener;
    }

    /**
     * Tells that somebody wants a buffer, and there is none.
     *
     * @param lender whose buffers are out; its text is only made if somebody wants to know
     * @param out how many that are
     */
    public void shortOf(Object lender, long out) {
        listener.shortOf(lender, out);
    }

    /**
     * All buffers that are out.
     *
     * @return a recent number
     */
    public long count() {
        long count = 0;
        for (Iterator<WeakReference<Lender>> each = lenders.iterator(); each.hasNext(); ) {
            WeakReference<Lender> reference = each.next();
            Lender lender = reference.get();
            int out = lender == null ? 0 : lender.out();
            count += out;
            if (lender == null || out == 0 && lender.isClosed()) {
                lenders.remove(reference);
            }
        }
        return count;
    }
}
