package dev.ringflow.nio;

import dev.ringflow.RingException;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes the JDK's exceptions say what they are about, and turns those that are nothing but the system's text into what
 * the other drivers throw.
 */
final class NioFailures {
    /** What the C library says, and what it stands for. */
    private record SystemText(String text, String codeName, String advice) {}

    /** In the JDK's own words: the number that is wrong, this, and the size. */
    private static final String UNALIGNED = "is not a multiple of the block size";

    private static final SystemText[] SYSTEM_TEXTS = {
        new SystemText("No space left on device", "ENOSPC", "Free space on the file system, or write elsewhere."),
        new SystemText("Disk quota exceeded", "EDQUOT", "The user's disk quota is used up."),
        new SystemText(
                "File too large",
                "EFBIG",
                "The file would be larger than the file system or the process limit (ulimit -f) allows."),
        new SystemText(
                "Too many open files in system",
                "ENFILE",
                "The whole system has no file descriptor left (fs.file-max)."),
        new SystemText(
                "Too many open files", "EMFILE", "Close files or sockets, or raise the process limit (ulimit -n)."),
        new SystemText("Input/output error", "EIO", "The device reports an error: see the kernel's log."),
        new SystemText("No buffer space available", "ENOBUFS", ""),
        new SystemText("Cannot allocate memory", "ENOMEM", ""),
        new SystemText("Invalid argument", "EINVAL", ""),
        new SystemText(UNALIGNED, "EINVAL", "For direct I/O, address, length and position must be multiples of it."),
        new SystemText("Illegal seek", "ESPIPE", "Pipes and terminals have no positions: read them with a stream."),
        new SystemText("Bad file descriptor", "EBADF", ""),
        new SystemText("Broken pipe", "EPIPE", "Nobody reads the pipe any more."),
        new SystemText(
                "Operation not supported",
                "EOPNOTSUPP",
                "The file system, device or kernel does not have this operation."),
    };

    private NioFailures() {}

    static Throwable of(Operation operation, Throwable failure) {
        if (!(failure instanceof IOException io)) {
            return failure;
        }
        return switch (operation.opCode()) {
            case OPEN -> openFailure(operation, io);
            case READ, WRITE, APPEND, READ_VECTORED, WRITE_VECTORED, SYNC, SYNC_RANGE, STAT, TRUNCATE ->
                contentFailure(operation, io);
            case STAT_PATH,
                    RENAME,
                    DELETE,
                    CREATE_DIRECTORY,
                    CREATE_SYMBOLIC_LINK,
                    CREATE_LINK,
                    GET_ATTRIBUTE,
                    SET_ATTRIBUTE,
                    REMOVE_ATTRIBUTE,
                    LIST_ATTRIBUTES -> PathFailures.of(operation, io);
            case LISTEN, CONNECT -> addressFailure(operation, io);
            case RECEIVE, RECEIVE_MULTISHOT, SEND, SEND_VECTORED, SHUTDOWN -> streamFailure(operation, io);
            case BIND, CONNECT_DATAGRAM, RECEIVE_DATAGRAM, RECEIVE_DATAGRAM_MULTISHOT, SEND_DATAGRAM ->
                datagramFailure(operation, io);
            default -> other(operation, io);
        };
    }

    /** Whether something has run out that may be there again later. */
    static boolean isShortage(@Nullable Throwable failure) {
        return failure instanceof RingException ring
                && switch (ring.codeName()) {
                    case "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM" -> true;
                    default -> false;
                };
    }

    private static IOException openFailure(Operation operation, IOException io) {
        if (io.getClass() == IOException.class) {
            return known(text(io)) == null
                    ? caused(new FileSystemException(operation.path().toString(), null, text(io)), io)
                    : other(operation, io);
        } else if (io.getClass() != FileSystemException.class) {
            return io;
        }
        FileSystemException plain = (FileSystemException) io;
        String reason = String.valueOf(plain.getReason());
        if (reason.startsWith("Invalid argument") && OpenFlags.has(operation.flags(), OpenFlags.DIRECT_IO)) {
            return caused(new FileSystemException(plain.getFile(), null, "The file system has no direct I/O"), io);
        } else if (reason.startsWith("Not a directory")) {
            return caused(new NotDirectoryException(plain.getFile()), io);
        } else if (reason.startsWith("Operation not permitted")) {
            return caused(new AccessDeniedException(plain.getFile(), null, reason), io);
        }
        SystemText known = known(reason);
        return known == null ? io : ringException(operation, known, io);
    }

    private static IOException contentFailure(Operation operation, IOException io) {
        return text(io).startsWith("Is a directory")
                ? caused(new FileSystemException(String.valueOf(operation.owner()), null, "Is a directory"), io)
                : other(operation, io);
    }

    private static IOException addressFailure(Operation operation, IOException io) {
        String message = text(io) + ": " + operation.address();
        if (io instanceof SocketException && !(operation.address() instanceof InetSocketAddress)) {
            return unixFailure(operation, io);
        } else if (io instanceof BindException && io.getCause() != null) {
            return io; // the local address of a connection
        } else if (io instanceof BindException) {
            return caused(new BindException(message), io);
        } else if (io instanceof ConnectException) {
            return caused(new ConnectException(message), io);
        } else if (io instanceof NoRouteToHostException || message.startsWith("Network is unreachable")) {
            return caused(new NoRouteToHostException(message), io);
        } else if (message.startsWith("Permission denied")) {
            return caused(new BindException(message + " (ports below 1024 need privilege)"), io);
        }
        return other(operation, io);
    }

    /** A name that cannot be had, or that nobody listens on. */
    private static IOException unixFailure(Operation operation, IOException io) {
        if (io instanceof BindException && io.getCause() != null) {
            return io; // the local address of a connection
        }
        String message = text(io) + ": " + operation.address();
        if (operation.opCode() == OpCode.LISTEN) {
            String hint = text(io).startsWith("Address already in use")
                    ? " (ListenOptions.replaceStaleFile replaces what an earlier server has left)"
                    : "";
            return caused(new BindException(message + hint), io);
        }
        return known(text(io)) == null ? caused(new ConnectException(message), io) : other(operation, io);
    }

    private static IOException datagramFailure(Operation operation, IOException io) {
        IOException known = DatagramChannelFailures.of(operation, io);
        return known == null ? other(operation, io) : caused(known, io);
    }

    private static IOException streamFailure(Operation operation, IOException io) {
        String message = text(io);
        if (io instanceof ClosedChannelException || message.startsWith("Broken pipe")) {
            return caused(
                    new SocketException(
                            "Broken pipe: " + operation.owner() + " was shut down for sending, or its peer has gone"),
                    io);
        } else if (message.startsWith("Connection reset")) {
            return caused(new SocketException("Connection reset: " + operation.owner()), io);
        } else if (io.getClass() == IOException.class || io instanceof SocketException) {
            return known(message) == null
                    ? caused(new SocketException(message + ": " + operation.owner()), io)
                    : other(operation, io);
        }
        return io;
    }

    /** What has a class of its own stays as it is. */
    private static IOException other(Operation operation, IOException io) {
        SystemText known = known(text(io));
        boolean plain = io.getClass() == IOException.class || io.getClass() == SocketException.class;
        if (known == null) {
            return plain ? ringException(operation, new SystemText(text(io), "unknown", ""), io) : io;
        }
        return ringException(operation, known, io);
    }

    /** What a text of the system stands for; the exception itself for one that is not known. */
    static IOException ofSystem(Operation operation, String text, IOException io) {
        SystemText known = known(text);
        return known == null ? io : ringException(operation, known, io);
    }

    private static IOException ringException(Operation operation, SystemText text, IOException io) {
        Object target = operation.owner() != null ? operation.owner() : operation.argument();
        String what = operation.opCode().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (target == null ? "" : " of " + target);
        return caused(new RingException(what, 0, text.codeName, text.text, text.advice), io);
    }

    private static @Nullable SystemText known(String message) {
        for (SystemText each : SYSTEM_TEXTS) {
            if (message.startsWith(each.text) || each.text.equals(UNALIGNED) && message.contains(UNALIGNED)) {
                return each;
            }
        }
        return null;
    }

    private static String text(IOException io) {
        String message = io instanceof FileSystemException file ? file.getReason() : io.getMessage();
        return message == null ? io.getClass().getSimpleName() : message;
    }

    private static <T extends IOException> T caused(T exception, IOException cause) {
        exception.initCause(cause);
        return exception;
    }
}
