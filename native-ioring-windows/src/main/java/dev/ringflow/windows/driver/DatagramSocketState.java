package dev.ringflow.windows.driver;

import dev.ringflow.spi.DatagramHead;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket. How its requests reach the kernel is chosen at the first. Confined to the loop thread.
 */
final class DatagramSocketState extends SocketState {
    private final DatagramReceives receives;
    private final DatagramMemberships memberships;
    private @Nullable SocketAddress peer;
    private @Nullable Operation closing;
    private @Nullable DatagramTransport transport;
    private final boolean registered;
    private boolean closed;

    DatagramSocketState(SocketFamily sockets, long socket, int family) {
        super(sockets, socket, family);
        this.registered = sockets.takesRegistered(family);
        this.receives = new DatagramReceives(this);
        this.memberships = new DatagramMemberships(socket);
    }

    static DatagramSocketState open(SocketFamily sockets, Operation operation) throws IOException {
        DatagramCalls.Bound bound = DatagramCalls.bind(sockets, operation);
        return new DatagramSocketState(sockets, bound.socket(), bound.family());
    }

    DatagramTransport transport() throws WinsockException {
        DatagramTransport made = transport;
        if (made == null) {
            made = choose();
            transport = made;
        }
        return made;
    }

    /** The way that was chosen. */
    DatagramTransport known() {
        DatagramTransport made = transport;
        if (made == null) {
            throw new AssertionError("there was a request");
        }
        return made;
    }

    private DatagramTransport choose() throws WinsockException {
        RegisteredSockets known = sockets.registered();
        if (registered && known != null) {
            try {
                return new RegisteredDatagrams(this, known);
            } catch (WinsockException tooMany) {
                sockets.withoutRegistered(tooMany); // the socket takes overlapped requests as well
            }
        }
        sockets.requests().associate(socket);
        return new PortDatagrams(this);
    }

    /** A receive has ended. */
    void received(int error, int bytes) {
        receives.ended(error, bytes);
    }

    @Override
    SocketAddress remoteAddress() throws IOException {
        if (peer == null) {
            throw new SocketException(this + " is not connected");
        }
        return super.remoteAddress();
    }

    boolean isConnected() {
        return peer != null;
    }

    boolean isClosed() {
        return closed;
    }

    void connect(Operation operation) throws IOException {
        core.counters().systemCalls().add(2);
        SocketAddress wanted = operation.argument() instanceof SocketAddress given ? given : null;
        try {
            connect(wanted);
        } catch (WinsockException e) {
            throw SocketFailures.of(operation, e);
        }
        core.completions().answered(operation, localAddress());
    }

    /** Connects, or undoes that. */
    void connect(@Nullable SocketAddress wanted) throws IOException {
        Winsock.connect(socket, wanted == null ? SocketFamily.wildcard(family, 0) : inFamily(wanted));
        peer = wanted;
    }

    /** The address as a socket of this one's family takes it: an IPv4 one is mapped for IPv6. */
    SocketAddress inFamily(SocketAddress address) throws IOException {
        if (family != WinsockConstants.AF_INET6
                || !(address instanceof InetSocketAddress inet)
                || !(inet.getAddress() instanceof Inet4Address four)) {
            return address;
        }
        byte[] mapped = new byte[16];
        if (!four.isAnyLocalAddress()) {
            mapped[10] = -1;
            mapped[11] = -1;
            System.arraycopy(four.getAddress(), 0, mapped, 12, 4);
        }
        return new InetSocketAddress(Inet6Address.getByAddress(null, mapped, 0), inet.getPort());
    }

    void receive(Operation operation) {
        receives.start(operation);
    }

    void send(Operation operation) throws IOException {
        if (operation.secondArgument() != null) {
            throw SocketFailures.unsupported("settings of a single send: " + operation.secondArgument());
        }
        if (peer == null && !DatagramPayload.isAddressed(operation)) {
            throw new NotYetConnectedException();
        }
        int answer = transport().send(operation);
        if (answer != 0) {
            core.completions().failed(operation, SocketFailures.of(operation, -answer));
        }
    }

    /** Where a datagram is sent, null for the peer. */
    @Nullable
    SocketAddress destination(Operation operation) {
        SocketAddress to = DatagramPayload.destination(operation);
        return to == null ? null : SocketFamily.reachable(to);
    }

    void join(Operation operation) throws IOException {
        core.counters().systemCalls().add(1);
        memberships.join(operation);
        core.completions().done(operation, 0);
    }

    void leave(Operation operation) throws IOException {
        core.counters().systemCalls().add(1);
        memberships.leave(operation);
        core.completions().done(operation, 0);
    }

    /** A request has ended, and was told. */
    void requestEnded() {
        endClosing();
    }

    @Override
    public void close(Operation operation) {
        closing = operation;
        closeNow();
        endClosing();
    }

    @Override
    public void closeNow() {
        if (!closed) {
            closed = true;
            DatagramTransport used = transport;
            if (used == null) {
                closeSocket();
            } else {
                used.close();
            }
        }
    }

    private void endClosing() {
        Operation operation = closing;
        if (operation != null && (transport == null || transport.inFlight() == 0)) {
            closing = null;
            core.completions().done(operation, 0);
        }
    }

    /** Who sent it, as numbers: whoever wants an object may have one already. */
    static void sender(DatagramHead head, @Nullable SocketAddress sender) {
        if (!(sender instanceof InetSocketAddress inet)) {
            head.sender(sender);
            return;
        }
        InetAddress address = inet.getAddress();
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        if (bytes.remaining() == Integer.BYTES) {
            head.sender(0, 0xFFFF_0000_0000L | Integer.toUnsignedLong(bytes.getInt(0)), inet.getPort(), 0);
        } else {
            int scope = ((Inet6Address) address).getScopeId();
            head.sender(bytes.getLong(0), bytes.getLong(8), inet.getPort(), scope);
        }
    }
}
