package dev.ringflow.tck;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** A connection whose one end is the ring's, and whose other end is a plain socket of the JDK. */
final class TcpPair implements AutoCloseable {
    private static final int PATIENCE_MILLIS = (int) TimeUnit.SECONDS.toMillis(DriverContract.PATIENCE_SECONDS);

    private final RingSocket ours;
    private final Socket theirs;

    private TcpPair(RingSocket ours, Socket theirs) throws IOException {
        this.ours = ours;
        this.theirs = theirs;
        theirs.setTcpNoDelay(true);
        theirs.setSoTimeout(PATIENCE_MILLIS);
    }

    /** The ring accepts. */
    static TcpPair accepted(Ring ring) throws IOException {
        RingServerSocket server = DriverContract.await(ring.listenAsync(DriverContract.loopback()));
        RingFuture<RingSocket> accept = server.acceptAsync();
        Socket client = new Socket(((InetSocketAddress) server.localAddress()).getAddress(), server.localPort());
        RingSocket ours = DriverContract.await(accept);
        DriverContract.await(server.closeAsync());
        return new TcpPair(ours, client);
    }

    /** The ring connects. */
    static TcpPair connected(Ring ring) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(PATIENCE_MILLIS);
            var connect = ring.connectAsync((java.net.InetSocketAddress) server.getLocalSocketAddress());
            Socket theirs = server.accept();
            return new TcpPair(DriverContract.await(connect), theirs);
        }
    }

    RingSocket ours() {
        return ours;
    }

    Socket theirs() {
        return theirs;
    }

    /** The peer goes without a word. */
    void reset() throws IOException {
        theirs.setSoLinger(true, 0);
        theirs.close();
    }

    long readToEnd() {
        try {
            return theirs.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        theirs.close();
        DriverContract.await(ours.closeAsync());
    }
}
