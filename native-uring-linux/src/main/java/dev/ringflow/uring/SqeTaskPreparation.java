package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.BLOCK_URING_CMD_DISCARD;
import static dev.ringflow.uring.UringConstants.IORING_FILE_INDEX_ALLOC;
import static dev.ringflow.uring.UringConstants.IORING_MSG_RING_FLAGS_PASS;
import static dev.ringflow.uring.UringConstants.IORING_MSG_SEND_FD;
import static dev.ringflow.uring.UringConstants.IORING_OP_EPOLL_CTL;
import static dev.ringflow.uring.UringConstants.IORING_OP_EPOLL_WAIT;
import static dev.ringflow.uring.UringConstants.IORING_OP_FILES_UPDATE;
import static dev.ringflow.uring.UringConstants.IORING_OP_FIXED_FD_INSTALL;
import static dev.ringflow.uring.UringConstants.IORING_OP_FUTEX_WAIT;
import static dev.ringflow.uring.UringConstants.IORING_OP_FUTEX_WAITV;
import static dev.ringflow.uring.UringConstants.IORING_OP_FUTEX_WAKE;
import static dev.ringflow.uring.UringConstants.IORING_OP_MSG_RING;
import static dev.ringflow.uring.UringConstants.IORING_OP_URING_CMD;
import static dev.ringflow.uring.UringConstants.IORING_OP_URING_CMD128;
import static dev.ringflow.uring.UringConstants.IORING_OP_WAITID;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;

import dev.ringflow.uring.struct.EpollEvent;
import dev.ringflow.uring.struct.SigInfo;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * The prep functions for processes, futexes, epoll, other rings, tables of files and commands; {@link Sqe} tells what
 * holds for all of them.
 */
public abstract class SqeTaskPreparation extends SqeSocketPreparation {
    SqeTaskPreparation(final LongBuffer words, final HeldMemory heldMemory) {
        super(words, heldMemory);
    }

    /**
     * {@code io_uring_prep_waitid(3)}: {@code waitid(2)}. Completes with 0 when a child has changed, -ECHILD when
     * there is none to wait for. Since Linux 6.7.
     *
     * @param idtype {@code P_} constant
     * @param id the process, process group or pidfd that it asks for
     * @param infopAddress where a {@code siginfo_t} goes, or 0; delicate: the kernel's until the completion
     * @param options {@code WEXITED}, {@code WSTOPPED}, {@code WCONTINUED}, {@code WNOHANG}, {@code WNOWAIT}
     * @param flags must be 0
     */
    public final void prepWaitid(
            final int idtype, final int id, final long infopAddress, final int options, final int flags) {
        prepRw(IORING_OP_WAITID, id, 0, idtype, infopAddress);
        rwFlags(flags);
        fileIndex(options);
    }

    /**
     * {@code io_uring_prep_waitid(3)}: the same with a buffer, which is kept until the completion. Since Linux 6.7.
     *
     * @param idtype {@code P_} constant
     * @param id the process, process group or pidfd that it asks for
     * @param infop where a {@code siginfo_t} goes, at its position ({@link SigInfo})
     * @param options {@code WEXITED}, {@code WSTOPPED}, {@code WCONTINUED}, {@code WNOHANG}, {@code WNOWAIT}
     * @param flags must be 0
     */
    public final void prepWaitid(
            final int idtype, final int id, final ByteBuffer infop, final int options, final int flags) {
        prepWaitid(idtype, id, targetStruct(infop, SigInfo.SIZE), options, flags);
    }

    /**
     * {@code io_uring_prep_futex_wait(3)}: {@code futex_wait(2)}. Completes with 0 when woken, -EAGAIN when the futex
     * does not hold the value. Since Linux 6.7.
     *
     * @param futexAddress the futex, aligned to its size; delicate: the kernel's until the completion
     * @param val what the futex must hold for the wait to begin
     * @param mask which wakes it answers to: other than 0, usually {@code FUTEX_BITSET_MATCH_ANY}
     * @param futexFlags {@code FUTEX2_} flags: the size, and whether it is private
     * @param flags must be 0
     */
    public final void prepFutexWait(
            final long futexAddress, final long val, final long mask, final int futexFlags, final int flags) {
        prepRw(IORING_OP_FUTEX_WAIT, futexFlags, futexAddress, 0, val);
        rwFlags(flags);
        addr3(mask);
    }

    /**
     * {@code io_uring_prep_futex_wait(3)}: the same with a buffer, which is kept until the completion. Since Linux
     * 6.7.
     *
     * @param futex the futex, four bytes at its position, which are aligned to that
     * @param val what the futex must hold for the wait to begin
     * @param mask which wakes it answers to: other than 0, usually {@code FUTEX_BITSET_MATCH_ANY}
     * @param futexFlags {@code FUTEX2_} flags: the size, and whether it is private
     * @param flags must be 0
     */
    public final void prepFutexWait(
            final ByteBuffer futex, final long val, final long mask, final int futexFlags, final int flags) {
        prepFutexWait(sourceStruct(futex, Integer.BYTES), val, mask, futexFlags, flags);
    }

    /**
     * {@code io_uring_prep_futex_wake(3)}: {@code futex_wake(2)}. Completes with the number of waits that it ended.
     * Since Linux 6.7.
     *
     * @param futexAddress the futex, aligned to its size; delicate: the kernel's until the completion
     * @param val ends at most so many waits
     * @param mask ends those waits only whose mask has a bit in common with it; usually
     *     {@code FUTEX_BITSET_MATCH_ANY}
     * @param futexFlags {@code FUTEX2_} flags, the same as of the waits
     * @param flags must be 0
     */
    public final void prepFutexWake(
            final long futexAddress, final long val, final long mask, final int futexFlags, final int flags) {
        prepRw(IORING_OP_FUTEX_WAKE, futexFlags, futexAddress, 0, val);
        rwFlags(flags);
        addr3(mask);
    }

    /**
     * {@code io_uring_prep_futex_wake(3)}: the same with a buffer, which is kept until the completion. Since Linux
     * 6.7.
     *
     * @param futex the futex, four bytes at its position, which are aligned to that
     * @param val ends at most so many waits
     * @param mask ends those waits only whose mask has a bit in common with it; usually
     *     {@code FUTEX_BITSET_MATCH_ANY}
     * @param futexFlags {@code FUTEX2_} flags, the same as of the waits
     * @param flags must be 0
     */
    public final void prepFutexWake(
            final ByteBuffer futex, final long val, final long mask, final int futexFlags, final int flags) {
        prepFutexWake(sourceStruct(futex, Integer.BYTES), val, mask, futexFlags, flags);
    }

    /**
     * {@code io_uring_prep_futex_waitv(3)}: {@code futex_waitv(2)}. Completes with the index of the futex that was
     * woken, -EAGAIN when one does not hold its value. There is no form with a buffer, for it could not check what
     * the structs point to. Since Linux 6.7.
     *
     * @param futexAddress an array of {@code struct futex_waitv} ({@link dev.ringflow.uring.struct.FutexWaitv});
     *     delicate: the kernel's until the submission, and the futexes that it names until the completion
     * @param nrFutex how many, at most {@code FUTEX_WAITV_MAX}
     * @param flags must be 0
     */
    public final void prepFutexWaitv(final long futexAddress, final int nrFutex, final int flags) {
        prepRw(IORING_OP_FUTEX_WAITV, 0, futexAddress, nrFutex, 0);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_epoll_ctl(3)}: {@code epoll_ctl(2)}. Since Linux 5.6.
     *
     * @param epfd the epoll file
     * @param fd the file to watch
     * @param op {@code EPOLL_CTL_ADD}, {@code EPOLL_CTL_MOD} or {@code EPOLL_CTL_DEL}
     * @param eventAddress a {@code struct epoll_event}, or 0 for {@code EPOLL_CTL_DEL}; delicate: the kernel's until
     *     the submission
     */
    public final void prepEpollCtl(final int epfd, final int fd, final int op, final long eventAddress) {
        prepRw(IORING_OP_EPOLL_CTL, epfd, eventAddress, op, Integer.toUnsignedLong(fd));
    }

    /**
     * {@code io_uring_prep_epoll_ctl(3)}: the same with a buffer, which is kept until the completion. Since Linux
     * 5.6.
     *
     * @param epfd the epoll file
     * @param fd the file to watch
     * @param op {@code EPOLL_CTL_ADD} or {@code EPOLL_CTL_MOD}
     * @param event a {@code struct epoll_event} at its position ({@link EpollEvent})
     */
    public final void prepEpollCtl(final int epfd, final int fd, final int op, final ByteBuffer event) {
        prepEpollCtl(epfd, fd, op, sourceStruct(event, EpollEvent.SIZE));
    }

    /**
     * {@code io_uring_prep_epoll_wait(3)}: {@code epoll_wait(2)} without a time: bound it by {@code prepLinkTimeout}.
     * Completes with the number of events. Since Linux 6.15.
     *
     * @param fd the epoll file
     * @param eventsAddress where the {@code struct epoll_event}s go; delicate: the kernel's until the completion
     * @param maxevents room for so many
     * @param flags must be 0
     */
    public final void prepEpollWait(final int fd, final long eventsAddress, final int maxevents, final int flags) {
        prepRw(IORING_OP_EPOLL_WAIT, fd, eventsAddress, maxevents, 0);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_epoll_wait(3)}: the same with a buffer, which is kept until the completion. Since Linux
     * 6.15.
     *
     * @param fd the epoll file
     * @param events where the {@code struct epoll_event}s go, from its position on: as many as fit in before its
     *     limit
     * @param flags must be 0
     */
    public final void prepEpollWait(final int fd, final ByteBuffer events, final int flags) {
        prepEpollWait(fd, targetStruct(events, EpollEvent.SIZE), events.remaining() / EpollEvent.SIZE, flags);
    }

    /**
     * {@code io_uring_prep_msg_ring(3)}: posts a completion to another ring, or to this one. Completes here with 0,
     * -EOVERFLOW when the other's queue is full, -EBADFD when it is disabled or no ring. Since Linux 5.18.
     *
     * @param fd the other ring
     * @param len the other completion's {@code res}
     * @param data the other completion's user data
     * @param flags {@code IORING_MSG_RING_} flags
     */
    public final void prepMsgRing(final int fd, final int len, final long data, final int flags) {
        prepRw(IORING_OP_MSG_RING, fd, 0, len, data);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_msg_ring_cqe_flags(3)}: the same with flags for the other completion. Since Linux 6.3.
     *
     * @param fd the other ring
     * @param len the other completion's {@code res}
     * @param data the other completion's user data
     * @param flags {@code IORING_MSG_RING_} flags; {@code IORING_MSG_RING_FLAGS_PASS} is added
     * @param cqeFlags the other completion's flags
     */
    public final void prepMsgRingCqeFlags(
            final int fd, final int len, final long data, final int flags, final int cqeFlags) {
        prepMsgRing(fd, len, data, flags | IORING_MSG_RING_FLAGS_PASS);
        fileIndex(cqeFlags);
    }

    /**
     * {@code io_uring_prep_msg_ring_fd(3)}: gives a registered file to another ring, not to this one. Completes here
     * and there with 0, or with the slot when the kernel picked it; here with -EBADF when there is no such file, and
     * with -EOVERFLOW when the other ring has the file but no completion. Since Linux 6.0.
     *
     * @param fd the other ring
     * @param sourceFd slot of the file in this ring's table, where it stays
     * @param targetFd slot in the other ring's table, or {@code IORING_FILE_INDEX_ALLOC}
     * @param data the other completion's user data
     * @param flags {@code IORING_MSG_RING_CQE_SKIP} for no completion there, or 0
     */
    public final void prepMsgRingFd(
            final int fd, final int sourceFd, final int targetFd, final long data, final int flags) {
        prepRw(IORING_OP_MSG_RING, fd, IORING_MSG_SEND_FD, 0, data);
        rwFlags(flags);
        addr3(Integer.toUnsignedLong(sourceFd));
        targetFixedFile(targetFd);
    }

    /**
     * {@code io_uring_prep_msg_ring_fd_alloc(3)}: gives a registered file to another ring, which picks the slot and
     * tells it by the result. Since Linux 6.0.
     *
     * @param fd the other ring
     * @param sourceFd slot of the file in this ring's table, where it stays
     * @param data the other completion's user data
     * @param flags {@code IORING_MSG_RING_CQE_SKIP} for no completion there, or 0
     */
    public final void prepMsgRingFdAlloc(final int fd, final int sourceFd, final long data, final int flags) {
        prepMsgRingFd(fd, sourceFd, IORING_FILE_INDEX_ALLOC, data, flags);
    }

    /**
     * {@code io_uring_prep_fixed_fd_install(3)}: makes a file descriptor of a registered file. Sets
     * {@code IOSQE_FIXED_FILE}, so a {@code setFlags} after it must include that. Completes with the file descriptor,
     * -EBADF when there is no such file. Since Linux 6.8.
     *
     * @param fd slot of the file, where it stays
     * @param flags {@code IORING_FIXED_FD_NO_CLOEXEC}, or 0 for one that is closed on exec
     */
    public final void prepFixedFdInstall(final int fd, final int flags) {
        prepRw(IORING_OP_FIXED_FD_INSTALL, fd, 0, 0, 0);
        flags(IOSQE_FIXED_FILE);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_files_update(3)}: replaces registered files. Completes with their number, -ENXIO when
     * there is no table. Since Linux 5.6.
     *
     * @param fdsAddress an array of int: file descriptors, -1 to empty a slot; delicate: the kernel's until the
     *     completion
     * @param nrFds how many
     * @param offset first slot, or {@code IORING_FILE_INDEX_ALLOC}: the kernel picks the slots and writes their
     *     numbers into the array (since Linux 6.0)
     */
    public final void prepFilesUpdate(final long fdsAddress, final int nrFds, final int offset) {
        prepRw(IORING_OP_FILES_UPDATE, -1, fdsAddress, nrFds, offset);
    }

    /**
     * {@code io_uring_prep_files_update(3)}: the same with a buffer, which is kept until the completion. Since Linux
     * 5.6.
     *
     * @param fds an array of int from its position to its limit: file descriptors, -1 to empty a slot
     * @param offset first slot, or {@code IORING_FILE_INDEX_ALLOC}: the kernel picks the slots and writes their
     *     numbers into the buffer (since Linux 6.0)
     */
    public final void prepFilesUpdate(final ByteBuffer fds, final int offset) {
        final long address = offset == IORING_FILE_INDEX_ALLOC ? target(fds) : source(fds);
        prepFilesUpdate(address, fds.remaining() / Integer.BYTES, offset);
    }

    /**
     * {@code io_uring_prep_uring_cmd(3)}: a command of the file's own. What it takes goes where it is documented, by
     * the setters of the fields or by {@link Sqe#setCmd}. Completes with -EOPNOTSUPP when the file has no commands.
     * Since Linux 5.19.
     *
     * @param cmdOp which command
     * @param fd the file
     */
    public final void prepUringCmd(final int cmdOp, final int fd) {
        prepCmd(IORING_OP_URING_CMD, cmdOp, fd);
    }

    /**
     * {@code io_uring_prep_uring_cmd128(3)}: the same as an entry of {@link Uring#getSqe128}, which has room for 80
     * bytes of the command's own. Takes a ring with {@code IORING_SETUP_SQE128} or {@code IORING_SETUP_SQE_MIXED}; in
     * another it completes with -EINVAL. Since Linux 6.19.
     *
     * @param cmdOp which command
     * @param fd the file
     */
    public final void prepUringCmd128(final int cmdOp, final int fd) {
        prepCmd(IORING_OP_URING_CMD128, cmdOp, fd);
    }

    private void prepCmd(final int opcode, final int cmdOp, final int fd) {
        prepRw(opcode, fd, 0, 0, 0);
        commandOpcode(cmdOp);
    }

    /**
     * {@code io_uring_prep_cmd_discard(3)}: tells a block device that a range of it is no longer needed; what it
     * holds afterwards is undefined. Completes with 0, -EINVAL when the range is not aligned to logical blocks,
     * -EOPNOTSUPP when the device does not discard. Since Linux 6.12.
     *
     * @param fd the block device, open for writing
     * @param offset start of the range in bytes
     * @param nbytes its length in bytes
     */
    public final void prepCmdDiscard(final int fd, final long offset, final long nbytes) {
        prepUringCmd(BLOCK_URING_CMD_DISCARD, fd);
        addr(offset);
        addr3(nbytes);
    }
}
