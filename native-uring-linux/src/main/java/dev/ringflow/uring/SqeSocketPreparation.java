package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ACCEPT_MULTISHOT;
import static dev.ringflow.uring.UringConstants.IORING_FILE_INDEX_ALLOC;
import static dev.ringflow.uring.UringConstants.IORING_OP_ACCEPT;
import static dev.ringflow.uring.UringConstants.IORING_OP_BIND;
import static dev.ringflow.uring.UringConstants.IORING_OP_CONNECT;
import static dev.ringflow.uring.UringConstants.IORING_OP_LISTEN;
import static dev.ringflow.uring.UringConstants.IORING_OP_SHUTDOWN;
import static dev.ringflow.uring.UringConstants.IORING_OP_SOCKET;
import static dev.ringflow.uring.UringConstants.IORING_OP_URING_CMD;
import static dev.ringflow.uring.UringConstants.SOCKET_URING_OP_GETSOCKNAME;
import static dev.ringflow.uring.UringConstants.SOCKET_URING_OP_SETSOCKOPT;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/** The prep functions that make and set up sockets; {@link Sqe} tells what holds for all of them. */
public abstract class SqeSocketPreparation extends SqeMessagePreparation {
    SqeSocketPreparation(final LongBuffer words, final HeldMemory heldMemory) {
        super(words, heldMemory);
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
     * {@code io_uring_prep_accept(3)}: {@code accept4(2)}, with the peer's address. Since Linux 5.5.
     *
     * @param fd the listening socket
     * @param addr where the peer's {@code struct sockaddr} goes, at its position; the kernel's, and held, until the
     *     completion
     * @param addrlen an int at its position: the room for it, afterwards its length; the kernel's, and held, until the
     *     completion, and not to be changed before
     * @param flags {@code SOCK_} flags; nothing is added, so include {@code SOCK_CLOEXEC}
     * @throws IllegalArgumentException if a buffer is not direct, or {@code addrlen} says more than {@code addr} has
     */
    public final void prepAccept(final int fd, final ByteBuffer addr, final ByteBuffer addrlen, final int flags) {
        requireRoom(addr, addrlen);
        prepAccept(fd, target(addr), targetStruct(addrlen, Integer.BYTES), flags);
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
     * {@code io_uring_prep_accept_direct(3)}: the same into the table of registered files. Since Linux 5.15.
     *
     * @param fd the listening socket
     * @param addr where the peer's {@code struct sockaddr} goes, at its position; the kernel's, and held, until the
     *     completion
     * @param addrlen an int at its position: the room for it, afterwards its length; the kernel's, and held, until the
     *     completion, and not to be changed before
     * @param flags {@code SOCK_NONBLOCK} or 0; {@code SOCK_CLOEXEC} is refused with -EINVAL
     * @param fileIndex slot, or {@code IORING_FILE_INDEX_ALLOC} (since Linux 5.19)
     * @throws IllegalArgumentException if a buffer is not direct, or {@code addrlen} says more than {@code addr} has
     */
    public final void prepAcceptDirect(
            final int fd, final ByteBuffer addr, final ByteBuffer addrlen, final int flags, final int fileIndex) {
        prepAccept(fd, addr, addrlen, flags);
        targetFixedFile(fileIndex);
    }

    /** The kernel writes as many bytes of the address as the length has room for. */
    private static void requireRoom(final ByteBuffer addr, final ByteBuffer addrlen) {
        if (addrlen.remaining() < Integer.BYTES) {
            throw new IllegalArgumentException(
                    "the length of an address has 4 bytes, the buffer " + addrlen.remaining());
        }
        final int value = addrlen.getInt(addrlen.position());
        final int room = addrlen.order() == ByteOrder.nativeOrder() ? value : Integer.reverseBytes(value);
        if (room > addr.remaining()) {
            throw new IllegalArgumentException(
                    "room for " + room + " bytes of address is asked for, the buffer has " + addr.remaining());
        }
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
     * {@code io_uring_prep_connect(3)}: {@code connect(2)} with an address in a buffer. Since Linux 5.5.
     *
     * @param fd the socket
     * @param addr a {@code struct sockaddr} at its position; the kernel's, and held, until the completion
     * @param addrlen its length in bytes
     * @throws IllegalArgumentException if the buffer is not direct or shorter than that
     */
    public final void prepConnect(final int fd, final ByteBuffer addr, final int addrlen) {
        prepConnect(fd, sourceStruct(addr, addrlen), addrlen);
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
     * {@code io_uring_prep_bind(3)}: {@code bind(2)} with an address in a buffer. Since Linux 6.11.
     *
     * @param fd the socket
     * @param addr a {@code struct sockaddr} at its position; the kernel's, and held, until the completion
     * @param addrlen its length in bytes
     * @throws IllegalArgumentException if the buffer is not direct or shorter than that
     */
    public final void prepBind(final int fd, final ByteBuffer addr, final int addrlen) {
        prepBind(fd, sourceStruct(addr, addrlen), addrlen);
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
     * {@code io_uring_prep_shutdown(3)}: {@code shutdown(2)}. Since Linux 5.11.
     *
     * @param fd the socket
     * @param how {@code SHUT_RD}, {@code SHUT_WR} or {@code SHUT_RDWR}
     */
    public final void prepShutdown(final int fd, final int how) {
        prepRw(IORING_OP_SHUTDOWN, fd, 0, how, 0);
    }

    /**
     * {@code io_uring_prep_cmd_sock(3)}: a command for a socket. Reading and writing options completes with the length of
     * the value, or 0; {@code SIOCINQ} and {@code SIOCOUTQ} with the bytes that wait to be read, or to be sent. Since
     * Linux 6.7; which commands there are depends on the kernel: -EOPNOTSUPP for one that it lacks.
     *
     * <p>{@code SOCKET_URING_OP_TX_TIMESTAMP} (since Linux 6.17; no option; a ring with {@code IORING_SETUP_CQE32}, any
     * other is answered -EINVAL) gives a completion of 32 bytes for every time stamp that {@code SO_TIMESTAMPING} asked
     * for, as long as {@code IORING_CQE_F_MORE} is set: the result is the number of the packet, the first half of
     * {@link Cqe#bigCqe} the seconds, the second the nanoseconds, the flags from
     * {@code IORING_TIMESTAMP_TYPE_SHIFT} on the kind.
     *
     * @param cmdOp {@code SOCKET_URING_OP_} constant
     * @param fd the socket
     * @param level {@code SOL_} or {@code IPPROTO_} constant; 0 where there is no option
     * @param optname the option, or 0
     * @param optvalAddress its value; delicate: the kernel's until the completion; or 0
     * @param optlen length of the value, or the room for it, in bytes
     */
    public final void prepCmdSock(
            final int cmdOp,
            final int fd,
            final int level,
            final int optname,
            final long optvalAddress,
            final int optlen) {
        prepRw(IORING_OP_URING_CMD, fd, pair(level, optname), 0, pair(cmdOp, 0));
        addr3(optvalAddress);
        fileIndex(optlen);
    }

    /**
     * {@code io_uring_prep_cmd_sock(3)}: a command for a socket with a value in a buffer. Since Linux 6.7.
     *
     * @param cmdOp {@code SOCKET_URING_OP_GETSOCKOPT} or {@code SOCKET_URING_OP_SETSOCKOPT}
     * @param fd the socket
     * @param level {@code SOL_} or {@code IPPROTO_} constant
     * @param optname the option
     * @param optval its value, or the room for it, from its position to its limit; the kernel's, and held, until the
     *     completion
     * @throws IllegalArgumentException if the buffer is not direct
     * @throws java.nio.ReadOnlyBufferException if it is read-only and the command is another than {@code SETSOCKOPT}
     */
    public final void prepCmdSock(
            final int cmdOp, final int fd, final int level, final int optname, final ByteBuffer optval) {
        final long address = cmdOp == SOCKET_URING_OP_SETSOCKOPT ? source(optval) : target(optval);
        prepCmdSock(cmdOp, fd, level, optname, address, optval.remaining());
    }

    /**
     * {@code io_uring_prep_cmd_getsockname(3)}: {@code getsockname(2)} or {@code getpeername(2)}, also for sockets in the
     * table of registered files. Since Linux 6.19; an older kernel answers -EOPNOTSUPP.
     *
     * @param fd the socket
     * @param sockaddrAddress where the {@code struct sockaddr} goes; delicate: the kernel's until the completion
     * @param sockaddrLenAddress address of an int with the room for it, afterwards its length; delicate: the kernel's
     *     until the completion
     * @param peer 0 for the socket's own address, 1 for that of its peer
     */
    public final void prepCmdGetsockname(
            final int fd, final long sockaddrAddress, final long sockaddrLenAddress, final int peer) {
        prepRw(IORING_OP_URING_CMD, fd, sockaddrAddress, 0, pair(SOCKET_URING_OP_GETSOCKNAME, 0));
        addr3(sockaddrLenAddress);
        fileIndex(peer);
    }

    /**
     * {@code io_uring_prep_cmd_getsockname(3)}: the same into buffers. Since Linux 6.19; an older kernel answers
     * -EOPNOTSUPP.
     *
     * @param fd the socket
     * @param sockaddr where the {@code struct sockaddr} goes, at its position; the kernel's, and held, until the
     *     completion
     * @param sockaddrLen an int at its position: the room for it, afterwards its length; the kernel's, and held, until
     *     the completion, and not to be changed before
     * @param peer 0 for the socket's own address, 1 for that of its peer
     * @throws IllegalArgumentException if a buffer is not direct, or {@code sockaddrLen} says more than {@code sockaddr} has
     */
    public final void prepCmdGetsockname(
            final int fd, final ByteBuffer sockaddr, final ByteBuffer sockaddrLen, final int peer) {
        requireRoom(sockaddr, sockaddrLen);
        prepCmdGetsockname(fd, target(sockaddr), targetStruct(sockaddrLen, Integer.BYTES), peer);
    }

    /** Two fields of 32 bits, in the order in which they lie in memory. */
    private static long pair(final int first, final int second) {
        final boolean littleEndian = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        final int low = littleEndian ? first : second;
        return (long) (littleEndian ? second : first) << Integer.SIZE | low & 0xFFFFFFFFL;
    }
}
