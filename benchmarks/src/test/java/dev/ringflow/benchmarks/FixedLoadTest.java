package dev.ringflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The load that does not wait. */
@Timeout(60)
class FixedLoadTest {
    private static final int CONNECTIONS = 4;
    private static final int MESSAGE = 64;
    private static final int STALL_MILLIS = 400;
    private static final long LATE_NANOS = 100_000_000;

    @TempDir
    Path directory = Path.of("");

    @Test
    void theRateIsHalfOfTheSlowestWithTwoDigits() {
        assertThat(FixedLoad.rate(List.of(90_000.0, 54_321.0, 70_000.0))).isEqualTo(27_000);
        assertThat(FixedLoad.rate(List.of(1999.0))).isEqualTo(990);
        assertThat(FixedLoad.rate(List.of(3.0))).isEqualTo(1);
    }

    private LoadGenerator generator() {
        Assumptions.assumeTrue(
                Ring.drivers().stream().anyMatch(each -> each.driver().equals("uring") && each.isUsable()),
                "the generator needs io_uring");
        try {
            return LoadGenerator.start(0, directory);
        } catch (final IOException e) {
            return Assumptions.abort(String.valueOf(e.getMessage()));
        }
    }

    @Test
    void everyRequestThatFallsIntoAStallIsLate() throws Exception {
        final AtomicInteger messages = new AtomicInteger();
        try (ServerSocket listener = new ServerSocket(0, CONNECTIONS, InetAddress.getLoopbackAddress());
                LoadGenerator clients = generator()) {
            final Object oneAtATime = new Object();
            for (int i = 0; i < CONNECTIONS; i++) {
                new Thread(() -> echo(listener, messages, oneAtATime)).start();
            }
            clients.open(0, listener.getLocalPort(), CONNECTIONS);
            final LoadGenerator.Paced paced = clients.pace(0, 1000, MESSAGE, 1000, directory.resolve("latencies.bin"));
            assertThat(paced.load().requests()).isEqualTo(1000);
            assertThat(paced.latencies().getTotalCount()).isEqualTo(1000);
            // 300 are due before the last 100 ms of the stall; a closed loop would have seen one for each connection
            assertThat(paced.latencies().getCountBetweenValues(LATE_NANOS, Long.MAX_VALUE / 2))
                    .isGreaterThan(10 * CONNECTIONS);
            assertThat(paced.load().slow()).isGreaterThan(LATE_NANOS);
        }
    }

    /** Stands still once, with all connections, after the first hundred messages. */
    private static void echo(final ServerSocket listener, final AtomicInteger messages, final Object oneAtATime) {
        try (Socket socket = listener.accept()) {
            final byte[] message = new byte[MESSAGE];
            final DataInputStream input = new DataInputStream(socket.getInputStream());
            while (true) {
                input.readFully(message);
                synchronized (oneAtATime) {
                    if (messages.incrementAndGet() == 100) {
                        Thread.sleep(STALL_MILLIS);
                    }
                }
                socket.getOutputStream().write(message);
            }
        } catch (final EOFException | SocketException end) {
            return;
        } catch (final IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void systemCallsAreReadFromEitherCounter() {
        assertThat(CallTrace.calls("1234,,raw_syscalls:sys_enter,5000,100.00,,"))
                .isEqualTo(1234);
        assertThat(CallTrace.calls("<not counted>,,raw_syscalls:sys_enter,0,100.00,,"))
                .isZero();
        assertThat(CallTrace.calls("     77 total")).isEqualTo(77);
        assertThat(CallTrace.calls("     70 io_uring_enter")).isZero();
    }
}
