package dev.ringflow.uring.driver;

import dev.ringflow.Capabilities;
import dev.ringflow.Support;
import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.CompletionListener;
import dev.ringflow.spi.DetachedHandle;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.DriverOptions;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.NativeMemory;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ProvidedBuffers;
import dev.ringflow.spi.ResultCodes;
import dev.ringflow.spi.SharedMemory;
import dev.ringflow.uring.CqeHandler;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The core's driver over a {@link Uring}: one {@code io_uring_enter} a turn submits what was prepared, waits and runs
 * the kernel's deferred work.
 */
final class UringDriver implements Driver {
    /** What a worker thread of the kernel answers when it is interrupted; system calls never let it out. */
    private static final int ERESTARTSYS = 512;

    /** Operations that a closed ring may still write for; see {@link #close(boolean)}. */
    private static final Queue<Object> KEPT_FOR_GOOD = new ConcurrentLinkedQueue<>();

    private final Uring ring;
    private final CompletionListener listener;
    private final WakeupEvent wakeup;
    private final SlotTable slots = new SlotTable(1024);
    private final Backlog backlog = new Backlog();
    private final DriverCounters counters = new DriverCounters();
    private final RingTurns turns;
    private final Entries entries;
    private final Cancellations cancellations;
    private final MissedEnds missedEnds;
    private final LinkedChains chains;
    private final UringMemory memory = new UringMemory();
    private final KernelSupport support;
    private final Preparations preparations;
    private final RegisteredBuffers registeredBuffers;
    private final LinkedTimeouts timeouts;
    private final HelperThread helper;
    private final WakeupWatch watch;
    private final BufferGroups groups;
    private final PolledFiles polled;
    private final CqeHandler onCompletion = this::completion;
    private final CqeHandler deliver = this::dispatch;

    private volatile Capabilities capabilities;
    private final boolean submissionThread;
    private int delivered;

    private UringDriver(Uring ring, WakeupEvent wakeup, DriverOptions options, CompletionListener listener) {
        this.ring = ring;
        this.listener = listener;
        this.wakeup = wakeup;
        this.support = KernelSupport.of(ring);
        this.submissionThread = (ring.params().flags() & UringConstants.IORING_SETUP_SQPOLL) != 0;
        this.turns = new RingTurns(ring, counters, listener);
        this.entries = new Entries(ring, backlog);
        this.preparations =
                new Preparations(support, new FileTable(ring, support, options.fileTable()), this::addDetail);
        this.cancellations = new Cancellations(entries, slots);
        this.missedEnds = new MissedEnds(slots, cancellations, counters);
        this.chains = new LinkedChains(support, entries, preparations, slots, backlog, counters);
        this.registeredBuffers = new RegisteredBuffers(ring);
        this.timeouts = new LinkedTimeouts(ring);
        this.helper = new HelperThread(wakeup::signal, options.modes().pinned() >= 0);
        this.watch = new WakeupWatch(wakeup, entries);
        this.groups = new BufferGroups(ring, support);
        this.polled = new PolledFiles(
                options.modes().polledCompletions(), this::completion, this::notPolled, this::addDetail);
        this.capabilities = support.capabilities(ring);
        watch.begin();
    }

    static UringDriver open(DriverOptions options, CompletionListener listener) throws IOException {
        RingSetup setup = new RingSetup(options);
        Uring ring = setup.open();
        try {
            UringDriver driver = new UringDriver(ring, new WakeupEvent(), options, listener);
            setup.details().forEach(driver::addDetail);
            if (options.modes().pinned() >= 0) {
                driver.addDetail(
                        "loop thread", ThreadPinning.pin(options.modes().pinned()));
            }
            return driver;
        } catch (IOException | RuntimeException e) {
            ring.close();
            throw e;
        }
    }

    private void addDetail(String name, String value) {
        capabilities = capabilities.withDetail(name, value);
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
        return turns.fault();
    }

    // Starting and cancelling.

    @Override
    public void start(Operation operation) {
        slots.take(operation);
        counters.submitted().add(1);
        prepare(operation);
        Handle handle = operation.handle();
        if (handle != null && FileKind.isForDirectIo(handle)) {
            entries.submitEarly();
        }
    }

    private void prepare(Operation operation) {
        Preparation preparation = preparations.of(operation);
        Sqe sqe = null;
        try {
            if (preparation.needsHelper(operation)) {
                tellOfHelper(operation);
                helper.run(operation, preparation::callBlocking);
                return;
            }
            if (operation.opCode() == OpCode.CLOSE && closesByHelper(operation)) {
                tellOfHelper(operation);
                helper.run(operation, closing -> LibC.close(Preparation.fd(closing)));
                return;
            }
            int result = preparation.before(operation, counters);
            if (result < 0 || preparation.isDoneByCalls(operation)) {
                backlog.handle(slots.userData(operation), result, 0);
                return;
            }
            if (polled.takes(operation) && polled.start(operation, preparation, slots.userData(operation))) {
                return;
            }
            boolean timed = operation.timeoutNanos() > 0 && timeouts.canKeep(operation);
            sqe = timed ? entries.first(LinkedTimeouts.ENTRIES) : entries.next();
            preparation.write(sqe, operation);
            sqe.setData64(slots.userData(operation));
            if (timed) {
                timeouts.link(sqe, entries.next(), operation);
            }
        } catch (RuntimeException e) {
            if (sqe != null) { // an entry that was taken is submitted
                sqe.prepNop();
                sqe.setData64(Entries.IGNORED);
            }
            operation.failure(e);
            backlog.handle(slots.userData(operation), ResultCodes.FAILED, 0);
        }
    }

    /** What the capabilities say themselves the event loop counts. */
    private void tellOfHelper(Operation operation) {
        if (capabilities.support(operation.opCode()) == Support.NATIVE) {
            listener.fallback(operation);
        }
    }

    private void prepareAgain(Operation operation) {
        switch (operation.opCode()) {
            case ACCEPT_MULTISHOT, RECEIVE_MULTISHOT, RECEIVE_DATAGRAM_MULTISHOT, POLL_MULTISHOT ->
                counters.rearms().add(1);
            default -> {
                // the next step of an operation that takes several
            }
        }
        prepare(operation);
    }

    /**
     * The kernel's submission thread lets go of a file some time after it has told that it is closed: the address of a
     * socket would still be taken.
     */
    private boolean closesByHelper(Operation close) {
        Handle handle = close.handle();
        return submissionThread && handle != null && !FileTable.holds(handle);
    }

    @Override
    public boolean keepsTimeout(Operation operation) {
        return timeouts.canKeep(operation)
                && !polled.takes(operation)
                && !preparations.of(operation).needsHelper(operation);
    }

    @Override
    public void cancel(Operation operation) {
        if (operation.slot() < 0) {
            return;
        }
        counters.cancels().add(1);
        cancellations.request(operation);
    }

    @Override
    public boolean canLink(List<Operation> chain) {
        return chains.canLink(chain);
    }

    @Override
    public void startLinked(List<Operation> chain, boolean goOn) {
        chains.start(chain, goOn);
    }

    // Waiting and delivering.

    @Override
    public int poll(long timeoutNanos) {
        cancellations.repeatDue();
        missedEnds.look();
        boolean mayWait = backlog.isEmpty() && ring.cqReady() == 0 && !polled.isBusy();
        groups.publish();
        turns.enter(mayWait ? Math.min(timeoutNanos, nanosUntilDue()) : 0);
        listener.awake();
        delivered = 0;
        for (int left = backlog.size(); left > 0; left--) {
            backlog.deliverOne(deliver);
        }
        ring.forEachCqe(onCompletion);
        if (polled.isBusy()) {
            counters.systemCalls().add(polled.poll());
        }
        takeHelped();
        counters.completed().add(delivered);
        return delivered;
    }

    private long nanosUntilDue() {
        return Math.min(cancellations.nanosUntilRepeat(), missedEnds.nanosUntilLook());
    }

    /**
     * Told in the next turn, which does not wait. It comes after the wake-ups were taken: what is done later than this look
     * has a wake-up of its own, that none of this turn can have taken.
     */
    private void takeHelped() {
        if (helper.hasDone()) {
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
        if ((int) userData < 0) {
            if (userData == WakeupWatch.DATA) {
                watch.completed(result, (flags & UringConstants.IORING_CQE_F_MORE) != 0);
            } else if (userData != Entries.IGNORED) {
                cancellations.completed(userData, result);
            }
            return;
        }
        Operation operation = slots.find(userData);
        if (operation != null && operation.opCode() == OpCode.SEND_ZERO_COPY) {
            withoutCopying(operation, result == -ERESTARTSYS ? -Errno.EINTR : result, flags);
        } else if (operation != null) {
            dispatch(operation, result == -ERESTARTSYS ? -Errno.EINTR : result, flags);
        }
    }

    private void withoutCopying(Operation operation, int result, int flags) {
        if (SendPreparation.ends(operation, result, flags)) {
            dispatch(operation, SendPreparation.resultOf(operation, result, flags, counters), 0);
        } else if (result >= 0) {
            tell(operation, result, CompletionFlags.MORE);
        }
    }

    private void dispatch(Operation operation, int kernelResult, int flags) {
        boolean more = (flags & UringConstants.IORING_CQE_F_MORE) != 0;
        int result = isTimedOut(operation, kernelResult) ? ResultCodes.TIMED_OUT : kernelResult;
        if (result == -Errno.EINTR) {
            if (!operation.isCancelRequested() && !chains.isLinked(operation)) {
                prepare(operation);
                return;
            }
            tell(operation, ResultCodes.CANCELED, 0);
            return;
        }
        if (preparations.of(operation).goesOn(operation, result)) {
            if (operation.isCancelRequested()) {
                tell(operation, ResultCodes.CANCELED, 0);
            } else {
                prepareAgain(operation);
            }
            return;
        }
        int told = preparations.of(operation).after(operation, result, counters);
        Handle opened = operation.resultHandle();
        if (opened != null) {
            polled.opened(operation, opened);
        }
        boolean repeats = !more
                && (preparations.of(operation).repeats(operation, told)
                        || told >= 0 && preparations.sockets().isEmulatedMultishot(operation));
        int buffer = preparations.of(operation).takenBuffer(operation);
        if (repeats) {
            tell(operation, told, CompletionFlags.MORE | buffer);
            if (operation.isCancelRequested()) {
                backlog.handle(slots.userData(operation), ResultCodes.CANCELED, 0);
            } else {
                prepareAgain(operation);
            }
            return;
        }
        if (more && preparations.of(operation).isToBeCalledOff(operation)) {
            cancellations.request(operation);
        }
        if (more && operation.opCode() == OpCode.RECEIVE_MULTISHOT) {
            missedEnds.delivered(operation);
        }
        int goesOn = more ? CompletionFlags.MORE : 0;
        if ((flags & UringConstants.IORING_CQE_F_BUFFER) != 0 && operation.provided() instanceof KernelBuffers group) {
            tellOfBuffers(operation, kernelResult, told, flags, group);
        } else {
            tell(operation, told, goesOn | buffer);
        }
    }

    /** A bundle is told buffer by buffer. A buffer that nothing was put in is the kernel's again. */
    private void tellOfBuffers(Operation operation, int result, int told, int flags, KernelBuffers group) {
        int goesOn = (flags & UringConstants.IORING_CQE_F_MORE) != 0 ? CompletionFlags.MORE : 0;
        int id = group.take(flags, result);
        if (result <= 0) {
            group.giveBack(id);
            tell(operation, told, goesOn);
            return;
        }
        int left = preparations.of(operation).inBuffer(operation, group.memory(id), told);
        while (group.bundles() && left > group.bufferSize()) {
            left -= group.bufferSize();
            int next = group.takeAfter(id, left); // before the application may give this one back
            tell(operation, group.bufferSize(), CompletionFlags.MORE | CompletionFlags.buffer(id));
            id = next;
        }
        int part = (flags & UringConstants.IORING_CQE_F_BUF_MORE) != 0 ? CompletionFlags.BUFFER_MORE : 0;
        tell(operation, left, goesOn | part | CompletionFlags.buffer(id));
    }

    /** A worker thread of the kernel that waits for something is interrupted when the time is over. */
    private boolean isTimedOut(Operation operation, int result) {
        return operation.timeoutNanos() > 0
                && !operation.isCancelRequested()
                && (result == ResultCodes.CANCELED || result == -Errno.EINTR)
                && keepsTimeout(operation);
    }

    private void tell(Operation operation, int result, int flags) {
        if ((flags & CompletionFlags.MORE) == 0) {
            slots.giveBack(operation);
            preparations.of(operation).release(operation);
        }
        delivered++;
        listener.completed(operation, result, flags);
    }

    /** The second ring could not do it. */
    private void notPolled(long userData) {
        Operation operation = slots.find(userData);
        if (operation != null && operation.isCancelRequested()) {
            backlog.handle(userData, ResultCodes.CANCELED, 0);
        } else if (operation != null) {
            prepare(operation);
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

    @Override
    public int descriptor(Handle handle) {
        return FileTable.holds(handle) ? -1 : (int) handle.value();
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
    public Set<SocketOption<?>> supportedOptions(Handle handle) {
        counters.systemCalls().add(2);
        return preparations.sockets().supportedOptions(handle);
    }

    @Override
    public DetachedHandle detach(Handle handle) {
        return DetachedDescriptor.of(handle);
    }

    @Override
    public Handle adopt(DetachedHandle detached) {
        return ((DetachedDescriptor) detached).toHandle();
    }

    @Override
    public int registerBuffer(ByteBuffer region) {
        return registeredBuffers.register(region);
    }

    @Override
    public SharedMemory share(ByteBuffer region) {
        return SharedBuffers.of(region);
    }

    @Override
    public int registerShared(SharedMemory shared) {
        return registeredBuffers.register((SharedBuffers) shared);
    }

    @Override
    public ProvidedBuffers provideBuffers(int count, int bufferSize, boolean incremental, boolean bundles)
            throws IOException {
        return groups.open(count, bufferSize, incremental, bundles);
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
            KEPT_FOR_GOOD.add(timeouts);
        } else {
            groups.close();
        }
        helper.close();
        polled.close();
        ring.close();
        wakeup.close();
    }

    @Override
    public String toString() {
        return "UringDriver[" + ring + "]";
    }
}
