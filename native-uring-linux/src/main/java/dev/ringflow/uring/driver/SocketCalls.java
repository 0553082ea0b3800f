package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Sockaddr;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;

/** What sockets need beside the ring: quick system calls that never wait. Confined to the loop thread. */
final class SocketCalls {
    private static final int LENGTH = Sockaddr.STORAGE_SIZE;
    private static final int VALUE = LENGTH + 8;

    /** An address, its length, and the value of an option. */
    private final ByteBuffer memory = Memory.allocate(VALUE + 8, Long.BYTES);

    private final long address = Memory.address(memory);

    /** Makes a listening socket; a wildcard address takes IPv6 and IPv4 alike where the system has both. */
    int listen(Operation operation, DriverCounters counters) {
        InetSocketAddress where = (InetSocketAddress) operation.address();
        if (where.getAddress().isAnyLocalAddress()) {
            int result = listenOn(operation, where, UringConstants.AF_INET6, counters);
            if (result != -Errno.EAFNOSUPPORT && result != -Errno.EADDRNOTAVAIL) {
                return result;
            }
        }
        return listenOn(operation, where, family(where), counters);
    }

    private int listenOn(Operation operation, InetSocketAddress where, int family, DriverCounters counters) {
        int fd = stream(family);
        counters.systemCalls().add(5);
        if (fd < 0) {
            return fd;
        }
        int result = set(fd, UringConstants.SOL_SOCKET, UringConstants.SO_REUSEADDR, 1);
        if (result >= 0 && family == UringConstants.AF_INET6) {
            boolean both = where.getAddress().isAnyLocalAddress();
            result = set(fd, UringConstants.IPPROTO_IPV6, UringConstants.IPV6_V6ONLY, both ? 0 : 1);
        }
        if (result >= 0) {
            int length = family == UringConstants.AF_INET6
                    ? Sockaddr.setMapped(memory, 0, where)
                    : Sockaddr.set(memory, 0, where);
            result = LibC.bind(fd, address, length);
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

    /** Makes a socket to connect from; the file descriptor, or the negated errno. */
    int create(InetSocketAddress peer, DriverCounters counters) {
        counters.systemCalls().add(2);
        int fd = stream(family(peer));
        if (fd >= 0) {
            set(fd, UringConstants.IPPROTO_TCP, UringConstants.TCP_NODELAY, 1);
        }
        return fd;
    }

    void noDelay(int fd, DriverCounters counters) {
        counters.systemCalls().add(1);
        set(fd, UringConstants.IPPROTO_TCP, UringConstants.TCP_NODELAY, 1);
    }

    /** Writes an address into memory of the caller's; its length. */
    int write(ByteBuffer target, InetSocketAddress peer) {
        return Sockaddr.set(target, 0, peer);
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
        SocketAddress found = Sockaddr.get(memory, 0, memory.getInt(LENGTH));
        if (found == null) {
            throw new SocketException(call + ": an address of a family that is not known");
        }
        return found;
    }

    private static int stream(int family) {
        return LibC.socket(family, UringConstants.SOCK_STREAM | UringConstants.SOCK_CLOEXEC, 0);
    }

    private static int family(InetSocketAddress where) {
        InetAddress ip = where.getAddress();
        return ip instanceof Inet6Address ? UringConstants.AF_INET6 : UringConstants.AF_INET;
    }

    private int set(int fd, int level, int option, int value) {
        memory.putInt(VALUE, value);
        return LibC.setsockopt(fd, level, option, address + VALUE, Integer.BYTES);
    }
}
