package dev.ringflow.windows.driver;

import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/** Whether this system takes the number of an interface where Windows does. Wine takes it for an address. */
final class MulticastInterfaces {
    private MulticastInterfaces() {}

    static void assumeKnownByNumber() throws IOException {
        NetworkInterface lo =
                Objects.requireNonNull(NetworkInterface.getByInetAddress(InetAddress.getByName("127.0.0.1")));
        long socket = Winsock.socket(WinsockConstants.AF_INET, WinsockConstants.SOCK_DGRAM, 0, 0);
        try {
            DatagramMemberships.sendBy(socket, WinsockConstants.AF_INET, lo);
        } catch (WinsockException e) {
            Assumptions.abort("this system does not know multicast interfaces by their numbers: " + e.getMessage());
        } finally {
            Winsock.close(socket);
        }
    }
}
