package dev.ringflow.uring.driver;

import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.Uring;

/** Entries of the submission queue: when there is none left, what is there is submitted. Confined to the loop thread. */
final class Entries {
    /** {@code user_data} of what nobody waits for: a slot number below zero. */
    static final long IGNORED = 0xFFFF_FFFEL;

    /**
     * So many entries for a device are worth a call of their own. The device works on them while the turn goes on; all
     * handed in together at its end, they would leave the device idle until then: a seventh of its reads a second, with
     * 32 of 4 KiB in flight. The call itself is not to be seen in the processor time of a read.
     */
    private static final int EARLY = 4;

    private final Uring ring;
    private final Backlog backlog;
    private final int size;

    Entries(Uring ring, Backlog backlog) {
        this.ring = ring;
        this.backlog = backlog;
        this.size = ring.sqReady() + ring.sqSpaceLeft();
    }

    /** How many the queue has. */
    int size() {
        return size;
    }

    /** An entry, for which the full queue is submitted first if need be. */
    Sqe next() {
        Sqe sqe = ring.getSqe();
        while (sqe == null) {
            makeRoom();
            sqe = ring.getSqe();
        }
        return sqe;
    }

    /** The first of several entries that must reach the kernel together; {@link #next} gives the others. */
    Sqe first(int count) {
        while (ring.sqSpaceLeft() < count) {
            makeRoom();
        }
        return next();
    }

    /** Submits before the end of the turn, if that is worth it. What the kernel refuses now is submitted then. */
    void submitEarly() {
        if (ring.sqReady() >= EARLY) {
            ring.submit();
        }
    }

    private void makeRoom() {
        int result = ring.submit();
        if (result == -Errno.EBUSY || result == -Errno.EAGAIN) {
            // the completion queue is full: what is there is taken out, and told when nobody is being told anything
            ring.forEachCqe(backlog);
            ring.getEvents();
        } else if (result < 0 && result != -Errno.EINTR) {
            throw kernelFailure("io_uring_enter to submit", result);
        } else {
            ring.sqringWait(); // until the kernel's thread has taken some, if there is one
        }
    }

    static IllegalStateException kernelFailure(String what, int result) {
        return new IllegalStateException(what + " answers " + Errno.name(result) + ". " + Errno.meaning(result));
    }
}
