package dev.ringflow.windows.iocp;

/**
 * Constants of Winsock under its own names, as far as the functions here take them.
 *
 * <p>Source: {@code winsock2.h}, {@code ws2ipdef.h}, {@code mswsock.h}.
 */
public final class WinsockConstants {
    /** Family of local sockets. */
    public static final int AF_UNIX = 1;

    /** Family of IPv4. */
    public static final int AF_INET = 2;

    /** Family of IPv6; another number than on Linux. */
    public static final int AF_INET6 = 23;

    /** A stream. */
    public static final int SOCK_STREAM = 1;

    /** Datagrams. */
    public static final int SOCK_DGRAM = 2;

    /** TCP, also the level of its options. */
    public static final int IPPROTO_TCP = 6;

    /** UDP. */
    public static final int IPPROTO_UDP = 17;

    /** The level of IPv6's options. */
    public static final int IPPROTO_IPV6 = 41;

    /** Option of IPv6: no IPv4 by mapped addresses; on unless switched off. */
    public static final int IPV6_V6ONLY = 27;

    /** Option of TCP: small segments are sent at once. */
    public static final int TCP_NODELAY = 1;

    /** The socket takes overlapped requests. */
    public static final int WSA_FLAG_OVERLAPPED = 0x01;

    /** The processes that this one starts do not get the socket. */
    public static final int WSA_FLAG_NO_HANDLE_INHERIT = 0x80;

    /** The socket takes Registered I/O. A listener needs it as well as the sockets that it accepts. */
    public static final int WSA_FLAG_REGISTERED_IO = 0x100;

    /** The level of options of all sockets. */
    public static final int SOL_SOCKET = 0xFFFF;

    /** Option: the address may be taken from a socket that has it. Not what it is on Linux. */
    public static final int SO_REUSEADDR = 4;

    /** Option: nobody else may bind the address, not even with {@code SO_REUSEADDR}. */
    public static final int SO_EXCLUSIVEADDRUSE = -5;

    /** Option: the connection is probed when it is idle. */
    public static final int SO_KEEPALIVE = 8;

    /** Option: what closing does with bytes that are not sent yet. */
    public static final int SO_LINGER = 0x80;

    /** Option: size of the send buffer in bytes. */
    public static final int SO_SNDBUF = 0x1001;

    /** Option: size of the receive buffer in bytes. */
    public static final int SO_RCVBUF = 0x1002;

    /** Option: the error that is waiting. */
    public static final int SO_ERROR = 0x1007;

    /** Option: {@code SOCK_} constant of the socket. */
    public static final int SO_TYPE = 0x1008;

    /** Option of an accepted socket, its value the listener: from then on it knows its addresses. */
    public static final int SO_UPDATE_ACCEPT_CONTEXT = 0x700B;

    /** Option: seconds since the socket was connected, or -1. */
    public static final int SO_CONNECT_TIME = 0x700C;

    /** Option of a socket connected by ConnectEx: from then on it knows its addresses. */
    public static final int SO_UPDATE_CONNECT_CONTEXT = 0x7010;

    /** Shuts down receiving. */
    public static final int SD_RECEIVE = 0;

    /** Shuts down sending: the peer sees the end of the stream. */
    public static final int SD_SEND = 1;

    /** Shuts down both directions. */
    public static final int SD_BOTH = 2;

    /** The largest backlog that there is. */
    public static final int SOMAXCONN = 0x7fffffff;

    /** Command of {@code ioctlsocket}: how many bytes can be received at once. */
    public static final int FIONREAD = 0x4004667F;

    /** Control code: one extension function. */
    public static final int SIO_GET_EXTENSION_FUNCTION_POINTER = 0xC8000006;

    /** Control code: a table of extension functions. */
    public static final int SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER = 0xC8000024;

    private WinsockConstants() {}
}
