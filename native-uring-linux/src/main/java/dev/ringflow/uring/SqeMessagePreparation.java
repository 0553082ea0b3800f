package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_OP_PROVIDE_BUFFERS;
import static dev.ringflow.uring.UringConstants.IORING_OP_RECV;
import static dev.ringflow.uring.UringConstants.IORING_OP_RECVMSG;
import static dev.ringflow.uring.UringConstants.IORING_OP_RECV_ZC;
import static dev.ringflow.uring.UringConstants.IORING_OP_REMOVE_BUFFERS;
import static dev.ringflow.uring.UringConstants.IORING_OP_SEND;
import static dev.ringflow.uring.UringConstants.IORING_OP_SENDMSG;
import static dev.ringflow.uring.UringConstants.IORING_OP_SENDMSG_ZC;
import static dev.ringflow.uring.UringConstants.IORING_OP_SEND_ZC;
import static dev.ringflow.uring.UringConstants.IORING_RECVSEND_BUNDLE;
import static dev.ringflow.uring.UringConstants.IORING_RECVSEND_FIXED_BUF;
import static dev.ringflow.uring.UringConstants.IORING_RECV_MULTISHOT;

import dev.ringflow.uring.struct.Msghdr;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/** The prep functions that send and receive; {@link Sqe} tells what holds for all of them. */
public abstract class SqeMessagePreparation extends SqePathPreparation {
    SqeMessagePreparation(final LongBuffer words, final HeldMemory heldMemory) {
        super(words, heldMemory);
    }

    /**
     * {@code io_uring_prep_send(3)}: {@code send(2)}. Completes with the bytes sent; fewer than asked is no error unless
     * {@code MSG_WAITALL} is set. With {@link Sqe#setIoprio} and {@code IORING_SEND_VECTORIZED} the address is that of
     * {@code struct iovec}s and the length their number (since Linux 6.17; older ones answer -EINVAL, and those before
     * 5.19 send the structs themselves). Since Linux 5.6.
     *
     * @param sockfd the socket
     * @param bufAddress where from; delicate: the kernel's until the completion; 0 with {@code IOSQE_BUFFER_SELECT}
     * @param len how many bytes
     * @param flags {@code MSG_} flags; nothing is added, so include {@code MSG_NOSIGNAL}
     */
    public final void prepSend(final int sockfd, final long bufAddress, final int len, final int flags) {
        prepRw(IORING_OP_SEND, sockfd, bufAddress, len, 0);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_send(3)}: {@code send(2)} from a buffer. Completes with the bytes sent; fewer than asked is no
     * error unless {@code MSG_WAITALL} is set. Since Linux 5.6.
     *
     * @param sockfd the socket
     * @param buf what to send, from its position to its limit; the kernel's, and held, until the completion
     * @param flags {@code MSG_} flags; nothing is added, so include {@code MSG_NOSIGNAL}
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public final void prepSend(final int sockfd, final ByteBuffer buf, final int flags) {
        prepSend(sockfd, source(buf), buf.remaining(), flags);
    }

    /**
     * {@code io_uring_prep_send_bundle(3)}: sends the provided buffers of a group, in their order, until there are none.
     * Set {@code IOSQE_BUFFER_SELECT} and {@link Sqe#setBufGroup} afterwards. Each completion has the bytes sent and the
     * id of the first buffer; the others follow it in the order in which they were provided. With
     * {@code IORING_CQE_F_MORE} it goes on. The kernel tells by {@code IORING_FEAT_RECVSEND_BUNDLE} whether it can do
     * this. Since Linux 6.10.
     *
     * @param sockfd the socket
     * @param len at most so many bytes for one completion, or 0 for as many as the kernel likes
     * @param flags {@code MSG_} flags; nothing is added, so include {@code MSG_NOSIGNAL}
     */
    public final void prepSendBundle(final int sockfd, final int len, final int flags) {
        prepSend(sockfd, 0, len, flags);
        ioprio(IORING_RECVSEND_BUNDLE);
    }

    /**
     * {@code io_uring_prep_send_set_addr(3)}: gives a request prepared by {@link #prepSend(int, long, int, int)},
     * {@link #prepSendZc(int, long, int, int, int)} or their relatives an address to send to. For zero copy since Linux
     * 6.0, for others since 6.1; older kernels (5.10) do not look at the address.
     *
     * @param destAddrAddress a {@code struct sockaddr}; delicate: the kernel's until the submission
     * @param addrLen its length in bytes
     */
    public final void prepSendSetAddr(final long destAddrAddress, final int addrLen) {
        off(destAddrAddress);
        fileIndex(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? addrLen & 0xFFFF : addrLen << Short.SIZE);
    }

    /**
     * {@code io_uring_prep_send_set_addr(3)}: gives the request that was just prepared an address to send to. For zero
     * copy since Linux 6.0, for others since 6.1; older kernels (5.10) do not look at the address.
     *
     * @param destAddr a {@code struct sockaddr} at its position; the kernel's, and held, until the completion
     * @param addrLen its length in bytes
     * @throws IllegalArgumentException if the buffer is not direct or shorter than that
     */
    public final void prepSendSetAddr(final ByteBuffer destAddr, final int addrLen) {
        prepSendSetAddr(sourceStruct(destAddr, addrLen), addrLen);
    }

    /**
     * {@code io_uring_prep_sendto(3)}: {@code sendto(2)}. Since Linux 6.1; older kernels (5.10) do not look at the address.
     *
     * @param sockfd the socket
     * @param bufAddress where from; delicate: the kernel's until the completion
     * @param len how many bytes
     * @param flags {@code MSG_} flags; nothing is added, so include {@code MSG_NOSIGNAL}
     * @param addrAddress a {@code struct sockaddr}; delicate: the kernel's until the submission
     * @param addrlen its length in bytes
     */
    public final void prepSendto(
            final int sockfd,
            final long bufAddress,
            final int len,
            final int flags,
            final long addrAddress,
            final int addrlen) {
        prepSend(sockfd, bufAddress, len, flags);
        prepSendSetAddr(addrAddress, addrlen);
    }

    /**
     * {@code io_uring_prep_sendto(3)}: {@code sendto(2)} from a buffer. Since Linux 6.1; older kernels (5.10) do not look at the address.
     *
     * @param sockfd the socket
     * @param buf what to send, from its position to its limit; the kernel's, and held, until the completion
     * @param flags {@code MSG_} flags; nothing is added, so include {@code MSG_NOSIGNAL}
     * @param addr a {@code struct sockaddr} at its position; the kernel's, and held, until the completion
     * @param addrlen its length in bytes
     * @throws IllegalArgumentException if a buffer is not direct or the address is shorter than that
     */
    public final void prepSendto(
            final int sockfd, final ByteBuffer buf, final int flags, final ByteBuffer addr, final int addrlen) {
        prepSend(sockfd, buf, flags);
        prepSendSetAddr(addr, addrlen);
    }

    /**
     * {@code io_uring_prep_send_zc(3)}: sends without copying, where the network card can. Completes with the bytes sent
     * and {@code IORING_CQE_F_MORE}; a second completion with the same user data and {@code IORING_CQE_F_NOTIF} says that
     * the memory is free again. Without {@code F_MORE} in the first (a failure) no second one comes. Since Linux 6.0.
     *
     * @param sockfd the socket
     * @param bufAddress where from; delicate: the kernel's until the notification; with {@code IORING_SEND_VECTORIZED}
     *     (since Linux 6.17) an array of {@code struct iovec}
     * @param len how many bytes, or elements
     * @param flags {@code MSG_} flags; nothing is added, so include {@code MSG_NOSIGNAL}
     * @param zcFlags {@code IORING_RECVSEND_POLL_FIRST}, {@code IORING_SEND_ZC_REPORT_USAGE} (since Linux 6.2: the
     *     notification's result has {@code IORING_NOTIF_USAGE_ZC_COPIED} set when the kernel copied after all)
     */
    public final void prepSendZc(
            final int sockfd, final long bufAddress, final int len, final int flags, final int zcFlags) {
        prepRw(IORING_OP_SEND_ZC, sockfd, bufAddress, len, 0);
        rwFlags(flags);
        ioprio(zcFlags);
    }

    /**
     * {@code io_uring_prep_send_zc(3)}: the same from a buffer. Since Linux 6.0.
     *
     * @param sockfd the socket
     * @param buf what to send, from its position to its limit; the kernel's, and held, until the notification
     * @param flags {@code MSG_} flags; nothing is added, so include {@code MSG_NOSIGNAL}
     * @param zcFlags {@code IORING_RECVSEND_POLL_FIRST}, {@code IORING_SEND_ZC_REPORT_USAGE} (since Linux 6.2)
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public final void prepSendZc(final int sockfd, final ByteBuffer buf, final int flags, final int zcFlags) {
        prepSendZc(sockfd, source(buf), buf.remaining(), flags, zcFlags);
    }

    /**
     * {@code io_uring_prep_send_zc_fixed(3)}: the same out of a registered buffer, which saves the kernel the work of
     * pinning memory. Since Linux 6.0.
     *
     * @param sockfd the socket
     * @param bufAddress where from, inside of that buffer; delicate: the kernel's until the notification
     * @param len how many bytes
     * @param flags {@code MSG_} flags; nothing is added, so include {@code MSG_NOSIGNAL}
     * @param zcFlags as for {@link #prepSendZc(int, long, int, int, int)}; {@code IORING_RECVSEND_FIXED_BUF} is added
     * @param bufIndex index of the registered buffer
     */
    public final void prepSendZcFixed(
            final int sockfd,
            final long bufAddress,
            final int len,
            final int flags,
            final int zcFlags,
            final int bufIndex) {
        prepSendZc(sockfd, bufAddress, len, flags, zcFlags | IORING_RECVSEND_FIXED_BUF);
        bufIndex(bufIndex);
    }

    /**
     * {@code io_uring_prep_send_zc_fixed(3)}: the same out of a registered buffer. Since Linux 6.0.
     *
     * @param sockfd the socket
     * @param buf what to send, from its position to its limit: the registered buffer, a slice or a duplicate of it; the
     *     kernel's, and held, until the notification
     * @param flags {@code MSG_} flags; nothing is added, so include {@code MSG_NOSIGNAL}
     * @param zcFlags as for {@link #prepSendZc(int, long, int, int, int)}; {@code IORING_RECVSEND_FIXED_BUF} is added
     * @param bufIndex index of the registered buffer
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public final void prepSendZcFixed(
            final int sockfd, final ByteBuffer buf, final int flags, final int zcFlags, final int bufIndex) {
        prepSendZcFixed(sockfd, source(buf), buf.remaining(), flags, zcFlags, bufIndex);
    }

    /**
     * {@code io_uring_prep_sendmsg(3)}: {@code sendmsg(2)}. Completes with the bytes sent. Old kernels (5.10) refuse
     * control messages with -EINVAL. Since Linux 5.3.
     *
     * @param fd the socket
     * @param msgAddress a {@link Msghdr}; delicate: it, its pieces, its name and its control messages are the kernel's
     *     until the submission, the data that the pieces point to until the completion
     * @param flags {@code MSG_} flags; nothing is added, so include {@code MSG_NOSIGNAL}
     */
    public final void prepSendmsg(final int fd, final long msgAddress, final int flags) {
        prepRw(IORING_OP_SENDMSG, fd, msgAddress, 1, 0);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_sendmsg_zc(3)}: {@code sendmsg(2)} without copying; completions as those of
     * {@link #prepSendZc(int, long, int, int, int)}. Since Linux 6.1.
     *
     * @param fd the socket
     * @param msgAddress a {@link Msghdr}; delicate: it, its pieces and its name are the kernel's until the submission,
     *     the data that the pieces point to until the notification
     * @param flags {@code MSG_} flags; nothing is added, so include {@code MSG_NOSIGNAL}
     */
    public final void prepSendmsgZc(final int fd, final long msgAddress, final int flags) {
        prepRw(IORING_OP_SENDMSG_ZC, fd, msgAddress, 1, 0);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_sendmsg_zc_fixed(3)}: the same; all pieces lie in one registered buffer. Since Linux 6.15.
     *
     * @param fd the socket
     * @param msgAddress a {@link Msghdr}; delicate: as for {@link #prepSendmsgZc}
     * @param flags {@code MSG_} flags; nothing is added, so include {@code MSG_NOSIGNAL}
     * @param bufIndex index of the registered buffer
     */
    public final void prepSendmsgZcFixed(final int fd, final long msgAddress, final int flags, final int bufIndex) {
        prepSendmsgZc(fd, msgAddress, flags);
        ioprio(IORING_RECVSEND_FIXED_BUF);
        bufIndex(bufIndex);
    }

    /**
     * {@code io_uring_prep_recv(3)}: {@code recv(2)}. Completes with the bytes received, 0 when the peer has ended its
     * writing. With {@link Sqe#setIoprio} and {@code IORING_RECVSEND_BUNDLE} (since Linux 6.10, together with
     * {@code IOSQE_BUFFER_SELECT}) one completion may span several provided buffers: the one whose id it carries and
     * those that follow it in the order in which they were provided. Since Linux 5.6.
     *
     * @param sockfd the socket
     * @param bufAddress where to; delicate: the kernel's until the completion; 0 with {@code IOSQE_BUFFER_SELECT}
     * @param len at most so many bytes
     * @param flags {@code MSG_} flags
     */
    public final void prepRecv(final int sockfd, final long bufAddress, final int len, final int flags) {
        prepRw(IORING_OP_RECV, sockfd, bufAddress, len, 0);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_recv(3)}: {@code recv(2)} into a buffer. Completes with the bytes received, 0 when the peer
     * has ended its writing. Since Linux 5.6.
     *
     * @param sockfd the socket
     * @param buf where to, from its position to its limit; both stay as they are; the kernel's, and held, until the
     *     completion
     * @param flags {@code MSG_} flags
     * @throws IllegalArgumentException if the buffer is not direct
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
     */
    public final void prepRecv(final int sockfd, final ByteBuffer buf, final int flags) {
        prepRecv(sockfd, target(buf), buf.remaining(), flags);
    }

    /**
     * {@code io_uring_prep_recv_multishot(3)}: a completion for every arrival of data, each in a provided buffer. Set
     * {@code IOSQE_BUFFER_SELECT} and {@link Sqe#setBufGroup} afterwards. Ends with -ENOBUFS when the group is empty: arm
     * it again when buffers came back. For bundles (since Linux 6.10) set {@link Sqe#setIoprio} to
     * {@code IORING_RECV_MULTISHOT | IORING_RECVSEND_BUNDLE}. Since Linux 6.0.
     *
     * @param sockfd the socket
     * @param bufAddress must be 0
     * @param len 0; or at most so many bytes at a time (kernels that cannot answer -EINVAL)
     * @param flags {@code MSG_} flags without {@code MSG_WAITALL}
     */
    public final void prepRecvMultishot(final int sockfd, final long bufAddress, final int len, final int flags) {
        prepRecv(sockfd, bufAddress, len, flags);
        ioprio(IORING_RECV_MULTISHOT);
    }

    /**
     * {@code sqe->optlen}: the bytes after which a request prepared by {@link #prepRecvMultishot} ends; the last arrival
     * may go beyond. Since Linux 6.17; an older kernel answers -EINVAL.
     *
     * @param optlen bytes in all, or 0 for no end
     */
    public final void setOptlen(final int optlen) {
        fileIndex(optlen);
    }

    /**
     * {@code io_uring_prep_recvmsg(3)}: {@code recvmsg(2)}. Completes with the bytes received. The kernel writes the
     * lengths of name and control messages and {@code msg_flags} back to the struct. Old kernels (5.10) refuse control
     * messages with -EINVAL, and one of them crashed with {@code IOSQE_BUFFER_SELECT}. Since Linux 5.3.
     *
     * @param fd the socket
     * @param msgAddress a {@link Msghdr}; delicate: it and all that it points to are the kernel's until the completion
     * @param flags {@code MSG_} flags
     */
    public final void prepRecvmsg(final int fd, final long msgAddress, final int flags) {
        prepRw(IORING_OP_RECVMSG, fd, msgAddress, 1, 0);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_recvmsg_multishot(3)}: a completion for every message, each in a provided buffer with a
     * {@link dev.ringflow.uring.struct.RecvmsgOut} before it. Set {@code IOSQE_BUFFER_SELECT} and
     * {@link Sqe#setBufGroup} afterwards. Ends with -ENOBUFS when the group is empty, and with -EFAULT when a buffer has
     * no room for the header, the name and the control messages. Since Linux 6.0.
     *
     * @param fd the socket
     * @param msgAddress a {@link Msghdr} of which only the lengths of name and control messages count; delicate: the
     *     kernel's until the submission
     * @param flags {@code MSG_} flags
     */
    public final void prepRecvmsgMultishot(final int fd, final long msgAddress, final int flags) {
        prepRecvmsg(fd, msgAddress, flags);
        ioprio(IORING_RECV_MULTISHOT);
    }

    /**
     * {@code io_uring_prep_recvmsg_multishot(3)}: the same with the struct in a buffer. The kernel writes neither to it
     * nor to anything that it points to. Since Linux 6.0.
     *
     * @param fd the socket
     * @param msg a {@link Msghdr} at its position, of which only the lengths of name and control messages count; held
     *     until the terminal completion
     * @param flags {@code MSG_} flags
     * @throws IllegalArgumentException if the buffer is not direct or too short
     */
    public final void prepRecvmsgMultishot(final int fd, final ByteBuffer msg, final int flags) {
        prepRecvmsgMultishot(fd, sourceStruct(msg, Msghdr.SIZE), flags);
    }

    /**
     * {@code IORING_OP_RECV_ZC}, for which liburing has no function: receives into memory that was registered for a
     * queue of a network card. Takes a ring with {@code IORING_SETUP_CQE32} (or {@code CQE_MIXED}) and
     * {@code DEFER_TASKRUN}, and an interface queue registered with {@code IORING_REGISTER_ZCRX_IFQ}; without one it
     * completes with -EINVAL. Each completion has 32 bytes and tells where in that memory the data lies. Since Linux 6.15.
     *
     * @param sockfd the socket
     * @param len 0; or after so many bytes in all it ends
     * @param flags must be 0
     * @param zcrxId id of the interface queue
     */
    public final void prepRecvZc(final int sockfd, final int len, final int flags, final int zcrxId) {
        prepRw(IORING_OP_RECV_ZC, sockfd, 0, len, 0);
        rwFlags(flags);
        ioprio(IORING_RECV_MULTISHOT);
        fileIndex(zcrxId);
    }

    /**
     * {@code io_uring_prep_provide_buffers(3)}: gives buffers to a group, the older way. Since Linux 5.7.
     *
     * @param address the first buffer, the others follow; delicate: the kernel's until they are used or removed
     * @param len bytes of each
     * @param nr how many
     * @param bgid the group
     * @param bid id of the first, the others count up
     */
    public final void prepProvideBuffers(
            final long address, final int len, final int nr, final int bgid, final int bid) {
        prepRw(IORING_OP_PROVIDE_BUFFERS, nr, address, len, bid);
        bufIndex(bgid);
    }

    /**
     * {@code io_uring_prep_remove_buffers(3)}: takes buffers out of a group. Completes with their number, -ENOENT when
     * there is no such group. Since Linux 5.7.
     *
     * @param nr at most so many
     * @param bgid the group
     */
    public final void prepRemoveBuffers(final int nr, final int bgid) {
        prepRw(IORING_OP_REMOVE_BUFFERS, nr, 0, 0, 0);
        bufIndex(bgid);
    }
}
