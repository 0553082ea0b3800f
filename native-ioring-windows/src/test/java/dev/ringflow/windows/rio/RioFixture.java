package dev.ringflow.windows.rio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.iocp.AcceptPool;
import dev.ringflow.windows.iocp.CompletionPort;
import dev.ringflow.windows.iocp.SimulatedNetwork;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockConstants;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A listener, a slab, and peers of the JDK's; everything is closed, and counted, at the end. */
final class RioFixture implements AutoCloseable {
    final Rio rio;
    final CompletionPort port;
    final AcceptPool pool;
    final RioSlab slab;
    final RioBuffers buffers;
    final RioResults results = RioResults.allocate(32);
    private final int sockets;
    private final int[] live = new int[3];

    RioFixture() throws IOException {
        sockets = SimulatedNetwork.openSockets();
        if (!Simulators.isReal()) {
            SimulatedNetwork.control().sim_rio_configure(System.nanoTime(), 20, 50, 0);
            for (int i = 0; i < live.length; i++) {
                live[i] = SimulatedNetwork.control().sim_rio_live(i);
            }
        }
        rio = Rio.open();
        port = CompletionPort.open();
        pool = AcceptPool.listen(port, 1, SimulatedNetwork.anyPort(), WinsockConstants.SOMAXCONN, 4, true);
        slab = rio.allocateSlab(1 << 20);
        buffers = RioBuffers.of(slab, 4096);
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) pool.localAddress();
    }

    Socket peer() throws IOException {
        return SimulatedNetwork.peer(address());
    }

    /** The next accepted socket. */
    long accept() throws IOException {
        return SimulatedNetwork.accept(port, pool, 1)[0];
    }

    RioSlice slice(final String text) {
        final RioSlice whole = buffers.acquire();
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final RioSlice slice = slab.slice(whole.offset(), bytes.length);
        slice.buffer().put(0, bytes);
        return slice;
    }

    static String text(final RioSlice slice, final int length) {
        return SimulatedNetwork.text(slice.buffer(), length);
    }

    /** Takes exactly one completion, by polling. */
    RioResults one(final RioCompletionQueue queue) throws InterruptedException {
        final RioResults single = RioResults.allocate(1);
        final long end = System.currentTimeMillis() + SimulatedNetwork.PATIENCE;
        while (queue.dequeue(single) == 0) {
            assertThat(System.currentTimeMillis()).as("no completion came").isLessThan(end);
            Thread.sleep(1);
        }
        return single;
    }

    /** A datagram socket for Registered I/O. */
    static long datagramSocket() throws IOException {
        final long socket = Winsock.socket(
                WinsockConstants.AF_INET, WinsockConstants.SOCK_DGRAM, 0, WinsockConstants.WSA_FLAG_REGISTERED_IO);
        Winsock.bind(socket, SimulatedNetwork.anyPort());
        return socket;
    }

    @Override
    public void close() throws IOException {
        slab.close();
        SimulatedNetwork.closeAndDrain(port, pool);
        port.close();
        for (int i = 0; i < live.length && !Simulators.isReal(); i++) {
            assertThat(SimulatedNetwork.control().sim_rio_live(i))
                    .as("left over, kind " + i)
                    .isEqualTo(live[i]);
        }
        SimulatedNetwork.assertOpenSockets(sockets);
    }
}
