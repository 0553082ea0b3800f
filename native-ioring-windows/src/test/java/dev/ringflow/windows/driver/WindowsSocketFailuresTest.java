package dev.ringflow.windows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.RingException;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.iocp.WinsockError;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What errors of Winsock, and those of Win32 that stand for one, are told as. */
class WindowsSocketFailuresTest {
    private static final InetSocketAddress WHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);

    private static Operation operation(OpCode opCode) {
        return new Operation().opCode(opCode).owner("a socket").argument(WHERE);
    }

    @ParameterizedTest
    @CsvSource({
        "LISTEN, 10048, java.net.BindException, 4711",
        "LISTEN, 10049, java.net.BindException, 4711",
        "LISTEN, 10013, java.net.BindException, Permission denied",
        "CONNECT, 10049, java.net.ConnectException, 4711",
        "CONNECT, 10061, java.net.ConnectException, Connection refused",
        "CONNECT, 1225, java.net.ConnectException, Connection refused",
        "CONNECT, 10060, java.net.ConnectException, timed out",
        "CONNECT, 121, java.net.ConnectException, timed out",
        "CONNECT, 1460, java.net.ConnectException, timed out",
        "CONNECT, 10065, java.net.NoRouteToHostException, 4711",
        "CONNECT, 10051, java.net.NoRouteToHostException, 4711",
        "CONNECT, 1231, java.net.NoRouteToHostException, 4711",
        "CONNECT, 1232, java.net.NoRouteToHostException, 4711",
        "RECEIVE, 10054, java.net.SocketException, Connection reset",
        "RECEIVE, 64, java.net.SocketException, Connection reset",
        "RECEIVE, 10053, java.net.SocketException, Broken pipe",
        "RECEIVE, 1236, java.net.SocketException, Broken pipe",
        "RECEIVE, 10060, java.net.SocketException, timed out",
        "SEND, 10058, java.net.SocketException, Broken pipe",
        "SEND, 10057, java.net.SocketException, Not connected",
        "RECEIVE, 995, java.nio.channels.AsynchronousCloseException, ''",
        "BIND, 10048, java.net.BindException, Address already in use",
        "BIND, 10049, java.net.BindException, Cannot assign",
        "BIND, 10013, java.net.BindException, Permission denied",
        "BIND, 10047, java.nio.channels.UnsupportedAddressTypeException, ''",
        "OPEN_PACKET_SOCKET, 10048, java.net.BindException, Address already in use",
        "RECEIVE_DATAGRAM, 10054, java.net.PortUnreachableException, a socket",
        "RECEIVE_DATAGRAM, 1234, java.net.PortUnreachableException, a socket",
        "RECEIVE_PACKET, 10054, java.net.PortUnreachableException, a socket",
        "SEND_DATAGRAM, 10040, java.net.SocketException, Message too long",
        "SEND_DATAGRAM, 234, java.net.SocketException, Message too long",
        "SEND_DATAGRAM, 10065, java.net.NoRouteToHostException, 4711",
        "SEND_DATAGRAM, 10013, java.net.SocketException, broadcast",
        "SEND_DATAGRAM, 10047, java.nio.channels.UnsupportedAddressTypeException, ''",
    })
    void errorsAreTheExceptionsOfNio(OpCode opCode, int error, String type, String text) {
        Throwable failure = SocketFailures.of(operation(opCode), error);
        assertThat(failure.getClass().getName()).isEqualTo(type);
        assertThat(String.valueOf(failure.getMessage())).contains(text);
    }

    @Test
    void everyOtherErrorIsNamed() throws IllegalAccessException {
        List<String> without = new ArrayList<>();
        for (Field each : WinsockError.class.getFields()) {
            if (each.getType() != int.class || !Modifier.isStatic(each.getModifiers())) {
                continue;
            }
            for (OpCode opCode : OpCode.values()) {
                int error = each.getInt(null);
                String name = WinsockError.name(SocketFailures.winsock(error));
                Throwable failure = SocketFailures.of(operation(opCode), error);
                if (failure instanceof RingException ring && !ring.codeName().equals(name)) {
                    without.add(opCode + " " + each.getName() + ": " + ring);
                }
            }
        }
        assertThat(without).isEmpty();
    }
}
