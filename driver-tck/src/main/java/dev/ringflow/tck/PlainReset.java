package dev.ringflow.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.Assumptions;

/** Whether this system tells a reset of a connection from its end: the JDK's own sockets are asked. */
final class PlainReset {
    private static final int TIMES = 20;

    private PlainReset() {}

    /** Skips the test if not. */
    static void require() {
        Assumptions.assumeTrue(
                isTold(), "this system tells a reset as the usual end of a connection, to the JDK's own sockets too");
    }

    private static boolean isTold() {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < TIMES; i++) {
                if (!isTold(server)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isTold(ServerSocket server) throws IOException {
        try (Socket reset = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                Socket peer = server.accept()) {
            peer.setSoTimeout(1000 * DriverContract.PATIENCE_SECONDS);
            reset.setSoLinger(true, 0);
            reset.close();
            return peer.getInputStream().read() != -1;
        } catch (SocketException e) {
            return true;
        }
    }
}
