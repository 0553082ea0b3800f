package dev.ringflow.nio;

import dev.ringflow.Capabilities;
import dev.ringflow.Support;
import dev.ringflow.spi.CompletionListener;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.DriverModes;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.NativeMemory;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The driver that needs nothing but a JDK: sockets on a selector, files on helper threads. Confined to the loop thread,
 * except {@link #wakeup()} and {@link #wakeIfWaiting()}.
 */
final class NioDriver implements Driver {
    private static final String NO_KERNEL = "not available: this driver has no ring in the kernel";

    private final CompletionListener listener;
    private final DriverCounters counters = new DriverCounters();
    private final Completions completions = new Completions();
    private final NativeMemory memory = new DirectMemory();
    private final Capabilities capabilities;
    private final SocketSelector selector;
    private final FileOperations files;
    /** Every channel, so that none outlives the driver. */
    private final Set<Closeable> open = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Keeps helper threads from waking a loop that does not wait. */
    private final AtomicBoolean waiting = new AtomicBoolean();

    private long handles;
    private boolean closed;
    private @Nullable Throwable fault;

    NioDriver(DriverModes modes, CompletionListener listener) throws IOException {
        this.capabilities = describe(modes);
        this.listener = listener;
        this.selector = new SocketSelector(counters);
        this.files = new FileOperations(this, Thread.currentThread().getName());
    }

    /** The capabilities, which name what was asked for and a JDK has no way to. */
    private static Capabilities describe(DriverModes modes) {
        Capabilities capabilities = describe();
        if (modes.submissionThreadMillis() > 0) {
            capabilities = capabilities.withDetail("submission thread", NO_KERNEL);
        }
        if (modes.polledCompletions()) {
            capabilities = capabilities.withDetail("polled completions", NO_KERNEL);
        }
        return capabilities;
    }

    private static Capabilities describe() {
        return Capabilities.builder(NioDriverProvider.NAME)
                .operations(
                        Support.NATIVE,
                        OpCode.NOP,
                        OpCode.LISTEN,
                        OpCode.CONNECT,
                        OpCode.ACCEPT,
                        OpCode.RECEIVE,
                        OpCode.SEND,
                        OpCode.SHUTDOWN)
                .operations(Support.ALTERNATIVE, OpCode.CHAIN, OpCode.ACCEPT_MULTISHOT, OpCode.SYNC_RANGE)
                .operations(
                        Support.HELPER_THREAD,
                        OpCode.OPEN,
                        OpCode.CLOSE,
                        OpCode.READ,
                        OpCode.WRITE,
                        OpCode.APPEND,
                        OpCode.READ_VECTORED,
                        OpCode.WRITE_VECTORED,
                        OpCode.SYNC,
                        OpCode.STAT,
                        OpCode.TRUNCATE,
                        OpCode.STAT_PATH,
                        OpCode.RENAME,
                        OpCode.DELETE,
                        OpCode.CREATE_DIRECTORY,
                        OpCode.CREATE_SYMBOLIC_LINK,
                        OpCode.CREATE_LINK,
                        OpCode.GET_ATTRIBUTE,
                        OpCode.SET_ATTRIBUTE,
                        OpCode.REMOVE_ATTRIBUTE,
                        OpCode.LIST_ATTRIBUTES)
                .registeredBuffers(false)
                .mirroredMemory(false)
                .cancellation(true)
                .detail("java", System.getProperty("java.version", ""))
                .detail("selector", SelectorProvider.provider().getClass().getSimpleName())
                .build();
    }

    @Override
    public String name() {
        return NioDriverProvider.NAME;
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
        return counters;
    }

    @Override
    public @Nullable Throwable fault() {
        return fault;
    }

    // Starting and cancelling.

    @Override
    public void start(Operation operation) {
        counters.submitted().add(1);
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            begin(operation);
        } catch (IOException | RuntimeException e) {
            completions.failed(operation, NioFailures.of(operation, e));
        }
    }

    private void begin(Operation operation) throws IOException {
        switch (operation.opCode()) {
            case NOP -> completions.done(operation, 0);
            case OPEN,
                    STAT_PATH,
                    RENAME,
                    DELETE,
                    CREATE_DIRECTORY,
                    CREATE_SYMBOLIC_LINK,
                    CREATE_LINK,
                    GET_ATTRIBUTE,
                    SET_ATTRIBUTE,
                    REMOVE_ATTRIBUTE,
                    LIST_ATTRIBUTES -> files.start(operation, null);
            case READ, WRITE, APPEND, READ_VECTORED, WRITE_VECTORED, SYNC, SYNC_RANGE, STAT, TRUNCATE ->
                files.start(operation, state(operation, OpenFile.class));
            case LISTEN -> listen(operation);
            case CONNECT -> new ConnectingSocket(this, operation).start();
            case ACCEPT, ACCEPT_MULTISHOT ->
                state(operation, ListeningSocket.class).accept(operation);
            case RECEIVE -> state(operation, StreamSocket.class).receive(operation);
            case SEND -> state(operation, StreamSocket.class).send(operation);
            case SHUTDOWN -> state(operation, StreamSocket.class).shutdownOutput(operation);
            case CLOSE -> closeHandle(operation);
            default ->
                throw new UnsupportedOperationException(
                        operation.opCode() + " is not supported by the driver " + name());
        }
    }

    private static <T> T state(Operation operation, Class<T> kind) {
        return kind.cast(handleState(operation));
    }

    private static Object handleState(Operation operation) {
        Handle handle = Objects.requireNonNull(operation.handle(), "handle");
        return Objects.requireNonNull(handle.driverState(), "a handle of this driver");
    }

    private void listen(Operation operation) throws IOException {
        ListeningSocket socket = ListeningSocket.open(this, operation);
        opened(socket);
        completions.opened(operation, handle(socket), socket.localAddress());
    }

    private void closeHandle(Operation operation) throws IOException {
        Object state = handleState(operation);
        open.remove(state);
        if (state instanceof OpenFile file) {
            files.start(operation, file);
        } else {
            counters.systemCalls().add(1);
            ((Closeable) state).close();
            completions.done(operation, 0); // told after the selector has let go of the descriptor
        }
    }

    @Override
    public void cancel(Operation operation) {
        counters.cancels().add(1);
        if (operation.driverState() instanceof Pending pending) {
            pending.cancel();
        }
    }

    // Waiting and delivering.

    @Override
    public int poll(long timeoutNanos) {
        if (closed) {
            return 0;
        }
        try {
            await(completions.isEmpty() ? timeoutNanos : 0);
        } catch (IOException | RuntimeException e) {
            fault = e;
        }
        files.takeFinished();
        int delivered = completions.deliver(listener);
        counters.completed().add(delivered);
        return delivered;
    }

    /** Whoever finishes after the look at the queue finds the flag up, and wakes the selector. */
    private void await(long timeoutNanos) throws IOException {
        if (timeoutNanos == 0) {
            selector.select(0);
            return;
        }
        waiting.set(true);
        try {
            selector.select(files.hasFinished() ? 0 : timeoutNanos);
        } finally {
            waiting.set(false);
        }
    }

    /** Helper thread: there is something to take over. */
    void wakeIfWaiting() {
        if (waiting.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    // Failures.

    @Override
    public Throwable failure(Operation operation, int result) {
        return new IllegalStateException(operation + " ended with " + result + ", which is no result of this driver");
    }

    @Override
    public Retry retry(Operation operation, int result) {
        return NioFailures.isShortage(operation.failure()) ? Retry.LATER : Retry.NEVER;
    }

    // Addresses.

    @Override
    public SocketAddress localAddress(Handle handle) throws IOException {
        return ((SelectableSocket) Objects.requireNonNull(handle.driverState())).localAddress();
    }

    @Override
    public SocketAddress remoteAddress(Handle handle) throws IOException {
        return ((SelectableSocket) Objects.requireNonNull(handle.driverState())).remoteAddress();
    }

    // Registration: there is no kernel to register with.

    @Override
    public int registerBuffer(ByteBuffer region) {
        return -1;
    }

    @Override
    public void unregisterBuffer(int index) {}

    // For the sockets and files of this driver.

    Completions completions() {
        return completions;
    }

    SocketSelector selector() {
        return selector;
    }

    Handle handle(Closeable state) {
        return new Handle(++handles, state);
    }

    void opened(Closeable channel) {
        open.add(channel);
    }

    void replaced(Closeable before, Closeable after) {
        open.remove(before);
        open.add(after);
    }

    void closeQuietly(Closeable channel) {
        open.remove(channel);
        try {
            channel.close();
        } catch (IOException itFailedAnyway) {
            // the first failure is the one to tell
        }
    }

    // The end.

    @Override
    public void close(boolean drained) {
        if (closed) {
            return;
        }
        closed = true;
        files.close(drained);
        for (Closeable each : Set.copyOf(open)) {
            closeQuietly(each);
        }
        try {
            selector.close();
        } catch (IOException e) {
            fault = e;
        }
    }
}
