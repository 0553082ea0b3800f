package dev.ringflow.windows.iocp;

/**
 * The status that the kernel leaves in an {@code OVERLAPPED}, as the error that Winsock or Win32 would report.
 *
 * <p>Source: {@code ntstatus.h}.
 */
public final class NtStatus {
    private static final int ERROR_LOCK_VIOLATION = 33;
    private static final int ERROR_DISK_FULL = 112;
    private static final int ERROR_IO_DEVICE = 1117;

    private NtStatus() {}

    /**
     * The error for a status.
     *
     * @param status {@code STATUS_} constant, as in {@code OVERLAPPED.Internal}
     * @return 0 for success, {@link WinsockError#WSA_IO_PENDING} for one that is under way, otherwise a {@link
     *     WinsockError}; {@link WinsockError#WSAEINVAL} for a status that is not known here
     */
    public static int toError(final int status) {
        switch (status) {
            case 0x00000103: // PENDING
                return WinsockError.WSA_IO_PENDING;
            case 0x80000005: // BUFFER_OVERFLOW
            case 0xC0000023: // BUFFER_TOO_SMALL
                return WinsockError.WSAEMSGSIZE;
            case 0xC0000005: // ACCESS_VIOLATION
                return WinsockError.WSAEFAULT;
            case 0xC0000008: // INVALID_HANDLE
            case 0xC0000024: // OBJECT_TYPE_MISMATCH
            case 0xC0000128: // FILE_CLOSED
                return WinsockError.ERROR_INVALID_HANDLE;
            case 0xC000000D: // INVALID_PARAMETER
                return WinsockError.ERROR_INVALID_PARAMETER;
            case 0xC0000011: // END_OF_FILE
                return WinsockError.ERROR_HANDLE_EOF;
            case 0xC0000017: // NO_MEMORY
            case 0xC000009A: // INSUFFICIENT_RESOURCES
                return WinsockError.WSAENOBUFS;
            case 0xC0000022: // ACCESS_DENIED
                return WinsockError.ERROR_ACCESS_DENIED;
            case 0xC00000B5: // IO_TIMEOUT
                return WinsockError.WSAETIMEDOUT;
            case 0xC00000BB: // NOT_SUPPORTED
                return WinsockError.WSAEOPNOTSUPP;
            case 0x8000000A: // HANDLES_CLOSED
            case 0xC0000120: // CANCELLED
                return WinsockError.WSA_OPERATION_ABORTED;
            case 0xC000013B: // LOCAL_DISCONNECT
            case 0xC0000241: // CONNECTION_ABORTED
                return WinsockError.WSAECONNABORTED;
            case 0xC000013C: // REMOTE_DISCONNECT
            case 0xC000020D: // CONNECTION_RESET
            case 0xC000023F: // PORT_UNREACHABLE
                return WinsockError.WSAECONNRESET;
            case 0xC0000054: // FILE_LOCK_CONFLICT
                return ERROR_LOCK_VIOLATION;
            case 0xC000007F: // DISK_FULL
                return ERROR_DISK_FULL;
            case 0xC0000185: // IO_DEVICE_ERROR
                return ERROR_IO_DEVICE;
            case 0xC00000B0: // PIPE_DISCONNECTED
            case 0xC00000B1: // PIPE_CLOSING
            case 0xC000014B: // PIPE_BROKEN
                return WinsockError.ERROR_BROKEN_PIPE;
            case 0xC0000207: // INVALID_ADDRESS_COMPONENT
                return WinsockError.WSAEADDRNOTAVAIL;
            case 0xC000020A: // ADDRESS_ALREADY_EXISTS
                return WinsockError.WSAEADDRINUSE;
            case 0xC000020C: // CONNECTION_DISCONNECTED
                return WinsockError.WSAENOTCONN;
            case 0xC0000236: // CONNECTION_REFUSED
                return WinsockError.WSAECONNREFUSED;
            case 0xC0000237: // GRACEFUL_DISCONNECT
                return WinsockError.WSAEDISCON;
            case 0xC000023C: // NETWORK_UNREACHABLE
                return WinsockError.WSAENETUNREACH;
            case 0xC000023D: // HOST_UNREACHABLE
            case 0xC000023E: // PROTOCOL_UNREACHABLE
                return WinsockError.WSAEHOSTUNREACH;
            default:
                return status >= 0 ? 0 : WinsockError.WSAEINVAL; // success, and information, are not negative
        }
    }
}
