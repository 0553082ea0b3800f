package dev.ringflow.uring.event;

import dev.ringflow.RingException;
import dev.ringflow.uring.internal.LibC;

/**
 * A descriptor of a process, which becomes readable when the process ends; see pidfd_open(2). It never stands for
 * another process that got the same number. Nothing can be read from it.
 */
public final class Pidfd extends EventDescriptor {
    private Pidfd(final int number) {
        super(number);
    }

    /**
     * Opens a descriptor of a process. Since Linux 5.3.
     *
     * @param pid the process's number
     * @return the descriptor, for the caller to close
     * @throws RingException if there is no such process, or the system refuses
     */
    public static Pidfd open(final long pid) throws RingException {
        return new Pidfd(checked("pidfd_open of " + pid, LibC.pidfd_open(Math.toIntExact(pid), 0)));
    }
}
