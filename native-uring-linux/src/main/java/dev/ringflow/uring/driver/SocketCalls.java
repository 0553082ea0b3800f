package dev.ringflow.uring.driver;

import dev.ringflow.net.AbstractUnixAddress;
import dev.ringflow.net.ConnectOptions;
import dev.ringflow.net.ListenOptions;
import dev.ringflow.net.StreamOptions;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import dev.ringflow.spi.StaleSocketFile;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Sockaddr;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What sockets need beside the ring: quick system calls that never wait. Confined to the loop thread. */
final class SocketCalls {
    private static final int LENGTH = Sockaddr.STORAGE_SIZE;

    /** An address and its length. */
    private final ByteBuffer memory = Memory.allocate(LENGTH + Long.BYTES, Long.BYTES);

    private final long address = Memory.address(memory);

    /** The value of an option. */
    private final ByteBuffer value = Memory.allocate(SocketOptionValues.ROOM, Long.BYTES);

    /** Makes a listening socket; a wildcard address takes IPv6 and IPv4 alike where the system has both. */
    int listen(Operation operation, DriverCounters counters) {
        ListenOptions options =
                operation.secondArgument() instanceof ListenOptions given ? given : ListenOptions.defaults();
        SocketAddress where = operation.address();
        boolean either = isWildcard(where) && options.family() == null;
        if (either) {
            int result = listenOn(operation, UringConstants.AF_INET6, 0, options, counters);
            if (result != -Errno.EAFNOSUPPORT && result != -Errno.EADDRNOTAVAIL) {
                return result;
            }
        }
        int family = family(where);
        if (isWildcard(where) && options.family() != null) {
            family =
                    options.family() == StandardProtocolFamily.INET6 ? UringConstants.AF_INET6 : UringConstants.AF_INET;
        }
        return listenOn(operation, family, 1, options, counters);
    }

    private int listenOn(Operation operation, int family, int only6, ListenOptions options, DriverCounters counters) {
        SocketAddress where = operation.address();
        int fd = stream(family);
        counters.systemCalls().add(4);
        if (fd < 0) {
            return fd;
        }
        int result = 0;
        if (family == UringConstants.AF_INET6) {
            counters.systemCalls().add(1);
            value.putInt(0, only6);
            result = LibC.setsockopt(
                    fd, UringConstants.IPPROTO_IPV6, UringConstants.IPV6_V6ONLY, Memory.address(value), Integer.BYTES);
        }
        if (result >= 0) {
            result = apply(operation, fd, family, options, counters);
        }
        if (result >= 0) {
            result = LibC.bind(fd, address, write(memory, where, family));
            if (result == -Errno.EADDRINUSE && options.replacesStaleFile() && isReplaced(where)) {
                result = LibC.bind(fd, address, write(memory, where, family));
            }
        }
        if (result >= 0) {
            result = LibC.listen(fd, operation.flags());
        }
        if (result >= 0) {
            try {
                operation.resultObject(localAddress(fd));
                operation.resultHandle(new Handle(fd));
                return 0;
            } catch (IOException e) {
                result = -Errno.EINVAL;
            }
        }
        LibC.close(fd);
        return result;
    }

    private static boolean isReplaced(SocketAddress where) {
        if (!(where instanceof UnixDomainSocketAddress unix)) {
            return false;
        }
        try {
            return StaleSocketFile.remove(unix.getPath());
        } catch (IOException refused) {
            return false; // the address stays in use
        }
    }

    /** Makes a socket to connect from, bound if that is wanted; the file descriptor, or a negative result. */
    int create(Operation operation, DriverCounters counters) {
        ConnectOptions options =
                operation.secondArgument() instanceof ConnectOptions given ? given : ConnectOptions.defaults();
        int family = family(operation.address());
        int fd = stream(family);
        counters.systemCalls().add(1);
        if (fd < 0) {
            return fd;
        }
        int result = apply(operation, fd, family, options, counters);
        SocketAddress local = options.localAddress();
        if (result >= 0 && local != null) {
            counters.systemCalls().add(1);
            result = LibC.bind(fd, address, write(memory, local, family));
            if (result < 0) {
                operation.failure(ErrnoFailures.bindFailure(operation, local, -result));
                result = ResultCodes.FAILED;
            }
        }
        if (result < 0) {
            LibC.close(fd);
            return result;
        }
        return fd;
    }

    private int apply(Operation operation, int fd, int family, StreamOptions options, DriverCounters counters) {
        boolean tcp = family != UringConstants.AF_UNIX;
        for (Map.Entry<SocketOption<?>, Object> each :
                options.socketOptions(tcp).entrySet()) {
            SocketOption<?> option = each.getKey();
            SocketOptionKind kind = SocketOptionKind.of(option);
            if (kind == null) {
                operation.failure(ErrnoFailures.unsupportedOption(operation, option));
                return ResultCodes.FAILED;
            }
            counters.systemCalls().add(1);
            int length;
            try {
                length = SocketOptionValues.write(value, kind, each.getValue());
            } catch (RuntimeException e) {
                operation.failure(e);
                return ResultCodes.FAILED;
            }
            int result = LibC.setsockopt(fd, kind.level(family), kind.number(family), Memory.address(value), length);
            if (result < 0) {
                operation.failure(ErrnoFailures.optionFailure(operation, option, -result));
                return ResultCodes.FAILED;
            }
        }
        return 0;
    }

    /** The options that a socket has, as far as its family and type tell. */
    Set<SocketOption<?>> supportedOptions(int fd) {
        int family = OptionPreparation.number(fd, UringConstants.SO_DOMAIN, value);
        int type = OptionPreparation.number(fd, UringConstants.SO_TYPE, value);
        Set<SocketOption<?>> supported = new LinkedHashSet<>();
        for (SocketOptionKind each : SocketOptionKind.all()) {
            if (each.fits(family, type)) {
                supported.add(each.option());
            }
        }
        return java.util.Collections.unmodifiableSet(supported);
    }

    /** Writes an address into memory, for a socket of a family; its length. */
    static int write(ByteBuffer target, SocketAddress where, int family) {
        if (where instanceof AbstractUnixAddress name) {
            return Sockaddr.setAbstract(target, 0, name.bytes());
        } else if (where instanceof InetSocketAddress inet) {
            if (family == UringConstants.AF_INET6) {
                return Sockaddr.setMapped(target, 0, inet);
            } else if (isWildcard(inet)) {
                return Sockaddr.set(target, 0, new InetSocketAddress("0.0.0.0", inet.getPort()));
            }
        }
        return Sockaddr.set(target, 0, where);
    }

    SocketAddress localAddress(int fd) throws IOException {
        memory.putInt(LENGTH, Sockaddr.STORAGE_SIZE);
        return decode(LibC.getsockname(fd, address, address + LENGTH), "getsockname");
    }

    SocketAddress remoteAddress(int fd) throws IOException {
        memory.putInt(LENGTH, Sockaddr.STORAGE_SIZE);
        return decode(LibC.getpeername(fd, address, address + LENGTH), "getpeername");
    }

    private SocketAddress decode(int result, String call) throws IOException {
        if (result < 0) {
            throw new SocketException(call + ": " + Errno.name(result) + ". " + Errno.meaning(result));
        }
        int length = memory.getInt(LENGTH);
        byte[] name = Sockaddr.abstractName(memory, 0, length);
        if (name != null && name.length > 0) {
            return AbstractUnixAddress.of(name);
        }
        SocketAddress found = Sockaddr.get(memory, 0, length);
        if (found == null) {
            throw new SocketException(call + ": an address of a family that is not known");
        }
        return found;
    }

    private static int stream(int family) {
        return LibC.socket(family, UringConstants.SOCK_STREAM | UringConstants.SOCK_CLOEXEC, 0);
    }

    private static boolean isWildcard(SocketAddress where) {
        return where instanceof InetSocketAddress inet && inet.getAddress().isAnyLocalAddress();
    }

    static int family(SocketAddress where) {
        if (!(where instanceof InetSocketAddress inet)) {
            return UringConstants.AF_UNIX;
        }
        return inet.getAddress() instanceof Inet6Address ? UringConstants.AF_INET6 : UringConstants.AF_INET;
    }
}
