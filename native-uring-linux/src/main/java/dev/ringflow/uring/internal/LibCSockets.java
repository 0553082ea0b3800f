package dev.ringflow.uring.internal;

/** The functions of the C library for sockets. {@link LibC} is the class to use. */
public abstract class LibCSockets extends LibCFiles {
    LibCSockets() {}

    /**
     * {@code socket(2)}.
     *
     * @param domain {@code AF_} constant
     * @param type {@code SOCK_} constant and flags
     * @param protocol usually 0
     * @return a file descriptor, or the negated errno
     */
    public static int socket(final int domain, final int type, final int protocol) {
        return result(calls().socket(domain, type, protocol));
    }

    /**
     * {@code bind(2)}.
     *
     * @param fd a socket
     * @param address address of a {@code struct sockaddr}
     * @param length its length in bytes
     * @return 0, or the negated errno
     */
    public static int bind(final int fd, final long address, final int length) {
        return result(calls().bind(fd, address, length));
    }

    /**
     * {@code setns(2)}: moves the calling thread into another namespace.
     *
     * @param fd what stands for the namespace
     * @param type {@code CLONE_NEW} constant that it has to be of, or 0
     * @return 0, or the negated errno
     */
    public static int setns(final int fd, final int type) {
        return result(calls().setns(fd, type));
    }

    /**
     * {@code if_nametoindex(3)}: the number of a network interface, in the namespace of the calling thread.
     *
     * @param name address of a C string
     * @return the number, above 0, or the negated errno
     */
    public static int ifNametoindex(final long name) {
        final int index = calls().if_nametoindex(name);
        return index == 0 ? -errno() : index;
    }

    /**
     * {@code recv(2)}.
     *
     * @param fd a socket
     * @param buffer where to; delicate: the caller owns the memory
     * @param length bytes
     * @param flags {@code MSG_} flags
     * @return bytes, 0 at the end of a stream, or the negated errno
     */
    public static int recv(final int fd, final long buffer, final int length, final int flags) {
        return (int) result(calls().recv(fd, buffer, length, flags));
    }

    /**
     * {@code poll(2)}.
     *
     * @param fds address of an array of {@code struct pollfd}; delicate: the caller owns the memory
     * @param count how many there are
     * @param timeoutMillis how long to wait, 0 for not at all
     * @return how many have events, or the negated errno
     */
    public static int poll(final long fds, final int count, final int timeoutMillis) {
        return result(calls().poll(fds, count, timeoutMillis));
    }

    /**
     * {@code shutdown(2)}.
     *
     * @param fd a connected socket
     * @param how {@code SHUT_RD}, {@code SHUT_WR} or {@code SHUT_RDWR}
     * @return 0, or the negated errno
     */
    public static int shutdown(final int fd, final int how) {
        return result(calls().shutdown(fd, how));
    }

    /**
     * {@code listen(2)}.
     *
     * @param fd a bound socket
     * @param backlog connections that may wait
     * @return 0, or the negated errno
     */
    public static int listen(final int fd, final int backlog) {
        return result(calls().listen(fd, backlog));
    }

    /**
     * {@code connect(2)}.
     *
     * @param fd a socket
     * @param address address of a {@code struct sockaddr}
     * @param length its length in bytes
     * @return 0, or the negated errno
     */
    public static int connect(final int fd, final long address, final int length) {
        return result(calls().connect(fd, address, length));
    }

    /**
     * {@code setsockopt(2)}.
     *
     * @param fd a socket
     * @param level {@code SOL_} or {@code IPPROTO_} constant
     * @param name the option
     * @param valueAddress address of its value
     * @param length length of the value in bytes
     * @return 0, or the negated errno
     */
    public static int setsockopt(
            final int fd, final int level, final int name, final long valueAddress, final int length) {
        return result(calls().setsockopt(fd, level, name, valueAddress, length));
    }

    /**
     * {@code getsockopt(2)}.
     *
     * @param fd a socket
     * @param level {@code SOL_} or {@code IPPROTO_} constant
     * @param name the option
     * @param valueAddress where the value goes
     * @param lengthAddress address of an int: room for the value, and its length afterwards
     * @return 0, or the negated errno
     */
    public static int getsockopt(
            final int fd, final int level, final int name, final long valueAddress, final long lengthAddress) {
        return result(calls().getsockopt(fd, level, name, valueAddress, lengthAddress));
    }

    /**
     * {@code sendmsg(2)}.
     *
     * @param fd a socket
     * @param message address of a {@code struct msghdr}
     * @param flags {@code MSG_} constants
     * @return the number of bytes, or the negated errno
     */
    public static long sendmsg(final int fd, final long message, final int flags) {
        return result(calls().sendmsg(fd, message, flags));
    }

    /**
     * {@code recvmsg(2)}.
     *
     * @param fd a socket
     * @param message address of a {@code struct msghdr}, whose lengths and flags are filled in
     * @param flags {@code MSG_} constants
     * @return the number of bytes, or the negated errno
     */
    public static long recvmsg(final int fd, final long message, final int flags) {
        return result(calls().recvmsg(fd, message, flags));
    }

    /**
     * {@code getsockname(2)}.
     *
     * @param fd a socket
     * @param address where the {@code struct sockaddr} goes
     * @param lengthAddress address of an int: room for the address, and its length afterwards
     * @return 0, or the negated errno
     */
    public static int getsockname(final int fd, final long address, final long lengthAddress) {
        return result(calls().getsockname(fd, address, lengthAddress));
    }

    /**
     * {@code getpeername(2)}.
     *
     * @param fd a connected socket
     * @param address where the {@code struct sockaddr} goes
     * @param lengthAddress address of an int: room for the address, and its length afterwards
     * @return 0, or the negated errno
     */
    public static int getpeername(final int fd, final long address, final long lengthAddress) {
        return result(calls().getpeername(fd, address, lengthAddress));
    }
}
