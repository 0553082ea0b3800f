package dev.ringflow.windows.rio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Libraries;
import dev.ringflow.windows.iocp.Overlapped;
import dev.ringflow.windows.iocp.OverlappedPool;
import dev.ringflow.windows.iocp.SimulatedNetwork;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockError;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That wrong code fails on the simulator: here it calls the functions themselves, past all that the queues check. */
@ExtendWith(Simulators.class)
class RioSimulatorTest {
    /** Functions, a completion queue, a buffer, and a datagram socket with a request queue. */
    static final class Raw {
        final RioFunctions functions = RioFunctions.load();
        final ByteBuffer memory = DirectMemory.allocate(8192, 4096);
        final long id = functions.registerBuffer(DirectMemory.address(memory), 8192);
        final long completions;
        final long socket = RioFixture.datagramSocket();
        final long queue;
        final ByteBuffer pieces = DirectMemory.allocate(64, 16);
        final ByteBuffer results = DirectMemory.allocate(1024, 8);

        Raw(final int size, final int receives) throws Exception {
            SimulatedNetwork.control().sim_rio_configure(1, 0, 50, 0);
            completions = functions.createCompletionQueue(size, null);
            queue = functions.createRequestQueue(socket, receives, 1, completions, completions, 7);
        }

        /** Address of a RIO_BUF. */
        long piece(final int offset, final int length) {
            pieces.putLong(0, id).putInt(8, offset).putInt(12, length);
            return DirectMemory.address(pieces);
        }

        int receive(final int offset, final int length, final int count) {
            return functions.receive(queue, piece(offset, length), count, 0, 9);
        }

        int dequeue() {
            return functions.dequeue(completions, DirectMemory.address(results), 8);
        }

        void close() throws Exception {
            Winsock.close(socket);
            while (dequeue() > 0) {
                continue;
            }
            functions.closeCompletionQueue(completions);
            functions.deregisterBuffer(id);
        }
    }

    @Test
    void refusesMoreThanOneBufferAndWhatLiesOutside() throws Exception {
        final Raw raw = new Raw(8, 4);
        assertThat(raw.receive(0, 16, 2)).isEqualTo(-WinsockError.WSAEINVAL);
        assertThat(raw.receive(0, 16, 0)).isEqualTo(-WinsockError.WSAEINVAL);
        assertThat(raw.receive(8000, 193, 1)).isEqualTo(-WinsockError.WSAEFAULT);
        assertThat(raw.functions.registerBuffer(DirectMemory.address(raw.memory), 0))
                .isEqualTo(-WinsockError.WSAEINVAL);
        raw.close();
    }

    @Test
    void refusesMoreThanTheQueuesHold() throws Exception {
        final Raw raw = new Raw(4, 2);
        final long socket = RioFixture.datagramSocket();
        assertThat(raw.functions.createRequestQueue(socket, 1, 1, raw.completions, raw.completions, 0))
                .isEqualTo(-WinsockError.WSAENOBUFS);
        assertThat(raw.functions.createRequestQueue(socket, 0, 0, raw.completions, raw.completions, 0))
                .isEqualTo(-WinsockError.WSAEINVAL);
        assertThat(raw.functions.resizeCompletionQueue(raw.completions, 2)).isEqualTo(-WinsockError.WSAETOOMANYREFS);
        assertThat(raw.functions.resizeRequestQueue(raw.queue, 4, 1)).isEqualTo(-WinsockError.WSAENOBUFS);
        assertThat(raw.receive(0, 16, 1)).isZero();
        assertThat(raw.receive(16, 16, 1)).isZero();
        assertThat(raw.receive(32, 16, 1)).isEqualTo(-WinsockError.WSAENOBUFS);
        Winsock.close(raw.socket);
        assertThat(raw.functions.createRequestQueue(socket, 1, 1, raw.completions, raw.completions, 0))
                .isEqualTo(-WinsockError.WSAENOBUFS); // the completions were not dequeued
        assertThat(raw.dequeue()).isEqualTo(2);
        assertThat(raw.results.getInt(0)).isEqualTo(WinsockError.WSA_OPERATION_ABORTED);
        assertThat(raw.results.getLong(8)).isEqualTo(7);
        assertThat(raw.results.getLong(16)).isEqualTo(9);
        final long second = raw.functions.createRequestQueue(socket, 1, 1, raw.completions, raw.completions, 0);
        assertThat(second).isNotNegative();
        Winsock.close(socket);
        raw.functions.closeCompletionQueue(raw.completions);
        raw.functions.deregisterBuffer(raw.id);
    }

    @Test
    void noticesTwoThreadsInOneQueue() throws Exception {
        final Raw raw = new Raw(8, 4);
        SimulatedNetwork.control().sim_rio_configure(1, 0, 50, 2_000_000); // calls linger
        final boolean[] corrupt = new boolean[1];
        final Thread[] threads = new Thread[2];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                final ByteBuffer results = DirectMemory.allocate(1024, 8);
                for (int turn = 0; turn < 2000 && !corrupt[0]; turn++) {
                    corrupt[0] |= raw.functions.dequeue(raw.completions, DirectMemory.address(results), 8)
                            == RioFunctions.CORRUPT;
                }
            });
            threads[i].start();
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        SimulatedNetwork.control().sim_rio_configure(1, 0, 50, 0);
        assertThat(corrupt[0]).isTrue();
        assertThat(raw.dequeue()).isEqualTo(RioFunctions.CORRUPT);
        Winsock.close(raw.socket);
        raw.functions.closeCompletionQueue(raw.completions);
        raw.functions.deregisterBuffer(raw.id);
    }

    /** What Windows does when the listener was made without WSA_FLAG_REGISTERED_IO, and the accepted socket with it. */
    @Test
    void receivesNeverCompleteWhenTheListenerLacksTheFlag() throws Exception {
        try (RioFixture fixture = new RioFixture();
                RioCompletionQueue completions = fixture.rio.createPolledQueue(8);
                OverlappedPool blocks = OverlappedPool.ofBlocks(1)) {
            final long listener = Winsock.socket(WinsockConstants.AF_INET, WinsockConstants.SOCK_STREAM, 0, 0);
            Winsock.bind(listener, SimulatedNetwork.anyPort());
            Winsock.listen(listener, 1);
            fixture.port.associate(listener, 3);
            final long socket = Winsock.socket(
                    WinsockConstants.AF_INET, WinsockConstants.SOCK_STREAM, 0, WinsockConstants.WSA_FLAG_REGISTERED_IO);
            final Overlapped block = blocks.acquire();
            SimulatedNetwork.acceptEx(listener, socket, block);
            final Socket peer = SimulatedNetwork.peer((InetSocketAddress) Winsock.localAddress(listener));
            assertThat(SimulatedNetwork.one(fixture.port).error(0)).isZero();
            block.complete();
            block.release();
            Winsock.setOption(
                    socket,
                    WinsockConstants.SOL_SOCKET,
                    WinsockConstants.SO_UPDATE_ACCEPT_CONTEXT,
                    DirectMemory.allocate(8, 8).putLong(0, listener));
            final RioRequestQueue queue = RioRequestQueue.open(socket, 1, 1, completions, completions);
            assertThat(queue.receive(fixture.buffers.acquire(), 1, 0)).isZero();
            peer.getOutputStream().write(1);
            assertThat(queue.send(fixture.slice("x"), 2, 0)).isZero();
            assertThat(fixture.one(completions).context(0)).isEqualTo(2);
            Thread.sleep(100);
            assertThat(completions.dequeue(fixture.results)).isZero();
            peer.close();
            Winsock.close(listener);
        }
    }

    /** Each ends the process: what it says is the name of what was done wrong. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "use after close: a request on a request queue whose socket is closed",
                "buffer in use: a request with memory that another request still has",
                "deregister in use: RIODeregisterBuffer while a request uses the buffer",
                "close too early: RIOCloseCompletionQueue before its sockets were closed and drained",
                "dequeue after close: RIODequeueCompletion of a completion queue that is none, or is closed",
                "buffer after deregister: a request with a buffer that is not registered any more"
            })
    void endsTheProcess(final String wrong) throws Exception {
        final String[] parts = wrong.split(": ", 2);
        final ProcessBuilder builder = new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx64m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + (Libraries.isWindows() ? "NUL" : "/dev/null"),
                "-D" + Simulators.DIRECTORY_PROPERTY + "="
                        + Path.of(Simulators.path("any")).getParent(),
                "-cp",
                System.getProperty("java.class.path"),
                Misuse.class.getName(),
                parts[0]);
        final Process process = SimulatedNetwork.start(builder);
        final String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains(parts[1]).doesNotContain("survived");
        assertThat(process.exitValue()).isNotZero();
    }

    /** The process that does something wrong. */
    public static final class Misuse {
        private Misuse() {}

        public static void main(final String[] arguments) throws Exception {
            SimulatedNetwork.control();
            final Raw raw = new Raw(8, 4);
            raw.receive(0, 64, 1);
            switch (arguments[0]) {
                case "use after close":
                    Winsock.close(raw.socket);
                    raw.receive(64, 64, 1);
                    break;
                case "buffer in use":
                    raw.receive(63, 64, 1);
                    break;
                case "deregister in use":
                    raw.functions.deregisterBuffer(raw.id);
                    break;
                case "close too early":
                    Winsock.close(raw.socket);
                    raw.functions.closeCompletionQueue(raw.completions);
                    break;
                case "dequeue after close":
                    Winsock.close(raw.socket);
                    raw.dequeue();
                    raw.functions.closeCompletionQueue(raw.completions);
                    raw.dequeue();
                    break;
                default:
                    Winsock.close(raw.socket);
                    raw.dequeue();
                    raw.functions.deregisterBuffer(raw.id);
                    final long socket = RioFixture.datagramSocket();
                    final long queue =
                            raw.functions.createRequestQueue(socket, 1, 1, raw.completions, raw.completions, 0);
                    raw.functions.receive(queue, raw.piece(0, 64), 1, 0, 0);
            }
            System.out.println("survived");
        }
    }
}
