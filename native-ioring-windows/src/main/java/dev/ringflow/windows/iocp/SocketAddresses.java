package dev.ringflow.windows.iocp;

import static dev.ringflow.windows.iocp.WinsockConstants.AF_INET;
import static dev.ringflow.windows.iocp.WinsockConstants.AF_INET6;
import static dev.ringflow.windows.iocp.WinsockConstants.AF_UNIX;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of sockets as Windows lays them out: IPv4, IPv6 and local ones.
 *
 * <pre>{@code
 * struct sockaddr_in  { USHORT sin_family;  USHORT sin_port;  IN_ADDR sin_addr; CHAR sin_zero[8]; };
 * struct sockaddr_in6 { USHORT sin6_family; USHORT sin6_port; ULONG sin6_flowinfo;
 *                       IN6_ADDR sin6_addr; ULONG sin6_scope_id; };
 * struct sockaddr_un  { USHORT sun_family;  char sun_path[108]; };
 * }</pre>
 *
 * <p>What is read comes from elsewhere: no length in it leads outside of the buffer. Buffers are in native byte
 * order; positions are absolute, and a buffer's own position and limit are left alone.
 */
public final class SocketAddresses {
    /** Offset of the family, 16 bits. */
    public static final int FAMILY = 0;

    /** Offset of the port, 16 bits in network order (IPv4 and IPv6). */
    public static final int PORT = 2;

    /** Offset of the four bytes of an IPv4 address. */
    public static final int IN_ADDR = 4;

    /** Offset of the flow information of IPv6. */
    public static final int IN6_FLOWINFO = 4;

    /** Offset of the sixteen bytes of an IPv6 address. */
    public static final int IN6_ADDR = 8;

    /** Offset of the scope of IPv6. */
    public static final int IN6_SCOPE_ID = 24;

    /** Offset of the path of a local address. */
    public static final int UN_PATH = 2;

    /** Size of {@code sockaddr_in} in bytes. */
    public static final int IN_SIZE = 16;

    /** Size of {@code sockaddr_in6}, and of {@code SOCKADDR_INET}, which holds either, in bytes. */
    public static final int IN6_SIZE = 28;

    /** Size of {@code sockaddr_un} in bytes. */
    public static final int UN_SIZE = 110;

    /** Room for any of them: the size of {@code SOCKADDR_STORAGE} in bytes. */
    public static final int STORAGE_SIZE = 128;

    private static final int UN_PATH_SIZE = UN_SIZE - UN_PATH;

    private SocketAddresses() {}

    /**
     * The family that a socket for an address is made for.
     *
     * @param address an {@link InetSocketAddress}, or a {@link UnixDomainSocketAddress}
     * @return {@code AF_INET}, {@code AF_INET6} or {@code AF_UNIX}
     * @throws IllegalArgumentException for an unresolved address or another kind
     */
    public static int family(final SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            return resolved(inet) instanceof Inet6Address ? AF_INET6 : AF_INET;
        }
        if (address instanceof UnixDomainSocketAddress) {
            return AF_UNIX;
        }
        throw new IllegalArgumentException("not an internet or local address: " + address);
    }

    private static InetAddress resolved(final InetSocketAddress address) {
        final InetAddress ip = address.getAddress();
        if (ip == null) {
            throw new IllegalArgumentException("the address is not resolved: " + address);
        }
        return ip;
    }

    /**
     * Writes an address.
     *
     * @param memory native memory, {@link #STORAGE_SIZE} bytes from {@code offset} on; {@link #IN6_SIZE} are enough
     *     for internet addresses
     * @param offset where the struct begins
     * @param address a resolved {@link InetSocketAddress}, or a {@link UnixDomainSocketAddress}
     * @return the length of the struct in bytes
     * @throws IllegalArgumentException for an unresolved address, a path that is too long, or another kind
     */
    public static int set(final ByteBuffer memory, final int offset, final SocketAddress address) {
        switch (family(address)) {
            case AF_INET:
                return set4(memory, offset, (InetSocketAddress) address);
            case AF_INET6:
                return set6(memory, offset, (InetSocketAddress) address);
            default:
                return setLocal(memory, offset, (UnixDomainSocketAddress) address);
        }
    }

    private static int set4(final ByteBuffer memory, final int offset, final InetSocketAddress address) {
        head(memory, offset, AF_INET, address.getPort());
        memory.put(offset + IN_ADDR, address.getAddress().getAddress());
        memory.putLong(offset + 8, 0);
        return IN_SIZE;
    }

    private static int set6(final ByteBuffer memory, final int offset, final InetSocketAddress address) {
        final Inet6Address ip = (Inet6Address) address.getAddress();
        head(memory, offset, AF_INET6, address.getPort());
        memory.putInt(offset + IN6_FLOWINFO, 0);
        memory.put(offset + IN6_ADDR, ip.getAddress());
        memory.putInt(offset + IN6_SCOPE_ID, ip.getScopeId());
        return IN6_SIZE;
    }

    /**
     * Writes an internet address for an IPv6 socket: an IPv4 one as {@code ::ffff:a.b.c.d}.
     *
     * @param memory native memory, {@link #IN6_SIZE} bytes from {@code offset} on
     * @param offset where the struct begins
     * @param address a resolved address
     * @return {@link #IN6_SIZE}
     * @throws IllegalArgumentException for an unresolved address
     */
    public static int setMapped(final ByteBuffer memory, final int offset, final InetSocketAddress address) {
        final InetAddress ip = resolved(address);
        if (ip instanceof Inet6Address) {
            return set6(memory, offset, address);
        }
        head(memory, offset, AF_INET6, address.getPort());
        memory.putInt(offset + IN6_FLOWINFO, 0);
        memory.putLong(offset + IN6_ADDR, 0);
        memory.putLong(offset + IN6_ADDR + 8, 0);
        if (!ip.isAnyLocalAddress()) { // 0.0.0.0 is ::
            memory.putShort(offset + IN6_ADDR + 10, (short) 0xFFFF);
            memory.put(offset + IN6_ADDR + 12, ip.getAddress());
        }
        memory.putInt(offset + IN6_SCOPE_ID, 0);
        return IN6_SIZE;
    }

    private static void head(final ByteBuffer memory, final int offset, final int family, final int port) {
        memory.putShort(offset + FAMILY, (short) family);
        memory.put(offset + PORT, (byte) (port >>> 8));
        memory.put(offset + PORT + 1, (byte) port);
    }

    private static int setLocal(final ByteBuffer memory, final int offset, final UnixDomainSocketAddress address) {
        final byte[] path = address.getPath().toString().getBytes(StandardCharsets.UTF_8);
        if (path.length + 1 > UN_PATH_SIZE) {
            throw new IllegalArgumentException("the path of a local socket has at most " + (UN_PATH_SIZE - 1)
                    + " bytes, this one has " + path.length);
        }
        memory.putShort(offset + FAMILY, (short) AF_UNIX);
        memory.put(offset + UN_PATH, path);
        memory.put(offset + UN_PATH + path.length, (byte) 0);
        return UN_PATH + path.length + 1;
    }

    /**
     * Reads an address.
     *
     * @param memory native memory
     * @param offset where the struct begins
     * @param length its length in bytes, or room that it is known to have
     * @return an {@link InetSocketAddress}, or a {@link UnixDomainSocketAddress}; null for another family, a struct
     *     that is cut short, or a path that cannot be a {@link java.nio.file.Path} here
     */
    public static @Nullable SocketAddress get(final ByteBuffer memory, final int offset, final int length) {
        if (offset < 0 || length < UN_PATH || length > memory.limit() - offset) {
            return null;
        }
        switch (Short.toUnsignedInt(memory.getShort(offset + FAMILY))) {
            case AF_INET:
                return length < IN_SIZE ? null : inet(memory, offset, IN_ADDR, 4, 0);
            case AF_INET6:
                return length < IN6_SIZE
                        ? null
                        : inet(memory, offset, IN6_ADDR, 16, memory.getInt(offset + IN6_SCOPE_ID));
            case AF_UNIX:
                return local(memory, offset, length);
            default:
                return null;
        }
    }

    private static @Nullable SocketAddress inet(
            final ByteBuffer memory, final int offset, final int at, final int bytes, final int scope) {
        final byte[] ip = new byte[bytes];
        memory.get(offset + at, ip);
        final int port = (memory.get(offset + PORT) & 0xFF) << 8 | memory.get(offset + PORT + 1) & 0xFF;
        try {
            final InetAddress address =
                    scope == 0 ? InetAddress.getByAddress(ip) : Inet6Address.getByAddress(null, ip, scope);
            return new InetSocketAddress(address, port);
        } catch (final UnknownHostException e) {
            return null; // 4 and 16 bytes are lengths that there are
        }
    }

    private static @Nullable SocketAddress local(final ByteBuffer memory, final int offset, final int length) {
        int end = UN_PATH;
        while (end < length && end < UN_SIZE && memory.get(offset + end) != 0) {
            end++;
        }
        final byte[] path = new byte[end - UN_PATH];
        memory.get(offset + UN_PATH, path);
        try {
            return UnixDomainSocketAddress.of(new String(path, StandardCharsets.UTF_8));
        } catch (final InvalidPathException e) {
            return null;
        }
    }
}
