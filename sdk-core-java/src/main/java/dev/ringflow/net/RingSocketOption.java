package dev.ringflow.net;

import java.net.SocketOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Options of sockets beyond {@link java.net.StandardSocketOptions}, mostly those of Linux: socket(7), tcp(7), unix(7).
 * {@link RingSocketOptions#supportedOptions()} tells which a socket has. The driver nio has those for which the JDK has
 * an option of its own in {@code jdk.net.ExtendedSocketOptions}.
 *
 * @param <T> what its value is
 */
public final class RingSocketOption<T> implements SocketOption<T> {
    private static final List<RingSocketOption<?>> ALL = new ArrayList<>();

    /** Small pieces are kept until a packet is full, 200 ms at most. */
    public static final RingSocketOption<Boolean> TCP_CORK = flag("TCP_CORK");
    /** Acknowledgements are sent at once, for now: the system goes back to its own ways by itself. */
    public static final RingSocketOption<Boolean> TCP_QUICKACK = flag("TCP_QUICKACK");
    /** Milliseconds that sent bytes may stay without acknowledgement before the connection fails; 0 for the system's own. */
    public static final RingSocketOption<Integer> TCP_USER_TIMEOUT = number("TCP_USER_TIMEOUT");
    /** Bytes not yet sent from which on the socket takes no more for sending. */
    public static final RingSocketOption<Integer> TCP_NOTSENT_LOWAT = number("TCP_NOTSENT_LOWAT");
    /** Seconds that a listening socket waits for the first bytes of a connection before it delivers it; rounded up. */
    public static final RingSocketOption<Integer> TCP_DEFER_ACCEPT = number("TCP_DEFER_ACCEPT");
    /** How many connections of TCP fast open may wait on a listening socket. */
    public static final RingSocketOption<Integer> TCP_FASTOPEN = number("TCP_FASTOPEN");
    /** Seconds of silence before a peer is asked whether it lives. */
    public static final RingSocketOption<Integer> TCP_KEEPIDLE = number("TCP_KEEPIDLE");
    /** Seconds until it is asked again. */
    public static final RingSocketOption<Integer> TCP_KEEPINTERVAL = number("TCP_KEEPINTERVAL");
    /** How often it is asked in vain before the connection fails. */
    public static final RingSocketOption<Integer> TCP_KEEPCOUNT = number("TCP_KEEPCOUNT");
    /** Most bytes of payload in a packet. */
    public static final RingSocketOption<Integer> TCP_MAXSEG = number("TCP_MAXSEG");
    /** Name of the algorithm against congestion, such as {@code cubic}. */
    public static final RingSocketOption<String> TCP_CONGESTION =
            new RingSocketOption<>("TCP_CONGESTION", String.class);
    /** How the connection is doing; cannot be set. */
    public static final RingSocketOption<TcpInfo> TCP_INFO = new RingSocketOption<>("TCP_INFO", TcpInfo.class);

    /** The processor that the last packet came to; set on listening sockets it chooses among those that share a port. */
    public static final RingSocketOption<Integer> SO_INCOMING_CPU = number("SO_INCOMING_CPU");
    /** Identity of the queue of the device that the last packet came by; cannot be set. */
    public static final RingSocketOption<Integer> SO_INCOMING_NAPI_ID = number("SO_INCOMING_NAPI_ID");
    /** Microseconds that receiving looks at the device before it sleeps; raising it needs privilege. */
    public static final RingSocketOption<Integer> SO_BUSY_POLL = number("SO_BUSY_POLL");
    /** Priority of packets sent; above 6 needs privilege. */
    public static final RingSocketOption<Integer> SO_PRIORITY = number("SO_PRIORITY");
    /** Mark of packets sent, for routing and filters; needs privilege. */
    public static final RingSocketOption<Integer> SO_MARK = number("SO_MARK");
    /** Least number of bytes that receiving waits for. */
    public static final RingSocketOption<Integer> SO_RCVLOWAT = number("SO_RCVLOWAT");
    /** The network interface that packets must come and go by, such as {@code eth0}; empty for any. */
    public static final RingSocketOption<String> SO_BINDTODEVICE =
            new RingSocketOption<>("SO_BINDTODEVICE", String.class);
    /** The family, {@code AF_} in the system's headers; cannot be set. */
    public static final RingSocketOption<Integer> SO_DOMAIN = number("SO_DOMAIN");
    /** The kind, {@code SOCK_} in the system's headers: 1 for streams, 2 for datagrams; cannot be set. */
    public static final RingSocketOption<Integer> SO_TYPE = number("SO_TYPE");
    /** The protocol, {@code IPPROTO_} in the system's headers; cannot be set. */
    public static final RingSocketOption<Integer> SO_PROTOCOL = number("SO_PROTOCOL");
    /** Whether it listens; cannot be set. */
    public static final RingSocketOption<Boolean> SO_ACCEPTCONN = flag("SO_ACCEPTCONN");
    /** Who is at the other side of a unix socket; cannot be set. */
    public static final RingSocketOption<PeerCredentials> SO_PEERCRED =
            new RingSocketOption<>("SO_PEERCRED", PeerCredentials.class);
    /** Whether a socket of IPv6 refuses IPv4; to be set before it is bound. */
    public static final RingSocketOption<Boolean> IPV6_V6ONLY = flag("IPV6_V6ONLY");

    private final String name;
    private final Class<T> type;

    private RingSocketOption(String name, Class<T> type) {
        this.name = name;
        this.type = type;
        ALL.add(this);
    }

    private static RingSocketOption<Boolean> flag(String name) {
        return new RingSocketOption<>(name, Boolean.class);
    }

    private static RingSocketOption<Integer> number(String name) {
        return new RingSocketOption<>(name, Integer.class);
    }

    /**
     * All options of this class.
     *
     * @return an unmodifiable list
     */
    public static List<RingSocketOption<?>> all() {
        return Collections.unmodifiableList(ALL);
    }

    /**
     * The option's name.
     *
     * @return as the system's manual has it, such as {@code TCP_CORK}
     */
    @Override
    public String name() {
        return name;
    }

    /**
     * What its values are.
     *
     * @return the class of its values
     */
    @Override
    public Class<T> type() {
        return type;
    }

    @Override
    public String toString() {
        return name;
    }
}
