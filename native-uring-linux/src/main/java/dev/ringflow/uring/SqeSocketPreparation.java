package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ACCEPT_MULTISHOT;
import static dev.ringflow.uring.UringConstants.IORING_FILE_INDEX_ALLOC;
import static dev.ringflow.uring.UringConstants.IORING_OP_ACCEPT;
import static dev.ringflow.uring.UringConstants.IORING_OP_BIND;
import static dev.ringflow.uring.UringConstants.IORING_OP_CONNECT;
import static dev.ringflow.uring.UringConstants.IORING_OP_LISTEN;
import static dev.ringflow.uring.UringConstants.IORING_OP_PROVIDE_BUFFERS;
import static dev.ringflow.uring.UringConstants.IORING_OP_RECV;
import static dev.ringflow.uring.UringConstants.IORING_OP_REMOVE_BUFFERS;
import static dev.ringflow.uring.UringConstants.IORING_OP_SEND;
import static dev.ringflow.uring.UringConstants.IORING_OP_SHUTDOWN;
import static dev.ringflow.uring.UringConstants.IORING_OP_SOCKET;
import static dev.ringflow.uring.UringConstants.IORING_RECV_MULTISHOT;

import java.nio.LongBuffer;

/** The prep functions for sockets; {@link Sqe} tells what holds for all of them. */
abstract class SqeSocketPreparation extends SqeFilePreparation {
    SqeSocketPreparation(final LongBuffer words) {
        super(words);
    }

    /**
     * {@code io_uring_prep_accept(3)}: {@code accept4(2)}. Completes with a file descriptor. Since Linux 5.5.
     *
     * @param fd the listening socket
     * @param addrAddress where the peer's {@code struct sockaddr} goes, or 0; delicate: the kernel's until the completion
     * @param addrlenAddress address of an int with the room for it, or 0; delicate: the kernel's until the completion
     * @param flags {@code SOCK_} flags; nothing is added, so include {@code SOCK_CLOEXEC}
     */
    public final void prepAccept(final int fd, final long addrAddress, final long addrlenAddress, final int flags) {
        prepRw(IORING_OP_ACCEPT, fd, addrAddress, 0, addrlenAddress);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_accept_direct(3)}: accepts into the table of registered files. Completes with 0, or with the
     * slot when the kernel picked it. Since Linux 5.15.
     *
     * @param fd the listening socket
     * @param addrAddress where the peer's {@code struct sockaddr} goes, or 0; delicate: the kernel's until the completion
     * @param addrlenAddress address of an int with the room for it, or 0; delicate: the kernel's until the completion
     * @param flags {@code SOCK_NONBLOCK} or 0; {@code SOCK_CLOEXEC} is refused with -EINVAL
     * @param fileIndex slot, or {@code IORING_FILE_INDEX_ALLOC} (since Linux 5.19)
     */
    public final void prepAcceptDirect(
            final int fd, final long addrAddress, final long addrlenAddress, final int flags, final int fileIndex) {
        prepAccept(fd, addrAddress, addrlenAddress, flags);
        targetFixedFile(fileIndex);
    }

    /**
     * {@code io_uring_prep_multishot_accept(3)}: a completion with a file descriptor for every connection, as long as
     * {@code IORING_CQE_F_MORE} is set. It may end by itself (for example when the completion queue overflows): arm it
     * again then. Since Linux 5.19.
     *
     * @param fd the listening socket
     * @param addrAddress 0: the next connection would overwrite the address, ask {@code getpeername(2)}
     * @param addrlenAddress 0
     * @param flags {@code SOCK_} flags; nothing is added, so include {@code SOCK_CLOEXEC}
     */
    public final void prepMultishotAccept(
            final int fd, final long addrAddress, final long addrlenAddress, final int flags) {
        prepAccept(fd, addrAddress, addrlenAddress, flags);
        ioprio(IORING_ACCEPT_MULTISHOT);
    }

    /**
     * {@code io_uring_prep_multishot_accept_direct(3)}: the same into the table of registered files; the kernel picks the
     * slots. Since Linux 5.19.
     *
     * @param fd the listening socket
     * @param addrAddress 0
     * @param addrlenAddress 0
     * @param flags {@code SOCK_NONBLOCK} or 0; {@code SOCK_CLOEXEC} is refused with -EINVAL
     */
    public final void prepMultishotAcceptDirect(
            final int fd, final long addrAddress, final long addrlenAddress, final int flags) {
        prepMultishotAccept(fd, addrAddress, addrlenAddress, flags);
        targetFixedFile(IORING_FILE_INDEX_ALLOC);
    }

    /**
     * {@code io_uring_prep_connect(3)}: {@code connect(2)}. Since Linux 5.5.
     *
     * @param fd the socket
     * @param addrAddress a {@code struct sockaddr}; delicate: the kernel's until the submission
     * @param addrlen its length in bytes
     */
    public final void prepConnect(final int fd, final long addrAddress, final int addrlen) {
        prepRw(IORING_OP_CONNECT, fd, addrAddress, 0, addrlen);
    }

    /**
     * {@code io_uring_prep_bind(3)}: {@code bind(2)}. Since Linux 6.11.
     *
     * @param fd the socket
     * @param addrAddress a {@code struct sockaddr}; delicate: the kernel's until the submission
     * @param addrlen its length in bytes
     */
    public final void prepBind(final int fd, final long addrAddress, final int addrlen) {
        prepRw(IORING_OP_BIND, fd, addrAddress, 0, addrlen);
    }

    /**
     * {@code io_uring_prep_listen(3)}: {@code listen(2)}. Since Linux 6.11.
     *
     * @param fd the socket
     * @param backlog connections that may wait
     */
    public final void prepListen(final int fd, final int backlog) {
        prepRw(IORING_OP_LISTEN, fd, 0, backlog, 0);
    }

    /**
     * {@code io_uring_prep_socket(3)}: {@code socket(2)}. Completes with a file descriptor. Since Linux 5.19.
     *
     * @param domain {@code AF_} constant
     * @param type {@code SOCK_} constant and flags; nothing is added, so include {@code SOCK_CLOEXEC}
     * @param protocol usually 0
     * @param flags must be 0
     */
    public final void prepSocket(final int domain, final int type, final int protocol, final int flags) {
        prepRw(IORING_OP_SOCKET, domain, 0, protocol, type);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_socket_direct(3)}: makes a socket in the table of registered files. Since Linux 5.19.
     *
     * @param domain {@code AF_} constant
     * @param type {@code SOCK_} constant and flags without {@code SOCK_CLOEXEC}
     * @param protocol usually 0
     * @param fileIndex slot
     * @param flags must be 0
     */
    public final void prepSocketDirect(
            final int domain, final int type, final int protocol, final int fileIndex, final int flags) {
        prepSocket(domain, type, protocol, flags);
        targetFixedFile(fileIndex);
    }

    /**
     * {@code io_uring_prep_socket_direct_alloc(3)}: makes a socket in a slot that the kernel picks. Completes with the
     * slot. Since Linux 5.19.
     *
     * @param domain {@code AF_} constant
     * @param type {@code SOCK_} constant and flags without {@code SOCK_CLOEXEC}
     * @param protocol usually 0
     * @param flags must be 0
     */
    public final void prepSocketDirectAlloc(final int domain, final int type, final int protocol, final int flags) {
        prepSocketDirect(domain, type, protocol, IORING_FILE_INDEX_ALLOC, flags);
    }

    /**
     * {@code io_uring_prep_send(3)}: {@code send(2)}. Completes with the bytes sent; fewer than asked is no error unless
     * {@code MSG_WAITALL} is set. Since Linux 5.6.
     *
     * @param sockfd the socket
     * @param bufAddress where from; delicate: the kernel's until the completion
     * @param len at most so many bytes
     * @param flags {@code MSG_} flags; nothing is added, so include {@code MSG_NOSIGNAL}
     */
    public final void prepSend(final int sockfd, final long bufAddress, final int len, final int flags) {
        prepRw(IORING_OP_SEND, sockfd, bufAddress, len, 0);
        rwFlags(flags);
    }

    /**
     * {@code io_uring_prep_recv(3)}: {@code recv(2)}. Completes with the bytes received, 0 when the peer has ended its
     * writing. Since Linux 5.6.
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
     * {@code io_uring_prep_recv_multishot(3)}: a completion for every arrival of data, each in a provided buffer. Set
     * {@code IOSQE_BUFFER_SELECT} and {@link Sqe#setBufGroup} afterwards. Ends with -ENOBUFS when the group is empty: arm
     * it again when buffers came back. Since Linux 6.0.
     *
     * @param sockfd the socket
     * @param bufAddress must be 0
     * @param len must be 0
     * @param flags {@code MSG_} flags without {@code MSG_WAITALL}
     */
    public final void prepRecvMultishot(final int sockfd, final long bufAddress, final int len, final int flags) {
        prepRecv(sockfd, bufAddress, len, flags);
        ioprio(IORING_RECV_MULTISHOT);
    }

    /**
     * {@code io_uring_prep_shutdown(3)}: {@code shutdown(2)}. Since Linux 5.11.
     *
     * @param fd the socket
     * @param how {@code SHUT_RD}, {@code SHUT_WR} or {@code SHUT_RDWR}
     */
    public final void prepShutdown(final int fd, final int how) {
        prepRw(IORING_OP_SHUTDOWN, fd, 0, how, 0);
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
