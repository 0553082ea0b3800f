package dev.ringflow;

import dev.ringflow.internal.LinkedOperations;
import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.CompletionListener;
import dev.ringflow.spi.DetachedHandle;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.DriverProvider;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import dev.ringflow.spi.ReceivedHandles;
import dev.ringflow.spi.ResultCodes;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that owns a driver: runs what was handed in, submits, waits, and tells who waits. Everything that is
 * not marked otherwise is confined to it.
 */
final class EventLoop implements CompletionListener {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int TASKS_PER_TURN = 256;
    /** How long tasks that go on posting tasks can hold up a loop that has nothing else left to do. */
    private static final int LAST_TURNS = 256;

    private static final OperationHandler IGNORE = (operation, result, flags) -> {};

    private enum Phase {
        OPEN,
        CLOSE_REQUESTED,
        CLOSING,
        /** The last turn is over: whatever comes now, also from the loop thread itself, is refused at once. */
        ENDED
    }

    /** A cancellation from another thread. */
    private record CancelRequest(Operation operation, int activation) {}

    private final RingOptions options;
    private final DriverProvider provider;
    private final String name;
    private final Thread thread;
    private final CompletableFuture<Driver> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Inbox inbox = new Inbox();
    private final TimerQueue timers = new TimerQueue();
    private final OperationPool pool = new OperationPool();
    private final Activity activity = new Activity();
    /** Operations that end without the driver: their failure is set, or they are done. */
    private final ArrayDeque<Operation> settled = new ArrayDeque<>();

    private final Spinning spinning;
    private final LoopCounters counters = new LoopCounters();
    private final LoopWatch watch;
    private final EndHook endHook = new EndHook();
    /** By operation code: whether something else stands in for it, as the driver's capabilities tell. */
    private boolean[] standIns = {};

    private final LoopReports reports;
    private final LoopEnding ending;
    private final Consumer<Runnable> runTask;
    private final Consumer<Operation> requestCancel = this::requestCancel;
    private final Chains chains = new Chains(this, activity);
    private final Lines lines = new Lines(this);
    private final Deadlines deadlines = new Deadlines(this, timers, requestCancel);

    private Driver driver;
    private Phase phase = Phase.OPEN;
    private volatile @Nullable Throwable fault;

    @SuppressWarnings("NullAway.Init") // driver: set before `opened` completes, and nobody gets the loop earlier
    private EventLoop(DriverProvider provider, RingOptions options) {
        this.provider = provider;
        this.options = options;
        this.spinning = new Spinning(options);
        this.name = options.threadName() + "-" + NUMBER.incrementAndGet();
        this.thread = new Thread(this::run, name + " (" + provider.name() + ")");
        thread.setDaemon(true);
        this.watch = new LoopWatch(name, thread, inbox, options.stallLimit());
        this.reports = new LoopReports(thread.getName(), counters);
        this.ending = new LoopEnding(this, reports);
        this.runTask = reports::runGuarded;
    }

    /** Starts the thread and opens the driver on it; completes when it is known whether that worked. Any thread. */
    static EventLoop start(DriverProvider provider, RingOptions options) {
        EventLoop loop = new EventLoop(provider, options);
        loop.thread.start();
        return loop;
    }

    CompletableFuture<Driver> opened() {
        return opened;
    }

    CompletableFuture<Void> closed() {
        return closed;
    }

    LoopCounters counters() {
        return counters;
    }

    boolean isLoopThread() {
        return Thread.currentThread() == thread;
    }

    String threadName() {
        return thread.getName();
    }

    String name() {
        return name;
    }

    LoopWatch watch() {
        return watch;
    }

    /** What is run when everything is released, before {@link #closed} completes. */
    EndHook endHook() {
        return endHook;
    }

    Activity activity() {
        return activity;
    }

    // Handing in: any thread.

    Operation operation() {
        return isLoopThread() ? pool.take() : new Operation();
    }

    void submit(Operation operation) {
        if (isLoopThread()) {
            if (phase == Phase.ENDED) {
                ending.refuse(operation);
            } else {
                begin(operation);
            }
            return;
        }
        operation.state(Operation.State.QUEUED);
        if (!handIn(operation)) {
            ending.refuse(operation);
        }
    }

    boolean execute(Runnable task) {
        return handIn(task);
    }

    void cancel(Operation operation, int activation) {
        if (isLoopThread()) {
            cancelNow(operation, activation);
        } else {
            handIn(new CancelRequest(operation, activation));
        }
    }

    void addTimer(TimerQueue.Entry entry) {
        if (isLoopThread() && phase != Phase.ENDED) {
            timers.add(entry);
        } else if (!handIn(entry)) {
            throw closedException("a timer");
        }
    }

    void removeTimer(TimerQueue.Entry entry) {
        if (isLoopThread()) {
            timers.remove(entry);
        } else {
            execute(() -> timers.remove(entry));
        }
    }

    /** Begins to close; the returned future completes when all is released. */
    CompletableFuture<Void> close() {
        execute(this::requestClose);
        return closed;
    }

    private void requestClose() {
        if (phase == Phase.OPEN) {
            phase = Phase.CLOSE_REQUESTED;
        }
    }

    /** Queues work for the loop and wakes it if it sleeps; false when the loop has ended and takes nothing. */
    private boolean handIn(Object work) {
        if (!inbox.offer(work)) {
            return false;
        }
        if (!isLoopThread() && inbox.claimWakeup()) {
            counters.wakeups.increment();
            driver.wakeup();
        }
        return true;
    }

    RingClosedException closedException(String what) {
        String message = what + " on " + thread.getName() + ", which is closed";
        Throwable why = fault;
        return why == null ? new RingClosedException(message) : new RingClosedException(message, why);
    }

    // The loop.

    private void run() {
        try {
            driver = provider.open(options.forDriver(), this);
        } catch (Throwable t) {
            inbox.close(work -> {});
            opened.completeExceptionally(t);
            closed.complete(null);
            return;
        }
        standIns = LoopFallbacks.standIns(driver.capabilities());
        opened.complete(driver);
        try {
            while (phase == Phase.OPEN) {
                turn(Long.MAX_VALUE);
                if (driver.fault() != null) {
                    throw new IllegalStateException("The driver can no longer be trusted", driver.fault());
                }
            }
        } catch (Throwable t) {
            fault = t;
            LoopReports.log(System.Logger.Level.ERROR, thread.getName() + " fails and is closed", t);
        }
        phase = Phase.CLOSING;
        try {
            cancelAndDrain();
        } catch (Throwable t) {
            fault = t;
            LoopReports.log(System.Logger.Level.ERROR, thread.getName() + " could not be drained", t);
        }
        ending.closeDriver(driver, activity.inFlight() == 0);
        if (activity.inFlight() > 0) {
            ending.giveUp(activity, options.closeTimeout());
        }
        phase = Phase.ENDED;
        deliverSettled();
        timers.abandonAll(ending::abandon);
        inbox.close(ending::afterTheEnd);
        endHook.run();
        closed.complete(null);
    }

    private void turn(long longestWait) {
        runInbox();
        deliverSettled();
        boolean mayWait = settled.isEmpty() && phase != Phase.CLOSE_REQUESTED;
        long wait = mayWait ? Math.min(longestWait, timers.nanosUntilNext()) : 0;
        if (wait > 0 && spinning.isOn()) {
            if (spinning.finds(driver, inbox, activity, wait)) {
                timers.runDue(runTask);
                return;
            }
            wait = Math.min(wait, timers.nanosUntilNext());
        }
        if (wait > 0 && !inbox.beginSleep()) {
            wait = 0;
        }
        driver.poll(wait);
        inbox.endSleep();
        timers.runDue(runTask);
    }

    private void runInbox() {
        for (int i = 0; i < TASKS_PER_TURN; i++) {
            Object work = inbox.poll();
            if (work == null) {
                return;
            }
            if (work instanceof Operation operation) {
                begin(operation);
            } else if (work instanceof CancelRequest cancel) {
                cancelNow(cancel.operation, cancel.activation);
            } else if (work instanceof TimerQueue.Entry timer) {
                timers.add(timer);
            } else {
                reports.runGuarded((Runnable) work);
                watch.turn(); // what comes next in this turn may hold the loop anew
            }
        }
    }

    // Operations.

    void begin(Operation operation) {
        if (operation.isCancelRequested()) {
            settle(operation, failure(operation, ResultCodes.CANCELED));
            return;
        }
        Handle handle = operation.handle();
        if (operation.opCode() == OpCode.CLOSE) {
            if (handle == null) {
                settle(operation, new IllegalArgumentException("CLOSE needs a handle"));
            } else {
                beginClose(operation, handle);
            }
            return;
        }
        if (phase != Phase.OPEN) {
            settle(operation, closedException(operation.opCode().toString()));
            return;
        }
        if (operation.opCode() == OpCode.CHAIN && LinkedOperations.of(operation) == null) {
            settle(operation, new IllegalArgumentException("CHAIN needs members"));
            return;
        }
        if (operation.opCode() == OpCode.PARK && handle == null) {
            settle(operation, new IllegalArgumentException("PARK needs a handle"));
            return;
        }
        if (activity.begin(operation)) {
            if (operation.lineOf() == null || lines.enter(operation)) {
                launch(operation);
            }
        } else {
            settle(operation, new ClosedChannelException());
        }
    }

    void launch(Operation operation) {
        operation.state(Operation.State.IN_FLIGHT);
        if (operation.opCode() == OpCode.CHAIN) {
            chains.start(operation, driver);
            return;
        }
        if (operation.opCode() == OpCode.PARK) {
            operation.state(Operation.State.WAITING);
            return;
        }
        if (standIns[operation.opCode().ordinal()]) {
            fallback(operation);
        }
        if (operation.timeoutNanos() > 0 && !driver.keepsTimeout(operation)) {
            deadlines.begin(operation);
        }
        driver.start(operation);
    }

    private void launchClose(Operation close) {
        Handle handle = close.handle();
        if (handle != null && handle.isForeign()) {
            activity.forget(handle);
            settle(close, null);
            return;
        }
        activity.beginClose(close);
        launch(close);
    }

    private void beginClose(Operation close, Handle handle) {
        if (!handle.isOpen()) {
            settle(close, null);
            return;
        }
        activity.forEachOn(handle, requestCancel);
        close.state(Operation.State.QUEUED);
        if (handle.beginClose(close)) {
            launchClose(close);
        }
    }

    private void cancelNow(Operation operation, int activation) {
        if (operation.activation() != activation) {
            return;
        }
        Operation.State state = operation.state();
        if (state == Operation.State.IN_FLIGHT || state == Operation.State.WAITING) {
            requestCancel(operation);
        } else {
            operation.requestCancel();
        }
    }

    private void requestCancel(Operation operation) {
        if (operation.isCancelRequested() || operation.opCode() == OpCode.CLOSE) {
            return;
        }
        if (operation.opCode() == OpCode.PARK) {
            operation.requestCancel();
            settleWaiting(operation, null);
            return;
        }
        if (operation.state() == Operation.State.WAITING) {
            operation.requestCancel();
            lines.giveUp(operation);
            return;
        }
        LinkedOperations chain = LinkedOperations.of(operation);
        if (chain == null) {
            operation.requestCancel();
            driver.cancel(operation);
        } else {
            chain.cancel(operation);
        }
    }

    void cancelInDriver(Operation operation) {
        driver.cancel(operation);
    }

    private void settle(Operation operation, @Nullable Throwable failure) {
        operation.state(Operation.State.QUEUED);
        operation.failure(failure);
        settled.add(operation);
    }

    private void deliverSettled() {
        for (int left = settled.size(); left > 0; left--) {
            Operation operation = settled.remove();
            if (operation.state() == Operation.State.WAITING) {
                completed(operation, operation.failure() == null ? ResultCodes.CANCELED : ResultCodes.FAILED, 0);
            } else {
                tell(operation, operation.failure() == null ? 0 : ResultCodes.FAILED, 0);
            }
        }
    }

    /**
     * An operation that never got its turn: it was cancelled, or there is a failure. It is in flight as far as closing is
     * concerned, and the driver never had it.
     */
    void settleWaiting(Operation operation, @Nullable Throwable failure) {
        operation.failure(failure);
        settled.add(operation);
    }

    @Override
    public void completed(Operation operation, int result, int flags) {
        Handle opened = operation.resultHandle();
        if (opened != null) {
            activity.opened(opened);
        }
        Handle secondOpened = operation.opCode() == OpCode.PIPE ? (Handle) operation.resultObject() : null;
        if (secondOpened != null) {
            activity.opened(secondOpened);
        }
        ReceivedHandles received =
                operation.opCode() == OpCode.RECEIVE_DESCRIPTORS ? (ReceivedHandles) operation.resultObject() : null;
        if (received != null) {
            received.handles().forEach(each -> activity.opened(each.handle()));
        }
        boolean terminal = (flags & CompletionFlags.MORE) == 0;
        Operation waitingClose = terminal ? activity.end(operation) : null;
        Operation waitingCloseOfSecond = terminal ? Activity.endSecond(operation) : null;
        tell(operation, terminal && operation.timeoutNanos() > 0 ? deadlines.end(operation, result) : result, flags);
        if (!terminal && operation.isOutcomeKnown()) {
            lines.leave(operation);
            waitingClose = activity.letGoOfHandle(operation);
        }
        discardAfterTheEnd(opened);
        discardAfterTheEnd(secondOpened);
        if (received != null) {
            received.handles().forEach(each -> discardAfterTheEnd(each.handle()));
        }
        launchWaiting(waitingClose);
        launchWaiting(waitingCloseOfSecond);
    }

    @Override
    public void awake() {
        watch.turn();
        inbox.endSleep();
    }

    @Override
    public void overflowed() {
        RingEvents.current().overflow(name, driver.counters().overflows().get());
    }

    @Override
    public void fallback(Operation operation) {
        driver.counters().fallbacks().add(1);
        RingEvents.current().fallback(name, operation.opCode(), driver.capabilities());
    }

    /** What is opened while the ring closes has come too late to be found by {@link #cancelAndDrain}. */
    private void discardAfterTheEnd(@Nullable Handle opened) {
        if (opened != null && phase != Phase.OPEN && opened.isOpen()) {
            discard(opened);
        }
    }

    private void launchWaiting(@Nullable Operation close) {
        if (close != null) {
            launchClose(close);
        }
    }

    void tell(Operation operation, int result, int flags) {
        boolean terminal = (flags & CompletionFlags.MORE) == 0;
        if (terminal) {
            operation.state(Operation.State.IDLE);
        }
        try {
            operation.handler().completed(operation, result, flags);
        } catch (Throwable t) {
            reports.misbehaved("A callback of " + operation + " threw", t);
        }
        if (terminal && operation.state() == Operation.State.IDLE) {
            lines.leave(operation);
            pool.giveBack(operation);
        }
    }

    void discard(Handle handle) {
        submit(operation().opCode(OpCode.CLOSE).handle(handle).handler(IGNORE));
    }

    DetachedHandle detach(Handle handle) throws IOException {
        if (!handle.isOpen()) {
            throw new ClosedChannelException();
        }
        if (handle.isBusy()) {
            throw new IllegalStateException(
                    handle + " has something in flight: wait for its end, or cancel it, before it moves");
        }
        DetachedHandle detached = driver.detach(handle);
        handle.letGo();
        activity.forget(handle);
        return detached;
    }

    @Nullable
    Handle adopt(DetachedHandle detached) {
        if (!isLoopThread() || phase != Phase.OPEN) {
            return null;
        }
        Handle handle = driver.adopt(detached);
        activity.opened(handle);
        return handle;
    }

    Throwable failure(Operation operation, int result) {
        return OperationFailures.failure(this, driver, operation, result);
    }

    /** Loop thread. */
    boolean isClosing() {
        return phase != Phase.OPEN;
    }

    // Closing: stop taking work, cancel all, drain, then let the driver unmap and close.

    private void cancelAndDrain() {
        long deadline = System.nanoTime() + options.closeTimeout().toNanos();
        timers.abandonAll(ending::abandon);
        activity.forEachUnbound(requestCancel);
        activity.forEachOpen(this::discard);
        long left = deadline - System.nanoTime();
        int lastTurns = LAST_TURNS;
        while (left > 0 && driver.fault() == null) {
            boolean quiet = activity.inFlight() == 0 && settled.isEmpty();
            if (quiet && (inbox.isEmpty() || lastTurns-- == 0)) {
                return;
            }
            turn(activity.inFlight() > 0 ? left : 0);
            timers.abandonAll(ending::abandon);
            left = deadline - System.nanoTime();
        }
    }

    @Override
    public String toString() {
        return thread.getName()
                + (closed.isDone()
                        ? "[closed]"
                        : "[" + activity.inFlight() + " in flight, " + activity.openHandles() + " open]");
    }
}
