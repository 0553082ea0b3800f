package dev.ringflow.uring.driver;

import dev.ringflow.net.packet.PacketEndpoint;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.PacketSocketInfo;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Sockaddr;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes sockets for packets, by quick system calls that never wait. Confined to the loop thread. */
final class PacketSockets {
    private static final Path OWN_NAMESPACE = Path.of("/proc/thread-self/ns/net");
    private static final int MOST_NAME = 256;

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int IP_HDRINCL = 3;
    private static final int PACKET_ADD_MEMBERSHIP = 1;
    private static final int PACKET_MR_PROMISC = 1;
    private static final int PACKET_MREQ_SIZE = 16;
    private static final int PACKET_FANOUT = 18;
    private static final int PACKET_FANOUT_HASH = 0;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_MEMINFO = 55;
    private static final int MEMINFO_WORDS = 9;
    private static final int MEMINFO_DROPS = 8;

    private static final int LENGTH = Sockaddr.STORAGE_SIZE;
    private static final int VALUE = LENGTH + Long.BYTES;
    private static final int VALUE_ROOM = MOST_NAME;

    /** An address, its length, and the value of an option or a name. */
    private final ByteBuffer memory = Memory.allocate(VALUE + VALUE_ROOM, Long.BYTES);

    private final long address = Memory.address(memory);

    /** Makes a socket, bound and set up; 0, or the negated errno. */
    int open(Operation operation, PacketEndpoint endpoint, DriverCounters counters) {
        Path namespace = endpoint.namespace();
        if (namespace == null) {
            return openHere(operation, endpoint, counters);
        }
        counters.systemCalls().add(6);
        int own = openFile(OWN_NAMESPACE);
        if (own < 0) {
            return own;
        }
        int other = openFile(namespace);
        int result = other < 0 ? other : LibC.setns(other, CLONE_NEWNET);
        if (result >= 0) {
            result = openHere(operation, endpoint, counters);
            int back = LibC.setns(own, CLONE_NEWNET);
            if (back < 0) {
                throw new IllegalStateException(
                        "The loop thread cannot leave the network namespace " + namespace + ": " + Errno.name(-back));
            }
        }
        if (other >= 0) {
            LibC.close(other);
        }
        LibC.close(own);
        return result;
    }

    private int openFile(Path path) {
        putString(path.toString());
        return LibC.openat(
                UringConstants.AT_FDCWD, address + VALUE, UringConstants.O_RDONLY | UringConstants.O_CLOEXEC);
    }

    private void putString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= VALUE_ROOM) {
            throw new IllegalArgumentException("Too long a name: " + text);
        }
        memory.put(VALUE, bytes).put(VALUE + bytes.length, (byte) 0);
    }

    private int openHere(Operation operation, PacketEndpoint endpoint, DriverCounters counters) {
        counters.systemCalls().add(8);
        int index = 0;
        String name = endpoint.networkInterface();
        if (name != null) {
            putString(name);
            index = LibC.ifNametoindex(address + VALUE);
            if (index < 0) {
                return index;
            }
        }
        int fd = create(endpoint);
        if (fd < 0) {
            return fd;
        }
        int result = setUp(fd, endpoint, index, operation.flags());
        if (result < 0) {
            LibC.close(fd);
            return result;
        }
        operation.resultObject(info(fd, endpoint, index));
        operation.resultHandle(new Handle(fd, endpoint));
        return 0;
    }

    private static int create(PacketEndpoint endpoint) {
        int flags = UringConstants.SOCK_CLOEXEC;
        return switch (endpoint.kind()) {
            case UDP -> LibC.socket(family(endpoint), UringConstants.SOCK_DGRAM | flags, 0);
            case IP -> LibC.socket(family(endpoint), UringConstants.SOCK_RAW | flags, endpoint.protocol());
            // nothing is received before it is bound
            case LINK ->
                LibC.socket(
                        UringConstants.AF_PACKET,
                        (endpoint.hasHeaders() ? UringConstants.SOCK_RAW : UringConstants.SOCK_DGRAM) | flags,
                        0);
        };
    }

    private static int family(PacketEndpoint endpoint) {
        return Objects.requireNonNull(endpoint.local()).getAddress() instanceof Inet6Address
                ? UringConstants.AF_INET6
                : UringConstants.AF_INET;
    }

    private int setUp(int fd, PacketEndpoint endpoint, int index, int group) {
        setBuffers(fd, endpoint.socketBuffer());
        return endpoint.kind() == PacketEndpoint.Kind.LINK
                ? setUpLink(fd, endpoint, index, group)
                : setUpInet(fd, endpoint, group);
    }

    /** As much as is allowed; above the system's limit with the privilege for that. */
    private void setBuffers(int fd, int bytes) {
        if (bytes == 0) {
            return;
        }
        if (set(fd, UringConstants.SOL_SOCKET, UringConstants.SO_RCVBUFFORCE, bytes) < 0) {
            set(fd, UringConstants.SOL_SOCKET, UringConstants.SO_RCVBUF, bytes);
        }
        if (set(fd, UringConstants.SOL_SOCKET, SO_SNDBUFFORCE, bytes) < 0) {
            set(fd, UringConstants.SOL_SOCKET, UringConstants.SO_SNDBUF, bytes);
        }
    }

    private int setUpInet(int fd, PacketEndpoint endpoint, int group) {
        int result = 0;
        boolean udp = endpoint.kind() == PacketEndpoint.Kind.UDP;
        if (udp && family(endpoint) == UringConstants.AF_INET6) {
            result = set(fd, UringConstants.IPPROTO_IPV6, UringConstants.IPV6_V6ONLY, 1);
        }
        if (result >= 0 && group != 0 && udp) {
            result = set(fd, UringConstants.SOL_SOCKET, UringConstants.SO_REUSEPORT, 1);
        }
        if (result >= 0 && endpoint.isSynthesized()) {
            result = set(fd, UringConstants.IPPROTO_IP, IP_HDRINCL, 1);
        }
        String device = endpoint.networkInterface();
        if (result >= 0 && device != null) {
            putString(device);
            result = LibC.setsockopt(
                    fd,
                    UringConstants.SOL_SOCKET,
                    UringConstants.SO_BINDTODEVICE,
                    address + VALUE,
                    device.length() + 1);
        }
        if (result >= 0) {
            result = LibC.bind(fd, address, Sockaddr.set(memory, 0, Objects.requireNonNull(endpoint.local())));
        }
        InetSocketAddress peer = endpoint.peer();
        if (result >= 0 && peer != null) {
            result = LibC.connect(fd, address, Sockaddr.set(memory, 0, peer));
        }
        return result;
    }

    /** What comes before everything is set is no packet of the port's: the protocol is set last. */
    private int setUpLink(int fd, PacketEndpoint endpoint, int index, int group) {
        if (!endpoint.hasOutgoing()) {
            int ignored = set(fd, UringConstants.SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
            if (ignored < 0) {
                return ignored;
            }
        }
        int result = LibC.bind(fd, address, Sockaddr.setPacket(memory, 0, endpoint.protocol(), index));
        if (result >= 0 && endpoint.isPromiscuous()) {
            memory.putInt(VALUE, index);
            memory.putShort(VALUE + 4, (short) PACKET_MR_PROMISC);
            memory.putShort(VALUE + 6, (short) 0);
            memory.putLong(VALUE + 8, 0);
            result = LibC.setsockopt(
                    fd, UringConstants.SOL_PACKET, PACKET_ADD_MEMBERSHIP, address + VALUE, PACKET_MREQ_SIZE);
        }
        if (result >= 0 && group != 0) {
            result = set(fd, UringConstants.SOL_PACKET, PACKET_FANOUT, group & 0xFFFF | PACKET_FANOUT_HASH << 16);
        }
        return result;
    }

    private PacketSocketInfo info(int fd, PacketEndpoint endpoint, int index) {
        memory.putInt(LENGTH, Sockaddr.STORAGE_SIZE);
        int result = LibC.getsockname(fd, address, address + LENGTH);
        if (endpoint.kind() == PacketEndpoint.Kind.LINK) {
            byte[] hardware = result < 0 ? null : Sockaddr.hardwareAddress(memory, 0, memory.getInt(LENGTH));
            return new PacketSocketInfo(null, index, hardware == null ? new byte[0] : hardware);
        }
        return new PacketSocketInfo(inet(result, endpoint), 0, new byte[0]);
    }

    private @Nullable InetSocketAddress inet(int result, PacketEndpoint endpoint) {
        boolean known = result >= 0 && endpoint.kind() == PacketEndpoint.Kind.UDP;
        return known && Sockaddr.get(memory, 0, memory.getInt(LENGTH)) instanceof InetSocketAddress found
                ? found
                : endpoint.local();
    }

    /** How many packets a full socket buffer has cost. */
    int overruns(Operation operation, int fd) {
        memory.putInt(LENGTH, MEMINFO_WORDS * Integer.BYTES);
        int result = LibC.getsockopt(fd, UringConstants.SOL_SOCKET, SO_MEMINFO, address + VALUE, address + LENGTH);
        if (result < 0) {
            return result;
        }
        operation.resultObject(Integer.toUnsignedLong(memory.getInt(VALUE + MEMINFO_DROPS * Integer.BYTES)));
        return 0;
    }

    private int set(int fd, int level, int option, int value) {
        memory.putInt(VALUE, value);
        return LibC.setsockopt(fd, level, option, address + VALUE, Integer.BYTES);
    }
}
