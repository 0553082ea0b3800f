package dev.ringflow.uring.driver;

import dev.ringflow.net.DatagramDetail;
import dev.ringflow.net.DatagramOptions;
import dev.ringflow.net.MulticastMembership;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Sockaddr;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What datagram sockets need beside the ring: quick system calls that never wait. Confined to the loop thread. */
final class DatagramCalls {
    private static final int LENGTH = Sockaddr.STORAGE_SIZE;
    private static final int VALUE = LENGTH + Long.BYTES;
    private static final int GROUP = Long.BYTES;
    private static final int SOURCE = GROUP + Sockaddr.STORAGE_SIZE;
    private static final int LARGEST_VALUE = SOURCE + Sockaddr.STORAGE_SIZE;

    /** An address, its length, and the value of an option. */
    private final ByteBuffer memory = Memory.allocate(VALUE + LARGEST_VALUE, Long.BYTES);

    private final long address = Memory.address(memory);
    private long calls;

    /** Makes a bound socket; 0, or the negated errno. */
    int bind(Operation operation, DriverCounters counters) {
        calls = 0;
        DatagramOptions options =
                operation.secondArgument() instanceof DatagramOptions given ? given : DatagramOptions.defaults();
        int result = bind(operation, options);
        counters.systemCalls().add(calls);
        return result;
    }

    private int bind(Operation operation, DatagramOptions options) {
        if (!(operation.address() instanceof InetSocketAddress where)) {
            return bindTo(operation, options, operation.address(), UringConstants.AF_UNIX);
        }
        StandardProtocolFamily wanted = options.family();
        boolean wildcard = where.getAddress().isAnyLocalAddress();
        boolean inet6 = where.getAddress() instanceof Inet6Address;
        if (wanted == StandardProtocolFamily.INET6 || wanted == null && (wildcard || inet6)) {
            int result = bindTo(operation, options, where, UringConstants.AF_INET6);
            boolean hasNoInet6 = result == -Errno.EAFNOSUPPORT || result == -Errno.EADDRNOTAVAIL;
            if (wanted != null || !wildcard || !hasNoInet6) {
                return result;
            }
        }
        if (inet6 && !wildcard) {
            return -Errno.EAFNOSUPPORT; // an IPv6 address for a socket of IPv4
        }
        InetSocketAddress plain = wildcard ? inet4Wildcard(where.getPort()) : where;
        return bindTo(operation, options, plain, UringConstants.AF_INET);
    }

    private static InetSocketAddress inet4Wildcard(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[4]), port);
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError("4 bytes are an address", e);
        }
    }

    private int bindTo(Operation operation, DatagramOptions options, SocketAddress where, int family) {
        calls += 2;
        int fd = LibC.socket(family, UringConstants.SOCK_DGRAM | UringConstants.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            return fd;
        }
        int result = set(fd, options, family);
        if (result >= 0) {
            int length = family == UringConstants.AF_INET6
                    ? Sockaddr.setMapped(memory, 0, (InetSocketAddress) where)
                    : Sockaddr.set(memory, 0, where);
            result = LibC.bind(fd, address, length);
        }
        if (result >= 0) {
            SocketAddress bound = local(fd);
            DatagramState state = new DatagramState(family, options, bound == null ? where : bound);
            operation.resultObject(bound);
            operation.resultHandle(new Handle(fd, state));
            return 0;
        }
        calls++;
        LibC.close(fd);
        return result;
    }

    private @Nullable SocketAddress local(int fd) {
        calls++;
        memory.putInt(LENGTH, Sockaddr.STORAGE_SIZE);
        int result = LibC.getsockname(fd, address, address + LENGTH);
        return result < 0 ? null : Sockaddr.get(memory, 0, memory.getInt(LENGTH));
    }

    /** All options; 0, or the negated errno. */
    private int set(int fd, DatagramOptions options, int family) {
        boolean inet6 = family == UringConstants.AF_INET6;
        int result = flag(fd, UringConstants.SOL_SOCKET, UringConstants.SO_REUSEADDR, options.reuseAddress());
        result = and(result, flag(fd, UringConstants.SOL_SOCKET, UringConstants.SO_REUSEPORT, options.reusePort()));
        result = and(result, flag(fd, UringConstants.SOL_SOCKET, UringConstants.SO_BROADCAST, options.broadcast()));
        if (options.receiveBuffer() > 0) {
            result = and(result, set(fd, UringConstants.SOL_SOCKET, UringConstants.SO_RCVBUF, options.receiveBuffer()));
        }
        if (options.sendBuffer() > 0) {
            result = and(result, set(fd, UringConstants.SOL_SOCKET, UringConstants.SO_SNDBUF, options.sendBuffer()));
        }
        if (inet6) {
            result = and(result, set(fd, UringConstants.SOL_IPV6, UringConstants.IPV6_V6ONLY, 0));
        }
        if (family != UringConstants.AF_UNIX) {
            result = and(result, sending(fd, options, inet6));
            result = and(result, multicast(fd, options, inet6));
        }
        return and(result, details(fd, options, family));
    }

    private static int and(int before, int result) {
        return before < 0 ? before : result;
    }

    private int flag(int fd, int level, int option, boolean value) {
        return value ? set(fd, level, option, 1) : 0;
    }

    private int sending(int fd, DatagramOptions options, boolean inet6) {
        int result = 0;
        if (options.hopLimit() >= 0) {
            result = both(fd, inet6, UringConstants.IP_TTL, UringConstants.IPV6_UNICAST_HOPS, options.hopLimit());
        }
        if (options.trafficClass() >= 0) {
            result = and(
                    result, both(fd, inet6, UringConstants.IP_TOS, UringConstants.IPV6_TCLASS, options.trafficClass()));
        }
        if (options.segmentSize() > 0) {
            result = and(result, set(fd, UringConstants.SOL_UDP, UringConstants.UDP_SEGMENT, options.segmentSize()));
        }
        return and(result, flag(fd, UringConstants.SOL_UDP, UringConstants.UDP_GRO, options.coalescing()));
    }

    private int multicast(int fd, DatagramOptions options, boolean inet6) {
        int result = 0;
        NetworkInterface by = options.multicastInterface();
        if (by != null) {
            calls++;
            memory.putLong(VALUE, 0);
            memory.putInt(VALUE + Long.BYTES, by.getIndex()); // struct ip_mreqn: two addresses, and the index
            result = LibC.setsockopt(
                    fd,
                    UringConstants.SOL_IP,
                    UringConstants.IP_MULTICAST_IF,
                    address + VALUE,
                    Long.BYTES + Integer.BYTES);
            if (inet6) {
                result = and(result, set(fd, UringConstants.SOL_IPV6, UringConstants.IPV6_MULTICAST_IF, by.getIndex()));
            }
        }
        if (options.multicastHopLimit() >= 0) {
            result = and(
                    result,
                    both(
                            fd,
                            inet6,
                            UringConstants.IP_MULTICAST_TTL,
                            UringConstants.IPV6_MULTICAST_HOPS,
                            options.multicastHopLimit()));
        }
        if (!options.multicastLoopback()) {
            result = and(
                    result, both(fd, inet6, UringConstants.IP_MULTICAST_LOOP, UringConstants.IPV6_MULTICAST_LOOP, 0));
        }
        return result;
    }

    private int details(int fd, DatagramOptions options, int family) {
        boolean inet6 = family == UringConstants.AF_INET6;
        int result = 0;
        for (DatagramDetail each : options.details()) {
            if (family == UringConstants.AF_UNIX && each != DatagramDetail.TIMESTAMP && each != DatagramDetail.DROPS) {
                throw new UnsupportedOperationException(each + " is not told of datagrams of unix sockets");
            }
            result = and(
                    result,
                    switch (each) {
                        case HOP_LIMIT ->
                            both(fd, inet6, UringConstants.IP_RECVTTL, UringConstants.IPV6_RECVHOPLIMIT, 1);
                        case TRAFFIC_CLASS ->
                            both(fd, inet6, UringConstants.IP_RECVTOS, UringConstants.IPV6_RECVTCLASS, 1);
                        case DESTINATION ->
                            inet6
                                    ? set(fd, UringConstants.SOL_IPV6, UringConstants.IPV6_RECVPKTINFO, 1)
                                    : set(fd, UringConstants.SOL_IP, UringConstants.IP_PKTINFO, 1);
                        case TIMESTAMP -> set(fd, UringConstants.SOL_SOCKET, UringConstants.SO_TIMESTAMPNS, 1);
                        case DROPS -> set(fd, UringConstants.SOL_SOCKET, UringConstants.SO_RXQ_OVFL, 1);
                    });
        }
        return result;
    }

    /** For IPv4, and for IPv6 as well on a socket that has both. */
    private int both(int fd, boolean inet6, int inet4Option, int inet6Option, int value) {
        int result = set(fd, UringConstants.SOL_IP, inet4Option, value);
        return inet6 ? and(result, set(fd, UringConstants.SOL_IPV6, inet6Option, value)) : result;
    }

    private int set(int fd, int level, int option, int value) {
        calls++;
        memory.putInt(VALUE, value);
        return LibC.setsockopt(fd, level, option, address + VALUE, Integer.BYTES);
    }

    /** Connects, or undoes that; 0, or the negated errno. */
    int connect(int fd, DatagramState state, Operation operation, DriverCounters counters) {
        calls = 1;
        SocketAddress peer = operation.argument() instanceof SocketAddress given ? given : null;
        int length;
        if (peer == null) {
            memory.putLong(0, 0);
            memory.putLong(Long.BYTES, 0);
            memory.putShort(0, (short) UringConstants.AF_UNSPEC);
            length = Sockaddr.IN_SIZE;
        } else {
            length = state.write(memory, 0, peer);
        }
        int result = LibC.connect(fd, address, length);
        if (result >= 0) {
            state.connected(peer);
            if (peer == null) {
                result = bindAgain(fd, state);
            }
            operation.resultObject(peer == null ? state.bound() : local(fd));
        }
        counters.systemCalls().add(calls);
        return result;
    }

    /** A port that the kernel chose is given back when the socket is disconnected: it is bound to it again. */
    private int bindAgain(int fd, DatagramState state) {
        if (!(state.bound() instanceof InetSocketAddress bound)
                || local(fd) instanceof InetSocketAddress now && now.getPort() == bound.getPort()) {
            return 0;
        }
        calls++;
        return LibC.bind(fd, address, state.write(memory, 0, bound));
    }

    int join(int fd, MulticastMembership membership, DriverCounters counters) {
        return membership(
                fd, membership, UringConstants.MCAST_JOIN_GROUP, UringConstants.MCAST_JOIN_SOURCE_GROUP, counters);
    }

    int leave(int fd, MulticastMembership membership, DriverCounters counters) {
        return membership(
                fd, membership, UringConstants.MCAST_LEAVE_GROUP, UringConstants.MCAST_LEAVE_SOURCE_GROUP, counters);
    }

    private int membership(int fd, MulticastMembership membership, int ofAny, int ofSource, DriverCounters counters) {
        counters.systemCalls().add(1);
        boolean inet6 = membership.group() instanceof Inet6Address;
        InetAddress source = membership.source();
        memory.putLong(VALUE, 0);
        memory.putInt(VALUE, membership.by().getIndex());
        Sockaddr.set(memory, VALUE + GROUP, new InetSocketAddress(membership.group(), 0));
        if (source != null) {
            Sockaddr.set(memory, VALUE + SOURCE, new InetSocketAddress(source, 0));
        }
        return LibC.setsockopt(
                fd,
                inet6 ? UringConstants.SOL_IPV6 : UringConstants.SOL_IP,
                source == null ? ofAny : ofSource,
                address + VALUE,
                source == null ? SOURCE : LARGEST_VALUE);
    }
}
