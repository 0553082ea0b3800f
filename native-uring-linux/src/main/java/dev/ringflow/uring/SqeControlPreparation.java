package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_FD;
import static dev.ringflow.uring.UringConstants.IORING_OP_ASYNC_CANCEL;
import static dev.ringflow.uring.UringConstants.IORING_OP_LINK_TIMEOUT;
import static dev.ringflow.uring.UringConstants.IORING_OP_NOP;
import static dev.ringflow.uring.UringConstants.IORING_OP_NOP128;
import static dev.ringflow.uring.UringConstants.IORING_OP_POLL_ADD;
import static dev.ringflow.uring.UringConstants.IORING_OP_POLL_REMOVE;
import static dev.ringflow.uring.UringConstants.IORING_OP_TIMEOUT;
import static dev.ringflow.uring.UringConstants.IORING_OP_TIMEOUT_REMOVE;
import static dev.ringflow.uring.UringConstants.IORING_POLL_ADD_MULTI;
import static dev.ringflow.uring.UringConstants.IORING_TIMEOUT_IMMEDIATE_ARG;
import static dev.ringflow.uring.UringConstants.IORING_TIMEOUT_UPDATE;

import dev.ringflow.uring.struct.Timespec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * The prep functions that steer the ring: no-ops, timeouts, cancels, polls; {@link Sqe} tells what holds for all of
 * them.
 */
public abstract class SqeControlPreparation extends SqeTaskPreparation {
    SqeControlPreparation(final LongBuffer words, final HeldMemory heldMemory) {
        super(words, heldMemory);
    }

    /**
     * {@code io_uring_prep_nop(3)}: does nothing; completes with 0. Since Linux 5.1.
     *
     * <p>For tests, {@link Sqe#setRwFlags} adds {@code IORING_NOP_} flags (since Linux 6.10): {@code INJECT_RESULT}
     * completes with what {@link Sqe#setLen} set, {@code FILE} looks up {@link Sqe#setFd} (with {@code FIXED_FILE} in
     * the table of registered files), {@code FIXED_BUFFER} looks up {@link Sqe#setBufIndex}, {@code CQE32} posts a
     * completion of 32 bytes with {@link Sqe#setOff} and {@link Sqe#setAddr} in it.
     */
    public final void prepNop() {
        prepRw(IORING_OP_NOP, -1, 0, 0, 0);
    }

    /**
     * {@code io_uring_prep_nop128(3)}: does nothing, as an entry of {@link Uring#getSqe128}. Takes a ring with
     * {@code IORING_SETUP_SQE128} or {@code IORING_SETUP_SQE_MIXED}; in another it completes with -EINVAL. Since
     * Linux 6.19.
     */
    public final void prepNop128() {
        prepRw(IORING_OP_NOP128, -1, 0, 0, 0);
    }

    /**
     * {@code io_uring_prep_timeout(3)}: completes with -ETIME when the time is over, or with 0 when {@code count}
     * other completions came first. With {@code IORING_TIMEOUT_MULTISHOT} it completes with -ETIME again and again,
     * as long as {@code IORING_CQE_F_MORE} is set. Since Linux 5.4.
     *
     * @param timespecAddress a {@code struct __kernel_timespec}; delicate: the kernel's until the submission. With
     *     {@code IORING_TIMEOUT_IMMEDIATE_ARG} the time itself, in nanoseconds
     * @param count completions that end it, or 0 for the time alone; with {@code IORING_TIMEOUT_MULTISHOT} how often
     *     it fires, or 0 for no end
     * @param flags {@code IORING_TIMEOUT_} flags
     */
    public final void prepTimeout(final long timespecAddress, final int count, final int flags) {
        prepRw(IORING_OP_TIMEOUT, -1, timespecAddress, 1, Integer.toUnsignedLong(count));
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_timeout(3)}: the same with a buffer, which is kept until the completion. Since Linux 5.4.
     *
     * @param timespec a {@code struct __kernel_timespec} at its position ({@link Timespec})
     * @param count completions that end it, or 0 for the time alone; with {@code IORING_TIMEOUT_MULTISHOT} how often
     *     it fires, or 0 for no end
     * @param flags {@code IORING_TIMEOUT_} flags without {@code IORING_TIMEOUT_IMMEDIATE_ARG}
     */
    public final void prepTimeout(final ByteBuffer timespec, final int count, final int flags) {
        prepTimeout(time(timespec, flags), count, flags);
    }

    /**
     * {@code io_uring_prep_timeout_remove(3)}: ends a timeout, which then completes with -ECANCELED. Completes with
     * 0, -ENOENT or -EBUSY. Since Linux 5.5.
     *
     * @param userData user data of the timeout
     * @param flags must be 0
     */
    public final void prepTimeoutRemove(final long userData, final int flags) {
        prepRw(IORING_OP_TIMEOUT_REMOVE, -1, userData, 0, 0);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_timeout_update(3)}: gives a timeout another time. Completes with 0, -ENOENT or -EALREADY.
     * Since Linux 5.11.
     *
     * @param timespecAddress a {@code struct __kernel_timespec}; delicate: the kernel's until the submission. With
     *     {@code IORING_TIMEOUT_IMMEDIATE_ARG} the time itself, in nanoseconds
     * @param userData user data of the timeout
     * @param flags {@code IORING_TIMEOUT_ABS}, {@code IORING_TIMEOUT_IMMEDIATE_ARG},
     *     {@code IORING_LINK_TIMEOUT_UPDATE} for a link timeout; {@code IORING_TIMEOUT_UPDATE} is added
     */
    public final void prepTimeoutUpdate(final long timespecAddress, final long userData, final int flags) {
        prepRw(IORING_OP_TIMEOUT_REMOVE, -1, userData, 0, timespecAddress);
        rwFlags(flags | IORING_TIMEOUT_UPDATE);
    }

    /**
     * {@code io_uring_prep_timeout_update(3)}: the same with a buffer, which is kept until the completion. Since
     * Linux 5.11.
     *
     * @param timespec a {@code struct __kernel_timespec} at its position ({@link Timespec})
     * @param userData user data of the timeout
     * @param flags {@code IORING_TIMEOUT_ABS}, {@code IORING_LINK_TIMEOUT_UPDATE} for a link timeout;
     *     {@code IORING_TIMEOUT_UPDATE} is added
     */
    public final void prepTimeoutUpdate(final ByteBuffer timespec, final long userData, final int flags) {
        prepTimeoutUpdate(time(timespec, flags), userData, flags);
    }

    /**
     * {@code io_uring_prep_link_timeout(3)}: bounds the entry directly before it, which has {@code IOSQE_IO_LINK}
     * set. When the time is over, that completes with -ECANCELED and this with -ETIME; otherwise this completes with
     * -ECANCELED. Since Linux 5.5.
     *
     * @param timespecAddress a {@code struct __kernel_timespec}; delicate: the kernel's until the submission. With
     *     {@code IORING_TIMEOUT_IMMEDIATE_ARG} the time itself, in nanoseconds
     * @param flags {@code IORING_TIMEOUT_} flags
     */
    public final void prepLinkTimeout(final long timespecAddress, final int flags) {
        prepRw(IORING_OP_LINK_TIMEOUT, -1, timespecAddress, 1, 0);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_link_timeout(3)}: the same with a buffer, which is kept until the completion. Since Linux
     * 5.5.
     *
     * @param timespec a {@code struct __kernel_timespec} at its position ({@link Timespec})
     * @param flags {@code IORING_TIMEOUT_} flags without {@code IORING_TIMEOUT_IMMEDIATE_ARG}
     */
    public final void prepLinkTimeout(final ByteBuffer timespec, final int flags) {
        prepLinkTimeout(time(timespec, flags), flags);
    }

    /** An address is no time: with IMMEDIATE_ARG the kernel would wait for as many nanoseconds. */
    private long time(final ByteBuffer timespec, final int flags) {
        if ((flags & IORING_TIMEOUT_IMMEDIATE_ARG) != 0) {
            throw new IllegalArgumentException("with IORING_TIMEOUT_IMMEDIATE_ARG the time is a number, not a struct");
        }
        return sourceStruct(timespec, Timespec.SIZE);
    }

    /**
     * {@code io_uring_prep_cancel64(3)}: asks for the cancellation of requests by user data. Completes with 0 (with
     * {@code IORING_ASYNC_CANCEL_ALL} or {@code …_ANY}: with their number), -ENOENT when none was found, -EALREADY
     * when one is past stopping. The request's own completion tells the truth, and may still be a success. Since
     * Linux 5.5.
     *
     * <p>With {@code IORING_ASYNC_CANCEL_OP}, set the opcode by {@link Sqe#setCancelOpcode}.
     *
     * @param userData user data of the requests
     * @param flags {@code IORING_ASYNC_CANCEL_} flags (since Linux 5.19)
     */
    public final void prepCancel64(final long userData, final int flags) {
        prepRw(IORING_OP_ASYNC_CANCEL, -1, userData, 0, 0);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_cancel(3)}: the same as {@link #prepCancel64}, for in C the user data is a pointer here.
     * Since Linux 5.5.
     *
     * @param userData user data of the requests
     * @param flags {@code IORING_ASYNC_CANCEL_} flags (since Linux 5.19)
     */
    public final void prepCancel(final long userData, final int flags) {
        prepCancel64(userData, flags);
    }

    /**
     * {@code io_uring_prep_cancel_fd(3)}: asks for the cancellation of requests by file. Completes as
     * {@link #prepCancel64} does, and with -EBADF when there is no such file. Since Linux 5.19.
     *
     * @param fd the file, or with {@code IORING_ASYNC_CANCEL_FD_FIXED} its index
     * @param flags {@code IORING_ASYNC_CANCEL_} flags; {@code …_FD} is added
     */
    public final void prepCancelFd(final int fd, final int flags) {
        prepRw(IORING_OP_ASYNC_CANCEL, fd, 0, 0, 0);
        rwFlags(flags | IORING_ASYNC_CANCEL_FD);
    }

    /**
     * {@code io_uring_prep_poll_add(3)}: completes with the events once a file is ready; at once if it is.
     * {@code POLLERR} and {@code POLLHUP} are always watched for. Since Linux 5.1.
     *
     * @param fd the file
     * @param pollMask {@code POLL} events
     */
    public final void prepPollAdd(final int fd, final int pollMask) {
        prepRw(IORING_OP_POLL_ADD, fd, 0, 0, 0);
        rwFlags(pollMask(pollMask));
    }

    /**
     * {@code io_uring_prep_poll_multishot(3)}: a completion every time a file becomes ready, as long as
     * {@code IORING_CQE_F_MORE} is set. By edge: read until -EAGAIN, or the next completion may never come. Since
     * Linux 5.13.
     *
     * @param fd the file
     * @param pollMask {@code POLL} events
     */
    public final void prepPollMultishot(final int fd, final int pollMask) {
        prepRw(IORING_OP_POLL_ADD, fd, 0, IORING_POLL_ADD_MULTI, 0);
        rwFlags(pollMask(pollMask));
    }

    /**
     * {@code io_uring_prep_poll_remove(3)}: ends a poll, which then completes with -ECANCELED. Completes with 0,
     * -ENOENT or -EALREADY. Since Linux 5.1.
     *
     * @param userData user data of the poll
     */
    public final void prepPollRemove(final long userData) {
        prepRw(IORING_OP_POLL_REMOVE, -1, userData, 0, 0);
    }

    /**
     * {@code io_uring_prep_poll_update(3)}: changes a poll. Completes with 0, -ENOENT when there is no such poll,
     * -EALREADY when it is completing. Since Linux 5.13.
     *
     * @param oldUserData user data of the poll
     * @param newUserData its new user data, with {@code IORING_POLL_UPDATE_USER_DATA}
     * @param pollMask its new events, with {@code IORING_POLL_UPDATE_EVENTS}
     * @param flags {@code IORING_POLL_UPDATE_} flags, and {@code IORING_POLL_ADD_MULTI} for a poll that stays armed
     */
    public final void prepPollUpdate(
            final long oldUserData, final long newUserData, final int pollMask, final int flags) {
        prepRw(IORING_OP_POLL_REMOVE, -1, oldUserData, flags, newUserData);
        rwFlags(pollMask(pollMask));
    }

    /** The kernel wants the two halves of a poll mask swapped on big-endian machines. */
    private static int pollMask(final int mask) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? mask : Integer.rotateLeft(mask, 16);
    }
}
