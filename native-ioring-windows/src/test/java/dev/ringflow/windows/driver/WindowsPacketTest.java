package dev.ringflow.windows.driver;

import dev.ringflow.tck.PacketContract;
import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsPacketTest extends PacketContract {
    @Override
    protected String driverName() {
        return "windows";
    }

    /** As Wine does, but only for sockets of IPv4, which the JDK's are not. */
    @Override
    protected boolean bindsStrangeAddresses(InetSocketAddress address) {
        try {
            long socket = Winsock.socket(WinsockConstants.AF_INET, WinsockConstants.SOCK_DGRAM, 0, 0);
            try {
                Winsock.bind(socket, address);
                return true;
            } finally {
                Winsock.close(socket);
            }
        } catch (WinsockException refused) {
            return false;
        }
    }
}
