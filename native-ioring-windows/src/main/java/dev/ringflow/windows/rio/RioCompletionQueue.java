package dev.ringflow.windows.rio;

import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.internal.OverlappedLayout;
import dev.ringflow.windows.iocp.CompletionPort;
import dev.ringflow.windows.iocp.WinsockException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A completion queue of Registered I/O, shared by any number of sockets.
 *
 * <p><b>Capacity.</b> The queue has a place for each request that may be in flight on its sockets: a socket whose
 * request queue would need more than is free is refused with a {@link RioCapacityException}, before the kernel is
 * asked, so that
 * {@code WSAENOBUFS} cannot come.
 *
 * <p><b>Waiting.</b> A queue is polled, or tells by an event or by a completion port that it is not empty: once after
 * each {@link #requestNotification()}. So: {@link #dequeue} until 0, ask for the notification, wait, and again.
 *
 * <p><b>Threads.</b> One thread at a time may use the queue and its request queues; another one at the same time is
 * refused with an {@link IllegalStateException}. {@link #await} may be waiting meanwhile.
 *
 * <p><b>Closing.</b> {@link #close()} closes the sockets that are open, and takes out what comes, before it closes
 * the queue. A queue that is not closed is never garbage: the kernel writes to it.
 */
public final class RioCompletionQueue implements AutoCloseable {
    /** {@code RIO_MAX_CQ_SIZE}. */
    public static final int MAX_SIZE = 0x8000000;

    private static final int EVENT_COMPLETION = 1;
    private static final int PORT_COMPLETION = 2;
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** The queues that are open: never collected, whatever the application forgets. */
    private static final Set<RioCompletionQueue> OPEN = ConcurrentHashMap.newKeySet();

    private final RioFunctions functions;
    private final OneThread guard = new OneThread();
    private final AtomicInteger reserved = new AtomicInteger();
    private final List<@Nullable RioRequestQueue> attached = new ArrayList<>();
    private final long event;
    private final @Nullable ByteBuffer overlapped;
    private long handle;
    private volatile @Nullable RioRequestQueue[] places = new RioRequestQueue[16];
    private volatile int size;
    private volatile boolean closed;

    private RioCompletionQueue(
            final RioFunctions functions, final int size, final long event, final @Nullable ByteBuffer overlapped) {
        this.functions = functions;
        this.size = size;
        this.event = event;
        this.overlapped = overlapped;
    }

    private static void requireSize(final int size) {
        if (size < 1 || size > MAX_SIZE) {
            throw new IllegalArgumentException("a completion queue has 1 to " + MAX_SIZE + " places, not " + size);
        }
    }

    private RioCompletionQueue create(final @Nullable ByteBuffer how) throws WinsockException {
        final long answer = functions.createCompletionQueue(size, how);
        if (answer < 0 && answer > -100_000) {
            if (event != 0) {
                Kernel32.closeHandle(event);
            }
            throw new WinsockException((int) answer, "RIOCreateCompletionQueue(" + size + ")");
        }
        handle = answer;
        OPEN.add(this);
        return this;
    }

    static RioCompletionQueue polled(final RioFunctions functions, final int size) throws WinsockException {
        requireSize(size);
        return new RioCompletionQueue(functions, size, 0, null).create(null);
    }

    static RioCompletionQueue withEvent(final RioFunctions functions, final int size) throws WinsockException {
        requireSize(size);
        final long event = Kernel32.createEvent(true, false);
        if (event < 0) {
            throw new WinsockException((int) event, "CreateEventW()");
        }
        final ByteBuffer how = DirectMemory.allocate(RioLayout.NOTIFICATION_SIZE, Long.BYTES)
                .putInt(RioLayout.NOTIFICATION_TYPE, EVENT_COMPLETION)
                .putLong(RioLayout.NOTIFICATION_EVENT, event)
                .putInt(RioLayout.NOTIFICATION_EVENT_RESET, 1);
        return new RioCompletionQueue(functions, size, event, null).create(how);
    }

    static RioCompletionQueue withPort(
            final RioFunctions functions, final int size, final CompletionPort port, final long key)
            throws WinsockException {
        requireSize(size);
        final ByteBuffer overlapped = DirectMemory.allocate(OverlappedLayout.SIZE, Long.BYTES);
        final ByteBuffer how = DirectMemory.allocate(RioLayout.NOTIFICATION_SIZE, Long.BYTES)
                .putInt(RioLayout.NOTIFICATION_TYPE, PORT_COMPLETION)
                .putLong(RioLayout.NOTIFICATION_PORT, port.handle())
                .putLong(RioLayout.NOTIFICATION_PORT_KEY, key)
                .putLong(RioLayout.NOTIFICATION_PORT_OVERLAPPED, DirectMemory.address(overlapped));
        return new RioCompletionQueue(functions, size, 0, overlapped).create(how);
    }

    RioFunctions functions() {
        return functions;
    }

    OneThread guard() {
        return guard;
    }

    long handle() {
        return handle;
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the completion queue is closed");
        }
    }

    /** Takes places for requests, or refuses. */
    void reserve(final int more) {
        int before;
        do {
            before = reserved.get();
            if (more > size - before) {
                throw new RioCapacityException("a completion queue of " + size + " places, of which "
                        + (size - before) + " are free, cannot take a request queue that needs " + more
                        + ": resize it, close sockets, or take the completions of closed ones out");
            }
        } while (!reserved.compareAndSet(before, before + more));
    }

    void giveBack(final int fewer) {
        reserved.addAndGet(-fewer);
    }

    /** A place in the table, by which completions find their request queue. */
    int attach(final RioRequestQueue queue) {
        synchronized (attached) {
            int place = attached.indexOf(null);
            if (place < 0) {
                place = attached.size();
                attached.add(queue);
                if (place == places.length) {
                    places = Arrays.copyOf(places, 2 * place);
                }
            } else {
                attached.set(place, queue);
            }
            places[place] = queue;
            return place;
        }
    }

    /** Gives up a place, and the capacity. */
    void detach(final int place, final RioRequestQueue queue, final int capacity) {
        synchronized (attached) {
            if (place < attached.size() && attached.get(place) == queue) {
                attached.set(place, null);
                places[place] = null;
            }
        }
        giveBack(capacity);
    }

    /**
     * {@code RIODequeueCompletion}: takes completions out.
     *
     * @param results where they go
     * @return how many came, 0 when the queue was empty
     * @throws IllegalStateException if the queue is closed or corrupt, or used by another thread just now
     */
    public int dequeue(final RioResults results) {
        guard.enter("the completion queue");
        try {
            requireOpen();
            return dequeueGuarded(results);
        } finally {
            guard.leave();
        }
    }

    private int dequeueGuarded(final RioResults results) {
        results.clear();
        final int count = functions.dequeue(handle, results.address(), results.capacity());
        if (count == RioFunctions.CORRUPT) {
            throw new IllegalStateException("the completion queue is corrupt (RIO_CORRUPT_CQ): something used it, or"
                    + " one of its request queues, from two threads at the same time, past this object");
        }
        final @Nullable RioRequestQueue[] table = places;
        for (int i = 0; i < count; i++) {
            final long request = results.requestContext(i);
            final long socket = results.socketContext(i);
            final int place = (int) (RioSlots.isSend(request) ? socket >>> 32 : socket);
            final RioRequestQueue queue = place >= 0 && place < table.length ? table[place] : null;
            if (queue == null) {
                throw new IllegalStateException("a completion of a socket that is none of this queue's");
            }
            queue.complete(results, request);
        }
        return count;
    }

    /**
     * {@code RIONotify}: asks for one notification, at once if the queue is not empty, otherwise when a completion
     * comes that is not of a request with {@link RioRequestQueue#DONT_NOTIFY}.
     *
     * @return 0, or the negated error: {@link dev.ringflow.windows.iocp.WinsockError#WSAEALREADY} when one is
     *     outstanding
     * @throws IllegalStateException if the queue is closed or polled, or used by another thread just now
     */
    public int requestNotification() {
        guard.enter("the completion queue");
        try {
            requireOpen();
            if (event == 0 && overlapped == null) {
                throw new IllegalStateException("a polled completion queue has no notification");
            }
            return functions.notify(handle);
        } finally {
            guard.leave();
        }
    }

    /**
     * Waits for the notification that was asked for, by the queue's event. It resets when the next is asked for.
     *
     * @param milliseconds at most so long; -1 without end
     * @return true if the notification came, false when the time was up
     * @throws WinsockException if the wait fails
     * @throws IllegalStateException if the queue is closed or has no event
     */
    public boolean await(final int milliseconds) throws WinsockException {
        final int answer = Kernel32.waitForSingleObject(event(), milliseconds);
        if (answer < 0) {
            throw new WinsockException(answer, "WaitForSingleObject(the completion queue's event)");
        }
        return answer == Kernel32.WAIT_OBJECT_0;
    }

    /**
     * The event that tells the notification, to wait for it together with others. It stays this queue's.
     *
     * @return the handle
     * @throws IllegalStateException if the queue is closed or has no event
     */
    public long event() {
        requireOpen();
        if (event == 0) {
            throw new IllegalStateException("this completion queue has no event");
        }
        return event;
    }

    /**
     * The address by which an entry of the completion port is told from others.
     *
     * @return what {@link dev.ringflow.windows.iocp.CompletionEntries#overlapped} gives for the notification
     * @throws IllegalStateException if the queue is closed or has no port
     */
    public long overlapped() {
        requireOpen();
        if (overlapped == null) {
            throw new IllegalStateException("this completion queue has no completion port");
        }
        return DirectMemory.address(overlapped);
    }

    /**
     * {@code RIOResizeCompletionQueue}.
     *
     * @param places how many from now on
     * @throws RioCapacityException if more places are taken by request queues
     * @throws WinsockException if Windows refuses it
     * @throws IllegalStateException if the queue is closed, or used by another thread just now
     */
    public void resize(final int places) throws WinsockException {
        requireSize(places);
        guard.enter("the completion queue");
        try {
            requireOpen();
            if (places < reserved.get()) {
                throw new RioCapacityException("request queues have taken " + reserved.get()
                        + " places: the completion queue cannot be made smaller than that, to " + places);
            }
            final int answer = functions.resizeCompletionQueue(handle, places);
            if (answer < 0) {
                throw new WinsockException(answer, "RIOResizeCompletionQueue(" + places + ")");
            }
            size = places;
        } finally {
            guard.leave();
        }
    }

    /**
     * How many places the queue has.
     *
     * @return places
     */
    public int size() {
        return size;
    }

    /**
     * How many places request queues have taken.
     *
     * @return places
     */
    public int reserved() {
        return reserved.get();
    }

    /**
     * How many sockets complete here, with those that are closed and have completions to come.
     *
     * @return request queues
     */
    public int requestQueues() {
        synchronized (attached) {
            return (int) attached.stream().filter(queue -> queue != null).count();
        }
    }

    /**
     * Whether the queue is closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Closes the sockets that complete here, takes out and drops their completions, and closes the queue. Whoever
     * wants to see the completions closes the sockets and dequeues before. Takes as long as Windows needs to abort
     * the requests. Does nothing on a closed queue.
     *
     * @throws IllegalStateException if completions are missing after ten seconds, when the queue stays open, because
     *     the kernel may still write to the slices; or if another thread is using the queue
     */
    @Override
    public void close() {
        guard.enter("the completion queue");
        try {
            if (!closed) {
                drain();
                closed = true;
                functions.closeCompletionQueue(handle);
                if (event != 0) {
                    Kernel32.closeHandle(event);
                }
                OPEN.remove(this);
            }
        } finally {
            guard.leave();
        }
    }

    private void drain() {
        final List<RioRequestQueue> open = new ArrayList<>();
        synchronized (attached) {
            attached.forEach(queue -> {
                if (queue != null) {
                    open.add(queue);
                }
            });
        }
        open.forEach(RioRequestQueue::closeGuarded);
        final RioResults results = RioResults.allocate(32);
        final long end = System.nanoTime() + DRAIN_NANOS;
        boolean interrupted = false;
        while (requestQueues() > 0 && System.nanoTime() - end < 0) {
            if (dequeueGuarded(results) == 0) {
                interrupted |= pause();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (requestQueues() > 0) {
            throw new IllegalStateException("the completions of " + requestQueues() + " closed sockets did not"
                    + " come: the queue stays open, and its memory is not freed");
        }
    }

    /** True if the thread was interrupted: the wait is bounded, and goes on. */
    private static boolean pause() {
        try {
            Thread.sleep(1);
            return false;
        } catch (final InterruptedException e) {
            return true;
        }
    }

    @Override
    public String toString() {
        return "RioCompletionQueue[" + reserved() + " of " + size + " places, " + requestQueues() + " request queues"
                + (closed ? ", closed]" : "]");
    }
}
