package dev.ringflow.uring.driver;

import dev.ringflow.RingException;
import dev.ringflow.net.RingSocket;
import dev.ringflow.spi.Driver.Retry;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Errno;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns an errno into the exception that a user of the JDK expects, or into a {@link RingException}. */
final class ErrnoFailures {
    private ErrnoFailures() {}

    static Throwable failure(Operation operation, int errno) {
        return switch (operation.opCode()) {
            case OPEN,
                    OPEN_RESTRICTED,
                    OPEN_DIRECT,
                    STAT_PATH,
                    RENAME,
                    EXCHANGE,
                    DELETE,
                    CREATE_DIRECTORY,
                    CREATE_SYMBOLIC_LINK,
                    CREATE_LINK,
                    GET_ATTRIBUTE,
                    SET_ATTRIBUTE,
                    REMOVE_ATTRIBUTE,
                    LIST_ATTRIBUTES -> PathFailures.of(operation, errno);
            case READ,
                    WRITE,
                    APPEND,
                    READ_VECTORED,
                    WRITE_VECTORED,
                    SYNC,
                    SYNC_RANGE,
                    STAT,
                    TRUNCATE,
                    ALLOCATE,
                    PUNCH_HOLE,
                    ADVISE,
                    NEXT_DATA,
                    NEXT_HOLE -> fileContentFailure(operation, errno);
            case SPLICE_IN, SPLICE_OUT ->
                operation.owner() instanceof RingSocket
                        ? streamFailure(operation, errno)
                        : fileContentFailure(operation, errno);
            case LISTEN, CONNECT -> addressFailure(operation, errno);
            case GET_OPTION, SET_OPTION ->
                optionFailure(operation, (SocketOption<?>) Objects.requireNonNull(operation.argument()), errno);
            case SEND_DESCRIPTORS, RECEIVE_DESCRIPTORS -> streamFailure(operation, errno);
            case OPEN_PACKET_SOCKET -> PacketFailures.of(operation, errno);
            case RECEIVE, RECEIVE_MULTISHOT, SEND, SEND_VECTORED, SEND_ZERO_COPY, SHUTDOWN ->
                streamFailure(operation, errno);
            case BIND,
                    CONNECT_DATAGRAM,
                    RECEIVE_DATAGRAM,
                    RECEIVE_DATAGRAM_MULTISHOT,
                    SEND_DATAGRAM,
                    JOIN_GROUP,
                    LEAVE_GROUP -> DatagramFailures.of(operation, errno);
            default -> other(operation, errno);
        };
    }

    static Retry retry(int errno) {
        return switch (errno) {
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM -> Retry.LATER;
            // what accept(2) says of errors that are those of one connection already dead
            case Errno.ECONNABORTED,
                    Errno.EINTR,
                    Errno.EAGAIN,
                    Errno.EPROTO,
                    Errno.ENETDOWN,
                    Errno.ENOPROTOOPT,
                    Errno.EHOSTDOWN,
                    Errno.ENONET,
                    Errno.EHOSTUNREACH,
                    Errno.ENETUNREACH,
                    Errno.ECONNRESET,
                    Errno.ETIMEDOUT -> Retry.NOW;
            default -> Retry.NEVER;
        };
    }

    private static IOException fileContentFailure(Operation operation, int errno) {
        return errno == Errno.EISDIR
                ? new FileSystemException(String.valueOf(operation.owner()), null, "Is a directory")
                : other(operation, errno);
    }

    private static IOException addressFailure(Operation operation, int errno) {
        if (!(operation.address() instanceof InetSocketAddress)) {
            return unixFailure(operation, errno);
        }
        String where = ": " + operation.address();
        return switch (errno) {
            case Errno.EADDRINUSE -> new BindException("Address already in use" + where);
            case Errno.EADDRNOTAVAIL -> new BindException("Cannot assign requested address" + where);
            case Errno.EACCES -> new BindException("Permission denied" + where + " (ports below 1024 need privilege)");
            case Errno.ECONNREFUSED -> new ConnectException("Connection refused" + where);
            case Errno.ETIMEDOUT -> new ConnectException("Connection timed out" + where);
            case Errno.EHOSTUNREACH, Errno.ENETUNREACH -> new NoRouteToHostException(reason(errno) + where);
            default -> other(operation, errno);
        };
    }

    /** A name that cannot be had, or that nobody listens on. */
    private static IOException unixFailure(Operation operation, int errno) {
        boolean listens = operation.opCode() == OpCode.LISTEN;
        String message = reason(errno) + ": " + operation.address();
        return switch (errno) {
            case Errno.EADDRINUSE ->
                new BindException("Address already in use: " + operation.address()
                        + " (ListenOptions.replaceStaleFile replaces what an earlier server has left)");
            case Errno.EACCES, Errno.EPERM, Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.EROFS, Errno.ENAMETOOLONG ->
                listens ? new BindException(message) : new ConnectException(message);
            case Errno.ECONNREFUSED -> new ConnectException("Connection refused: " + operation.address());
            case Errno.EPROTOTYPE -> new ConnectException(operation.address() + " is no socket for streams");
            default -> other(operation, errno);
        };
    }

    /** The local address of a connection that cannot be had. */
    static IOException bindFailure(Operation operation, SocketAddress local, int errno) {
        String reason = switch (errno) {
            case Errno.EADDRINUSE -> "Address already in use";
            case Errno.EADDRNOTAVAIL -> "Cannot assign requested address";
            default -> reason(errno);
        };
        return new BindException(reason + ": " + local + ", to connect from to " + operation.address());
    }

    static UnsupportedOperationException unsupportedOption(Operation operation, SocketOption<?> option) {
        return new UnsupportedOperationException(option.name() + " of " + target(operation)
                + " is not supported by the driver " + UringDriverProvider.NAME + ", or not by such a socket");
    }

    static Exception optionFailure(Operation operation, SocketOption<?> option, int errno) {
        return switch (errno) {
            case Errno.EOPNOTSUPP, Errno.ENOPROTOOPT -> unsupportedOption(operation, option);
            default ->
                new RingException(
                        "option " + option.name() + " of " + target(operation),
                        errno,
                        Errno.name(errno),
                        reason(errno),
                        errno == Errno.EPERM ? "The system allows it only with privilege (CAP_NET_ADMIN)." : "");
        };
    }

    private static @Nullable Object target(Operation operation) {
        return operation.owner() != null ? operation.owner() : operation.argument();
    }

    private static IOException streamFailure(Operation operation, int errno) {
        return switch (errno) {
            case Errno.ECONNRESET -> new SocketException("Connection reset: " + operation.owner());
            case Errno.EPIPE ->
                new SocketException(
                        "Broken pipe: " + operation.owner() + " was shut down for sending, or its peer has gone");
            case Errno.ETIMEDOUT -> new SocketException("Connection timed out: " + operation.owner());
            case Errno.ENOTCONN -> new SocketException("Not connected any more: " + operation.owner());
            default -> other(operation, errno);
        };
    }

    /** An exception that names the operation, what it was for, the errno, and what can be done. */
    static RingException other(Operation operation, int errno) {
        Object target = operation.owner() != null ? operation.owner() : operation.argument();
        String what = operation.opCode().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (target == null ? "" : " of " + target);
        return new RingException(what, errno, Errno.name(errno), reason(errno), advice(operation.opCode(), errno));
    }

    private static String advice(OpCode opCode, int errno) {
        return switch (errno) {
            case Errno.ENOSPC -> "Free space on the file system, or write elsewhere.";
            case Errno.EDQUOT -> "The user's disk quota is used up.";
            case Errno.EFBIG ->
                "The file would be larger than the file system or the process limit (ulimit -f) allows.";
            case Errno.EMFILE -> "Close files or sockets, or raise the process limit (ulimit -n).";
            case Errno.ENFILE -> "The whole system has no file descriptor left (fs.file-max).";
            case Errno.EIO -> "The device reports an error: see the kernel's log.";
            case Errno.ENOMEM -> "Raise the limit of locked memory (ulimit -l), or use fewer or smaller buffers.";
            case Errno.EOPNOTSUPP -> "The file system, device or kernel does not have this operation.";
            case Errno.EINVAL ->
                switch (opCode) {
                    case READ, WRITE, APPEND, READ_VECTORED, WRITE_VECTORED ->
                        "For direct I/O, address, length and position must be multiples of the block size.";
                    default -> "";
                };
            default -> "";
        };
    }

    static String reason(int errno) {
        String meaning = Errno.meaning(errno);
        return meaning.endsWith(".") ? meaning.substring(0, meaning.length() - 1) : meaning;
    }
}
