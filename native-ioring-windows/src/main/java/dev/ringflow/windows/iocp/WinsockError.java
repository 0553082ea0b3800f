package dev.ringflow.windows.iocp;

import java.util.HashMap;
import java.util.Map;

/**
 * The errors of Winsock, and those of Win32 that requests complete with: constants under Windows' names, and name,
 * meaning and advice for a number.
 *
 * <p>Source: {@code winerror.h}, "Windows Sockets Error Codes".
 */
public final class WinsockError {
    /** The file does not exist. */
    public static final int ERROR_FILE_NOT_FOUND = 2;

    /** A directory of the path does not exist. */
    public static final int ERROR_PATH_NOT_FOUND = 3;

    /** Access is denied. */
    public static final int ERROR_ACCESS_DENIED = 5;

    /** The handle is not open, or of another kind. */
    public static final int ERROR_INVALID_HANDLE = 6;

    /** There is not enough memory. */
    public static final int ERROR_NOT_ENOUGH_MEMORY = 8;

    /** The end of the file is reached. */
    public static final int ERROR_HANDLE_EOF = 38;

    /** The request is not supported here. */
    public static final int ERROR_NOT_SUPPORTED = 50;

    /** The connection is gone: it was reset, or closed here while a request was in flight. */
    public static final int ERROR_NETNAME_DELETED = 64;

    /** A parameter is invalid. */
    public static final int ERROR_INVALID_PARAMETER = 87;

    /** The other end of the pipe is closed. */
    public static final int ERROR_BROKEN_PIPE = 109;

    /** There is more data than the buffer holds. */
    public static final int ERROR_MORE_DATA = 234;

    /** The time is up and nothing happened. */
    public static final int WAIT_TIMEOUT = 258;

    /** The completion port was closed while a thread waited. */
    public static final int ERROR_ABANDONED_WAIT_0 = 735;

    /** The request was cancelled: the socket was closed, the request cancelled, or the thread that made it ended. */
    public static final int WSA_OPERATION_ABORTED = 995;

    /** The request is under way; its completion comes later. */
    public static final int WSA_IO_PENDING = 997;

    /** The memory cannot be accessed. */
    public static final int ERROR_NOACCESS = 998;

    /** There is no such request in flight. */
    public static final int ERROR_NOT_FOUND = 1168;

    /** The other side refused the connection. */
    public static final int ERROR_CONNECTION_REFUSED = 1225;

    /** The call was interrupted. */
    public static final int WSAEINTR = 10004;

    /** Not a valid handle. */
    public static final int WSAEBADF = 10009;

    /** Access is denied. */
    public static final int WSAEACCES = 10013;

    /** An address or length points outside of valid memory. */
    public static final int WSAEFAULT = 10014;

    /** An argument is invalid, or the socket is not in the right state. */
    public static final int WSAEINVAL = 10022;

    /** There are too many sockets open. */
    public static final int WSAEMFILE = 10024;

    /** It cannot be done at once, or too many overlapped requests are in flight. */
    public static final int WSAEWOULDBLOCK = 10035;

    /** A blocking call is under way. */
    public static final int WSAEINPROGRESS = 10036;

    /** It is under way already. */
    public static final int WSAEALREADY = 10037;

    /** This is not a socket. */
    public static final int WSAENOTSOCK = 10038;

    /** A destination is required. */
    public static final int WSAEDESTADDRREQ = 10039;

    /** The datagram is larger than the buffer, or than the network allows. */
    public static final int WSAEMSGSIZE = 10040;

    /** The protocol does not go with the type of socket. */
    public static final int WSAEPROTOTYPE = 10041;

    /** The option is unknown at this level. */
    public static final int WSAENOPROTOOPT = 10042;

    /** The protocol is not supported. */
    public static final int WSAEPROTONOSUPPORT = 10043;

    /** The type of socket is not supported in this family. */
    public static final int WSAESOCKTNOSUPPORT = 10044;

    /** The operation is not supported for this kind of socket. */
    public static final int WSAEOPNOTSUPP = 10045;

    /** The family of addresses is not supported. */
    public static final int WSAEAFNOSUPPORT = 10047;

    /** The address is in use. */
    public static final int WSAEADDRINUSE = 10048;

    /** The address is not one of this machine, or the port is 0. */
    public static final int WSAEADDRNOTAVAIL = 10049;

    /** The network is down. */
    public static final int WSAENETDOWN = 10050;

    /** The network cannot be reached. */
    public static final int WSAENETUNREACH = 10051;

    /** Keep-alive, or the time to live, ended the connection. */
    public static final int WSAENETRESET = 10052;

    /** The connection was aborted on this side. */
    public static final int WSAECONNABORTED = 10053;

    /** The peer reset the connection; of a datagram socket: an earlier datagram found no receiver. */
    public static final int WSAECONNRESET = 10054;

    /** There is no room: a queue is full, or memory that can be locked is used up. */
    public static final int WSAENOBUFS = 10055;

    /** The socket is connected already. */
    public static final int WSAEISCONN = 10056;

    /** The socket is not connected. */
    public static final int WSAENOTCONN = 10057;

    /** This direction of the socket was shut down. */
    public static final int WSAESHUTDOWN = 10058;

    /** There are more references than that. */
    public static final int WSAETOOMANYREFS = 10059;

    /** The other side did not answer in time. */
    public static final int WSAETIMEDOUT = 10060;

    /** The other side refused the connection. */
    public static final int WSAECONNREFUSED = 10061;

    /** The other machine is down. */
    public static final int WSAEHOSTDOWN = 10064;

    /** The other machine cannot be reached. */
    public static final int WSAEHOSTUNREACH = 10065;

    /** Too many programs use Winsock. */
    public static final int WSAEPROCLIM = 10067;

    /** The network is not ready. */
    public static final int WSASYSNOTREADY = 10091;

    /** The version of Winsock is not supported. */
    public static final int WSAVERNOTSUPPORTED = 10092;

    /** Winsock was not started. */
    public static final int WSANOTINITIALISED = 10093;

    /** The other side closes the connection in order. */
    public static final int WSAEDISCON = 10101;

    private record Entry(String name, String meaning, String advice) {}

    private static final Map<Integer, Entry> ENTRIES = new HashMap<>();

    private WinsockError() {}

    /**
     * The name of an error.
     *
     * @param error the number, positive or negated
     * @return for example {@code "WSAECONNRESET"}; {@code "error 4711"} for a number that is not in the table
     */
    public static String name(final int error) {
        final Entry entry = ENTRIES.get(Math.abs(error));
        return entry == null ? "error " + Math.abs(error) : entry.name;
    }

    /**
     * What an error means.
     *
     * @param error the number, positive or negated
     * @return a sentence
     */
    public static String meaning(final int error) {
        final Entry entry = ENTRIES.get(Math.abs(error));
        return entry == null ? "An error that has no name here." : entry.meaning;
    }

    /**
     * What a person can do about an error.
     *
     * @param error the number, positive or negated
     * @return a sentence
     */
    public static String advice(final int error) {
        final Entry entry = ENTRIES.get(Math.abs(error));
        return entry == null ? "Look the number up with: net helpmsg " + Math.abs(error) + "." : entry.advice;
    }

    /**
     * Whether an error is what the end of a connection looks like to requests in flight: not worth a report.
     *
     * @param error the number, positive or negated
     * @return true for a socket that was closed, a cancelled request, and a connection that was reset or is gone
     */
    public static boolean isEndOfConnection(final int error) {
        final int positive = Math.abs(error);
        return positive == WSAENOTSOCK
                || positive == WSA_OPERATION_ABORTED
                || positive == ERROR_NETNAME_DELETED
                || positive == WSAECONNRESET
                || positive == WSAECONNABORTED
                || positive == WSAEDISCON;
    }

    private static void put(final int error, final String name, final String meaning, final String advice) {
        ENTRIES.put(error, new Entry(name, meaning, advice));
    }

    static {
        put(ERROR_FILE_NOT_FOUND, "ERROR_FILE_NOT_FOUND", "The file does not exist.", "Check the path.");
        put(ERROR_PATH_NOT_FOUND, "ERROR_PATH_NOT_FOUND", "A directory of the path does not exist.", "Check the path.");
        put(
                ERROR_ACCESS_DENIED,
                "ERROR_ACCESS_DENIED",
                "Access is denied.",
                "Check the rights of the file or handle, and how it was opened.");
        put(
                ERROR_INVALID_HANDLE,
                "ERROR_INVALID_HANDLE",
                "The handle is not open, or of another kind.",
                "It was closed before, or is a socket where a file is needed.");
        put(
                ERROR_NOT_ENOUGH_MEMORY,
                "ERROR_NOT_ENOUGH_MEMORY",
                "There is not enough memory.",
                "Use fewer or smaller buffers, or give the process more memory.");
        put(
                ERROR_HANDLE_EOF,
                "ERROR_HANDLE_EOF",
                "The end of the file is reached.",
                "There is nothing more to read at or behind this position.");
        put(
                ERROR_NOT_SUPPORTED,
                "ERROR_NOT_SUPPORTED",
                "The request is not supported here.",
                "This version of Windows, or the provider of the socket, lacks it.");
        put(
                ERROR_NETNAME_DELETED,
                "ERROR_NETNAME_DELETED",
                "The connection is gone: it was reset, or closed here while a request was in flight.",
                "Treat it as the end of the connection.");
        put(
                ERROR_INVALID_PARAMETER,
                "ERROR_INVALID_PARAMETER",
                "A parameter is invalid.",
                "A handle can belong to one completion port only, and must be opened for overlapped " + "requests.");
        put(
                ERROR_BROKEN_PIPE,
                "ERROR_BROKEN_PIPE",
                "The other end of the pipe is closed.",
                "Treat it as the end of the stream.");
        put(ERROR_MORE_DATA, "ERROR_MORE_DATA", "There is more data than the buffer holds.", "Use a larger buffer.");
        put(WAIT_TIMEOUT, "WAIT_TIMEOUT", "The time is up and nothing happened.", "Wait again.");
        put(
                ERROR_ABANDONED_WAIT_0,
                "ERROR_ABANDONED_WAIT_0",
                "The completion port was closed while a thread waited.",
                "Wake waiting threads by a posted entry before closing the port.");
        put(
                WSA_OPERATION_ABORTED,
                "WSA_OPERATION_ABORTED",
                "The request was cancelled: the socket was closed, the request cancelled, or the thread that "
                        + "made it ended.",
                "Nothing is to be done when that was meant; make requests from a thread that lives long.");
        put(
                WSA_IO_PENDING,
                "WSA_IO_PENDING",
                "The request is under way; its completion comes later.",
                "Wait for the completion.");
        put(
                ERROR_NOACCESS,
                "ERROR_NOACCESS",
                "The memory cannot be accessed.",
                "Keep the buffer until the completion has come.");
        put(
                ERROR_NOT_FOUND,
                "ERROR_NOT_FOUND",
                "There is no such request in flight.",
                "It is complete already: take its completion.");
        put(
                ERROR_CONNECTION_REFUSED,
                "ERROR_CONNECTION_REFUSED",
                "The other side refused the connection.",
                "Check that somebody listens there.");
        put(WSAEINTR, "WSAEINTR", "The call was interrupted.", "Call again.");
        put(WSAEBADF, "WSAEBADF", "Not a valid handle.", "It was closed before.");
        put(
                WSAEACCES,
                "WSAEACCES",
                "Access is denied.",
                "Another program holds the address exclusively, a firewall forbids it, or it is a broadcast "
                        + "address without SO_BROADCAST.");
        put(
                WSAEFAULT,
                "WSAEFAULT",
                "An address or length points outside of valid memory.",
                "With Registered I/O, the slice must lie within a buffer that is registered.");
        put(
                WSAEINVAL,
                "WSAEINVAL",
                "An argument is invalid, or the socket is not in the right state.",
                "ConnectEx needs a bound socket; Registered I/O needs sockets made with " + "WSA_FLAG_REGISTERED_IO.");
        put(WSAEMFILE, "WSAEMFILE", "There are too many sockets open.", "Close some.");
        put(
                WSAEWOULDBLOCK,
                "WSAEWOULDBLOCK",
                "It cannot be done at once, or too many overlapped requests are in flight.",
                "Wait for completions, then try again.");
        put(WSAEINPROGRESS, "WSAEINPROGRESS", "A blocking call is under way.", "Wait for it.");
        put(
                WSAEALREADY,
                "WSAEALREADY",
                "It is under way already.",
                "One notification may be outstanding for each completion queue: wait for it before asking " + "again.");
        put(WSAENOTSOCK, "WSAENOTSOCK", "This is not a socket.", "It was closed before, or is a file.");
        put(
                WSAEDESTADDRREQ,
                "WSAEDESTADDRREQ",
                "A destination is required.",
                "Connect the socket, or name an address with each datagram.");
        put(
                WSAEMSGSIZE,
                "WSAEMSGSIZE",
                "The datagram is larger than the buffer, or than the network allows.",
                "Receive into a larger buffer: what did not fit is lost.");
        put(
                WSAEPROTOTYPE,
                "WSAEPROTOTYPE",
                "The protocol does not go with the type of socket.",
                "Use SOCK_STREAM with TCP, SOCK_DGRAM with UDP.");
        put(
                WSAENOPROTOOPT,
                "WSAENOPROTOOPT",
                "The option is unknown at this level.",
                "Check level and name of the option.");
        put(WSAEPROTONOSUPPORT, "WSAEPROTONOSUPPORT", "The protocol is not supported.", "Check that it is installed.");
        put(
                WSAESOCKTNOSUPPORT,
                "WSAESOCKTNOSUPPORT",
                "The type of socket is not supported in this family.",
                "Use another type.");
        put(
                WSAEOPNOTSUPP,
                "WSAEOPNOTSUPP",
                "The operation is not supported for this kind of socket.",
                "Registered I/O is missing here, or the socket is a raw one: use WSARecv and WSASend.");
        put(
                WSAEAFNOSUPPORT,
                "WSAEAFNOSUPPORT",
                "The family of addresses is not supported.",
                "Use the family that the socket was made for.");
        put(WSAEADDRINUSE, "WSAEADDRINUSE", "The address is in use.", "Choose another port, or close what holds it.");
        put(
                WSAEADDRNOTAVAIL,
                "WSAEADDRNOTAVAIL",
                "The address is not one of this machine, or the port is 0.",
                "Check the address.");
        put(WSAENETDOWN, "WSAENETDOWN", "The network is down.", "Check the network.");
        put(WSAENETUNREACH, "WSAENETUNREACH", "The network cannot be reached.", "Check routes and interfaces.");
        put(WSAENETRESET, "WSAENETRESET", "Keep-alive, or the time to live, ended the connection.", "Connect again.");
        put(WSAECONNABORTED, "WSAECONNABORTED", "The connection was aborted on this side.", "Connect again.");
        put(
                WSAECONNRESET,
                "WSAECONNRESET",
                "The peer reset the connection; of a datagram socket: an earlier datagram found no receiver.",
                "Treat it as the end of the connection; a datagram socket may go on.");
        put(
                WSAENOBUFS,
                "WSAENOBUFS",
                "There is no room: a queue is full, or memory that can be locked is used up.",
                "Make the completion queue as large as the request queues together, register fewer buffers, "
                        + "or close sockets.");
        put(WSAEISCONN, "WSAEISCONN", "The socket is connected already.", "Use another socket.");
        put(
                WSAENOTCONN,
                "WSAENOTCONN",
                "The socket is not connected.",
                "After AcceptEx and ConnectEx, set SO_UPDATE_ACCEPT_CONTEXT or SO_UPDATE_CONNECT_CONTEXT.");
        put(WSAESHUTDOWN, "WSAESHUTDOWN", "This direction of the socket was shut down.", "Use another connection.");
        put(
                WSAETOOMANYREFS,
                "WSAETOOMANYREFS",
                "There are more references than that.",
                "A queue cannot be made smaller than what is reserved in it.");
        put(
                WSAETIMEDOUT,
                "WSAETIMEDOUT",
                "The other side did not answer in time.",
                "Check that it runs and that no firewall drops packets.");
        put(
                WSAECONNREFUSED,
                "WSAECONNREFUSED",
                "The other side refused the connection.",
                "Check that somebody listens there.");
        put(WSAEHOSTDOWN, "WSAEHOSTDOWN", "The other machine is down.", "Check that it runs.");
        put(WSAEHOSTUNREACH, "WSAEHOSTUNREACH", "The other machine cannot be reached.", "Check routes and firewalls.");
        put(WSAEPROCLIM, "WSAEPROCLIM", "Too many programs use Winsock.", "Close some.");
        put(WSASYSNOTREADY, "WSASYSNOTREADY", "The network is not ready.", "Check the network.");
        put(
                WSAVERNOTSUPPORTED,
                "WSAVERNOTSUPPORTED",
                "The version of Winsock is not supported.",
                "Version 2.2 is needed.");
        put(
                WSANOTINITIALISED,
                "WSANOTINITIALISED",
                "Winsock was not started.",
                "WSAStartup failed, or WSACleanup was called too often.");
        put(
                WSAEDISCON,
                "WSAEDISCON",
                "The other side closes the connection in order.",
                "Treat it as the end of the stream.");
    }
}
