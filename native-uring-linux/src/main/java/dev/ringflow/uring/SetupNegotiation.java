package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_REGISTER_USE_REGISTERED_RING;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CLAMP;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_COOP_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_CQSIZE;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_MMAP;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_NO_SQARRAY;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_REGISTERED_FD_ONLY;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQPOLL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SUBMIT_ALL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_TASKRUN_FLAG;
import static dev.ringflow.uring.UringConstants.IORING_UNREGISTER_RING_FDS;

import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sets a ring up with as many of the wished flags as the kernel takes. Each step gives up one flag, the newest first, so
 * a kernel of any age gives the most it has.
 *
 * <p>ENOMEM passes: the kernel charges rings to the user's locked memory and gives that of a closed ring back late. So
 * it is met with short pauses, and then with smaller rings.
 */
final class SetupNegotiation {
    /** The order in which wishes are given up; what is not named here goes before, highest bit first. */
    private static final int[] STEPS = {
        IORING_SETUP_NO_SQARRAY,
        IORING_SETUP_DEFER_TASKRUN,
        IORING_SETUP_SINGLE_ISSUER,
        IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
        IORING_SETUP_SUBMIT_ALL,
        IORING_SETUP_CLAMP
    };

    private static final int NOT_WITH_SQPOLL =
            IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_DEFER_TASKRUN;

    private static final int NOT_ON_VIRTUAL_THREADS = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;

    private static final int MEMORY_ATTEMPTS = 6;
    private static final int SMALLEST = 8;

    private final ByteBuffer params;
    private final long paramsAddress;
    private @Nullable RingMemory memory;

    /**
     * Prepares a negotiation.
     *
     * @param params room for a {@code struct io_uring_params}, which holds the kernel's answer afterwards
     */
    SetupNegotiation(final ByteBuffer params) {
        this.params = params;
        this.paramsAddress = Memory.address(params);
    }

    /** Answers the ring's file descriptor. */
    int negotiate(final UringParams asked) throws UringException {
        int wished = possible(asked) & ~asked.flags();
        UringParams size = asked;
        int memoryAttempts = 0;
        while (true) {
            final int fd = setup(size, asked.flags() | wished);
            if (fd >= 0) {
                return fd;
            }
            if (fd == -Errno.EINVAL && wished != 0) {
                wished = stepDown(wished, asked.flags());
            } else if (fd == -Errno.ENOMEM && memoryAttempts < MEMORY_ATTEMPTS) {
                memoryAttempts++;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20L * memoryAttempts));
                if (memoryAttempts > 2 && size.sqEntries() / 2 >= SMALLEST) {
                    size = size.halved();
                }
            } else {
                throw failure(-fd, asked);
            }
        }
    }

    /** The application's memory that the ring lies in, or null where it is to be mapped. */
    @Nullable
    RingMemory memory() {
        return memory;
    }

    private int setup(final UringParams size, final int flags) {
        size.writeTo(params, flags);
        if ((flags & IORING_SETUP_NO_MMAP) == 0) {
            return LibC.ioUringSetup(size.sqEntries(), paramsAddress);
        }
        final RingMemory laidOut = RingMemory.of(size.memory(), size, flags);
        if (laidOut == null) {
            return -Errno.ENOMEM;
        }
        laidOut.writeTo(params);
        final int fd = LibC.ioUringSetup(size.sqEntries(), paramsAddress);
        if (fd >= 0) {
            memory = laidOut;
        } else {
            laidOut.release();
        }
        return fd;
    }

    /** Wishes that make sense together with what is required, and on this thread. */
    private static int possible(final UringParams asked) {
        int wished = asked.wishedFlags();
        if ((asked.flags() & IORING_SETUP_SQPOLL) != 0) {
            wished &= ~NOT_WITH_SQPOLL;
        }
        if (PlatformThreads.isVirtual(Thread.currentThread())) {
            wished &= ~NOT_ON_VIRTUAL_THREADS;
        }
        return wished;
    }

    /** The wishes without the newest of them. */
    static int stepDown(final int wished, final int required) {
        int known = 0;
        for (final int step : STEPS) {
            known |= step;
        }
        final int unknown = wished & ~known;
        if (unknown != 0) {
            return wished & ~Integer.highestOneBit(unknown);
        }
        for (final int step : STEPS) {
            if ((wished & step) != 0) {
                final int left = wished & ~step;
                final boolean flagHasSense =
                        ((left | required) & (IORING_SETUP_COOP_TASKRUN | IORING_SETUP_DEFER_TASKRUN)) != 0;
                return flagHasSense ? left : left & ~IORING_SETUP_TASKRUN_FLAG;
            }
        }
        return 0;
    }

    private UringException failure(final int errno, final UringParams asked) {
        final int refused = errno == Errno.EINVAL ? refused(asked) : 0;
        return new UringException(
                errno, "io_uring_setup(" + asked + ")", SetupAdvice.forErrno(errno, asked, refused), null);
    }

    /** The required flags without which a ring could be had. */
    private int refused(final UringParams asked) {
        int refused = 0;
        for (int rest = asked.flags() & ~IORING_SETUP_CQSIZE; rest != 0; rest &= rest - 1) {
            final int flag = Integer.lowestOneBit(rest);
            final int fd = setup(asked, asked.flags() & ~flag);
            if (fd >= 0) {
                closeAgain(fd);
                refused |= flag;
            }
        }
        return refused;
    }

    private void closeAgain(final int fd) {
        if ((params.getInt(ParamsLayout.FLAGS) & IORING_SETUP_REGISTERED_FD_ONLY) != 0) {
            final ByteBuffer update = Memory.allocate(16, Long.BYTES).putInt(0, fd);
            LibC.ioUringRegister(
                    fd, IORING_UNREGISTER_RING_FDS | IORING_REGISTER_USE_REGISTERED_RING, Memory.address(update), 1);
        } else {
            LibC.close(fd);
        }
        if (memory != null) {
            memory.release();
            memory = null;
        }
    }
}
