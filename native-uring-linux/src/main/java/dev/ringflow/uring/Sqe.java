package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_FD;
import static dev.ringflow.uring.UringConstants.IORING_OP_ASYNC_CANCEL;
import static dev.ringflow.uring.UringConstants.IORING_OP_LINK_TIMEOUT;
import static dev.ringflow.uring.UringConstants.IORING_OP_MSG_RING;
import static dev.ringflow.uring.UringConstants.IORING_OP_NOP;
import static dev.ringflow.uring.UringConstants.IORING_OP_POLL_ADD;
import static dev.ringflow.uring.UringConstants.IORING_OP_POLL_REMOVE;
import static dev.ringflow.uring.UringConstants.IORING_OP_TIMEOUT;
import static dev.ringflow.uring.UringConstants.IORING_OP_TIMEOUT_REMOVE;
import static dev.ringflow.uring.UringConstants.IORING_POLL_ADD_MULTI;
import static dev.ringflow.uring.UringConstants.IORING_TIMEOUT_UPDATE;

import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * A submission queue entry: one request, written straight into the memory that the kernel reads. There is one object per
 * slot of the queue, used again and again; nothing is allocated per request.
 *
 * <p>{@link Uring#getSqe()} hands an entry out, a {@code prep…} method says what it does, then the setters add flags,
 * user data and the like. The entry belongs to the caller until the next submit; keeping it longer means writing into
 * somebody else's request. A prep method writes every field but the user data, so no setting of an earlier request is
 * left; an entry that is handed out and never prepared is a NOP with user data 0.
 *
 * <p><b>Delicate.</b> Addresses are not checked. Memory that an entry names is the kernel's until the request's terminal
 * completion, unless the method says "until the submission" (with SQPOLL: until the kernel's thread took the entry). The
 * caller keeps it reachable and unchanged until then.
 *
 * <p>For the owner of the ring only. Use after {@link Uring#close()} throws {@link IllegalStateException}.
 *
 * <p>Source: {@code io_uring_enter(2)} and the man page {@code io_uring_prep_…(3)} of the same name as the method.
 */
public final class Sqe extends SqeSocketPreparation {
    Sqe(final LongBuffer words) {
        super(words);
    }

    /** {@code io_uring_prep_nop(3)}: does nothing; completes with 0. Since Linux 5.1. */
    public void prepNop() {
        prepRw(IORING_OP_NOP, -1, 0, 0, 0);
    }

    /**
     * {@code io_uring_prep_timeout(3)}: completes with -ETIME when the time is over, or with 0 when {@code count} other
     * completions came first. Since Linux 5.4.
     *
     * @param timespecAddress a {@code struct __kernel_timespec}; delicate: the kernel's until the submission
     * @param count completions that end it, or 0 for the time alone
     * @param flags {@code IORING_TIMEOUT_} flags
     */
    public void prepTimeout(final long timespecAddress, final int count, final int flags) {
        prepRw(IORING_OP_TIMEOUT, -1, timespecAddress, 1, Integer.toUnsignedLong(count));
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_timeout_remove(3)}: ends a timeout, which then completes with -ECANCELED. Completes with 0,
     * -ENOENT or -EBUSY. Since Linux 5.5.
     *
     * @param userData user data of the timeout
     * @param flags must be 0
     */
    public void prepTimeoutRemove(final long userData, final int flags) {
        prepRw(IORING_OP_TIMEOUT_REMOVE, -1, userData, 0, 0);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_timeout_update(3)}: gives a timeout another time. Since Linux 5.11.
     *
     * @param timespecAddress a {@code struct __kernel_timespec}; delicate: the kernel's until the submission
     * @param userData user data of the timeout
     * @param flags {@code IORING_TIMEOUT_ABS}, {@code IORING_LINK_TIMEOUT_UPDATE}; {@code IORING_TIMEOUT_UPDATE} is added
     */
    public void prepTimeoutUpdate(final long timespecAddress, final long userData, final int flags) {
        prepRw(IORING_OP_TIMEOUT_REMOVE, -1, userData, 0, timespecAddress);
        rwFlags(flags | IORING_TIMEOUT_UPDATE);
    }

    /**
     * {@code io_uring_prep_link_timeout(3)}: bounds the entry directly before it, which has {@code IOSQE_IO_LINK} set.
     * When the time is over, that completes with -ECANCELED and this with -ETIME; otherwise this completes with
     * -ECANCELED. Since Linux 5.5.
     *
     * @param timespecAddress a {@code struct __kernel_timespec}; delicate: the kernel's until the submission
     * @param flags {@code IORING_TIMEOUT_} flags
     */
    public void prepLinkTimeout(final long timespecAddress, final int flags) {
        prepRw(IORING_OP_LINK_TIMEOUT, -1, timespecAddress, 1, 0);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_cancel64(3)}: asks for the cancellation of requests by user data. Completes with 0 (with
     * {@code IORING_ASYNC_CANCEL_ALL} or {@code …_ANY}: with their number), -ENOENT when none was found, -EALREADY when
     * one is past stopping. The request's own completion tells the truth, and may still be a success. Since Linux 5.5.
     *
     * @param userData user data of the requests
     * @param flags {@code IORING_ASYNC_CANCEL_} flags (since Linux 5.19)
     */
    public void prepCancel64(final long userData, final int flags) {
        prepRw(IORING_OP_ASYNC_CANCEL, -1, userData, 0, 0);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_cancel_fd(3)}: asks for the cancellation of requests by file. Since Linux 5.19.
     *
     * @param fd the file, or with {@code IORING_ASYNC_CANCEL_FD_FIXED} its index
     * @param flags {@code IORING_ASYNC_CANCEL_} flags; {@code …_FD} is added
     */
    public void prepCancelFd(final int fd, final int flags) {
        prepRw(IORING_OP_ASYNC_CANCEL, fd, 0, 0, 0);
        rwFlags(flags | IORING_ASYNC_CANCEL_FD);
    }

    /**
     * {@code io_uring_prep_poll_add(3)}: waits until a file is ready. Completes with the events. Since Linux 5.1.
     *
     * @param fd the file
     * @param pollMask {@code POLL} events
     */
    public void prepPollAdd(final int fd, final int pollMask) {
        prepRw(IORING_OP_POLL_ADD, fd, 0, 0, 0);
        rwFlags(pollMask(pollMask));
    }

    /**
     * {@code io_uring_prep_poll_multishot(3)}: a completion every time a file becomes ready, as long as
     * {@code IORING_CQE_F_MORE} is set. Since Linux 5.13.
     *
     * @param fd the file
     * @param pollMask {@code POLL} events
     */
    public void prepPollMultishot(final int fd, final int pollMask) {
        prepRw(IORING_OP_POLL_ADD, fd, 0, IORING_POLL_ADD_MULTI, 0);
        rwFlags(pollMask(pollMask));
    }

    /**
     * {@code io_uring_prep_poll_remove(3)}: ends a poll, which then completes with -ECANCELED. Completes with 0, -ENOENT
     * or -EALREADY. Since Linux 5.1.
     *
     * @param userData user data of the poll
     */
    public void prepPollRemove(final long userData) {
        prepRw(IORING_OP_POLL_REMOVE, -1, userData, 0, 0);
    }

    /**
     * {@code io_uring_prep_poll_update(3)}: changes a poll. Since Linux 5.13.
     *
     * @param oldUserData user data of the poll
     * @param newUserData its new user data
     * @param pollMask its new events
     * @param flags {@code IORING_POLL_UPDATE_} and {@code IORING_POLL_ADD_} flags
     */
    public void prepPollUpdate(final long oldUserData, final long newUserData, final int pollMask, final int flags) {
        prepRw(IORING_OP_POLL_REMOVE, -1, oldUserData, flags, newUserData);
        rwFlags(pollMask(pollMask));
    }

    /**
     * {@code io_uring_prep_msg_ring(3)}: posts a completion to another ring. Completes here with 0, -EOVERFLOW when the
     * other's queue is full, -EBADFD when it is disabled. Since Linux 5.18.
     *
     * @param fd the other ring
     * @param len the other completion's {@code res}
     * @param data the other completion's user data
     * @param flags {@code IORING_MSG_RING_} flags
     */
    public void prepMsgRing(final int fd, final int len, final long data, final int flags) {
        prepRw(IORING_OP_MSG_RING, fd, 0, len, data);
        rwFlags(flags);
    }

    /** The kernel wants the two halves of a poll mask swapped on big-endian machines. */
    private static int pollMask(final int mask) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? mask : Integer.rotateLeft(mask, 16);
    }

    /**
     * {@code io_uring_sqe_set_data64(3)}: what the completion will carry.
     *
     * @param data 64 bits
     */
    public void setData64(final long data) {
        userData(data);
    }

    /**
     * {@code io_uring_sqe_set_flags(3)}: replaces the entry's flags.
     *
     * @param flags {@code IOSQE_} flags
     */
    public void setFlags(final int flags) {
        flags(flags);
    }

    /**
     * {@code io_uring_sqe_set_buf_group(3)}: the group that a buffer is taken from, with {@code IOSQE_BUFFER_SELECT}.
     *
     * @param bgid 0 to 65535
     */
    public void setBufGroup(final int bgid) {
        bufIndex(bgid);
    }

    /**
     * {@code sqe->personality}: runs the request with registered credentials.
     *
     * @param personality what {@link Uring#registerPersonality()} answered, or 0 for the submitter's own
     */
    public void setPersonality(final int personality) {
        personality(personality);
    }

    /**
     * {@code sqe->ioprio}: the I/O priority, or for sockets the {@code IORING_RECVSEND_} and {@code IORING_ACCEPT_} flags.
     *
     * @param value 16 bits
     */
    public void setIoprio(final int value) {
        ioprio(value);
    }

    /**
     * {@code sqe->rw_flags} and its other names: the operation's own flags.
     *
     * @param flags 32 bits
     */
    public void setRwFlags(final int flags) {
        rwFlags(flags);
    }

    /**
     * {@code sqe->len}: for settings that no prep method has, such as {@code IORING_NOP_INJECT_RESULT}.
     *
     * @param len 32 bits
     */
    public void setLen(final int len) {
        len(len);
    }

    /**
     * What the entry will carry back.
     *
     * @return the user data set so far
     */
    public long getData64() {
        return getWord(USER_DATA);
    }

    @Override
    public String toString() {
        if (isDetached()) {
            return "Sqe[closed]";
        }
        return "Sqe[" + ConstantNames.opcode((int) get(OPCODE, Byte.BYTES))
                + ", flags=0x" + Long.toHexString(get(FLAGS, Byte.BYTES))
                + ", fd=" + (int) get(FD, Integer.BYTES)
                + ", addr=0x" + Long.toHexString(getWord(ADDR))
                + ", len=" + get(LEN, Integer.BYTES)
                + ", off=" + getWord(OFF)
                + ", userData=0x" + Long.toHexString(getWord(USER_DATA)) + "]";
    }
}
