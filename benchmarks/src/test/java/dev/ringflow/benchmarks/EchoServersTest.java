package dev.ringflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.Ring;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is compared does the same: every server sends back what it gets. */
@Timeout(60)
class EchoServersTest {
    private static final int CONNECTIONS = 5;
    private static final int MESSAGES = 40;
    private static final int LONGEST = 20_000;
    private static final int PATIENCE_MILLIS = 20_000;

    @ParameterizedTest
    @EnumSource(value = EchoKind.class, mode = EnumSource.Mode.EXCLUDE, names = "C")
    void sendsBackWhatItGetsOnEachConnection(final EchoKind kind) throws Exception {
        assumeTrue(isPossible(kind), kind + " needs another system");
        final Random random = new Random(kind.ordinal());
        final List<Socket> sockets = new ArrayList<>();
        try (EchoServer server = kind.start()) {
            for (int i = 0; i < CONNECTIONS; i++) {
                final Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                socket.setSoTimeout(PATIENCE_MILLIS);
                sockets.add(socket);
            }
            for (int i = 0; i < MESSAGES; i++) {
                final Socket socket = sockets.get(random.nextInt(CONNECTIONS));
                final byte[] message = new byte[i % 2 == 0 ? 64 : 1 + random.nextInt(LONGEST)];
                random.nextBytes(message);
                assertThat(echo(socket, message)).isEqualTo(message);
            }
            sockets.remove(0).close();
            assertThat(echo(sockets.get(0), new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
        } finally {
            for (final Socket each : sockets) {
                each.close();
            }
        }
    }

    private static byte[] echo(final Socket socket, final byte[] message) throws IOException {
        socket.getOutputStream().write(message);
        final byte[] answer = new byte[message.length];
        new DataInputStream(socket.getInputStream()).readFully(answer);
        return answer;
    }

    private static boolean isPossible(final EchoKind kind) {
        return switch (kind) {
            case NETTY_URING -> IoUring.isAvailable();
            case NETTY_EPOLL -> Epoll.isAvailable();
            case NIO_DRIVER, NETTY_NIO, SELECTOR, KTOR -> true;
            default -> Ring.drivers().stream().anyMatch(each -> each.driver().equals("uring") && each.isUsable());
        };
    }
}
