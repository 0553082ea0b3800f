package dev.ringflow.uring.driver;

import dev.ringflow.spi.CompletionListener;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Uring;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The call into the kernel that each turn of the loop makes, if it has to make any: it submits, waits and runs the
 * kernel's deferred work. Confined to the loop thread.
 */
final class RingTurns {
    private final Uring ring;
    private final DriverCounters counters;
    private final CompletionListener listener;
    private long enterCallsCounted;
    private @Nullable Throwable fault;

    RingTurns(Uring ring, DriverCounters counters, CompletionListener listener) {
        this.listener = listener;
        this.ring = ring;
        this.counters = counters;
    }

    /** Why the ring can no longer be trusted, if so. */
    @Nullable
    Throwable fault() {
        return fault;
    }

    /** Submits, and waits for a completion no longer than a time; 0 does not wait. */
    void enter(long timeoutNanos) {
        int result;
        if (timeoutNanos == 0) {
            result = ring.submit(); // enters only if there is something to hand in or to fetch
        } else {
            counters.waits().add(1);
            result =
                    timeoutNanos == Long.MAX_VALUE ? ring.submitAndWait(1) : ring.submitAndWaitTimeout(1, timeoutNanos);
        }
        long enterCalls = ring.enterCalls();
        counters.systemCalls().add(enterCalls - enterCallsCounted);
        counters.enters().add(enterCalls - enterCallsCounted);
        enterCallsCounted = enterCalls;
        switch (result) {
            case -Errno.EINTR, -Errno.ETIME, -Errno.EAGAIN, -Errno.EBUSY -> {
                // the next turn goes on: deadlines are the loop's, and a full completion queue is emptied now
            }
            default -> {
                if (result < 0) {
                    throw Entries.kernelFailure("io_uring_enter", result);
                }
            }
        }
        checkHealth();
    }

    private void checkHealth() {
        if (ring.cqHasOverflow()) {
            counters.overflows().add(1);
            listener.overflowed();
        }
        if (fault == null && (ring.cqOverflow() != 0 || ring.sqDropped() != 0)) {
            fault = new IOException("The kernel dropped " + ring.cqOverflow() + " completions and " + ring.sqDropped()
                    + " submissions: operations would wait for ever. Open a ring with a larger completion queue.");
        }
    }
}
