package dev.ringflow.tck;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.net.ConnectOptions;
import dev.ringflow.net.ListenOptions;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** Both ends of a connection, on one ring. */
record StreamPair(RingSocket client, RingSocket accepted) implements AutoCloseable {
    static StreamPair of(Ring ring, SocketAddress address) {
        return of(ring, address, ListenOptions.defaults(), ConnectOptions.defaults());
    }

    static StreamPair of(Ring ring, SocketAddress address, ListenOptions listen, ConnectOptions connect) {
        RingFuture<RingServerSocket> listening = ring.listenAsync(address, listen);
        RingServerSocket server = address instanceof InetSocketAddress
                ? DriverContract.await(listening)
                : DriverContract.awaitUnix(listening);
        StreamPair pair = of(server, connect);
        DriverContract.await(server.closeAsync());
        return pair;
    }

    static StreamPair of(RingServerSocket server, ConnectOptions connect) {
        RingFuture<RingSocket> accept = server.acceptAsync();
        RingSocket client = DriverContract.await(server.ring().connectAsync(server.localAddress(), connect));
        return new StreamPair(client, DriverContract.await(accept));
    }

    /** Whether bytes go both ways. */
    boolean echoes() {
        return reaches(client, accepted) && reaches(accepted, client);
    }

    static boolean reaches(RingSocket from, RingSocket to) {
        byte[] content = Bytes.content(100);
        DriverContract.await(from.sendFullyAsync(Bytes.direct(content)));
        ByteBuffer in = Bytes.direct(content.length);
        DriverContract.await(to.receiveFullyAsync(in));
        return java.util.Arrays.equals(Bytes.filled(in), content);
    }

    @Override
    public void close() {
        DriverContract.await(client.closeAsync());
        DriverContract.await(accepted.closeAsync());
    }
}
