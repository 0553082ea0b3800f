package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ENTER_NO_IOWAIT;
import static dev.ringflow.uring.UringConstants.IORING_ENTER_REGISTERED_RING;
import static dev.ringflow.uring.UringConstants.IORING_ENTER_SQ_WAKEUP;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_NO_IOWAIT;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_REG_REG_RING;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_RING_FDS;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_USE_REGISTERED_RING;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_IOPOLL;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_REGISTERED_FD_ONLY;
import static dev.ringflow.uring.UringConstants.IORING_SQ_CQ_OVERFLOW;
import static dev.ringflow.uring.UringConstants.IORING_SQ_NEED_WAKEUP;
import static dev.ringflow.uring.UringConstants.IORING_SQ_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_UNREGISTER_RING_FDS;

import dev.ringflow.uring.internal.ExtendedEnter;
import dev.ringflow.uring.internal.LibC;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The way into the kernel: the ring's file descriptor or its registered index, the two queues, and {@code
 * io_uring_enter(2)} itself. {@link Uring} tells what holds for all of it.
 */
public abstract class UringEntering extends UringRegistration {
    static final int NOT_REGISTERED = -1;
    private static final int RING_FD_UPDATE_SIZE = 16;

    final HeldMemory heldMemory = new HeldMemory();
    SubmissionQueue sq;
    CompletionQueue cq;
    private final UringParams params;
    private final boolean polledCompletions;
    private final ByteBuffer ringFdUpdate = Memory.allocate(RING_FD_UPDATE_SIZE, Long.BYTES);

    /** The file descriptor, or -1 where there is none: of a ring with REGISTERED_FD_ONLY, or after it was closed. */
    private int fd;

    private int registeredIndex = NOT_REGISTERED;
    private @Nullable Thread registrar;
    private int waitFlags;
    private long enterCalls;
    private boolean closed;

    UringEntering(final int fd, final ByteBuffer answer, final RingMapping mapping) {
        params = UringParams.granted(answer);
        if ((params.flags() & IORING_SETUP_REGISTERED_FD_ONLY) != 0) {
            this.fd = -1;
            registeredIndex = fd;
            registrar = Thread.currentThread();
        } else {
            this.fd = fd;
        }
        polledCompletions = (params.flags() & IORING_SETUP_IOPOLL) != 0;
        sq = new SubmissionQueue(mapping.sqRing(), mapping.sqes(), answer, heldMemory);
        cq = new CompletionQueue(mapping.cqRing(), answer, heldMemory);
    }

    /**
     * What the kernel granted.
     *
     * @return sizes, flags and features
     */
    public final UringParams params() {
        return params;
    }

    /**
     * The set-up flags that the kernel granted.
     *
     * @return {@code IORING_SETUP_} flags
     */
    public final int flags() {
        return params.flags();
    }

    /**
     * What the kernel can do.
     *
     * @return {@code IORING_FEAT_} flags
     */
    public final int features() {
        return params.features();
    }

    /**
     * The ring's file descriptor, for {@code IORING_OP_MSG_RING} and {@link UringParams#withWqFd}. It belongs to the ring
     * and must not be closed.
     *
     * @return a file descriptor; -1 for a ring that has none ({@code IORING_SETUP_REGISTERED_FD_ONLY},
     *     {@link #closeRingFd()})
     */
    @Override
    public final int ringFd() {
        requireOpen();
        return fd;
    }

    @Override
    final int registeredIndex() {
        return registeredIndex;
    }

    @Override
    final void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the ring is closed");
        }
    }

    final boolean isClosed() {
        return closed;
    }

    @Override
    final int callRegister(final int opcode, final long argument, final int nr) {
        return fd < 0
                ? LibC.ioUringRegister(registeredIndex, opcode | IORING_REGISTER_USE_REGISTERED_RING, argument, nr)
                : LibC.ioUringRegister(fd, opcode, argument, nr);
    }

    /** The flag that wakes the SQPOLL thread, if it sleeps. The tail is published before. */
    final int wakeup() {
        if (!sq.isPolled()) {
            return 0;
        }
        // The thread sets the flag, then looks at the tail once more, then sleeps. Without a full fence between our
        // tail and our look at the flag, both sides could miss each other.
        VarHandle.fullFence();
        return (sq.flags() & IORING_SQ_NEED_WAKEUP) != 0 ? IORING_ENTER_SQ_WAKEUP : 0;
    }

    /** Whether completions wait in the kernel that only a call brings into the queue. */
    final boolean cqNeedsEnter() {
        return polledCompletions || (sq.flags() & (IORING_SQ_CQ_OVERFLOW | IORING_SQ_TASKRUN)) != 0;
    }

    /** Whether completions are found by asking the devices. */
    final boolean isPolling() {
        return polledCompletions;
    }

    final int enter(final int toSubmit, final int minComplete, final int flags) {
        enterCalls++;
        cq.release(); // a handler may enter: the kernel must know what is consumed by then
        final int taken = isRegistrar()
                ? LibC.ioUringEnter(
                        registeredIndex, toSubmit, minComplete, flags | waitFlags | IORING_ENTER_REGISTERED_RING)
                : LibC.ioUringEnter(fd, toSubmit, minComplete, flags | waitFlags);
        sq.taken(taken);
        return taken;
    }

    final int enterExtended(final ExtendedEnter call, final int toSubmit, final int minComplete, final int flags) {
        enterCalls++;
        cq.release();
        final int taken = isRegistrar()
                ? call.call(registeredIndex, toSubmit, minComplete, flags | waitFlags | IORING_ENTER_REGISTERED_RING)
                : call.call(fd, toSubmit, minComplete, flags | waitFlags);
        sq.taken(taken);
        return taken;
    }

    /**
     * {@code io_uring_enter(2)}, for what the other methods do not offer. Publishes nothing: submit does.
     *
     * @param toSubmit published entries to take
     * @param minComplete completions to wait for, with {@code IORING_ENTER_GETEVENTS}
     * @param flags {@code IORING_ENTER_} flags without {@code EXT_ARG}
     * @return entries taken, or the negated errno
     */
    public final int enterRing(final int toSubmit, final int minComplete, final int flags) {
        requireOpen();
        return enter(toSubmit, minComplete, flags);
    }

    /** A registered index belongs to one thread: on another it may be another ring's, or nobody's. */
    private boolean isRegistrar() {
        return registrar == Thread.currentThread();
    }

    /**
     * How often this ring has entered the kernel: the system calls that its work has cost.
     *
     * @return calls of {@code io_uring_enter(2)} since the ring was opened
     */
    public final long enterCalls() {
        return enterCalls;
    }

    /**
     * {@code io_uring_set_iowait(3)}: whether the time that this ring waits counts as the processor waiting for I/O,
     * which it does by default. Since Linux 6.15.
     *
     * @param enable false for {@code IORING_ENTER_NO_IOWAIT} at every call
     * @return 0, or -EOPNOTSUPP where the kernel lacks {@code IORING_FEAT_NO_IOWAIT}
     */
    public final int setIowait(final boolean enable) {
        requireOpen();
        if ((features() & IORING_FEAT_NO_IOWAIT) == 0) {
            return -Errno.EOPNOTSUPP;
        }
        waitFlags = enable ? 0 : IORING_ENTER_NO_IOWAIT;
        return 0;
    }

    /**
     * {@code io_uring_register_ring_fd(3)}: registers the ring with this thread, which makes calls a little cheaper. Done at
     * opening where the kernel granted {@code IORING_SETUP_SINGLE_ISSUER}. A thread has room for 16 rings. This thread must
     * then close the ring, unless it has ended. Since Linux 5.18.
     *
     * @return 1, or the negated errno; -EEXIST when it is registered already
     */
    public final int registerRingFd() {
        requireOpen();
        if (registeredIndex != NOT_REGISTERED) {
            return -Errno.EEXIST;
        }
        writeRingFdUpdate(-1, fd);
        final int result = register(IORING_REGISTER_RING_FDS, ringFdUpdate, 1);
        if (result == 1) {
            registeredIndex = ringFdUpdate.getInt(0);
            registrar = Thread.currentThread();
        }
        return result;
    }

    /**
     * {@code io_uring_unregister_ring_fd(3)}: undoes {@link #registerRingFd()}, on the same thread. {@link Uring#close()}
     * does so too. Since Linux 5.18.
     *
     * @return 1, or the negated errno; -EINVAL when it is not registered with this thread, or is reached by nothing else
     */
    public final int unregisterRingFd() {
        requireOpen();
        return fd < 0 ? -Errno.EINVAL : dropRegisteredIndex();
    }

    private int dropRegisteredIndex() {
        if (!isRegistrar()) {
            return -Errno.EINVAL;
        }
        writeRingFdUpdate(registeredIndex, 0);
        final int result = register(IORING_UNREGISTER_RING_FDS, ringFdUpdate, 1);
        if (result == 1) {
            registeredIndex = NOT_REGISTERED;
            registrar = null;
        }
        return result;
    }

    private void writeRingFdUpdate(final int offset, final long data) {
        ringFdUpdate.putInt(0, offset);
        ringFdUpdate.putInt(Integer.BYTES, 0);
        ringFdUpdate.putLong(Long.BYTES, data);
    }

    /**
     * {@code io_uring_close_ring_fd(3)}: closes the ring's file descriptor and goes on with the registered index, which
     * spares an entry in the table of open files. Only the thread that registered the ring can use it from then on. Since
     * Linux 6.3.
     *
     * @return 1; -EINVAL when the ring is not registered with this thread; -EOPNOTSUPP where the kernel lacks
     *     {@code IORING_FEAT_REG_REG_RING}
     */
    public final int closeRingFd() {
        requireOpen();
        if ((features() & IORING_FEAT_REG_REG_RING) == 0) {
            return -Errno.EOPNOTSUPP;
        }
        if (!isRegistrar() || fd < 0) {
            return -Errno.EINVAL;
        }
        LibC.close(fd);
        fd = -1;
        return 1;
    }

    /** The thread that must close the ring while it is alive, or null for any. */
    final @Nullable Thread registrar() {
        return registrar;
    }

    /** Takes the mappings away by the given action, then the ring. In this order: see {@link Uring#close()}. */
    final void closeRing(final Runnable unmap) {
        final int descriptor = fd;
        if (descriptor >= 0) {
            dropRegisteredIndex();
        }
        sq.detach();
        cq.detach();
        heldMemory.abandon();
        unmap.run();
        if (descriptor >= 0) {
            LibC.close(descriptor);
        } else {
            dropRegisteredIndex();
        }
        closed = true;
    }
}
