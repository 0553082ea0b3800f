package dev.ringflow;

import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferGroupOptions;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.BufferPoolOptions;
import dev.ringflow.file.Chain;
import dev.ringflow.file.ChainResult;
import dev.ringflow.file.RingFile;
import dev.ringflow.file.RingFileSystem;
import dev.ringflow.internal.BuffersOut;
import dev.ringflow.net.ConnectOptions;
import dev.ringflow.net.DatagramOptions;
import dev.ringflow.net.ListenOptions;
import dev.ringflow.net.RingDatagramSocket;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import dev.ringflow.spi.DetachedHandle;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A ring: one driver, and one platform thread, the event loop, that owns it.
 *
 * <h2>Threads</h2>
 *
 * <p>Any thread may use a ring. On the loop thread an operation is prepared at once; from any other thread it is handed
 * in through a queue. Callbacks, futures and tasks complete on the loop thread: they should be short, and must not
 * block, or everything on the ring waits for them.
 *
 * <h2>Memory</h2>
 *
 * <p>A buffer that was passed to an operation belongs to the kernel until the operation has completed. Direct buffers
 * are used as they are. Heap buffers work too, through a direct buffer that the ring lends: that costs a copy of all
 * bytes, and transfers of more than 128 KiB at once are cut.
 *
 * <h2>Closing</h2>
 *
 * <p>{@link #close()} cancels what is in flight, waits until the kernel has let go of all memory, and closes every file
 * and socket of the ring. After that every call fails with {@link RingClosedException} and never reaches the kernel.
 *
 * <p>See io_uring(7) for what a ring is on Linux.
 */
public final class Ring extends RingWaiting implements Executor, AutoCloseable {
    private final EventLoop loop;
    private final Driver driver;
    private final ConcurrentHashMap<Class<?>, Object> companions = new ConcurrentHashMap<>();

    Ring(EventLoop loop) {
        this.loop = loop;
        this.driver = loop.opened().join();
    }

    /**
     * Opens a ring with the best driver that works here. Where a better one exists but cannot be had, the reason is
     * logged once, through {@link System.Logger} {@code dev.ringflow}.
     *
     * @return an open ring
     * @throws RingUnavailableException if no driver works, not even the fallback
     */
    public static Ring open() {
        return open(RingOptions.defaults());
    }

    /**
     * Opens a ring.
     *
     * @param options sizes, and the driver if it has to be a certain one
     * @return an open ring
     * @throws UnknownDriverException if the driver that the options name is not there
     * @throws RingUnavailableException if it cannot be used; the message says why and what to do
     */
    public static Ring open(RingOptions options) {
        Ring ring = new Ring(DriverSelection.open(Objects.requireNonNull(options, "options")));
        OpenRings.opened(ring, ring.loop, options);
        return ring;
    }

    /**
     * Which drivers there are, the preferred one first, and why those that cannot be used cannot.
     *
     * @return one entry for each driver on the class path or module path
     */
    public static List<DriverAvailability> drivers() {
        return DriverSelection.availabilities();
    }

    @Override
    Ring self() {
        return this;
    }

    /**
     * The ring's name, which no other ring of the process has: {@link RingOptions#threadName()} and a number. Its threads are
     * called by it: the loop {@code ringflow-1 (uring)}, helpers {@code ringflow-1 (uring) helper-1}.
     *
     * @return such as {@code ringflow-1}
     */
    public String name() {
        return loop.name();
    }

    /**
     * The driver's name.
     *
     * @return such as {@code uring} or {@code nio}
     */
    public String driver() {
        return driver.name();
    }

    /**
     * What the driver can do here.
     *
     * @return the capabilities
     */
    public Capabilities capabilities() {
        return driver.capabilities();
    }

    /**
     * What the ring has done so far.
     *
     * @return recent numbers
     */
    public RingMetrics metrics() {
        var counters = driver.counters();
        return new RingMetrics(
                driver.name(),
                counters.submitted().get(),
                counters.completed().get(),
                loop.activity().inFlight(),
                counters.systemCalls().get(),
                counters.waits().get(),
                loop.counters().wakeups.sum(),
                counters.overflows().get(),
                counters.cancels().get(),
                loop.counters().callbackFailures.sum(),
                loop.activity().openHandles(),
                counters.zeroCopySends().get(),
                counters.zeroCopiesCopied().get(),
                counters.enters().get(),
                BuffersOut.of(this).count(),
                counters.rearms().get(),
                counters.fallbacks().get(),
                loop.watch().stalls());
    }

    // Files and sockets.

    /**
     * Opens a file. A directory opens for reading where the system has that (Linux does), so that it can be synced;
     * reading it fails.
     *
     * @param path its path
     * @param options {@link java.nio.file.StandardOpenOption}s, {@link java.nio.file.LinkOption#NOFOLLOW_LINKS} or
     *     {@link dev.ringflow.file.RingOpenOption}s; reading if there are none
     * @return a future of the open file; fails with {@link java.nio.file.NoSuchFileException},
     *     {@link java.nio.file.FileAlreadyExistsException}, {@link java.nio.file.AccessDeniedException} or another
     *     {@link java.io.IOException}
     * @throws UnsupportedOperationException if an option is not supported
     * @throws IllegalArgumentException if options contradict each other
     */
    public RingFuture<RingFile> openFileAsync(Path path, OpenOption... options) {
        RingFuture<RingFile> future = new RingFuture<>();
        RingFile.open(this, path, future, options);
        return future;
    }

    /**
     * Names, directories, links and attributes of files, and opening them on a restricted way.
     *
     * @return always the same object
     */
    public RingFileSystem fileSystem() {
        return companion(RingFileSystem.class, RingFileSystem::of);
    }

    /**
     * Listens for connections with a backlog of {@value RingServerSocket#DEFAULT_BACKLOG}.
     *
     * @param address where; port 0 lets the system choose
     * @return a future of the listening socket; fails with {@link java.net.BindException} if the address is taken
     * @throws java.nio.channels.UnresolvedAddressException if the address is not resolved
     */
    public RingFuture<RingServerSocket> listenAsync(SocketAddress address) {
        return listenAsync(address, RingServerSocket.DEFAULT_BACKLOG);
    }

    /**
     * Listens for connections.
     *
     * @param address where; port 0 lets the system choose
     * @param backlog how many connections the kernel keeps waiting, at least 1
     * @return a future of the listening socket; fails with {@link java.net.BindException} if the address is taken
     * @throws java.nio.channels.UnresolvedAddressException if the address is not resolved
     */
    public RingFuture<RingServerSocket> listenAsync(SocketAddress address, int backlog) {
        RingFuture<RingServerSocket> future = new RingFuture<>();
        RingServerSocket.listen(this, address, backlog, future);
        return future;
    }

    /**
     * Listens for connections of TCP or of unix sockets.
     *
     * @param address where: an {@link java.net.InetSocketAddress}, whose port 0 lets the system choose, a
     *     {@link java.net.UnixDomainSocketAddress}, whose file stays when the socket is closed, or a
     *     {@link dev.ringflow.net.AbstractUnixAddress}
     * @param options how the socket is made
     * @return a future of the listening socket; fails with {@link java.net.BindException} if the address is taken or cannot
     *     be had, and with {@link UnsupportedOperationException} for what the driver does not have
     * @throws java.nio.channels.UnresolvedAddressException if the address is not resolved
     * @throws java.nio.channels.UnsupportedAddressTypeException if it is of another kind
     * @throws IllegalArgumentException if the path of a unix socket is too long, or empty
     */
    public RingFuture<RingServerSocket> listenAsync(SocketAddress address, ListenOptions options) {
        RingFuture<RingServerSocket> future = new RingFuture<>();
        RingServerSocket.listen(this, address, options, future);
        return future;
    }

    /**
     * Connects to a server of TCP or of unix sockets. {@code TCP_NODELAY} is set.
     *
     * @param address the server, as for {@link #listenAsync(SocketAddress, ListenOptions)}
     * @return a future of the connection; fails with {@link java.net.ConnectException} if it is refused, or nobody listens on
     *     the path
     * @throws java.nio.channels.UnresolvedAddressException if the address is not resolved
     * @throws java.nio.channels.UnsupportedAddressTypeException if it is of another kind
     * @throws IllegalArgumentException if the path of a unix socket is too long, or empty
     */
    public RingFuture<RingSocket> connectAsync(SocketAddress address) {
        RingFuture<RingSocket> future = new RingFuture<>();
        RingSocket.connect(this, address, future);
        return future;
    }

    /**
     * Connects to a server of TCP or of unix sockets.
     *
     * @param address the server, as for {@link #connectAsync(SocketAddress)}
     * @param options how the connection is made
     * @return a future as of {@link #connectAsync(SocketAddress)}; fails with {@link OperationTimeoutException} when the
     *     options' time is over, with {@link java.net.BindException} if the local address cannot be had, and with
     *     {@link UnsupportedOperationException} for what the driver does not have
     */
    public RingFuture<RingSocket> connectAsync(SocketAddress address, ConnectOptions options) {
        RingFuture<RingSocket> future = new RingFuture<>();
        RingSocket.connect(this, address, options, future);
        return future;
    }

    /**
     * Makes a socket for datagrams: UDP, or of unix sockets for a {@link java.net.UnixDomainSocketAddress}, whose file stays
     * when the socket is closed.
     *
     * @param address where; port 0 lets the system choose, and the wildcard address takes IPv6 and IPv4 alike
     * @return a future of the socket; fails with {@link java.net.BindException} if the address is taken, and with
     *     {@link UnsupportedOperationException} for unix sockets on the driver {@code nio}
     * @throws java.nio.channels.UnresolvedAddressException if the address is not resolved
     */
    public RingFuture<RingDatagramSocket> bindAsync(SocketAddress address) {
        return bindAsync(address, DatagramOptions.defaults());
    }

    /**
     * Makes a socket for datagrams.
     *
     * @param address as for {@link #bindAsync(SocketAddress)}
     * @param options how it is made
     * @return a future as of {@link #bindAsync(SocketAddress)}; fails with {@link UnsupportedOperationException} for an
     *     option that the driver or kernel does not have
     * @throws java.nio.channels.UnresolvedAddressException if the address is not resolved
     */
    public RingFuture<RingDatagramSocket> bindAsync(SocketAddress address, DatagramOptions options) {
        RingFuture<RingDatagramSocket> future = new RingFuture<>();
        RingDatagramSocket.bind(this, address, options, future);
        return future;
    }

    /**
     * Makes a pool of equal buffers, registered with the kernel if that can be had.
     *
     * @param bufferSize bytes of each buffer, at least 1
     * @param count how many buffers
     * @return the pool, which the caller closes
     */
    public BufferPool bufferPool(int bufferSize, int count) {
        return BufferPool.create(this, bufferSize, count);
    }

    /**
     * Makes a pool of equal buffers that can grow, registered with the kernel if that can be had.
     *
     * @param options sizes and limits
     * @return the pool, which the caller closes
     * @throws RingClosedException if the ring is closed
     */
    public BufferPool bufferPool(BufferPoolOptions options) {
        return BufferPool.create(this, options);
    }

    /**
     * Makes a group of buffers that connections and datagram sockets receive into, whichever is free. Streams that are told
     * no group share one that the ring makes when it is first needed.
     *
     * @param options count and size
     * @return the group, which the caller closes
     */
    public BufferGroup bufferGroup(BufferGroupOptions options) {
        return BufferGroup.create(this, options);
    }

    /**
     * Submits operations on files that run one after the other, such as a write and the sync that makes it durable:
     * {@code ring.linkAsync(chain -> chain.write(file, buffer, 0).sync(file))}.
     *
     * @param members adds the members in their order; called once, before this method returns
     * @return a future of what was done; fails with {@link dev.ringflow.file.ChainException} if a member failed, after
     *     which the others are cancelled. Cancelling it cancels what has not completed
     * @throws IllegalArgumentException if no member was added, or one has an argument that can never be right
     */
    public RingFuture<ChainResult> linkAsync(Consumer<? super Chain> members) {
        RingFuture<ChainResult> future = new RingFuture<>();
        Chain.link(this, members, future);
        return future;
    }

    // The loop as an executor, with timers.

    /**
     * Runs a task on the loop thread, after what was handed in before. A task that throws is logged and harms nobody
     * else.
     *
     * @param task what to run
     * @throws RejectedExecutionException if the ring is closed
     */
    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        if (!loop.execute(task)) {
            throw new RejectedExecutionException(loop.closedException("execute"));
        }
    }

    /**
     * Whether the calling thread is the loop thread.
     *
     * @return true on the loop thread
     */
    public boolean isLoopThread() {
        return loop.isLoopThread();
    }

    /**
     * Runs a task on the loop thread later. If the ring closes first the task is dropped, and told so if it is a
     * {@link RingTask}.
     *
     * @param delay how long from now; zero or less means in the next turn of the loop
     * @param task what to run
     * @return the timer
     * @throws RingClosedException if the ring is closed
     */
    public RingTimer schedule(Duration delay, Runnable task) {
        return scheduleNanos(saturatedNanos(delay), task);
    }

    /**
     * Runs a task on the loop thread later; the form of {@link #schedule} that allocates least.
     *
     * @param delayNanos nanoseconds from now
     * @param task what to run
     * @return the timer
     * @throws RingClosedException if the ring is closed
     */
    public RingTimer scheduleNanos(long delayNanos, Runnable task) {
        Objects.requireNonNull(task, "task");
        long longest = Long.MAX_VALUE / 2; // keeps the difference of two times from overflowing
        var entry = new TimerQueue.Entry(loop, task, System.nanoTime() + Math.max(0, Math.min(longest, delayNanos)));
        loop.addTimer(entry);
        return entry;
    }

    static long saturatedNanos(Duration delay) {
        try {
            return delay.toNanos();
        } catch (ArithmeticException e) {
            return delay.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }

    // The layer below futures and coroutines.

    /**
     * An empty operation, to be filled and given to {@link #submit}. For layers built on the ring, such as coroutines.
     *
     * @return a pooled one on the loop thread, a new one elsewhere
     */
    public Operation operation() {
        return loop.operation().ring(this);
    }

    /**
     * Hands an operation in. Its handler is told on the loop thread; only if the ring is closed already it is told at
     * once, on this thread.
     *
     * @param operation a filled operation with a handler
     */
    public void submit(Operation operation) {
        loop.submit(operation);
    }

    /**
     * Asks the kernel to cancel an operation. What becomes of it, which may be success, is told to its handler.
     *
     * @param operation the operation
     * @param activation what {@link Operation#activation()} was when it was submitted; if it has changed since, nothing
     *     happens
     */
    public void cancel(Operation operation, int activation) {
        loop.cancel(operation, activation);
    }

    /**
     * Turns a failed result into an exception.
     *
     * @param operation the operation that failed, still filled
     * @param result its result, below zero
     * @return {@link java.util.concurrent.CancellationException} if it was cancelled,
     *     {@link java.nio.channels.AsynchronousCloseException} if its file or socket was closed, or what the platform's
     *     error stands for
     */
    public Throwable failure(Operation operation, int result) {
        return loop.failure(operation, result);
    }

    /**
     * Closes a handle that nobody took.
     *
     * @param handle an open handle of this ring
     */
    public void discard(Handle handle) {
        loop.discard(handle);
    }

    /**
     * Takes what a handle stands for away from this ring, for another one. On the loop thread.
     *
     * @param handle an open handle of this ring
     * @return what {@link #adopt} of a ring with the same driver takes, or the caller closes
     * @throws java.nio.channels.ClosedChannelException if the handle is closed
     * @throws IOException if the driver cannot give it up
     * @throws IllegalStateException if something is in flight on it
     * @throws UnsupportedOperationException if the driver, or this kind of handle, knows no way
     */
    public DetachedHandle detach(Handle handle) throws IOException {
        return loop.detach(handle);
    }

    /**
     * Takes what another ring with the same driver gave up. On the loop thread.
     *
     * @param detached what {@link #detach} gave
     * @return the handle, or null if this ring is closing, and then the caller closes what he has
     */
    public @Nullable Handle adopt(DetachedHandle detached) {
        return loop.adopt(detached);
    }

    /**
     * The driver. All of it but {@link Driver#memory()}, {@link Driver#capabilities()} and {@link Driver#counters()}
     * belongs to the loop thread.
     *
     * @return the driver of this ring
     */
    public Driver unsafeDriver() {
        return driver;
    }

    /**
     * The one object of a kind that belongs to this ring, such as its coroutine dispatcher. For layers built on the ring.
     *
     * @param <T> its kind
     * @param kind its class
     * @param factory makes it when it is first asked for
     * @return always the same object for the same class
     */
    public <T> T companion(Class<T> kind, Function<? super Ring, ? extends T> factory) {
        return kind.cast(companions.computeIfAbsent(kind, absent -> factory.apply(this)));
    }

    // Closing.

    /**
     * Begins to close the ring, as {@link #close()} does, and does not wait.
     *
     * @return a future that completes, on the loop thread, when everything is released
     */
    public CompletableFuture<Void> closeAsync() {
        return loop.close().copy();
    }

    /**
     * Closes the ring and waits until the kernel has let go of everything; see {@link RingOptions#closeTimeout()}. On
     * the loop thread itself it cannot wait, and only begins to close. Closing again has no effect.
     */
    @Override
    public void close() {
        CompletableFuture<Void> closed = loop.close();
        if (isLoopThread()) {
            return;
        }
        closed.join();
    }

    @Override
    public String toString() {
        return "Ring[" + loop + "]";
    }
}
