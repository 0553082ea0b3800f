package dev.ringflow.windows.driver;

import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.iocp.CompletionEntries;
import dev.ringflow.windows.iocp.CompletionPort;
import dev.ringflow.windows.iocp.Overlapped;
import dev.ringflow.windows.iocp.OverlappedPool;
import dev.ringflow.windows.iocp.OverlappedSockets;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Whether this system lets a datagram socket receive once more after it has told that a port is closed. Windows does; Wine
 * takes the socket off its list for good.
 */
final class DatagramErrors {
    private static final long KEY = 1;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static @Nullable Boolean goesOn;

    private DatagramErrors() {}

    static synchronized void assumeReceivesGoOn() throws IOException {
        if (goesOn == null) {
            goesOn = ask();
        }
        Assumptions.assumeTrue(
                goesOn, "this system lets a datagram socket receive nothing more after an ICMP error (Wine does so)");
    }

    private static long bound(SocketAddress where) throws WinsockException {
        long socket = Winsock.socket(WinsockConstants.AF_INET, WinsockConstants.SOCK_DGRAM, 0, 0);
        Winsock.bind(socket, where);
        return socket;
    }

    private static boolean ask() throws IOException {
        SocketAddress any = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
        CompletionPort port = CompletionPort.open();
        OverlappedPool blocks = OverlappedPool.ofBlocks(2);
        long socket = bound(any);
        try {
            long gone = bound(any);
            SocketAddress where = Objects.requireNonNull(Winsock.localAddress(gone));
            Winsock.close(gone);
            port.associate(socket, KEY);
            Winsock.connect(socket, where);
            ByteBuffer memory = DirectMemory.allocate(16, 1);
            Overlapped receive = Objects.requireNonNull(blocks.acquire());
            Overlapped send = Objects.requireNonNull(blocks.acquire());
            boolean waits = OverlappedSockets.receiveFrom(socket, memory, receive) == 0;
            boolean sent = OverlappedSockets.send(socket, DirectMemory.allocate(1, 1), send) == 0;
            drain(port, (waits ? 1 : 0) + (sent ? 1 : 0), receive, send);
            long back = bound(where);
            boolean began = OverlappedSockets.receiveFrom(socket, memory, receive) == 0;
            boolean came = false;
            if (began) {
                SocketAddress to = Objects.requireNonNull(Winsock.localAddress(socket));
                boolean answered = OverlappedSockets.sendTo(back, DirectMemory.allocate(1, 1), to, send) == 0;
                came = answered && drain(port, 1, receive, send) == 1;
            }
            Winsock.close(back);
            return came;
        } finally {
            Winsock.close(socket);
            port.close();
        }
    }

    /** How many of the requests ended in time. */
    private static int drain(CompletionPort port, int count, Overlapped... blocks) throws WinsockException {
        CompletionEntries entries = CompletionEntries.allocate(4);
        long end = System.nanoTime() + PATIENCE_NANOS;
        int came = 0;
        while (came < count && System.nanoTime() - end < 0) {
            int taken = port.await(entries, 100);
            for (int i = 0; i < taken; i++) {
                for (Overlapped each : blocks) {
                    if (each.address() == entries.overlapped(i)) {
                        each.complete();
                        came++;
                    }
                }
            }
        }
        return came;
    }
}
