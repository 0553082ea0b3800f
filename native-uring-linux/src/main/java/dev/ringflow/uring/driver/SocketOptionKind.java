package dev.ringflow.uring.driver;

import static dev.ringflow.uring.UringConstants.IPPROTO_IP;
import static dev.ringflow.uring.UringConstants.IPPROTO_IPV6;
import static dev.ringflow.uring.UringConstants.IPPROTO_TCP;
import static dev.ringflow.uring.UringConstants.SOL_SOCKET;

import dev.ringflow.net.RingSocketOption;
import dev.ringflow.uring.UringConstants;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an option of Java's is to the kernel. Found by its name, so that the JDK's own extended options are known as well. */
record SocketOptionKind(SocketOption<?> option, Scope scope, Form form, int level, int number, int numberOf6) {
    /** Which sockets have it. */
    enum Scope {
        ALL,
        STREAMS,
        DATAGRAMS,
        INTERNET,
        TCP,
        IPV6,
        UNIX
    }

    /** How its value lies in memory. */
    enum Form {
        FLAG,
        NUMBER,
        /** Bytes, of which the kernel keeps the double. */
        SIZE,
        LINGER,
        TEXT,
        TCP_INFO,
        CREDENTIALS
    }

    private static final Map<String, SocketOptionKind> BY_NAME = new HashMap<>();
    private static final List<SocketOptionKind> ALL = new ArrayList<>();

    static {
        general(StandardSocketOptions.SO_RCVBUF, Scope.ALL, Form.SIZE, UringConstants.SO_RCVBUF);
        general(StandardSocketOptions.SO_SNDBUF, Scope.ALL, Form.SIZE, UringConstants.SO_SNDBUF);
        general(StandardSocketOptions.SO_LINGER, Scope.STREAMS, Form.LINGER, UringConstants.SO_LINGER);
        general(StandardSocketOptions.SO_KEEPALIVE, Scope.TCP, Form.FLAG, UringConstants.SO_KEEPALIVE);
        general(StandardSocketOptions.SO_REUSEADDR, Scope.INTERNET, Form.FLAG, UringConstants.SO_REUSEADDR);
        general(StandardSocketOptions.SO_REUSEPORT, Scope.INTERNET, Form.FLAG, UringConstants.SO_REUSEPORT);
        general(StandardSocketOptions.SO_BROADCAST, Scope.DATAGRAMS, Form.FLAG, UringConstants.SO_BROADCAST);
        general(RingSocketOption.SO_INCOMING_CPU, Scope.INTERNET, Form.NUMBER, UringConstants.SO_INCOMING_CPU);
        general(RingSocketOption.SO_INCOMING_NAPI_ID, Scope.INTERNET, Form.NUMBER, UringConstants.SO_INCOMING_NAPI_ID);
        general(RingSocketOption.SO_BUSY_POLL, Scope.INTERNET, Form.NUMBER, UringConstants.SO_BUSY_POLL);
        general(RingSocketOption.SO_PRIORITY, Scope.ALL, Form.NUMBER, UringConstants.SO_PRIORITY);
        general(RingSocketOption.SO_MARK, Scope.INTERNET, Form.NUMBER, UringConstants.SO_MARK);
        general(RingSocketOption.SO_RCVLOWAT, Scope.ALL, Form.NUMBER, UringConstants.SO_RCVLOWAT);
        general(RingSocketOption.SO_BINDTODEVICE, Scope.INTERNET, Form.TEXT, UringConstants.SO_BINDTODEVICE);
        general(RingSocketOption.SO_DOMAIN, Scope.ALL, Form.NUMBER, UringConstants.SO_DOMAIN);
        general(RingSocketOption.SO_TYPE, Scope.ALL, Form.NUMBER, UringConstants.SO_TYPE);
        general(RingSocketOption.SO_PROTOCOL, Scope.ALL, Form.NUMBER, UringConstants.SO_PROTOCOL);
        general(RingSocketOption.SO_ACCEPTCONN, Scope.STREAMS, Form.FLAG, UringConstants.SO_ACCEPTCONN);
        general(RingSocketOption.SO_PEERCRED, Scope.UNIX, Form.CREDENTIALS, UringConstants.SO_PEERCRED);
        tcp(StandardSocketOptions.TCP_NODELAY, Form.FLAG, UringConstants.TCP_NODELAY);
        tcp(RingSocketOption.TCP_CORK, Form.FLAG, UringConstants.TCP_CORK);
        tcp(RingSocketOption.TCP_QUICKACK, Form.FLAG, UringConstants.TCP_QUICKACK);
        tcp(RingSocketOption.TCP_USER_TIMEOUT, Form.NUMBER, UringConstants.TCP_USER_TIMEOUT);
        tcp(RingSocketOption.TCP_NOTSENT_LOWAT, Form.NUMBER, UringConstants.TCP_NOTSENT_LOWAT);
        tcp(RingSocketOption.TCP_DEFER_ACCEPT, Form.NUMBER, UringConstants.TCP_DEFER_ACCEPT);
        tcp(RingSocketOption.TCP_FASTOPEN, Form.NUMBER, UringConstants.TCP_FASTOPEN);
        tcp(RingSocketOption.TCP_KEEPIDLE, Form.NUMBER, UringConstants.TCP_KEEPIDLE);
        tcp(RingSocketOption.TCP_KEEPINTERVAL, Form.NUMBER, UringConstants.TCP_KEEPINTVL);
        tcp(RingSocketOption.TCP_KEEPCOUNT, Form.NUMBER, UringConstants.TCP_KEEPCNT);
        tcp(RingSocketOption.TCP_MAXSEG, Form.NUMBER, UringConstants.TCP_MAXSEG);
        tcp(RingSocketOption.TCP_CONGESTION, Form.TEXT, UringConstants.TCP_CONGESTION);
        tcp(RingSocketOption.TCP_INFO, Form.TCP_INFO, UringConstants.TCP_INFO);
        add(new SocketOptionKind(
                RingSocketOption.IPV6_V6ONLY,
                Scope.IPV6,
                Form.FLAG,
                IPPROTO_IPV6,
                UringConstants.IPV6_V6ONLY,
                UringConstants.IPV6_V6ONLY));
        internet(
                StandardSocketOptions.IP_TOS,
                Scope.INTERNET,
                Form.NUMBER,
                UringConstants.IP_TOS,
                UringConstants.IPV6_TCLASS);
        internet(
                StandardSocketOptions.IP_MULTICAST_TTL,
                Scope.DATAGRAMS,
                Form.NUMBER,
                UringConstants.IP_MULTICAST_TTL,
                UringConstants.IPV6_MULTICAST_HOPS);
        internet(
                StandardSocketOptions.IP_MULTICAST_LOOP,
                Scope.DATAGRAMS,
                Form.FLAG,
                UringConstants.IP_MULTICAST_LOOP,
                UringConstants.IPV6_MULTICAST_LOOP);
    }

    private static void general(SocketOption<?> option, Scope scope, Form form, int number) {
        add(new SocketOptionKind(option, scope, form, SOL_SOCKET, number, number));
    }

    private static void tcp(SocketOption<?> option, Form form, int number) {
        add(new SocketOptionKind(option, Scope.TCP, form, IPPROTO_TCP, number, number));
    }

    private static void internet(SocketOption<?> option, Scope scope, Form form, int number, int numberOf6) {
        add(new SocketOptionKind(option, scope, form, IPPROTO_IP, number, numberOf6));
    }

    private static void add(SocketOptionKind kind) {
        ALL.add(kind);
        BY_NAME.put(kind.option.name(), kind);
    }

    /** The kind of an option; null for one that this driver does not know, or knows with another type of value. */
    static @Nullable SocketOptionKind of(SocketOption<?> option) {
        SocketOptionKind found = BY_NAME.get(option.name());
        return found != null && found.option.type() == option.type() ? found : null;
    }

    static List<SocketOptionKind> all() {
        return ALL;
    }

    /** Whether the family decides what it is, or whether it means anything. */
    boolean dependsOnFamily() {
        return level == IPPROTO_IP || scope == Scope.UNIX;
    }

    /** Whether a socket has it. */
    boolean fits(int family, int type) {
        boolean streams = type == UringConstants.SOCK_STREAM;
        boolean internet = family == UringConstants.AF_INET || family == UringConstants.AF_INET6;
        return switch (scope) {
            case ALL -> true;
            case STREAMS -> streams;
            case DATAGRAMS -> internet && !streams;
            case INTERNET -> internet;
            case TCP -> internet && streams;
            case IPV6 -> family == UringConstants.AF_INET6;
            case UNIX -> family == UringConstants.AF_UNIX;
        };
    }

    int level(int family) {
        return level == IPPROTO_IP && family == UringConstants.AF_INET6 ? IPPROTO_IPV6 : level;
    }

    int number(int family) {
        return family == UringConstants.AF_INET6 ? numberOf6 : number;
    }
}
