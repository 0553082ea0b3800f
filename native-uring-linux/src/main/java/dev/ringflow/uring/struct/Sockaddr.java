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
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of sockets: IPv4, IPv6 and local ones.
 *
 * <pre>{@code
 * struct sockaddr_in  { sa_family_t sin_family;  __be16 sin_port;  struct in_addr sin_addr; char pad[8]; };
 * struct sockaddr_in6 { sa_family_t sin6_family; __be16 sin6_port; __be32 sin6_flowinfo;
 *                       struct in6_addr sin6_addr; __u32 sin6_scope_id; };
 * struct sockaddr_un  { sa_family_t sun_family;  char sun_path[108]; };
 * }</pre>
 *
 * <p>Source: {@code ip(7)}, {@code ipv6(7)}, {@code unix(7)}.
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
        return setUnix(memory, offset, name.getBytes(StandardCharsets.UTF_8), true);
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
     *     null for an abstract name, another family or a struct that is cut short
     */
    public static @Nullable SocketAddress get(final ByteBuffer memory, final int offset, final int length) {
        if (length < UN_PATH || length > memory.capacity() - offset) {
            return null;
        }
        switch (memory.getShort(offset + FAMILY)) {
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

    private static int scope(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + IN6_SCOPE_ID);
    }

    private static InetSocketAddress inet(
            final ByteBuffer memory, final int offset, final int start, final int length, final int scope) {
        final byte[] bytes = new byte[length];
        memory.get(offset + start, bytes);
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
        int end = UN_PATH;
        while (end < length && end < UN_SIZE && memory.get(offset + end) != 0) {
            end++;
        }
        if (end == UN_PATH && length > UN_PATH) {
            return null; // abstract
        }
        final byte[] path = new byte[end - UN_PATH];
        memory.get(offset + UN_PATH, path);
        return UnixDomainSocketAddress.of(new String(path, StandardCharsets.UTF_8));
    }
}
