package dev.ringflow.windows.driver;

import static dev.ringflow.windows.iocp.WinsockConstants.IPPROTO_IPV6;
import static dev.ringflow.windows.iocp.WinsockConstants.IPPROTO_TCP;
import static dev.ringflow.windows.iocp.WinsockConstants.SOL_SOCKET;

import dev.ringflow.net.RingSocketOption;
import dev.ringflow.windows.iocp.WinsockConstants;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Windows calls an option.
 *
 * @param option the option
 * @param scope which sockets have it
 * @param form how its value lies in memory
 * @param level its level on IPv4 and elsewhere
 * @param number its number there
 * @param numberOf6 its number on IPv6
 * @param settable whether it can be set
 */
record SocketOptionKind(
        SocketOption<?> option, Scope scope, Form form, int level, int number, int numberOf6, boolean settable) {
    enum Scope {
        ALL,
        STREAMS,
        DATAGRAMS,
        INTERNET,
        TCP,
        IPV6
    }

    enum Form {
        FLAG,
        NUMBER,
        LINGER
    }

    private static final int IPPROTO_IP = 0;

    private static final Map<String, SocketOptionKind> BY_NAME = new HashMap<>();
    private static final List<SocketOptionKind> ALL = new ArrayList<>();

    static {
        general(StandardSocketOptions.SO_RCVBUF, Scope.ALL, Form.NUMBER, WinsockConstants.SO_RCVBUF, true);
        general(StandardSocketOptions.SO_SNDBUF, Scope.ALL, Form.NUMBER, WinsockConstants.SO_SNDBUF, true);
        general(StandardSocketOptions.SO_LINGER, Scope.STREAMS, Form.LINGER, WinsockConstants.SO_LINGER, true);
        general(StandardSocketOptions.SO_KEEPALIVE, Scope.TCP, Form.FLAG, WinsockConstants.SO_KEEPALIVE, true);
        general(StandardSocketOptions.SO_REUSEADDR, Scope.INTERNET, Form.FLAG, WinsockConstants.SO_REUSEADDR, true);
        general(StandardSocketOptions.SO_BROADCAST, Scope.DATAGRAMS, Form.FLAG, 0x20, true);
        general(RingSocketOption.SO_TYPE, Scope.ALL, Form.NUMBER, WinsockConstants.SO_TYPE, false);
        general(RingSocketOption.SO_ACCEPTCONN, Scope.STREAMS, Form.FLAG, 2, false);
        tcp(StandardSocketOptions.TCP_NODELAY, Form.FLAG, WinsockConstants.TCP_NODELAY);
        tcp(RingSocketOption.TCP_KEEPIDLE, Form.NUMBER, 3);
        tcp(RingSocketOption.TCP_KEEPCOUNT, Form.NUMBER, 16);
        tcp(RingSocketOption.TCP_KEEPINTERVAL, Form.NUMBER, 17);
        add(new SocketOptionKind(
                RingSocketOption.IPV6_V6ONLY,
                Scope.IPV6,
                Form.FLAG,
                IPPROTO_IPV6,
                WinsockConstants.IPV6_V6ONLY,
                WinsockConstants.IPV6_V6ONLY,
                true));
        internet(StandardSocketOptions.IP_TOS, Scope.INTERNET, Form.NUMBER, 3, 39);
        internet(StandardSocketOptions.IP_MULTICAST_TTL, Scope.DATAGRAMS, Form.NUMBER, 10, 10);
        internet(StandardSocketOptions.IP_MULTICAST_LOOP, Scope.DATAGRAMS, Form.FLAG, 11, 11);
    }

    private static void general(SocketOption<?> option, Scope scope, Form form, int number, boolean settable) {
        add(new SocketOptionKind(option, scope, form, SOL_SOCKET, number, number, settable));
    }

    private static void tcp(SocketOption<?> option, Form form, int number) {
        add(new SocketOptionKind(option, Scope.TCP, form, IPPROTO_TCP, number, number, true));
    }

    private static void internet(SocketOption<?> option, Scope scope, Form form, int number, int numberOf6) {
        add(new SocketOptionKind(option, scope, form, IPPROTO_IP, number, numberOf6, true));
    }

    private static void add(SocketOptionKind kind) {
        ALL.add(kind);
        BY_NAME.put(kind.option.name(), kind);
    }

    /** By its name, since the JDK has some under names of its own; null for one that Windows does not have. */
    static @Nullable SocketOptionKind of(SocketOption<?> option) {
        SocketOptionKind found = BY_NAME.get(option.name());
        return found != null && found.option.type() == option.type() ? found : null;
    }

    static List<SocketOptionKind> all() {
        return ALL;
    }

    boolean fits(int family, boolean streams) {
        boolean internet = family != WinsockConstants.AF_UNIX;
        return switch (scope) {
            case ALL -> true;
            case STREAMS -> streams;
            case DATAGRAMS -> internet && !streams;
            case INTERNET -> internet;
            case TCP -> internet && streams;
            case IPV6 -> family == WinsockConstants.AF_INET6;
        };
    }

    int level(int family) {
        return level == IPPROTO_IP && family == WinsockConstants.AF_INET6 ? IPPROTO_IPV6 : level;
    }

    int number(int family) {
        return family == WinsockConstants.AF_INET6 ? numberOf6 : number;
    }
}
