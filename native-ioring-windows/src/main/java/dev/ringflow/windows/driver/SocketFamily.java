package dev.ringflow.windows.driver;

import dev.ringflow.Capabilities;
import dev.ringflow.Support;
import dev.ringflow.net.AbstractUnixAddress;
import dev.ringflow.spi.DetachedHandle;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.PickedBuffers;
import dev.ringflow.spi.ProvidedBuffers;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Ws2_32;
import dev.ringflow.windows.iocp.CompletionEntries;
import dev.ringflow.windows.iocp.ConnectEx;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockException;
import dev.ringflow.windows.rio.Rio;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** All about sockets: what the rest of the driver asks of it. Confined to the loop thread. */
final class SocketFamily {
    /** System property: {@code false} leaves Registered I/O alone, so that all goes by WSARecv and WSASend. */
    static final String REGISTERED_PROPERTY = "ringflow.windows.rio";

    private static final System.Logger LOGGER = System.getLogger(SocketFamily.class.getName());
    private static final int PAGE = 4096;
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long DRAIN_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final DriverCore core;
    private final SocketPreparation preparation;
    private final SocketRequests requests;
    private final Pieces pieces = new Pieces(null);
    private final DatagramPieces datagramPieces = new DatagramPieces(null);
    private final Map<Integer, ConnectEx> connects = new HashMap<>();
    private final Set<ConnectingSocket> connecting = new HashSet<>();
    private final ArrayDeque<StreamReceives> served = new ArrayDeque<>();
    private final CrowdedConnects crowded = new CrowdedConnects();
    private final List<ListeningSocket> listening = new ArrayList<>();
    private final long acceptKey;
    private final String withoutRegistered;
    private final @Nullable Rio rio;
    private final @Nullable RegisteredMemory memory;
    private final ByteBuffer word = DirectMemory.allocate(Integer.BYTES, Integer.BYTES);
    private final SendSource source = new SendSource();
    private @Nullable RegisteredSockets registered;

    SocketFamily(DriverCore core) {
        this.core = core;
        this.preparation = new SocketPreparation(core, this);
        this.requests = new SocketRequests(core);
        this.acceptKey = core.port().register(this::accepted);
        Rio found = null;
        String reason = "switched off by " + REGISTERED_PROPERTY;
        if (!"false".equals(System.getProperty(REGISTERED_PROPERTY))) {
            reason = Objects.requireNonNullElse(Rio.unavailable(), "");
            try {
                found = reason.isEmpty() ? Rio.open() : null;
            } catch (WinsockException e) {
                reason = String.valueOf(e.getMessage());
            }
        }
        this.rio = found;
        this.memory = found == null ? null : new RegisteredMemory(found);
        this.withoutRegistered = reason;
    }

    DriverCore core() {
        return core;
    }

    SocketRequests requests() {
        return requests;
    }

    Pieces pieces() {
        return pieces;
    }

    DatagramPieces datagramPieces() {
        return datagramPieces;
    }

    long acceptKey() {
        return acceptKey;
    }

    /** Who does an operation; null for what is none of sockets, or not supported. */
    @Nullable
    Preparation preparation(OpCode opCode) {
        return switch (opCode) {
            case LISTEN,
                    CONNECT,
                    ACCEPT,
                    ACCEPT_MULTISHOT,
                    RECEIVE,
                    RECEIVE_MULTISHOT,
                    SEND,
                    SEND_VECTORED,
                    SEND_ZERO_COPY,
                    SHUTDOWN,
                    GET_OPTION,
                    SET_OPTION,
                    BIND,
                    CONNECT_DATAGRAM,
                    RECEIVE_DATAGRAM,
                    RECEIVE_DATAGRAM_MULTISHOT,
                    SEND_DATAGRAM,
                    OPEN_PACKET_SOCKET,
                    SEND_PACKET,
                    RECEIVE_PACKET,
                    JOIN_GROUP,
                    LEAVE_GROUP -> preparation;
            default -> null;
        };
    }

    /** Adds what is supported. */
    void describe(Capabilities.Builder builder) {
        builder.operations(
                        Support.NATIVE,
                        OpCode.LISTEN,
                        OpCode.CONNECT,
                        OpCode.ACCEPT,
                        OpCode.RECEIVE,
                        OpCode.SEND,
                        OpCode.SHUTDOWN,
                        OpCode.GET_OPTION,
                        OpCode.SET_OPTION,
                        OpCode.BIND,
                        OpCode.CONNECT_DATAGRAM,
                        OpCode.RECEIVE_DATAGRAM,
                        OpCode.SEND_DATAGRAM,
                        OpCode.OPEN_PACKET_SOCKET,
                        OpCode.SEND_PACKET,
                        OpCode.RECEIVE_PACKET,
                        OpCode.JOIN_GROUP,
                        OpCode.LEAVE_GROUP)
                .operations(
                        Support.ALTERNATIVE,
                        OpCode.ACCEPT_MULTISHOT,
                        OpCode.RECEIVE_MULTISHOT,
                        OpCode.SEND_VECTORED,
                        OpCode.RECEIVE_DATAGRAM_MULTISHOT)
                .operations(rio != null ? Support.NATIVE : Support.NONE, OpCode.SEND_ZERO_COPY)
                .detail(
                        "connections",
                        rio != null
                                ? "Registered I/O; bytes are copied through registered memory of the driver's, except"
                                        + " those of zero-copy sends and of large receives into pooled buffers"
                                : "WSARecv and WSASend, through memory of the driver's: " + withoutRegistered)
                .detail(
                        "datagrams",
                        (rio != null
                                        ? "Registered I/O, through registered memory of the driver's"
                                        : "WSARecvFrom, through memory of the driver's, and WSASendTo: "
                                                + withoutRegistered)
                                + "; no details, settings of single sends or segmentation");
    }

    // Registered I/O.

    /** Whether sockets of a family are made for Registered I/O. */
    boolean takesRegistered(int family) {
        return rio != null && family != WinsockConstants.AF_UNIX;
    }

    /** The sockets with Registered I/O; made when there is the first, null where it is missing. */
    @Nullable
    RegisteredSockets registered() throws WinsockException {
        if (registered == null && rio != null && memory != null) {
            registered = new RegisteredSockets(core, rio, memory);
        }
        return registered;
    }

    /** Memory that was registered with the I/O ring, under a number that may be -1; its number from now on. */
    int registerBuffer(ByteBuffer region, int index) {
        return memory == null ? index : memory.add(region, index);
    }

    /** Gives up memory; whether it was registered with the I/O ring. */
    boolean unregisterBuffer(int index) {
        return memory == null || memory.remove(index);
    }

    /** How many bytes a socket has for its next receive. */
    int bytesWaiting(long socket) {
        int answer = Ws2_32.ioctlsocket(socket, WinsockConstants.FIONREAD, DirectMemory.address(word));
        return answer == 0 ? word.getInt(0) : 0;
    }

    /** For whoever copies what is sent, at once. */
    SendSource source() {
        return source;
    }

    /** A connection has to do without Registered I/O. */
    void withoutRegistered(WinsockException why) {
        LOGGER.log(System.Logger.Level.DEBUG, "A connection goes by WSARecv and WSASend", why);
    }

    /** Why the driver is of no use any more. */
    @Nullable
    Throwable fault() {
        RegisteredSockets known = registered;
        return known == null ? null : known.fault();
    }

    /**
     * Before each wait: asks for the notifications that are needed.
     *
     * @return true if there is something to do already, so that the loop must not wait
     */
    boolean beforeWait() {
        crowded.tryAgain();
        for (int count = served.size(); count > 0; count--) {
            served.remove().goOn();
        }
        RegisteredSockets known = registered;
        if (known == null) {
            return false;
        }
        boolean all = known.takeMore();
        known.arm();
        return !all;
    }

    /** Lets receives count anew when this turn is over. */
    void inTheNextTurn(StreamReceives receives) {
        served.add(receives);
    }

    /** After each wait, when the entries of the port were told: takes what has no entries of its own. */
    void afterWait() {}

    // Connecting and accepting.

    ConnectEx connectEx(long socket, int family) throws WinsockException {
        ConnectEx known = connects.get(family);
        if (known == null) {
            known = ConnectEx.of(socket);
            connects.put(family, known);
        }
        return known;
    }

    CrowdedConnects crowded() {
        return crowded;
    }

    /** How long the loop may wait. */
    long limit(long timeoutNanos) {
        return crowded.limit(timeoutNanos);
    }

    void connecting(ConnectingSocket socket) {
        connecting.add(socket);
    }

    void connected(ConnectingSocket socket) {
        connecting.remove(socket);
    }

    void listening(ListeningSocket socket) {
        listening.add(socket);
    }

    /** A listening socket is closed: it is asked about entries until it is drained. */
    void closing(ListeningSocket socket) {
        if (socket.isDrained()) {
            listening.remove(socket);
        }
    }

    private void accepted(CompletionEntries entries, int index) {
        for (int i = 0; i < listening.size(); i++) {
            ListeningSocket each = listening.get(i);
            if (each.completed(entries, index)) {
                closing(each);
                return;
            }
        }
    }

    // Addresses.

    static void refuseAbstract(SocketAddress address) {
        if (address instanceof AbstractUnixAddress) {
            throw SocketFailures.unsupported("abstract names of unix sockets, such as " + address + ": use a path");
        }
    }

    static boolean isWildcard(SocketAddress where) {
        return where instanceof InetSocketAddress inet && inet.getAddress().isAnyLocalAddress();
    }

    /** Any address of a family. */
    static SocketAddress wildcard(int family, int port) {
        try {
            return family == WinsockConstants.AF_INET6
                    ? new InetSocketAddress(Inet6Address.getByAddress(null, new byte[16], 0), port)
                    : new InetSocketAddress(InetAddress.getByAddress(new byte[4]), port);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are lengths that there are", e);
        }
    }

    /** Windows reaches nobody at the wildcard address, which elsewhere stands for the loopback interface. */
    static SocketAddress reachable(SocketAddress where) {
        if (!isWildcard(where)) {
            return where;
        }
        InetSocketAddress inet = (InetSocketAddress) where;
        byte[] loopback = inet.getAddress() instanceof Inet6Address ? new byte[16] : new byte[] {127, 0, 0, 1};
        if (loopback.length == 16) {
            loopback[15] = 1;
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(loopback), inet.getPort());
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are lengths that there are", e);
        }
    }

    private static SocketState state(Handle handle) {
        if (handle.driverState() instanceof SocketState socket) {
            return socket;
        }
        throw new IllegalArgumentException(handle + " is no socket");
    }

    SocketAddress localAddress(Handle handle) throws IOException {
        return state(handle).localAddress();
    }

    SocketAddress remoteAddress(Handle handle) throws IOException {
        return state(handle).remoteAddress();
    }

    Set<SocketOption<?>> supportedOptions(Handle handle) {
        return SocketOptionCalls.supported(state(handle));
    }

    // Moving connections.

    /**
     * A socket's request queue belongs to a ring's completion queue for good, and receives outlive their operations: only a
     * connection on which nothing was done can move.
     */
    DetachedHandle detach(Handle handle) {
        if (!(handle.driverState() instanceof StreamSocket stream) || !stream.isMovable()) {
            throw new UnsupportedOperationException("The driver " + WindowsDriverProvider.NAME
                    + " moves to another ring only connections on which nothing was received or sent yet; those that were"
                    + " connected, not accepted, since Windows 8.1");
        }
        core.closed(stream);
        return new DetachedSocket(stream.socket, stream.family, stream.isRegistered());
    }

    Handle adopt(DetachedHandle detached) {
        DetachedSocket given = (DetachedSocket) detached;
        return core.opened(new StreamSocket(this, given.socket(), given.family(), given.registered(), false));
    }

    ProvidedBuffers provideBuffers(int count, int bufferSize) throws IOException {
        return new PickedBuffers(DirectMemory.allocate(Math.multiplyExact(count, bufferSize), PAGE), count, bufferSize);
    }

    // The end.

    /**
     * The end, after everything that was open is closed ({@link DriverCore#closeAll}) and before the port is: drains and
     * closes queues, deregisters, frees. With something in flight still, its memory stays for good.
     */
    void close(boolean drained) {
        List.copyOf(connecting).forEach(ConnectingSocket::closeNow);
        RegisteredSockets known = registered;
        if (known != null) {
            known.close();
        }
        if (memory != null) {
            memory.close();
        }
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (!isDrained() && System.nanoTime() - deadline < 0) {
            core.port().await(DRAIN_STEP_NANOS);
        }
        requests.close();
        pieces.close();
    }

    private boolean isDrained() {
        return requests.pending() == 0 && listening.isEmpty();
    }
}
