package dev.ringflow.windows.iocp;

import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Ws2_32;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Sockets of Windows, as numbers. Whoever makes a socket closes it, unless another object says that it takes it over.
 *
 * <p>Winsock is started at the first use; {@link #unavailable()} tells whether and why it cannot be had. Safe for use
 * by any thread. Works from Windows 8 and Server 2012 on, as all that builds on it.
 */
public final class Winsock {
    private Winsock() {}

    /**
     * Why Winsock cannot be used in this process.
     *
     * @return a sentence, or null when it can
     */
    public static @Nullable String unavailable() {
        final Throwable failure = Ws2_32.failure();
        return failure == null ? null : "Winsock cannot be called: " + failure.getMessage() + ".";
    }

    static void check(final long answer, final String asked) throws WinsockException {
        if (answer < 0) {
            throw new WinsockException((int) answer, asked);
        }
    }

    /**
     * {@code WSASocketW}: makes a socket that takes overlapped requests, and that processes started by this one do
     * not get.
     *
     * @param family {@code AF_} constant
     * @param type {@code SOCK_} constant
     * @param protocol {@code IPPROTO_} constant, or 0
     * @param flags more {@code WSA_FLAG_} constants: {@link WinsockConstants#WSA_FLAG_REGISTERED_IO}, or 0
     * @return the socket, which the caller closes
     * @throws WinsockException if there is none to be had
     */
    public static long socket(final int family, final int type, final int protocol, final int flags)
            throws WinsockException {
        final int all = flags | WinsockConstants.WSA_FLAG_OVERLAPPED | WinsockConstants.WSA_FLAG_NO_HANDLE_INHERIT;
        final long socket = Ws2_32.socket(family, type, protocol, all);
        check(
                socket,
                "WSASocketW(family=" + family + ", type=" + type + ", protocol=" + protocol + ", flags=0x"
                        + Integer.toHexString(all) + ")");
        return socket;
    }

    /**
     * {@code bind}.
     *
     * @param socket a socket
     * @param address of the socket's family; an IPv4 one is mapped for an IPv6 socket only by {@link
     *     SocketAddresses#setMapped}
     * @throws WinsockException if the address cannot be had
     */
    public static void bind(final long socket, final SocketAddress address) throws WinsockException {
        final ByteBuffer memory = DirectMemory.allocate(SocketAddresses.STORAGE_SIZE, Long.BYTES);
        final int length = SocketAddresses.set(memory, 0, address);
        check(Ws2_32.bind(socket, DirectMemory.address(memory), length), "bind(" + address + ")");
    }

    /**
     * {@code connect}, for datagrams and for local sockets, which are connected at once. Streams of TCP are connected by
     * {@link ConnectEx}, without waiting.
     *
     * @param socket a socket
     * @param address whom to; of IPv4 with port 0 and address 0.0.0.0, or such one of IPv6, it undoes the connection of a
     *     socket for datagrams
     * @throws WinsockException if it cannot be connected
     */
    public static void connect(final long socket, final SocketAddress address) throws WinsockException {
        final ByteBuffer memory = DirectMemory.allocate(SocketAddresses.STORAGE_SIZE, Long.BYTES);
        final int length = SocketAddresses.set(memory, 0, address);
        check(Ws2_32.connect(socket, DirectMemory.address(memory), length), "connect(" + address + ")");
    }

    /**
     * {@code listen}.
     *
     * @param socket a bound stream socket
     * @param backlog connections that may wait
     * @throws WinsockException if it cannot listen
     */
    public static void listen(final long socket, final int backlog) throws WinsockException {
        check(Ws2_32.listen(socket, backlog), "listen(backlog=" + backlog + ")");
    }

    /**
     * {@code closesocket}. Requests in flight complete with {@link WinsockError#WSA_OPERATION_ABORTED} afterwards,
     * and their memory is the kernel's until then.
     *
     * @param socket a socket
     * @throws WinsockException if it is none
     */
    public static void close(final long socket) throws WinsockException {
        check(Ws2_32.closesocket(socket), "closesocket(" + socket + ")");
    }

    /**
     * {@code shutdown}.
     *
     * @param socket a connected socket
     * @param how {@code SD_} constant
     * @throws WinsockException if it is not connected
     */
    public static void shutdown(final long socket, final int how) throws WinsockException {
        check(Ws2_32.shutdown(socket, how), "shutdown(" + socket + ", " + how + ")");
    }

    /**
     * {@code setsockopt} with an int.
     *
     * @param socket a socket
     * @param level {@code SOL_SOCKET} or {@code IPPROTO_} constant
     * @param name the option
     * @param value its value; of a switch, 1 or 0
     * @throws WinsockException if the option cannot be set
     */
    public static void setOption(final long socket, final int level, final int name, final int value)
            throws WinsockException {
        setOption(
                socket,
                level,
                name,
                DirectMemory.allocate(Integer.BYTES, Integer.BYTES).putInt(0, value));
    }

    /**
     * {@code setsockopt} with any value.
     *
     * @param socket a socket
     * @param level {@code SOL_SOCKET} or {@code IPPROTO_} constant
     * @param name the option
     * @param value a direct buffer; all of it is the value. An empty one stands for no value
     * @throws WinsockException if the option cannot be set
     */
    public static void setOption(final long socket, final int level, final int name, final ByteBuffer value)
            throws WinsockException {
        final long address = value.capacity() == 0 ? 0 : DirectMemory.address(value);
        check(
                Ws2_32.setsockopt(socket, level, name, address, value.capacity()),
                "setsockopt(" + socket + ", level=" + level + ", name=0x" + Integer.toHexString(name) + ")");
    }

    /**
     * {@code getsockopt} of an int.
     *
     * @param socket a socket
     * @param level {@code SOL_SOCKET} or {@code IPPROTO_} constant
     * @param name the option
     * @return its value
     * @throws WinsockException if it cannot be had
     */
    public static int option(final long socket, final int level, final int name) throws WinsockException {
        final ByteBuffer memory = DirectMemory.allocate(2 * Integer.BYTES, Long.BYTES);
        memory.putInt(Integer.BYTES, Integer.BYTES);
        final long address = DirectMemory.address(memory);
        check(
                Ws2_32.getsockopt(socket, level, name, address, address + Integer.BYTES),
                "getsockopt(" + socket + ", level=" + level + ", name=0x" + Integer.toHexString(name) + ")");
        return memory.getInt(0);
    }

    /**
     * {@code getsockname}: where a socket is bound.
     *
     * @param socket a bound socket
     * @return its address; null for a family that is not known here
     * @throws WinsockException if it is not bound, or does not know its address yet (see
     *     {@link WinsockConstants#SO_UPDATE_ACCEPT_CONTEXT})
     */
    public static @Nullable SocketAddress localAddress(final long socket) throws WinsockException {
        return name(socket, false);
    }

    /**
     * {@code getpeername}: whom a socket is connected to.
     *
     * @param socket a connected socket
     * @return the address; null for a family that is not known here
     * @throws WinsockException if it is not connected, or does not know its peer yet (see
     *     {@link WinsockConstants#SO_UPDATE_ACCEPT_CONTEXT})
     */
    public static @Nullable SocketAddress peerAddress(final long socket) throws WinsockException {
        return name(socket, true);
    }

    private static @Nullable SocketAddress name(final long socket, final boolean peer) throws WinsockException {
        final ByteBuffer memory = DirectMemory.allocate(SocketAddresses.STORAGE_SIZE + Long.BYTES, Long.BYTES);
        memory.putInt(SocketAddresses.STORAGE_SIZE, SocketAddresses.STORAGE_SIZE);
        final long address = DirectMemory.address(memory);
        final long length = address + SocketAddresses.STORAGE_SIZE;
        check(
                peer ? Ws2_32.getpeername(socket, address, length) : Ws2_32.getsockname(socket, address, length),
                (peer ? "getpeername(" : "getsockname(") + socket + ")");
        return SocketAddresses.get(memory, 0, memory.getInt(SocketAddresses.STORAGE_SIZE));
    }

    /**
     * Binds a socket that is not bound to any address and port of its family.
     *
     * @param socket a socket
     * @param family {@code AF_INET} or {@code AF_INET6}
     * @throws WinsockException if it cannot be bound
     */
    static void bindToAny(final long socket, final int family) throws WinsockException {
        final ByteBuffer memory = DirectMemory.allocate(SocketAddresses.STORAGE_SIZE, Long.BYTES);
        memory.putShort(SocketAddresses.FAMILY, (short) family); // the rest is zero: any address, any port
        final int length = family == WinsockConstants.AF_INET ? SocketAddresses.IN_SIZE : SocketAddresses.IN6_SIZE;
        final int answer = Ws2_32.bind(socket, DirectMemory.address(memory), length);
        if (answer != -WinsockError.WSAEINVAL) { // bound already
            check(answer, "bind(any address of family " + family + ")");
        }
    }

    /**
     * {@code WSAIoctl(SIO_GET_EXTENSION_FUNCTION_POINTER)}: the address of one of the functions that the socket's
     * provider has beyond those of ws2_32.
     *
     * @param socket a socket of the kind that the function is for
     * @param name what to call it when it is missing
     * @param guid the 16 bytes that stand for it
     * @return where it is
     * @throws WinsockException if the provider lacks it
     */
    static long extension(final long socket, final String name, final byte[] guid) throws WinsockException {
        final ByteBuffer memory = DirectMemory.allocate(32, Long.BYTES).put(0, guid);
        final long address = DirectMemory.address(memory);
        check(
                Ws2_32.ioctl(
                        socket,
                        WinsockConstants.SIO_GET_EXTENSION_FUNCTION_POINTER,
                        address,
                        guid.length,
                        address + 16,
                        Long.BYTES,
                        address + 24),
                "WSAIoctl(SIO_GET_EXTENSION_FUNCTION_POINTER, " + name + ")");
        return memory.getLong(16);
    }

    /** The negated error of a call of an extension that said FALSE; 0 if it said TRUE. */
    static int answer(final int result) {
        return result != 0 ? 0 : Ws2_32.failed();
    }
}
