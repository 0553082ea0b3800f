package dev.ringflow.windows.rio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.windows.MingwHeaders;
import dev.ringflow.windows.internal.OverlappedLayout;
import dev.ringflow.windows.internal.Ws2_32;
import dev.ringflow.windows.iocp.SocketAddresses;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockError;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Constants, errors and layouts against the headers of mingw-w64. Those have nothing of Registered I/O, so its
 * structures are declared here as Microsoft documents them, and the compiler lays them out.
 */
class NetworkHeadersTest {
    private static MingwHeaders headers() {
        MingwHeaders.require();
        return new MingwHeaders()
                .include("winsock2.h")
                .include("ws2tcpip.h")
                .include("mswsock.h")
                .include("afunix.h")
                .include("windows.h");
    }

    @Test
    void shouldHaveTheErrorsOfTheHeaders() throws Exception {
        final MingwHeaders headers = headers();
        for (final Field field : WinsockError.class.getFields()) {
            headers.constant(field.getName(), field.getInt(null));
        }
        assertThat(headers.compare()).isGreaterThan(45);
    }

    @Test
    void shouldHaveTheConstantsOfTheHeaders() throws Exception {
        final MingwHeaders headers = headers()
                .line("#ifndef SO_UPDATE_CONNECT_CONTEXT\n#define SO_UPDATE_CONNECT_CONTEXT 0x7010\n#endif")
                .line("#ifndef SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER\n"
                        + "#define SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER _WSAIORW(IOC_WS2, 36)\n#endif");
        final Set<String> enumerated = Set.of("IPPROTO_TCP", "IPPROTO_UDP", "IPPROTO_IPV6");
        for (final Field field : WinsockConstants.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                headers.constant(
                        enumerated.contains(field.getName()) ? "(int) " + field.getName() : field.getName(),
                        field.getInt(null));
            }
        }
        assertThat(headers.compare()).isGreaterThan(25);
    }

    @Test
    void shouldHaveTheLayoutsOfTheHeaders() throws Exception {
        final int compared = headers()
                .size("WSADATA", Ws2_32.WSADATA_SIZE)
                .size("struct sockaddr_in", SocketAddresses.IN_SIZE)
                .offset("struct sockaddr_in", "sin_port", SocketAddresses.PORT)
                .offset("struct sockaddr_in", "sin_addr", SocketAddresses.IN_ADDR)
                .size("struct sockaddr_in6", SocketAddresses.IN6_SIZE)
                .offset("struct sockaddr_in6", "sin6_flowinfo", SocketAddresses.IN6_FLOWINFO)
                .offset("struct sockaddr_in6", "sin6_addr", SocketAddresses.IN6_ADDR)
                .offset("struct sockaddr_in6", "sin6_scope_id", SocketAddresses.IN6_SCOPE_ID)
                .size("SOCKADDR_INET", SocketAddresses.IN6_SIZE)
                .size("struct sockaddr_un", SocketAddresses.UN_SIZE)
                .offset("struct sockaddr_un", "sun_path", SocketAddresses.UN_PATH)
                .size("SOCKADDR_STORAGE", SocketAddresses.STORAGE_SIZE)
                .size("WSABUF", 16)
                .offset("WSABUF", "buf", 8)
                .size("OVERLAPPED", OverlappedLayout.SIZE)
                .offset("OVERLAPPED", "hEvent", OverlappedLayout.EVENT)
                .offset("OVERLAPPED", "OffsetHigh", OverlappedLayout.OFFSET_HIGH)
                .size("OVERLAPPED_ENTRY", OverlappedLayout.ENTRY_SIZE)
                .offset("OVERLAPPED_ENTRY", "lpOverlapped", OverlappedLayout.ENTRY_OVERLAPPED)
                .offset("OVERLAPPED_ENTRY", "Internal", OverlappedLayout.ENTRY_INTERNAL)
                .offset("OVERLAPPED_ENTRY", "dwNumberOfBytesTransferred", OverlappedLayout.ENTRY_BYTES)
                .compare();
        assertThat(compared).isEqualTo(21);
    }

    @Test
    void shouldHaveTheLayoutsOfRegisteredIo() throws Exception {
        headers()
                .line("struct rio_buf { PVOID BufferId; ULONG Offset; ULONG Length; };")
                .line("struct rio_result { LONG Status; ULONG BytesTransferred; ULONGLONG SocketContext;"
                        + " ULONGLONG RequestContext; };")
                .line("enum rio_type { RIO_EVENT = 1, RIO_IOCP = 2 };")
                .line("struct rio_notification { enum rio_type Type; union {"
                        + " struct { HANDLE EventHandle; BOOL NotifyReset; } Event;"
                        + " struct { HANDLE IocpHandle; PVOID CompletionKey; PVOID Overlapped; } Iocp; }; };")
                .line("struct rio_table { DWORD cbSize; void *Receive, *ReceiveEx, *Send, *SendEx,"
                        + " *CloseCompletionQueue, *CreateCompletionQueue, *CreateRequestQueue,"
                        + " *DequeueCompletion, *DeregisterBuffer,"
                        + " *Notify, *RegisterBuffer, *ResizeCompletionQueue, *ResizeRequestQueue; };")
                .size("struct rio_buf", RioLayout.BUF_SIZE)
                .offset("struct rio_buf", "Offset", RioLayout.BUF_OFFSET)
                .offset("struct rio_buf", "Length", RioLayout.BUF_LENGTH)
                .size("struct rio_result", RioLayout.RESULT_SIZE)
                .offset("struct rio_result", "BytesTransferred", RioLayout.RESULT_BYTES)
                .offset("struct rio_result", "SocketContext", RioLayout.RESULT_SOCKET_CONTEXT)
                .offset("struct rio_result", "RequestContext", RioLayout.RESULT_REQUEST_CONTEXT)
                .size("struct rio_notification", RioLayout.NOTIFICATION_SIZE)
                .offset("struct rio_notification", "Event.EventHandle", RioLayout.NOTIFICATION_EVENT)
                .offset("struct rio_notification", "Event.NotifyReset", RioLayout.NOTIFICATION_EVENT_RESET)
                .offset("struct rio_notification", "Iocp.IocpHandle", RioLayout.NOTIFICATION_PORT)
                .offset("struct rio_notification", "Iocp.CompletionKey", RioLayout.NOTIFICATION_PORT_KEY)
                .offset("struct rio_notification", "Iocp.Overlapped", RioLayout.NOTIFICATION_PORT_OVERLAPPED)
                .size("struct rio_table", RioLayout.TABLE_SIZE)
                .offset("struct rio_table", "Receive", RioLayout.TABLE_RECEIVE)
                .offset("struct rio_table", "SendEx", RioLayout.TABLE_SEND_EX)
                .offset("struct rio_table", "CloseCompletionQueue", RioLayout.TABLE_CLOSE_COMPLETION_QUEUE)
                .offset("struct rio_table", "CreateRequestQueue", RioLayout.TABLE_CREATE_REQUEST_QUEUE)
                .offset("struct rio_table", "DequeueCompletion", RioLayout.TABLE_DEQUEUE_COMPLETION)
                .offset("struct rio_table", "DeregisterBuffer", RioLayout.TABLE_DEREGISTER_BUFFER)
                .offset("struct rio_table", "Notify", RioLayout.TABLE_NOTIFY)
                .offset("struct rio_table", "RegisterBuffer", RioLayout.TABLE_REGISTER_BUFFER)
                .offset("struct rio_table", "ResizeRequestQueue", RioLayout.TABLE_RESIZE_REQUEST_QUEUE)
                .compare();
    }
}
