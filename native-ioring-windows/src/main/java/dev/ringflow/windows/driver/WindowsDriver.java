package dev.ringflow.windows.driver;

import dev.ringflow.Capabilities;
import dev.ringflow.Support;
import dev.ringflow.spi.CompletionListener;
import dev.ringflow.spi.DetachedHandle;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.DriverModes;
import dev.ringflow.spi.DriverOptions;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.NativeMemory;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ProvidedBuffers;
import dev.ringflow.windows.iocp.CompletionPort;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The core's driver over a completion port, to which everything comes: overlapped requests by themselves, an I/O ring's
 * completions by a thread that waits for its event, Registered I/O by its notifications, wake-ups and helper threads by
 * entries that they post. Confined to the loop thread, except {@link #wakeup()}.
 */
final class WindowsDriver implements Driver {
    /** What a driver leaves behind that was closed with operations in flight: the system may still write to it. */
    private static final Queue<Object> KEPT_FOR_GOOD = new ConcurrentLinkedQueue<>();

    /** How long to wait before something is submitted again that was refused. */
    private static final long HELD_UP_NANOS = 10_000_000;

    private final CompletionListener listener;
    private final DriverCore core;
    private final WindowsMemory memory = new WindowsMemory();
    private final FileRings rings;
    private final SocketFamily sockets;
    private final Capabilities capabilities;
    private boolean closed;

    private WindowsDriver(CompletionPort port, DriverOptions options, CompletionListener listener) {
        this.listener = listener;
        this.core = new DriverCore(port, Thread.currentThread().getName());
        this.rings = new FileRings(core, options);
        this.sockets = new SocketFamily(core);
        FilePreparation files = new FilePreparation(core, rings);
        this.capabilities = describe(options.modes());
        core.preparations(new Preparations(core, files, rings, sockets, capabilities));
    }

    static WindowsDriver open(DriverOptions options, CompletionListener listener) throws IOException {
        CompletionPort port = CompletionPort.open();
        try {
            return new WindowsDriver(port, options, listener);
        } catch (RuntimeException | Error e) {
            port.close();
            throw e;
        }
    }

    private Capabilities describe(DriverModes modes) {
        Capabilities.Builder builder = Capabilities.builder(WindowsDriverProvider.NAME)
                .operations(Support.NATIVE, OpCode.NOP)
                .operations(Support.ALTERNATIVE, OpCode.CHAIN, OpCode.PARK)
                .operations(Support.HELPER_THREAD, OpCode.WAIT_CHILD)
                .detail("processes", "told by a thread of the JDK's for each; how one has ended, only to its parent")
                .mirroredMemory(MirroredPages.unavailable() == null)
                .cancellation(true);
        FileCapabilities.describe(builder, rings);
        sockets.describe(builder);
        builder.detail("java", System.getProperty("java.version", ""));
        if (modes.submissionThreadMillis() > 0) {
            builder.detail("submission thread", "not available: Windows has none");
        }
        if (modes.pinned() >= 0) {
            builder.detail("loop thread", "not pinned");
        }
        if (modes.polledCompletions()) {
            builder.detail("polled completions", "not available: Windows has none");
        }
        return builder.build();
    }

    @Override
    public String name() {
        return WindowsDriverProvider.NAME;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public NativeMemory memory() {
        return memory;
    }

    @Override
    public DriverCounters counters() {
        return core.counters();
    }

    @Override
    public @Nullable Throwable fault() {
        Throwable ofPort = core.port().fault();
        Throwable ofRings = ofPort != null ? ofPort : rings.fault();
        return ofRings != null ? ofRings : sockets.fault();
    }

    // Starting and cancelling.

    @Override
    public void start(Operation operation) {
        core.slots().take(operation);
        core.counters().submitted().add(1);
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            Handle handle = operation.handle();
            if (handle != null && handle.isForeign()) {
                throw new UnsupportedOperationException(operation.opCode()
                        + " of a file descriptor that is not the ring's own is not supported by the driver " + name());
            }
            core.preparation(operation).start(operation);
        } catch (IOException | RuntimeException e) {
            core.completions().failed(operation, WindowsFailures.of(operation, e));
        }
    }

    @Override
    public void cancel(Operation operation) {
        if (operation.slot() < 0 || operation.driverState() == null) {
            return;
        }
        core.counters().cancels().add(1);
        if (operation.driverState() instanceof HelperJob job) {
            core.helpers().cancel(job);
        } else {
            core.preparation(operation).cancel(operation);
        }
    }

    // Waiting and delivering.

    @Override
    public int poll(long timeoutNanos) {
        if (closed) {
            return 0;
        }
        rings.submitAll();
        rings.pop(); // what Windows has in its cache is there when the submission returns
        if (rings.isHeldUp()) {
            rings.submit();
        }
        boolean busy = sockets.beforeWait();
        busy |= !core.completions().isEmpty();
        core.port()
                .await(
                        busy
                                ? 0
                                : rings.isHeldUp()
                                        ? Math.min(timeoutNanos, HELD_UP_NANOS)
                                        : sockets.limit(timeoutNanos));
        listener.awake();
        rings.pop();
        sockets.afterWait();
        core.helpers().takeFinished();
        int delivered = core.completions().deliver(listener);
        core.counters().completed().add(delivered);
        return delivered;
    }

    @Override
    public void wakeup() {
        core.port().wake();
    }

    // Telling people.

    @Override
    public Throwable failure(Operation operation, int result) {
        return new IllegalStateException(operation + " ended with " + result + ", which is no result of this driver");
    }

    @Override
    public Retry retry(Operation operation, int result) {
        return WindowsFailures.retry(operation.failure());
    }

    @Override
    public SocketAddress localAddress(Handle handle) throws IOException {
        return sockets.localAddress(handle);
    }

    @Override
    public SocketAddress remoteAddress(Handle handle) throws IOException {
        return sockets.remoteAddress(handle);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions(Handle handle) {
        return sockets.supportedOptions(handle);
    }

    @Override
    public DetachedHandle detach(Handle handle) throws IOException {
        return sockets.detach(handle);
    }

    @Override
    public Handle adopt(DetachedHandle detached) {
        return sockets.adopt(detached);
    }

    // Registration.

    @Override
    public int registerBuffer(ByteBuffer region) {
        return sockets.registerBuffer(region, rings.registerBuffer(region));
    }

    @Override
    public void unregisterBuffer(int index) {
        if (sockets.unregisterBuffer(index)) {
            rings.unregisterBuffer(index);
        }
    }

    @Override
    public ProvidedBuffers provideBuffers(int count, int bufferSize, boolean incremental, boolean bundles)
            throws IOException {
        return sockets.provideBuffers(count, bufferSize);
    }

    // The end.

    /** Closes what is open, then the queues, the ring and the port, and only then lets memory go. */
    @Override
    public void close(boolean drained) {
        if (closed) {
            return;
        }
        closed = true;
        if (!drained) {
            KEPT_FOR_GOOD.add(core.slots().inFlight());
            KEPT_FOR_GOOD.add(core);
            KEPT_FOR_GOOD.add(rings);
            KEPT_FOR_GOOD.add(sockets);
        }
        core.helpers().close(drained);
        core.closeAll();
        sockets.close(drained);
        rings.close(drained);
        core.port().close();
        if (drained) {
            core.blocks().close();
        }
    }

    @Override
    public String toString() {
        return "WindowsDriver[" + rings + "]";
    }
}
