package dev.ringflow.uring.struct;

import dev.ringflow.uring.UringConstants;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of sockets: IPv4, IPv6, local ones, and those of packets below IP.
 *
 * <pre>{@code
 * struct sockaddr_in  { sa_family_t sin_family;  __be16 sin_port;  struct in_addr sin_addr; char pad[8]; };
 * struct sockaddr_in6 { sa_family_t sin6_family; __be16 sin6_port; __be32 sin6_flowinfo;
 *                       struct in6_addr sin6_addr; __u32 sin6_scope_id; };
 * struct sockaddr_un  { sa_family_t sun_family;  char sun_path[108]; };
 * struct sockaddr_ll  { __u16 sll_family; __be16 sll_protocol; int sll_ifindex; __u16 sll_hatype;
 *                       __u8 sll_pkttype; __u8 sll_halen; __u8 sll_addr[8]; };
 * }</pre>
 *
 * <p>What is read comes from elsewhere: no length in it leads outside of the buffer. Source: {@code ip(7)},
 * {@code ipv6(7)}, {@code unix(7)}, {@code packet(7)}.
 */
public final class Sockaddr {
    /** Offset of the family, 16 bits in native order. */
    public static final int FAMILY = 0;

    /** Offset of the port, 16 bits in network order (IPv4 and IPv6). */
    public static final int PORT = 2;

    /** Offset of the four bytes of an IPv4 address. */
    public static final int IN_ADDR = 4;

    /** Offset of the flow information of IPv6, in network order. */
    public static final int IN6_FLOWINFO = 4;

    /** Offset of the sixteen bytes of an IPv6 address. */
    public static final int IN6_ADDR = 8;

    /** Offset of the scope of IPv6, in native order. */
    public static final int IN6_SCOPE_ID = 24;

    /** Offset of the path of a local address. */
    public static final int UN_PATH = 2;

    /** Offset of the protocol of a packet address, 16 bits in network order. */
    public static final int LL_PROTOCOL = 2;

    /** Offset of the index of the interface of a packet address. */
    public static final int LL_IFINDEX = 4;

    /** Offset of the kind of hardware of a packet address, 16 bits in native order. */
    public static final int LL_HATYPE = 8;

    /** Offset of the kind of packet, 8 bits. */
    public static final int LL_PKTTYPE = 10;

    /** Offset of the length of the hardware address, 8 bits. */
    public static final int LL_HALEN = 11;

    /** Offset of the hardware address, at most eight bytes. */
    public static final int LL_ADDR = 12;

    /** Size of {@code struct sockaddr_ll} in bytes. */
    public static final int LL_SIZE = 20;

    /** Size of {@code struct sockaddr_in} in bytes. */
    public static final int IN_SIZE = 16;

    /** Size of {@code struct sockaddr_in6} in bytes. */
    public static final int IN6_SIZE = 28;

    /** Size of {@code struct sockaddr_un} in bytes. */
    public static final int UN_SIZE = 110;

    /** Room for any of them: the size of {@code struct sockaddr_storage} in bytes. */
    public static final int STORAGE_SIZE = 128;

    private static final int UN_PATH_SIZE = UN_SIZE - UN_PATH;

    private Sockaddr() {}

    /**
     * Writes an address.
     *
     * @param memory native memory in native byte order, {@link #STORAGE_SIZE} bytes from {@code offset} on
     * @param offset where the struct begins
     * @param address a resolved {@link InetSocketAddress}, or a {@link UnixDomainSocketAddress}
     * @return the length of the struct in bytes
     * @throws IllegalArgumentException for an unresolved address, a path that is too long, or another kind
     */
    public static int set(final ByteBuffer memory, final int offset, final SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            final InetAddress ip = inet.getAddress();
            if (ip == null) {
                throw new IllegalArgumentException("the address is not resolved: " + address);
            }
            return ip instanceof Inet6Address ip6
                    ? setInet6(memory, offset, ip6, inet.getPort())
                    : setInet4(memory, offset, (Inet4Address) ip, inet.getPort());
        }
        if (address instanceof UnixDomainSocketAddress local) {
            final byte[] path = local.getPath().toString().getBytes(StandardCharsets.UTF_8);
            return path.length == 0 ? setFamily(memory, offset) : setUnix(memory, offset, path, false);
        }
        throw new IllegalArgumentException("not an internet or local address: " + address);
    }

    /**
     * Writes an internet address for an IPv6 socket: an IPv4 one as {@code ::ffff:a.b.c.d}.
     *
     * @param memory native memory in native byte order, {@link #IN6_SIZE} bytes from {@code offset} on
     * @param offset where the struct begins
     * @param address a resolved address
     * @return {@link #IN6_SIZE}
     * @throws IllegalArgumentException for an unresolved address
     */
    public static int setMapped(final ByteBuffer memory, final int offset, final InetSocketAddress address) {
        final InetAddress ip = address.getAddress();
        if (ip == null) {
            throw new IllegalArgumentException("the address is not resolved: " + address);
        }
        if (ip instanceof Inet6Address ip6) {
            return setInet6(memory, offset, ip6, address.getPort());
        }
        head6(memory, offset, address.getPort(), 0);
        memory.putLong(offset + IN6_ADDR, 0);
        if (!ip.isAnyLocalAddress()) { // 0.0.0.0 is ::
            memory.putShort(offset + IN6_ADDR + 10, (short) 0xFFFF);
            memory.put(offset + IN6_ADDR + 12, ip.getAddress());
        }
        return IN6_SIZE;
    }

    /**
     * Writes the address of a local socket in the abstract name space, which no file stands for.
     *
     * @param memory native memory in native byte order, {@link #UN_SIZE} bytes from {@code offset} on
     * @param offset where the struct begins
     * @param name the name, without the leading NUL
     * @return the length of the struct in bytes
     * @throws IllegalArgumentException for a name that is too long
     */
    public static int setAbstract(final ByteBuffer memory, final int offset, final String name) {
        return setAbstract(memory, offset, name.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes the address of a local socket in the abstract name space, which no file stands for.
     *
     * @param memory native memory in native byte order, {@link #UN_SIZE} bytes from {@code offset} on
     * @param offset where the struct begins
     * @param name the name, any bytes, without the leading NUL
     * @return the length of the struct in bytes
     * @throws IllegalArgumentException for a name that is too long
     */
    public static int setAbstract(final ByteBuffer memory, final int offset, final byte[] name) {
        return setUnix(memory, offset, name, true);
    }

    /**
     * Writes the address of packets below IP.
     *
     * @param memory native memory in native byte order, {@link #LL_SIZE} bytes from {@code offset} on
     * @param offset where the struct begins
     * @param protocol {@code ETH_P_} constant
     * @param ifindex index of the interface, or 0 for any
     * @param hardwareAddress at most eight bytes; none for {@code bind(2)}
     * @return {@link #LL_SIZE}
     * @throws IllegalArgumentException for a longer hardware address
     */
    public static int setPacket(
            final ByteBuffer memory,
            final int offset,
            final int protocol,
            final int ifindex,
            final byte... hardwareAddress) {
        if (hardwareAddress.length > LL_SIZE - LL_ADDR) {
            throw new IllegalArgumentException(
                    "a hardware address has at most 8 bytes here, this one has " + hardwareAddress.length);
        }
        memory.putShort(offset + FAMILY, (short) UringConstants.AF_PACKET);
        port(memory, offset, protocol);
        memory.putInt(offset + LL_IFINDEX, ifindex);
        memory.putShort(offset + LL_HATYPE, (short) 0);
        memory.put(offset + LL_PKTTYPE, (byte) 0);
        memory.put(offset + LL_HALEN, (byte) hardwareAddress.length);
        memory.putLong(offset + LL_ADDR, 0);
        memory.put(offset + LL_ADDR, hardwareAddress);
        return LL_SIZE;
    }

    private static int setInet4(final ByteBuffer memory, final int offset, final Inet4Address ip, final int port) {
        memory.putShort(offset + FAMILY, (short) UringConstants.AF_INET);
        port(memory, offset, port);
        memory.put(offset + IN_ADDR, ip.getAddress());
        memory.putLong(offset + 8, 0);
        return IN_SIZE;
    }

    private static int setInet6(final ByteBuffer memory, final int offset, final Inet6Address ip, final int port) {
        head6(memory, offset, port, ip.getScopeId());
        memory.put(offset + IN6_ADDR, ip.getAddress());
        return IN6_SIZE;
    }

    /** Everything but the address, whose bytes are cleared. */
    private static void head6(final ByteBuffer memory, final int offset, final int port, final int scope) {
        memory.putShort(offset + FAMILY, (short) UringConstants.AF_INET6);
        port(memory, offset, port);
        memory.putInt(offset + IN6_FLOWINFO, 0);
        memory.putLong(offset + IN6_ADDR, 0);
        memory.putLong(offset + IN6_ADDR + 8, 0);
        memory.putInt(offset + IN6_SCOPE_ID, scope);
    }

    private static int setFamily(final ByteBuffer memory, final int offset) {
        memory.putShort(offset + FAMILY, (short) UringConstants.AF_UNIX);
        return UN_PATH; // unnamed: the kernel picks an abstract name
    }

    private static int setUnix(final ByteBuffer memory, final int offset, final byte[] name, final boolean isAbstract) {
        if (name.length + 1 > UN_PATH_SIZE) {
            throw new IllegalArgumentException("the name of a local socket has at most " + (UN_PATH_SIZE - 1)
                    + " bytes, this one has " + name.length);
        }
        memory.putShort(offset + FAMILY, (short) UringConstants.AF_UNIX);
        final int start = offset + UN_PATH + (isAbstract ? 1 : 0);
        memory.put(offset + UN_PATH, (byte) 0);
        memory.put(start, name);
        if (!isAbstract) {
            memory.put(start + name.length, (byte) 0);
        }
        return UN_PATH + 1 + name.length;
    }

    private static void port(final ByteBuffer memory, final int offset, final int port) {
        memory.put(offset + PORT, (byte) (port >>> 8));
        memory.put(offset + PORT + 1, (byte) port);
    }

    /**
     * Reads an address.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @param length its length in bytes, as the kernel tells it
     * @return an {@link InetSocketAddress}, or a {@link UnixDomainSocketAddress} (an empty path for an unnamed socket), or
     *     null for an abstract name, another family, a struct that is cut short, or a path whose bytes cannot be a
     *     {@link java.nio.file.Path} here: {@link #path} has them
     */
    public static @Nullable SocketAddress get(final ByteBuffer memory, final int offset, final int length) {
        switch (family(memory, offset, length)) {
            case UringConstants.AF_INET:
                return length < IN_SIZE - 8 ? null : inet(memory, offset, IN_ADDR, 4, 0);
            case UringConstants.AF_INET6:
                return length < IN6_SIZE - 4
                        ? null
                        : inet(memory, offset, IN6_ADDR, 16, length < IN6_SIZE ? 0 : scope(memory, offset));
            case UringConstants.AF_UNIX:
                return unix(memory, offset, length);
            default:
                return null;
        }
    }

    /**
     * The family of an address.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @param length its length in bytes, as the kernel tells it
     * @return {@code AF_} constant; {@code AF_UNSPEC} for a struct that is cut short or does not lie in the memory
     */
    public static int family(final ByteBuffer memory, final int offset, final int length) {
        return offset < 0 || length < UN_PATH || length > memory.limit() - offset
                ? UringConstants.AF_UNSPEC
                : Short.toUnsignedInt(memory.getShort(offset + FAMILY));
    }

    /**
     * The path of a local address, as the kernel keeps it.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @param length its length in bytes, as the kernel tells it
     * @return the bytes up to a NUL, none for an unnamed socket; null for an abstract name or another family
     */
    public static byte @Nullable [] path(final ByteBuffer memory, final int offset, final int length) {
        if (family(memory, offset, length) != UringConstants.AF_UNIX || isAbstract(memory, offset, length)) {
            return null;
        }
        int end = UN_PATH;
        while (end < length && end < UN_SIZE && memory.get(offset + end) != 0) {
            end++;
        }
        return bytes(memory, offset + UN_PATH, end - UN_PATH);
    }

    /**
     * The name of a local address in the abstract name space.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @param length its length in bytes, as the kernel tells it
     * @return the bytes behind the leading NUL; null for a path, an unnamed socket or another family
     */
    public static byte @Nullable [] abstractName(final ByteBuffer memory, final int offset, final int length) {
        return family(memory, offset, length) == UringConstants.AF_UNIX && isAbstract(memory, offset, length)
                ? bytes(memory, offset + UN_PATH + 1, Math.min(length, UN_SIZE) - UN_PATH - 1)
                : null;
    }

    private static boolean isAbstract(final ByteBuffer memory, final int offset, final int length) {
        return length > UN_PATH && memory.get(offset + UN_PATH) == 0;
    }

    /**
     * The hardware address of a packet address. The other fields lie at the {@code LL_} offsets.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @param length its length in bytes, as the kernel tells it
     * @return its bytes, at most eight; null for another family or a struct that is cut short
     */
    public static byte @Nullable [] hardwareAddress(final ByteBuffer memory, final int offset, final int length) {
        if (family(memory, offset, length) != UringConstants.AF_PACKET || length < LL_ADDR) {
            return null;
        }
        final int bytes = Byte.toUnsignedInt(memory.get(offset + LL_HALEN));
        return bytes(memory, offset + LL_ADDR, Math.min(bytes, Math.min(length, LL_SIZE) - LL_ADDR));
    }

    private static byte[] bytes(final ByteBuffer memory, final int start, final int length) {
        final byte[] bytes = new byte[length];
        memory.get(start, bytes);
        return bytes;
    }

    private static int scope(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + IN6_SCOPE_ID);
    }

    private static InetSocketAddress inet(
            final ByteBuffer memory, final int offset, final int start, final int length, final int scope) {
        final byte[] bytes = bytes(memory, offset + start, length);
        final int port =
                Byte.toUnsignedInt(memory.get(offset + PORT)) << 8 | Byte.toUnsignedInt(memory.get(offset + PORT + 1));
        try {
            final InetAddress plain = InetAddress.getByAddress(bytes); // an IPv4 one if it is mapped
            final boolean scoped = scope != 0 && plain instanceof Inet6Address;
            return new InetSocketAddress(scoped ? Inet6Address.getByAddress(null, bytes, scope) : plain, port);
        } catch (final UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }

    private static @Nullable SocketAddress unix(final ByteBuffer memory, final int offset, final int length) {
        final byte[] path = path(memory, offset, length);
        if (path == null) {
            return null;
        }
        try {
            return UnixDomainSocketAddress.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(path))
                    .toString());
        } catch (final CharacterCodingException | InvalidPathException e) {
            return null;
        }
    }
}
