package dev.ringflow.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import sh.blake.niouring.IoUring;
import sh.blake.niouring.IoUringServerSocket;
import sh.blake.niouring.IoUringSocket;

/** nio_uring: one read at a time into a buffer of each connection, written back when it has ended. */
final class NioUringEchoServer implements EchoServer {
    private static final int ENTRIES = 1024;
    private static final int BACKLOG = 4096;
    private static final int SIZE = 4096;

    private final IoUring ring = new IoUring(ENTRIES);
    private final IoUringServerSocket listener;
    private final Thread loop;
    private volatile boolean ending;

    NioUringEchoServer() throws IOException {
        listener = new IoUringServerSocket("127.0.0.1", freePort(), BACKLOG);
        listener.onAccept((on, socket) -> accepted(socket));
        ring.onException(failure -> {});
        ring.queueAccept(listener);
        loop = new Thread(this::run, "nio_uring");
        loop.setDaemon(true);
        loop.start();
    }

    /** It cannot say which port the kernel chose. */
    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private void run() {
        while (!ending) {
            ring.execute();
        }
        listener.close();
        ring.close();
    }

    private void accepted(final IoUringSocket socket) {
        ring.queueAccept(listener);
        final ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
        socket.onException(failure -> close(socket));
        socket.onRead(read -> {
            if (read.position() == 0) {
                close(socket);
            } else {
                ring.queueWrite(socket, read.flip());
            }
        });
        socket.onWrite(written -> {
            if (written.hasRemaining()) {
                ring.queueWrite(socket, written);
            } else {
                ring.queueRead(socket, written.clear());
            }
        });
        ring.queueRead(socket, buffer);
    }

    private static void close(final IoUringSocket socket) {
        if (socket.isOpen()) {
            socket.close();
        }
    }

    @Override
    public int port() {
        return listener.port();
    }

    /** Its ring belongs to its thread and cannot be woken: a last connection does. */
    @Override
    public void close() throws IOException, InterruptedException {
        ending = true;
        try (Socket last = new Socket()) {
            last.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
            loop.join();
        }
    }
}
