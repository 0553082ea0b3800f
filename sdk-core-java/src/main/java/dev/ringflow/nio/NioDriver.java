package dev.ringflow.nio;

import dev.ringflow.Capabilities;
import dev.ringflow.Support;
import dev.ringflow.spi.CompletionListener;
import dev.ringflow.spi.DetachedHandle;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.DriverModes;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.NativeMemory;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.PickedBuffers;
import dev.ringflow.spi.ProvidedBuffers;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
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
    private final CrowdedConnects crowded = new CrowdedConnects();
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
        if (modes.pinned() >= 0) {
            capabilities = capabilities.withDetail("loop thread", "not pinned: a JDK has no way to");
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
                        OpCode.PIPE,
                        OpCode.LISTEN,
                        OpCode.CONNECT,
                        OpCode.ACCEPT,
                        OpCode.RECEIVE,
                        OpCode.SEND,
                        OpCode.SEND_VECTORED,
                        OpCode.SHUTDOWN,
                        OpCode.GET_OPTION,
                        OpCode.SET_OPTION,
                        OpCode.BIND,
                        OpCode.CONNECT_DATAGRAM,
                        OpCode.RECEIVE_DATAGRAM,
                        OpCode.SEND_DATAGRAM,
                        OpCode.JOIN_GROUP,
                        OpCode.LEAVE_GROUP)
                .operations(Support.ALTERNATIVE, OpCode.RECEIVE_DATAGRAM_MULTISHOT)
                .operations(Support.NATIVE, OpCode.OPEN_PACKET_SOCKET, OpCode.SEND_PACKET, OpCode.RECEIVE_PACKET)
                .operations(
                        Support.ALTERNATIVE,
                        OpCode.CHAIN,
                        OpCode.PARK,
                        OpCode.ACCEPT_MULTISHOT,
                        OpCode.RECEIVE_MULTISHOT,
                        OpCode.SYNC_RANGE)
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
                .detail("datagrams", "no details, settings of single sends, segmentation, coalescing or unix sockets")
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
        Handle handle = operation.handle();
        if (handle != null && handle.isForeign()) {
            throw new UnsupportedOperationException(operation.opCode()
                    + " of a file descriptor that is not the ring's own is not supported by the driver " + name());
        }
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
            case READ, WRITE -> {
                if (handleState(operation) instanceof PipeChannel pipe) {
                    pipe.start(operation);
                } else {
                    files.start(operation, state(operation, OpenFile.class));
                }
            }
            case APPEND, READ_VECTORED, WRITE_VECTORED, SYNC, SYNC_RANGE, STAT, TRUNCATE ->
                files.start(operation, state(operation, OpenFile.class));
            case PIPE -> PipeChannel.open(this, operation);
            case LISTEN -> listen(operation);
            case OPEN_PACKET_SOCKET -> openPacketSocket(operation);
            case SEND_PACKET -> state(operation, PacketChannel.class).send(operation);
            case RECEIVE_PACKET -> state(operation, PacketChannel.class).receive(operation);
            case CONNECT -> new ConnectingSocket(this, operation).start();
            case ACCEPT, ACCEPT_MULTISHOT ->
                state(operation, ListeningSocket.class).accept(operation);
            case RECEIVE, RECEIVE_MULTISHOT ->
                state(operation, StreamSocket.class).receive(operation);
            case SEND, SEND_VECTORED -> state(operation, StreamSocket.class).send(operation);
            case SHUTDOWN -> state(operation, StreamSocket.class).shutdown(operation);
            case GET_OPTION, SET_OPTION ->
                ChannelOptions.start(operation, networkChannel(operation.handle()), completions);
            case BIND -> bind(operation);
            case CONNECT_DATAGRAM,
                    RECEIVE_DATAGRAM,
                    RECEIVE_DATAGRAM_MULTISHOT,
                    SEND_DATAGRAM,
                    JOIN_GROUP,
                    LEAVE_GROUP -> datagram(operation, state(operation, DatagramChannelSocket.class));
            case CLOSE -> closeHandle(operation);
            default ->
                throw new UnsupportedOperationException(
                        operation.opCode() + " is not supported by the driver " + name());
        }
    }

    private static <T> T state(Operation operation, Class<T> kind) {
        return kind.cast(handleState(operation));
    }

    private static NetworkChannel networkChannel(@Nullable Handle handle) {
        if (handle != null
                && handle.driverState() instanceof SelectableSocket socket
                && socket.channel() instanceof NetworkChannel channel) {
            return channel;
        }
        throw new IllegalArgumentException(handle + " is no socket");
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

    private void bind(Operation operation) throws IOException {
        DatagramChannelSocket socket = DatagramChannelSocket.open(this, operation);
        opened(socket);
        completions.opened(operation, handle(socket), socket.localAddress());
    }

    private static void datagram(Operation operation, DatagramChannelSocket socket) throws IOException {
        switch (operation.opCode()) {
            case CONNECT_DATAGRAM -> socket.connect(operation);
            case SEND_DATAGRAM -> socket.send(operation);
            case JOIN_GROUP -> socket.join(operation);
            case LEAVE_GROUP -> socket.leave(operation);
            default -> socket.receive(operation);
        }
    }

    private void openPacketSocket(Operation operation) throws IOException {
        PacketChannel socket = PacketChannel.open(this, operation);
        opened(socket);
        completions.opened(operation, handle(socket), socket.info());
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
            crowded.tryAgain();
            await(completions.isEmpty() ? crowded.limit(timeoutNanos) : 0);
        } catch (IOException | RuntimeException e) {
            fault = e;
        }
        listener.awake();
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

    // Moving connections.

    @Override
    public DetachedHandle detach(Handle handle) {
        if (!(handle.driverState() instanceof StreamSocket socket)) {
            throw new UnsupportedOperationException(
                    "The driver " + name() + " moves connections alone to another ring");
        }
        open.remove(socket);
        socket.leaveSelector();
        try {
            selector.select(0); // a channel that is registered here would not really be closed there
        } catch (IOException e) {
            fault = e;
        }
        return new DetachedChannel(socket.connection());
    }

    @Override
    public Handle adopt(DetachedHandle detached) {
        StreamSocket socket = new StreamSocket(this, ((DetachedChannel) detached).channel());
        opened(socket);
        return handle(socket);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions(Handle handle) {
        return ChannelOptions.supported(networkChannel(handle));
    }

    // Registration: there is no kernel to register with.

    @Override
    public int registerBuffer(ByteBuffer region) {
        return -1;
    }

    @Override
    public void unregisterBuffer(int index) {}

    @Override
    public ProvidedBuffers provideBuffers(int count, int bufferSize, boolean incremental, boolean bundles) {
        return new PickedBuffers(
                memory.allocate(Math.multiplyExact(count, bufferSize), memory.pageSize()), count, bufferSize);
    }

    // For the sockets and files of this driver.

    Completions completions() {
        return completions;
    }

    SocketSelector selector() {
        return selector;
    }

    CrowdedConnects crowded() {
        return crowded;
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
