package dev.ringflow.uring.driver;

import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;

/** The poll by which the ring watches the {@link WakeupEvent}. Confined to the loop thread. */
final class WakeupWatch {
    /** {@code user_data} of the poll: a slot number below zero. */
    static final long DATA = 0xFFFF_FFFFL;

    private final WakeupEvent event;
    private final Entries entries;
    private boolean multishot = true;

    WakeupWatch(WakeupEvent event, Entries entries) {
        this.event = event;
        this.entries = entries;
    }

    void begin() {
        Sqe sqe = entries.next();
        if (multishot) {
            sqe.prepPollMultishot(event.fd(), UringConstants.POLLIN);
        } else {
            sqe.prepPollAdd(event.fd(), UringConstants.POLLIN);
        }
        sqe.setData64(DATA);
    }

    /** Takes a completion of the poll. */
    void completed(int result, boolean more) {
        if (result == -Errno.EINVAL && multishot) {
            multishot = false; // before Linux 5.13
        } else if (result >= 0 && !multishot) {
            event.reset();
        }
        if (!more) {
            begin();
        }
    }
}
