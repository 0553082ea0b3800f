package dev.ringflow.uring.driver;

import dev.ringflow.Capabilities;
import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.CompletionListener;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.DriverOptions;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.NativeMemory;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import dev.ringflow.uring.CqeHandler;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.UringParams;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The core's driver over a {@link Uring}: one {@code io_uring_enter} a turn submits what was prepared, waits and runs
 * the kernel's deferred work.
 */
final class UringDriver implements Driver {
    /** {@code user_data} of what is not an operation: a slot number below zero. */
    private static final long WAKEUP = 0xFFFF_FFFFL;

    private static final long IGNORED = 0xFFFF_FFFEL;
    private static final int SMALLEST_COMPLETION_QUEUE = 4096;
    private static final int LARGEST_COMPLETION_QUEUE = 65_536;

    /** Operations that a closed ring may still write for; see {@link #close(boolean)}. */
    private static final Queue<Object> KEPT_FOR_GOOD = new ConcurrentLinkedQueue<>();

    private final Uring ring;
    private final CompletionListener listener;
    private final WakeupEvent wakeup;
    private final SlotTable slots = new SlotTable(1024);
    private final Backlog backlog = new Backlog();
    private final DriverCounters counters = new DriverCounters();
    private final UringMemory memory = new UringMemory();
    private final KernelSupport support;
    private final Preparations preparations;
    private final RegisteredBuffers registeredBuffers;
    private final HelperThread helper;
    private final Capabilities capabilities;
    private final CqeHandler onCompletion = this::completion;
    private final CqeHandler deliver = this::dispatch;

    private boolean multishotWakeup = true;
    private int delivered;
    private long enterCallsCounted;
    private @Nullable Throwable fault;

    private UringDriver(Uring ring, WakeupEvent wakeup, CompletionListener listener) {
        this.ring = ring;
        this.listener = listener;
        this.wakeup = wakeup;
        this.support = KernelSupport.of(ring);
        this.preparations = new Preparations(support);
        this.registeredBuffers = new RegisteredBuffers(ring);
        this.helper = new HelperThread(wakeup::signal);
        this.capabilities = support.capabilities(ring);
        watchWakeup();
    }

    static UringDriver open(DriverOptions options, CompletionListener listener) throws IOException {
        int completionEntries = options.completionEntries() != 0
                ? options.completionEntries()
                : Math.max(SMALLEST_COMPLETION_QUEUE, 4 * options.entries());
        Uring ring = Uring.open(
                UringParams.of(options.entries()).withCqEntries(Math.min(completionEntries, LARGEST_COMPLETION_QUEUE)));
        try {
            return new UringDriver(ring, new WakeupEvent(), listener);
        } catch (IOException | RuntimeException e) {
            ring.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return UringDriverProvider.NAME;
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
        slots.take(operation);
        counters.submitted().add(1);
        prepare(operation);
    }

    private void prepare(Operation operation) {
        Preparation preparation = preparations.of(operation);
        Sqe sqe = null;
        try {
            if (preparation.needsHelper(operation)) {
                helper.run(operation, preparation::callBlocking);
                return;
            }
            int result = preparation.before(operation, counters);
            if (result < 0 || preparation.isDoneByCalls(operation)) {
                backlog.handle(slots.userData(operation), result, 0);
                return;
            }
            sqe = sqe();
            preparation.fill(sqe, operation);
            sqe.setData64(slots.userData(operation));
        } catch (RuntimeException e) {
            if (sqe != null) { // an entry that was taken is submitted
                sqe.prepNop();
                sqe.setData64(IGNORED);
            }
            operation.failure(e);
            backlog.handle(slots.userData(operation), ResultCodes.FAILED, 0);
        }
    }

    @Override
    public void cancel(Operation operation) {
        if (operation.slot() < 0) {
            return;
        }
        counters.cancels().add(1);
        Sqe sqe = sqe();
        sqe.prepCancel64(slots.userData(operation), 0);
        sqe.setData64(IGNORED);
    }

    private void watchWakeup() {
        Sqe sqe = sqe();
        if (multishotWakeup) {
            sqe.prepPollMultishot(wakeup.fd(), UringConstants.POLLIN);
        } else {
            sqe.prepPollAdd(wakeup.fd(), UringConstants.POLLIN);
        }
        sqe.setData64(WAKEUP);
    }

    /** An entry, for which the full queue is submitted first if need be. */
    private Sqe sqe() {
        Sqe sqe = ring.getSqe();
        while (sqe == null) {
            makeRoom();
            sqe = ring.getSqe();
        }
        return sqe;
    }

    private void makeRoom() {
        int result = ring.submit();
        if (result == -Errno.EBUSY || result == -Errno.EAGAIN) {
            // the completion queue is full: what is there is taken out, and told when nobody is being told anything
            ring.forEachCqe(backlog);
            ring.getEvents();
        } else if (result < 0 && result != -Errno.EINTR) {
            throw kernelFailure("io_uring_enter to submit", result);
        }
    }

    // Waiting and delivering.

    @Override
    public int poll(long timeoutNanos) {
        enter(backlog.isEmpty() && ring.cqReady() == 0 ? timeoutNanos : 0);
        checkHealth();
        delivered = 0;
        takeHelped();
        for (int left = backlog.size(); left > 0; left--) {
            backlog.deliverOne(deliver);
        }
        ring.forEachCqe(onCompletion);
        counters.completed().add(delivered);
        return delivered;
    }

    private void enter(long timeoutNanos) {
        int result;
        if (timeoutNanos == 0) {
            result = ring.submit(); // enters only if there is something to hand in or to fetch
        } else {
            counters.waits().add(1);
            result =
                    timeoutNanos == Long.MAX_VALUE ? ring.submitAndWait(1) : ring.submitAndWaitTimeout(1, timeoutNanos);
        }
        long enterCalls = ring.enterCalls();
        counters.systemCalls().add(enterCalls - enterCallsCounted);
        enterCallsCounted = enterCalls;
        switch (result) {
            case -Errno.EINTR, -Errno.ETIME, -Errno.EAGAIN, -Errno.EBUSY -> {
                // the next turn goes on: deadlines are the loop's, and a full completion queue is emptied now
            }
            default -> {
                if (result < 0) {
                    throw kernelFailure("io_uring_enter", result);
                }
            }
        }
    }

    private void checkHealth() {
        if (ring.cqHasOverflow()) {
            counters.overflows().add(1);
        }
        if (fault == null && (ring.cqOverflow() != 0 || ring.sqDropped() != 0)) {
            fault = new IOException("The kernel dropped " + ring.cqOverflow() + " completions and " + ring.sqDropped()
                    + " submissions: operations would wait for ever. Open a ring with a larger completion queue.");
        }
    }

    private void takeHelped() {
        if (helper.isUsed()) {
            for (HelperThread.Done each : helper.takeDone()) {
                backlog.handle(slots.userData(each.operation()), each.result(), 0);
            }
        }
    }

    /** Keeps the order: while older completions wait, newer ones queue behind them. */
    private void completion(long userData, int result, int flags) {
        if (backlog.isEmpty()) {
            dispatch(userData, result, flags);
        } else {
            backlog.handle(userData, result, flags);
        }
    }

    private void dispatch(long userData, int result, int flags) {
        boolean more = (flags & UringConstants.IORING_CQE_F_MORE) != 0;
        if ((int) userData < 0) {
            if (userData == WAKEUP) {
                wokenUp(result, more);
            }
            return;
        }
        Operation operation = slots.find(userData);
        if (operation != null) {
            dispatch(operation, result, more);
        }
    }

    private void dispatch(Operation operation, int result, boolean more) {
        if (result == -Errno.EINTR) {
            if (!operation.isCancelRequested()) {
                prepare(operation);
                return;
            }
            tell(operation, ResultCodes.CANCELED, false);
            return;
        }
        int told = preparations.of(operation).after(operation, result, counters);
        if (!more && told >= 0 && preparations.sockets().isEmulatedMultishot(operation)) {
            tell(operation, told, true);
            if (operation.isCancelRequested()) {
                backlog.handle(slots.userData(operation), ResultCodes.CANCELED, 0);
            } else {
                prepare(operation);
            }
            return;
        }
        tell(operation, told, more);
    }

    private void tell(Operation operation, int result, boolean more) {
        if (!more) {
            slots.giveBack(operation);
            preparations.of(operation).release(operation);
        }
        delivered++;
        listener.completed(operation, result, more ? CompletionFlags.MORE : 0);
    }

    private void wokenUp(int result, boolean more) {
        if (result == -Errno.EINVAL && multishotWakeup) {
            multishotWakeup = false; // before Linux 5.13
        } else if (result >= 0 && !multishotWakeup) {
            wakeup.reset();
        }
        if (!more) {
            watchWakeup();
        }
    }

    @Override
    public void wakeup() {
        wakeup.signal();
    }

    // Telling people.

    @Override
    public Throwable failure(Operation operation, int result) {
        return ErrnoFailures.failure(operation, -result);
    }

    @Override
    public Retry retry(Operation operation, int result) {
        return result == ResultCodes.FAILED ? Retry.NEVER : ErrnoFailures.retry(-result);
    }

    private static IllegalStateException kernelFailure(String what, int result) {
        return new IllegalStateException(what + " answers " + Errno.name(result) + ". " + Errno.meaning(result));
    }

    @Override
    public SocketAddress localAddress(Handle handle) throws IOException {
        counters.systemCalls().add(1);
        return preparations.sockets().localAddress(handle);
    }

    @Override
    public SocketAddress remoteAddress(Handle handle) throws IOException {
        counters.systemCalls().add(1);
        return preparations.sockets().remoteAddress(handle);
    }

    @Override
    public int registerBuffer(ByteBuffer region) {
        return registeredBuffers.register(region);
    }

    @Override
    public void unregisterBuffer(int index) {
        registeredBuffers.unregister(index);
    }

    /**
     * Unmaps the rings, closes the ring's file descriptor, and only then lets memory go. If something is still in
     * flight, its memory is never let go: closing a ring is not waited for by the kernel, which may write for a while.
     */
    @Override
    public void close(boolean drained) {
        if (!drained) {
            KEPT_FOR_GOOD.add(slots.inFlight());
            KEPT_FOR_GOOD.add(registeredBuffers);
        }
        helper.close();
        ring.close();
        wakeup.close();
    }

    @Override
    public String toString() {
        return "UringDriver[" + ring + "]";
    }
}
