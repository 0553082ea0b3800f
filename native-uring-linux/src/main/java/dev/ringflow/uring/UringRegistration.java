package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_REGISTER_BPF_FILTER;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_PROBE;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_QUERY;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_RESTRICTIONS;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_SEND_MSG_RING;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_SYNC_CANCEL;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_ZCRX_CTRL;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_ZCRX_IFQ;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Timespec;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * What is registered with a ring, and what is asked of the kernel beside the queues. {@link Uring} tells what holds
 * for all of it. Each method answers 0 or more, or the negated errno, -EINVAL where the kernel does not know the
 * call. Where the ring has {@code IORING_SETUP_SINGLE_ISSUER}, only the owner may call; -EEXIST is the answer
 * elsewhere.
 */
public abstract class UringRegistration extends UringSettings {
    /** The file descriptor of calls that need no ring. */
    private static final int NO_RING = -1;

    /** {@code struct io_uring_task_restriction}: flags, nr_res, resv, then the array. */
    private static final int TASK_RESTRICTION_HEADER = 16;

    /** {@code struct io_uring_zcrx_ifq_reg}. */
    private static final int ZCRX_IFQ_SIZE = 96;

    UringRegistration() {}

    /**
     * {@code io_uring_get_probe_ring(3)}: which opcodes the kernel has. Since Linux 5.6.
     *
     * @return the kernel's answer; on an older kernel one that supports nothing
     */
    public final Probe getProbe() {
        final ByteBuffer answer = Memory.allocate(Probe.SIZE, Long.BYTES);
        return registerProbe(Memory.address(answer), Probe.MAX_OPS) < 0 ? new Probe() : new Probe(answer);
    }

    /**
     * {@code io_uring_register_probe(3)}: which opcodes the kernel has. {@link #getProbe()} is the form for people.
     * Since Linux 5.6.
     *
     * @param probeAddress a {@code struct io_uring_probe} with room for so many operations, all zero; written during
     *     the call
     * @param nrOps how many
     * @return 0; -EINVAL when it is not all zero
     */
    public final int registerProbe(final long probeAddress, final int nrOps) {
        return register(IORING_REGISTER_PROBE, probeAddress, nrOps);
    }

    /**
     * {@code io_uring_register_restrictions(3)}: restricts the ring, for ever, from {@link Uring#enableRings()} on.
     * The ring must have been opened with {@code IORING_SETUP_R_DISABLED}. Since Linux 5.10.
     *
     * @param restrictions what it may do
     * @return 0; -EBADFD when the ring is not disabled, -EBUSY when it is restricted already, -EINVAL for opcodes
     *     that the kernel does not know
     */
    public final int registerRestrictions(final Restrictions restrictions) {
        return register(IORING_REGISTER_RESTRICTIONS, restrictions.toMemory(0), restrictions.count());
    }

    /**
     * {@code io_uring_register_restrictions(3)}: the same by address. Since Linux 5.10.
     *
     * @param restrictionsAddress an array of {@code struct io_uring_restriction}, read during the call
     * @param nr how many
     * @return as {@link #registerRestrictions(Restrictions)}
     */
    public final int registerRestrictions(final long restrictionsAddress, final int nr) {
        return register(IORING_REGISTER_RESTRICTIONS, restrictionsAddress, nr);
    }

    /**
     * {@code IORING_REGISTER_RESTRICTIONS} without a ring: restricts every ring that this thread opens from now on,
     * and those of threads and processes that it starts, for ever. To be called on a platform thread. Since Linux
     * 7.0.
     *
     * @param restrictions what they may do
     * @return 0; -EPERM when the thread is restricted already, -EACCES for one that is neither privileged nor has
     *     {@code PR_SET_NO_NEW_PRIVS} set; -EINVAL or -EBADF before Linux 7.0
     */
    public static int registerRestrictionsTask(final Restrictions restrictions) {
        final ByteBuffer memory = restrictions.toMemory(TASK_RESTRICTION_HEADER);
        memory.putShort(2, (short) restrictions.count());
        return registerWithoutRing(IORING_REGISTER_RESTRICTIONS, memory, 1);
    }

    private static int registerWithoutRing(final int opcode, final ByteBuffer argument, final int nr) {
        final int result = LibC.ioUringRegister(NO_RING, opcode, Memory.address(argument), nr);
        Reference.reachabilityFence(argument);
        return result;
    }

    /**
     * {@code io_uring_register_bpf_filter(3)}: adds a filter to the ring; all filters of an operation must let it
     * pass. It cannot be taken away. Since Linux 7.0.
     *
     * @param filter the program, copied during the call
     * @return 0; -EINVAL for a program that the kernel refuses, and where it was built without filters
     */
    public final int registerBpfFilter(final BpfFilter filter) {
        final ByteBuffer program = filter.program();
        final int result = register(IORING_REGISTER_BPF_FILTER, filter.toMemory(Memory.address(program)), 1);
        Reference.reachabilityFence(program);
        return result;
    }

    /**
     * {@code io_uring_register_bpf_filter(3)}: the same by address. Since Linux 7.0.
     *
     * @param bpfAddress a {@code struct io_uring_bpf}, copied during the call with the program that it points to
     * @return as {@link #registerBpfFilter(BpfFilter)}
     */
    public final int registerBpfFilter(final long bpfAddress) {
        return register(IORING_REGISTER_BPF_FILTER, bpfAddress, 1);
    }

    /**
     * {@code io_uring_register_bpf_filter_task(3)}: adds a filter to every ring that this thread opens from now on,
     * and to those of threads and processes that it starts. It cannot be taken away. To be called on a platform
     * thread. Since Linux 7.0.
     *
     * @param filter the program, copied during the call
     * @return as {@link #registerBpfFilter(BpfFilter)}; -EACCES for a thread that is neither privileged nor has
     *     {@code PR_SET_NO_NEW_PRIVS} set
     */
    public static int registerBpfFilterTask(final BpfFilter filter) {
        final ByteBuffer program = filter.program();
        final int result = registerWithoutRing(IORING_REGISTER_BPF_FILTER, filter.toMemory(Memory.address(program)), 1);
        Reference.reachabilityFence(program);
        return result;
    }

    /**
     * {@code io_uring_register_sync_cancel(3)}: cancels requests, and waits until they have let go of what they use.
     * Their completions come as ever. Since Linux 6.0.
     *
     * @param userData which, unless the flags say otherwise
     * @param fd which, with {@code IORING_ASYNC_CANCEL_FD}; otherwise -1
     * @param flags {@code IORING_ASYNC_CANCEL_} flags
     * @param opcode which, with {@code IORING_ASYNC_CANCEL_OP} (since Linux 6.6); otherwise 0
     * @param timeoutNanos how long to wait, in nanoseconds; negative for ever
     * @return 0 or more; -ENOENT when there is no such request, -ETIME when one was still running at the end of the
     *     time
     */
    public final int registerSyncCancel(
            final long userData, final int fd, final int flags, final int opcode, final long timeoutNanos) {
        final ByteBuffer cancel = Memory.allocate(SyncCancel.SIZE, Long.BYTES);
        cancel.putLong(SyncCancel.ADDR, userData);
        cancel.putInt(SyncCancel.FD, fd);
        cancel.putInt(SyncCancel.FLAGS, flags);
        if (timeoutNanos < 0) {
            cancel.putLong(SyncCancel.TIMEOUT + Timespec.SEC, -1);
            cancel.putLong(SyncCancel.TIMEOUT + Timespec.NSEC, -1);
        } else {
            Timespec.setNanos(cancel, SyncCancel.TIMEOUT, timeoutNanos);
        }
        cancel.put(SyncCancel.OPCODE, (byte) opcode);
        return register(IORING_REGISTER_SYNC_CANCEL, cancel, 1);
    }

    /** {@code struct io_uring_sync_cancel_reg}. */
    static final class SyncCancel {
        static final int ADDR = 0;
        static final int FD = 8;
        static final int FLAGS = 12;
        static final int TIMEOUT = 16;
        static final int OPCODE = 32;
        static final int SIZE = 64;

        private SyncCancel() {}
    }

    /**
     * {@code io_uring_register_sync_cancel(3)}: the same by address. Since Linux 6.0.
     *
     * @param cancelAddress a {@code struct io_uring_sync_cancel_reg}, read during the call
     * @return as {@link #registerSyncCancel(long, int, int, int, long)}
     */
    public final int registerSyncCancel(final long cancelAddress) {
        return register(IORING_REGISTER_SYNC_CANCEL, cancelAddress, 1);
    }

    /**
     * {@code io_uring_register_sync_msg(3)}: posts a completion to a ring at once, without having a ring. Since
     * Linux 6.13.
     *
     * <pre>{@code
     * Uring.registerSyncMsg(sqe -> sqe.prepMsgRing(target.ringFd(), 7, 42, 0));
     * }</pre>
     *
     * @param preparation calls {@link Sqe#prepMsgRing} on an entry that is good during the call only
     * @return 0; -EOVERFLOW when the target's queue is full, -EBADFD when it is disabled or no ring, -EBADF when it
     *     is not open; -EINVAL for other operations and commands; -EINVAL or -EBADF before Linux 6.13
     */
    public static int registerSyncMsg(final Consumer<? super Sqe> preparation) {
        final ByteBuffer memory = Memory.allocate(SqeSlot.SIZE, Long.BYTES);
        final Sqe sqe = new Sqe(memory.asLongBuffer(), new HeldMemory());
        sqe.reset();
        preparation.accept(sqe);
        sqe.detach();
        return registerWithoutRing(IORING_REGISTER_SEND_MSG_RING, memory, 1);
    }

    /**
     * {@code io_uring_register_query(3)}: asks about the kernel's io_uring, without having a ring.
     * {@link Query#get()} is the form for people. Since Linux 6.18.
     *
     * @param headerAddress a {@code struct io_uring_query_hdr}, and what it points to, written during the call
     * @return 0, and each header has a result of its own; -EINVAL or -EBADF before Linux 6.18
     */
    public static int registerQuery(final long headerAddress) {
        return LibC.ioUringRegister(NO_RING, IORING_REGISTER_QUERY, headerAddress, 0);
    }

    /**
     * {@code io_uring_register_ifq(3)}: registers a queue of a network card for zero-copy receive. The ring needs
     * {@code IORING_SETUP_DEFER_TASKRUN} and {@code IORING_SETUP_CQE32} or {@code IORING_SETUP_CQE_MIXED}. Since
     * Linux 6.15.
     *
     * @param ifqAddress a {@code struct io_uring_zcrx_ifq_reg}, read and written during the call; delicate: the
     *     memory that it points to is the kernel's until the ring is closed and no request is in flight
     * @return 0; -EINVAL for a ring without these flags, -EPERM without {@code CAP_NET_ADMIN}, -ENODEV without such
     *     a card, -EOPNOTSUPP for a card or a kernel that cannot
     */
    public final int registerIfq(final long ifqAddress) {
        return register(IORING_REGISTER_ZCRX_IFQ, ifqAddress, 1);
    }

    /**
     * {@code io_uring_register_zcrx_ctrl(3)}: a command for a queue of zero-copy receive. Since Linux 6.19.
     *
     * @param ctrlAddress a {@code struct zcrx_ctrl}, read and written during the call
     * @return 0; -ENXIO for an unknown queue, -EOPNOTSUPP for an unknown command
     */
    public final int registerZcrxCtrl(final long ctrlAddress) {
        return register(IORING_REGISTER_ZCRX_CTRL, ctrlAddress, 1);
    }

    /**
     * Whether this process could register a network card's queue with this ring, if there is a card that can: the
     * kernel has zero-copy receive, the ring has the flags that {@link #registerIfq} names, and the process has the
     * right. Registers nothing.
     *
     * @return false where any of it is missing
     */
    public final boolean zeroCopyReceiveSupported() {
        final int result = register(IORING_REGISTER_ZCRX_IFQ, Memory.allocate(ZCRX_IFQ_SIZE, Long.BYTES), 1);
        return result != -Errno.EINVAL && result != -Errno.EOPNOTSUPP && result != -Errno.EPERM;
    }
}
