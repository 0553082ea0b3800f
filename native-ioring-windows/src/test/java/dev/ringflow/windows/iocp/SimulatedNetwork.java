package dev.ringflow.windows.iocp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.internal.Libraries;
import dev.ringflow.windows.internal.Ws2_32;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.LongLong;
import org.jspecify.annotations.Nullable;

/** What the tests of sockets share: waiting, peers, and the simulator's own switches. */
public final class SimulatedNetwork {
    /** Generous: no test waits so long when all is well. */
    public static final int PATIENCE = 20_000;

    private static @Nullable Control control;

    private SimulatedNetwork() {}

    /** The simulator's own functions. */
    public interface Control {
        /** Seed, percent of turns skipped, percent of deferred requests that wait, turns that a call lingers. */
        void sim_rio_configure(@LongLong long seed, int skip, int defer, int spins);

        /** 0 completion queues, 1 request queues, 2 buffers, 3 sockets for Registered I/O. */
        int sim_rio_live(int what);
    }

    public static synchronized Control control() {
        Control known = control;
        if (known == null) {
            Simulators.path("simrio"); // sets the property
            known = LibraryLoader.create(Control.class).load(System.getProperty(Ws2_32.LIBRARY_PROPERTY));
            control = known;
        }
        return known;
    }

    public static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Handles of this process; on Linux those of the simulator. */
    public static int handles() {
        final ByteBuffer count = DirectMemory.allocate(Integer.BYTES, Integer.BYTES);
        assertThat(Kernel32.getProcessHandleCount(DirectMemory.address(count))).isZero();
        return count.getInt(0);
    }

    /** Sockets of the simulator that are open; on Windows those that were made for Registered I/O. 0 without simulator. */
    public static int openSockets() {
        if (Simulators.isReal()) {
            return 0;
        }
        return Libraries.isWindows() ? control().sim_rio_live(3) : LinuxOnly.SOCKETS.sim_sockets();
    }

    /** Fails unless so many sockets are open; without simulator nobody counts them. */
    public static void assertOpenSockets(final int expected) {
        if (!Simulators.isReal()) {
            assertThat(openSockets()).as("open sockets").isEqualTo(expected);
        }
    }

    /** What only the Linux build of the simulator has. */
    public interface Sockets {
        int sim_sockets();
    }

    private static final class LinuxOnly {
        static final Sockets SOCKETS =
                LibraryLoader.create(Sockets.class).load(System.getProperty(Ws2_32.LIBRARY_PROPERTY));
    }

    public static ByteBuffer bytes(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return DirectMemory.allocate(bytes.length, 1).put(0, bytes);
    }

    public static String text(final ByteBuffer memory, final int length) {
        final byte[] bytes = new byte[length];
        memory.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A peer of the JDK's. */
    public static Socket peer(final InetSocketAddress address) throws IOException {
        final Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE);
        socket.connect(address, PATIENCE);
        return socket;
    }

    /** Takes exactly one completion from a port. */
    public static CompletionEntries one(final CompletionPort port) throws WinsockException {
        final CompletionEntries entries = CompletionEntries.allocate(1);
        assertThat(port.await(entries, PATIENCE)).isEqualTo(1);
        return entries;
    }

    /** Accepts connections until there are as many as wanted. */
    public static long[] accept(final CompletionPort port, final AcceptPool pool, final int wanted)
            throws WinsockException {
        final long[] sockets = new long[wanted];
        final int[] count = {0};
        final CompletionEntries entries = CompletionEntries.allocate(16);
        while (count[0] < wanted) {
            assertThat(port.await(entries, PATIENCE)).isPositive();
            for (int i = 0; i < entries.count(); i++) {
                assertThat(pool.owns(entries.overlapped(i))).isTrue();
                pool.complete(entries, i, socket -> sockets[count[0]++] = socket);
            }
        }
        assertThat(count[0]).isEqualTo(wanted);
        return sockets;
    }

    /** Starts a process; Wine fails at it now and then, and not a second time. */
    public static Process start(final ProcessBuilder builder) throws IOException {
        try {
            return builder.redirectErrorStream(true).start();
        } catch (final IOException e) {
            if (!Libraries.isWindows()) {
                throw e;
            }
            return builder.start();
        }
    }

    /** AcceptEx without a pool. */
    public static void acceptEx(final long listener, final long socket, final Overlapped block)
            throws WinsockException {
        assertThat(AcceptPool.acceptEx(AcceptPool.function(listener), listener, socket, block))
                .isZero();
    }

    /** Closes a pool and takes its last completions. */
    public static void closeAndDrain(final CompletionPort port, final AcceptPool pool) throws WinsockException {
        pool.close();
        final CompletionEntries entries = CompletionEntries.allocate(64);
        while (!pool.isDrained()) {
            assertThat(port.await(entries, PATIENCE)).isPositive();
            for (int i = 0; i < entries.count(); i++) {
                pool.complete(entries, i, socket -> {
                    throw new AssertionError("a connection after closing");
                });
            }
        }
    }
}
