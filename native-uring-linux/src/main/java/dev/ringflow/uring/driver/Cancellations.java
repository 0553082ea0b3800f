package dev.ringflow.uring.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Sqe;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests to cancel, repeated as long as they had no effect. A request that the kernel gave to a worker thread, such as
 * a receive that was woken more than a hundred times for nothing, can miss the signal that a cancellation sends it
 * ({@code -EALREADY}); one on its way from place to place is not found ({@code -ENOENT}). Confined to the loop thread.
 */
final class Cancellations {
    private static final long MARK = 0x8000_0000L;
    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 100_000_000;

    private final Entries entries;
    private final SlotTable slots;
    /** User data of operations to cancel again. */
    private final List<Long> missed = new ArrayList<>();

    private long pauseNanos = FIRST_PAUSE_NANOS;
    private long repeatAt;

    Cancellations(Entries entries, SlotTable slots) {
        this.entries = entries;
        this.slots = slots;
    }

    /** Asks the kernel to cancel an operation that has a slot. */
    void request(Operation operation) {
        long userData = slots.userData(operation);
        Sqe sqe = entries.next();
        sqe.prepCancel64(userData, 0);
        sqe.setData64(userData | MARK); // a slot number below zero
    }

    /** Takes the answer to a request. */
    void completed(long cancelData, int result) {
        long userData = cancelData & ~MARK;
        if ((result == -Errno.EALREADY || result == -Errno.ENOENT) && slots.find(userData) != null) {
            if (missed.isEmpty()) {
                repeatAt = System.nanoTime() + pauseNanos;
            }
            missed.add(userData);
        }
    }

    /** How long the loop may wait before {@link #repeatDue} has something to do. */
    long nanosUntilRepeat() {
        return missed.isEmpty() ? Long.MAX_VALUE : Math.max(0, repeatAt - System.nanoTime());
    }

    /** Asks again for what is still in flight, if it is time. */
    void repeatDue() {
        if (missed.isEmpty() || System.nanoTime() - repeatAt < 0) {
            return;
        }
        boolean asked = false;
        for (long userData : missed) {
            Operation operation = slots.find(userData);
            if (operation != null) {
                request(operation);
                asked = true;
            }
        }
        missed.clear();
        pauseNanos = asked ? Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS) : FIRST_PAUSE_NANOS;
    }
}
