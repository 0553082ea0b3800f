package dev.ringflow.net.packet;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a port is bound to: UDP, raw IP, or the frames of an interface. Immutable; each method that changes something
 * answers a new one.
 *
 * <p>UDP works with every driver. Raw IP and frames need the driver {@code uring} and the capability CAP_NET_RAW;
 * elsewhere binding fails with {@link UnsupportedOperationException}, without the capability with a
 * {@link dev.ringflow.RingException} that says what to do. See udp(7), raw(7), packet(7).
 */
public final class PacketEndpoint {
    /** Every protocol above Ethernet; {@code ETH_P_ALL}. */
    public static final int ALL_PROTOCOLS = 0x0003;

    /** What carries the packets. */
    public enum Kind {
        /** Datagrams; a packet is the payload. */
        UDP,
        /**
         * Raw IP. A packet that is received begins with the IPv4 header; of IPv6 the kernel delivers what follows the
         * header. A packet that is sent begins after the header, which the kernel makes.
         */
        IP,
        /** Frames of an interface; a packet begins with the Ethernet header, or after it. */
        LINK
    }

    private final Kind kind;
    private final @Nullable InetSocketAddress local;
    private final @Nullable InetSocketAddress peer;
    private final int protocol;
    private final @Nullable String networkInterface;
    private boolean headers = true;
    private boolean synthesized;
    private boolean promiscuous;
    private boolean outgoing;
    private int socketBuffer;
    private @Nullable Path namespace;

    private PacketEndpoint(
            Kind kind,
            @Nullable InetSocketAddress local,
            @Nullable InetSocketAddress peer,
            int protocol,
            @Nullable String networkInterface) {
        this.kind = kind;
        this.local = local;
        this.peer = peer;
        this.protocol = protocol;
        this.networkInterface = networkInterface;
    }

    private PacketEndpoint copy(
            @Nullable InetSocketAddress newLocal, @Nullable InetSocketAddress newPeer, @Nullable String newInterface) {
        PacketEndpoint copy = new PacketEndpoint(kind, newLocal, newPeer, protocol, newInterface);
        copy.headers = headers;
        copy.synthesized = synthesized;
        copy.promiscuous = promiscuous;
        copy.outgoing = outgoing;
        copy.socketBuffer = socketBuffer;
        copy.namespace = namespace;
        return copy;
    }

    private PacketEndpoint copy() {
        return copy(local, peer, networkInterface);
    }

    /**
     * UDP.
     *
     * @param local the address and port to bind to; port 0 lets the system choose. With the wildcard address of IPv6,
     *     packets of IPv6 alone are received
     * @return an endpoint
     * @throws UnresolvedAddressException if the address is not resolved
     */
    public static PacketEndpoint udp(InetSocketAddress local) {
        return new PacketEndpoint(Kind.UDP, resolved(local), null, 0, null);
    }

    /**
     * Raw IP. Every such port of a protocol gets a copy of each packet, and so does the system itself. Needs CAP_NET_RAW.
     *
     * @param local the address to bind to, or the wildcard address
     * @param protocol the number of the protocol in the IP header, 1 to 255; 253 and 254 are there for experiments
     * @return an endpoint
     * @throws IllegalArgumentException if there is no such protocol
     */
    public static PacketEndpoint ip(InetAddress local, int protocol) {
        if (protocol < 1 || protocol > 255) {
            throw new IllegalArgumentException("protocol must be 1 to 255, got " + protocol);
        }
        return new PacketEndpoint(Kind.IP, new InetSocketAddress(local, 0), null, protocol, null);
    }

    /**
     * The frames of one interface, of all protocols. The system sees them as well. Needs CAP_NET_RAW.
     *
     * @param networkInterface its name, such as {@code eth0}
     * @return an endpoint
     */
    public static PacketEndpoint link(String networkInterface) {
        return link(networkInterface, ALL_PROTOCOLS);
    }

    /**
     * The frames of one interface that have one protocol.
     *
     * @param networkInterface its name, such as {@code eth0}
     * @param etherType the protocol, such as 0x0800 for IPv4, or {@link #ALL_PROTOCOLS}; it is that of packets that are
     *     sent without a header, too
     * @return an endpoint
     * @throws IllegalArgumentException if there is no such protocol
     */
    public static PacketEndpoint link(String networkInterface, int etherType) {
        Objects.requireNonNull(networkInterface, "networkInterface");
        if (etherType < 1 || etherType > 0xFFFF) {
            throw new IllegalArgumentException("etherType must be 1 to 65535, got " + etherType);
        }
        return new PacketEndpoint(Kind.LINK, null, null, etherType, networkInterface);
    }

    /**
     * The frames of all interfaces, to be received only.
     *
     * @return an endpoint
     */
    public static PacketEndpoint link() {
        return new PacketEndpoint(Kind.LINK, null, null, ALL_PROTOCOLS, null);
    }

    /**
     * Connects it: packets go to one peer unless another is named, and come from that one alone. That is the fastest
     * form: a packet carries no address.
     *
     * @param newPeer the peer; for raw IP its port does not count
     * @return a changed copy
     * @throws IllegalStateException if it is of {@link Kind#LINK}
     * @throws UnresolvedAddressException if the address is not resolved
     */
    public PacketEndpoint connectedTo(InetSocketAddress newPeer) {
        if (kind == Kind.LINK) {
            throw new IllegalStateException("Frames of an interface have no peer to connect to");
        }
        return copy(local, resolved(newPeer), networkInterface);
    }

    /**
     * Binds UDP or raw IP to an interface ({@code SO_BINDTODEVICE}); only the driver {@code uring} does that.
     *
     * @param name its name, such as {@code eth0}
     * @return a changed copy
     */
    public PacketEndpoint onInterface(String name) {
        return copy(local, peer, Objects.requireNonNull(name, "name"));
    }

    /**
     * Leaves Ethernet headers to the kernel ({@code SOCK_DGRAM} of packet(7)): packets begin with what follows, and
     * those that are sent go to a {@link PacketAddress#ofLink}.
     *
     * @return a changed copy
     * @throws IllegalStateException if it is not of {@link Kind#LINK}
     */
    public PacketEndpoint withoutHeaders() {
        if (kind != Kind.LINK) {
            throw new IllegalStateException("Only frames of an interface have Ethernet headers, not " + kind);
        }
        PacketEndpoint copy = copy();
        copy.headers = false;
        return copy;
    }

    /**
     * Has Ethernet headers made up where packets have none, for programs made for frames: above raw IPv4, and for an
     * interface {@link #withoutHeaders()}. A packet that is received has 14 bytes in front, with the protocol and the
     * addresses that are known, the others made up from those of IP; of a packet that is sent they are taken off, and
     * with raw IP its IPv4 header goes out as it is ({@code IP_HDRINCL}), to the address in it.
     *
     * @return a changed copy
     * @throws IllegalStateException if it is neither raw IPv4 nor an interface without headers
     */
    public PacketEndpoint withSynthesizedHeaders() {
        boolean ipv4 = kind == Kind.IP && local != null && local.getAddress() instanceof java.net.Inet4Address;
        if (!ipv4 && (kind != Kind.LINK || headers)) {
            throw new IllegalStateException(
                    "Headers are made up above raw IPv4, and for an interface withoutHeaders()");
        }
        PacketEndpoint copy = copy();
        copy.synthesized = true;
        return copy;
    }

    /**
     * Receives frames for other stations, too, as long as the port is open. Needs CAP_NET_RAW alone.
     *
     * @return a changed copy
     * @throws IllegalStateException if it is not of one interface
     */
    public PacketEndpoint promiscuous() {
        if (kind != Kind.LINK || networkInterface == null) {
            throw new IllegalStateException("Only one interface can be made to receive the frames for others");
        }
        PacketEndpoint copy = copy();
        copy.promiscuous = true;
        return copy;
    }

    /**
     * Receives the frames, too, that this system itself sends by the interface; otherwise they are left out
     * ({@code PACKET_IGNORE_OUTGOING}, since Linux 4.20). The kernel has them for {@link #ALL_PROTOCOLS} alone, and never for
     * the port that sent them.
     *
     * @return a changed copy
     */
    public PacketEndpoint withOutgoing() {
        PacketEndpoint copy = copy();
        copy.outgoing = true;
        return copy;
    }

    /**
     * Sets how much the kernel keeps for the port, in each direction ({@code SO_RCVBUF}, {@code SO_SNDBUF}): what
     * comes while it is full is lost. With CAP_NET_ADMIN even above the system's limits.
     *
     * @param bytes at least 1
     * @return a changed copy
     * @throws IllegalArgumentException if it is less
     */
    public PacketEndpoint socketBuffer(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("socketBuffer must be at least 1 byte, got " + bytes);
        }
        PacketEndpoint copy = copy();
        copy.socketBuffer = bytes;
        return copy;
    }

    /**
     * Opens the socket in another network namespace; the threads stay where they are. Needs CAP_SYS_ADMIN, and the driver
     * {@code uring}; see setns(2), ip-netns(8).
     *
     * @param file what stands for the namespace, such as {@code /run/netns/blue} or {@code /proc/4711/ns/net}
     * @return a changed copy
     */
    public PacketEndpoint inNamespace(Path file) {
        PacketEndpoint copy = copy();
        copy.namespace = Objects.requireNonNull(file, "file");
        return copy;
    }

    private static InetSocketAddress resolved(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        return address;
    }

    /** The same with the port that the system chose, for the other queues. */
    PacketEndpoint boundTo(InetSocketAddress chosen) {
        return copy(chosen, peer, networkInterface);
    }

    /**
     * What carries the packets.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Where it is bound.
     *
     * @return the address; null for {@link Kind#LINK}
     */
    public @Nullable InetSocketAddress local() {
        return local;
    }

    /**
     * What it is connected to.
     *
     * @return the peer, or null
     */
    public @Nullable InetSocketAddress peer() {
        return peer;
    }

    /**
     * The protocol of raw IP, or that above Ethernet.
     *
     * @return the number; 0 for UDP
     */
    public int protocol() {
        return protocol;
    }

    /**
     * The interface.
     *
     * @return its name, or null for all
     */
    public @Nullable String networkInterface() {
        return networkInterface;
    }

    /**
     * Whether packets of an interface have the Ethernet header that came over the wire.
     *
     * @return false after {@link #withoutHeaders()}
     */
    public boolean hasHeaders() {
        return headers;
    }

    /**
     * Whether Ethernet headers are made up.
     *
     * @return true after {@link #withSynthesizedHeaders()}
     */
    public boolean isSynthesized() {
        return synthesized;
    }

    /**
     * Whether frames for other stations are received.
     *
     * @return true after {@link #promiscuous()}
     */
    public boolean isPromiscuous() {
        return promiscuous;
    }

    /**
     * Whether frames that this system sends are received.
     *
     * @return true after {@link #withOutgoing()}
     */
    public boolean hasOutgoing() {
        return outgoing;
    }

    /**
     * How much the kernel keeps in each direction.
     *
     * @return bytes, 0 for what the system has
     */
    public int socketBuffer() {
        return socketBuffer;
    }

    /**
     * In which network namespace the socket is opened.
     *
     * @return its file, or null for that of the loop thread
     */
    public @Nullable Path namespace() {
        return namespace;
    }

    @Override
    public String toString() {
        String where = switch (kind) {
            case UDP -> "udp " + local;
            case IP -> "ip " + Objects.requireNonNull(local).getAddress().getHostAddress() + " protocol " + protocol;
            case LINK -> "link " + (networkInterface == null ? "(all)" : networkInterface);
        };
        return where + (peer == null ? "" : " to " + peer);
    }
}
