package dev.ringflow.uring.driver;

import dev.ringflow.RingException;
import dev.ringflow.net.RingSocket;
import dev.ringflow.spi.Driver.Retry;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Errno;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.file.FileSystemException;
import java.util.Locale;

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
            case RECEIVE, SEND, SHUTDOWN -> streamFailure(operation, errno);
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
        return new RingException(what, errno, Errno.name(errno), reason(errno), advice(errno));
    }

    private static String advice(int errno) {
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
            case Errno.EINVAL -> "For direct I/O, address, length and position must be multiples of the block size.";
            default -> "";
        };
    }

    static String reason(int errno) {
        String meaning = Errno.meaning(errno);
        return meaning.endsWith(".") ? meaning.substring(0, meaning.length() - 1) : meaning;
    }
}
