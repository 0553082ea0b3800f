package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_REGISTER_CLOCK;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_EVENTFD;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_EVENTFD_ASYNC;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_IOWQ_AFF;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_IOWQ_MAX_WORKERS;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_NAPI;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_PERSONALITY;
import static dev.ringflow.uring.UringConstants.IORING_UNREGISTER_EVENTFD;
import static dev.ringflow.uring.UringConstants.IORING_UNREGISTER_IOWQ_AFF;
import static dev.ringflow.uring.UringConstants.IORING_UNREGISTER_NAPI;
import static dev.ringflow.uring.UringConstants.IORING_UNREGISTER_PERSONALITY;

import java.nio.ByteBuffer;
import java.util.BitSet;

/** How the ring does its work: whom it notifies, with whose rights it acts, on which threads, by which clock. */
public abstract class UringSettings extends UringBufferRings {
    /** {@code struct io_uring_clock_register}: clockid, resv. */
    private static final int CLOCK_SIZE = 16;

    UringSettings() {}

    /**
     * {@code io_uring_register_eventfd(3)}: notifies an eventfd of completions. On a ring with
     * {@code IORING_SETUP_DEFER_TASKRUN} also of work that waits for the owner to ask for events. Kernels before
     * Linux 5.17 wait for the requests in flight first. Since Linux 5.2.
     *
     * @param fd the eventfd, which stays the caller's; several rings may share one
     * @return 0; -EBUSY when one is registered already, -EINVAL when it is no eventfd, -EBADF when it is not open
     */
    public final int registerEventfd(final int fd) {
        return register(IORING_REGISTER_EVENTFD, ints(fd), 1);
    }

    /**
     * {@code io_uring_register_eventfd_async(3)}: the same for completions only that came later than their
     * submission. Since Linux 5.6.
     *
     * @param fd the eventfd, which stays the caller's
     * @return as {@link #registerEventfd}
     */
    public final int registerEventfdAsync(final int fd) {
        return register(IORING_REGISTER_EVENTFD_ASYNC, ints(fd), 1);
    }

    /**
     * {@code io_uring_unregister_eventfd(3)}. Since Linux 5.2.
     *
     * @return 0; -ENXIO when none is registered
     */
    public final int unregisterEventfd() {
        return register(IORING_UNREGISTER_EVENTFD, 0, 0);
    }

    /**
     * {@code io_uring_register_personality(3)}: registers the credentials of this thread. Since Linux 5.6.
     *
     * @return an id for {@link Sqe#setPersonality}
     */
    public final int registerPersonality() {
        return register(IORING_REGISTER_PERSONALITY, 0, 0);
    }

    /**
     * {@code io_uring_unregister_personality(3)}. Since Linux 5.6.
     *
     * @param id what {@link #registerPersonality()} answered
     * @return 0; -EINVAL for an unknown id
     */
    public final int unregisterPersonality(final int id) {
        return register(IORING_UNREGISTER_PERSONALITY, 0, id);
    }

    /**
     * {@code io_uring_register_iowq_max_workers(3)}: bounds the kernel's worker threads, of this thread and of all
     * others that use the ring. Since Linux 5.15.
     *
     * @param values for {@code IO_WQ_BOUND} and {@code IO_WQ_UNBOUND} the maximum, or 0 to leave it; afterwards the
     *     values that held before
     * @return 0; -EINVAL for a negative value
     * @throws IllegalArgumentException if there are not two values
     */
    public final int registerIowqMaxWorkers(final int[] values) {
        if (values.length != 2) {
            throw new IllegalArgumentException("two values are needed, for bound and unbound workers");
        }
        final ByteBuffer memory = ints(values);
        final int result = register(IORING_REGISTER_IOWQ_MAX_WORKERS, memory, 2);
        if (result >= 0) {
            values[0] = memory.getInt(0);
            values[1] = memory.getInt(Integer.BYTES);
        }
        return result;
    }

    /**
     * {@code io_uring_register_iowq_aff(3)}: binds the kernel's worker threads of this thread to processors; with
     * SQPOLL those of its kernel thread. Since Linux 5.14.
     *
     * @param maskAddress a {@code cpu_set_t}: one bit per processor, in words of 64 bits; read during the call
     * @param bytes its size
     * @return 0; -EINVAL when none of the processors may be used (on newer kernels: when one may not), or for 0 bytes
     */
    public final int registerIowqAff(final long maskAddress, final int bytes) {
        return register(IORING_REGISTER_IOWQ_AFF, maskAddress, bytes);
    }

    /**
     * {@code io_uring_register_iowq_aff(3)}: binds the kernel's worker threads to processors. Since Linux 5.14.
     *
     * @param cpus numbers of the processors
     * @return as {@link #registerIowqAff(long, int)}
     */
    public final int registerIowqAff(final BitSet cpus) {
        final long[] words = cpus.toLongArray();
        return register(IORING_REGISTER_IOWQ_AFF, tags(words, words.length), words.length * Long.BYTES);
    }

    /**
     * {@code io_uring_unregister_iowq_aff(3)}: lets the kernel's worker threads run on any processor again. Since
     * Linux 5.14.
     *
     * @return 0, or the negated errno
     */
    public final int unregisterIowqAff() {
        return register(IORING_UNREGISTER_IOWQ_AFF, 0, 0);
    }

    /**
     * {@code io_uring_register_napi(3)}: waits poll the network device for a while before they sleep. Since Linux
     * 6.9.
     *
     * @param settings the new settings; afterwards those that held before
     * @return 0; -EINVAL with {@code IORING_SETUP_IOPOLL} or for settings that the kernel does not know, -EOPNOTSUPP
     *     where it was built without
     */
    public final int registerNapi(final NapiSettings settings) {
        return register(IORING_REGISTER_NAPI, settings.memory(), 1);
    }

    /**
     * {@code io_uring_unregister_napi(3)}: ends that. Since Linux 6.9.
     *
     * @param settings afterwards those that held before
     * @return 0; -EINVAL with {@code IORING_SETUP_IOPOLL}, -EOPNOTSUPP where the kernel was built without
     */
    public final int unregisterNapi(final NapiSettings settings) {
        return register(IORING_UNREGISTER_NAPI, settings.memory(), 1);
    }

    /**
     * {@code io_uring_register_clock(3)}: chooses the clock that the timeouts of waits count by. Since Linux 6.12.
     *
     * @param clockId {@code CLOCK_MONOTONIC}, the default, or {@code CLOCK_BOOTTIME}, which goes on while the machine
     *     sleeps
     * @return 0; -EINVAL for other clocks
     */
    public final int registerClock(final int clockId) {
        return register(
                IORING_REGISTER_CLOCK,
                Memory.allocate(CLOCK_SIZE, Integer.BYTES).putInt(0, clockId),
                0);
    }
}
