package dev.ringflow;

import dev.ringflow.event.EventStream;
import dev.ringflow.event.ForeignDescriptor;
import dev.ringflow.event.PollEvents;
import dev.ringflow.event.ProcessExit;
import dev.ringflow.event.RingPipe;
import dev.ringflow.event.TickStream;
import dev.ringflow.internal.Answer;
import dev.ringflow.internal.ProcessEnd;
import dev.ringflow.internal.PullPublisher;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * What a ring can wait for that is neither a file nor a socket: times, descriptors of others, pipes, the end of
 * processes, words of memory. {@link Ring} is the class to use.
 */
public abstract class RingWaiting {
    private static final Answer<Boolean> WOKEN = new Answer<>() {
        @Override
        protected Boolean value(Operation operation, int result) {
            return result == 0;
        }
    };
    private static final Answer<Integer> COUNT = new Answer<>() {
        @Override
        protected Integer value(Operation operation, int result) {
            return result;
        }
    };

    RingWaiting() {}

    abstract Ring self();

    // Times.

    /**
     * A future that completes later, on the loop thread. Cancelling it calls the timer off.
     *
     * @param delay how long from now; zero or less means in the next turn of the loop
     * @return the future; fails with {@link RingClosedException} if the ring closes before
     * @throws RingClosedException if the ring is closed
     */
    public CompletableFuture<@Nullable Void> timerAsync(Duration delay) {
        TimerFuture future = new TimerFuture();
        future.begin(self(), Ring.saturatedNanos(delay));
        return future;
    }

    /**
     * A clock for one consumer that asks for each tick; what {@link #ticksPublisher} and Kotlin's {@code ticks()}
     * stand on.
     *
     * @param period from tick to tick, at least a nanosecond
     * @param initialDelay from now to the first tick, 0 or more
     * @return a stream that counts from now, for the caller to close
     * @throws IllegalArgumentException for any other period or delay
     */
    public TickStream tickStream(Duration period, Duration initialDelay) {
        return new TickStream(self(), Ring.saturatedNanos(period), nonNegative(initialDelay));
    }

    /**
     * Ticks as a publisher; the first comes after a period. See {@link #ticksPublisher(Duration, Duration)}.
     *
     * @param period from tick to tick, at least a nanosecond
     * @return a publisher that may be subscribed to any number of times
     * @throws IllegalArgumentException for any other period
     */
    public Flow.Publisher<Long> ticksPublisher(Duration period) {
        return ticksPublisher(period, period);
    }

    /**
     * Ticks as a publisher: the number of the last tick that has passed, 1, 2, 3, …, counted for each subscriber from
     * the moment of his subscribing, without drift, and none of them early.
     *
     * <p>Ticks that a subscriber has no demand for are not queued: they show as a gap in the numbers, and as soon as
     * there is demand again the last that has passed is told. While there is none, the clock is stopped and wakes
     * nobody. The publisher never completes by itself; it fails with {@link RingClosedException} when the ring
     * closes. Signals come on the loop thread.
     *
     * <p>On Linux from 6.4 on, ticks that are at least four milliseconds apart are those of one kernel timeout that
     * goes on; others are posted one by one. The driver of NIO uses the ring's timers, which know milliseconds. See
     * io_uring_prep_timeout(3).
     *
     * @param period from tick to tick, at least a nanosecond
     * @param initialDelay from subscribing to the first tick, 0 or more
     * @return a publisher that may be subscribed to any number of times
     * @throws IllegalArgumentException for any other period or delay
     */
    public Flow.Publisher<Long> ticksPublisher(Duration period, Duration initialDelay) {
        long periodNanos = Ring.saturatedNanos(period);
        long delayNanos = nonNegative(initialDelay);
        if (periodNanos < 1) {
            throw new IllegalArgumentException("period must be at least a nanosecond, got " + period);
        }
        Ring ring = self();
        return new PullPublisher<>(ring, "ticks every " + period, () -> new TickStream(ring, periodNanos, delayNanos));
    }

    private static long nonNegative(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("initialDelay must not be negative, got " + delay);
        }
        return Ring.saturatedNanos(delay);
    }

    // Descriptors of others.

    /**
     * Waits until something happens to a descriptor, or is so already. The ring does not own it: whoever does keeps
     * it open until the future's {@link RingFuture#released()} completes. For more than one operation on the same
     * descriptor, make a {@link ForeignDescriptor}.
     *
     * @param descriptor an open file descriptor of this process
     * @param events what to wait for
     * @return a future of what has happened; fails with {@link UnsupportedOperationException} where the driver knows no
     *     descriptors, as that of NIO
     */
    public RingFuture<PollEvents> pollAsync(int descriptor, PollEvents events) {
        return ForeignDescriptor.of(self(), descriptor).pollAsync(events);
    }

    /**
     * What happens to a descriptor, as a publisher; see {@link ForeignDescriptor#eventsPublisher}.
     *
     * @param descriptor an open file descriptor of this process, which its owner keeps open while somebody is
     *     subscribed
     * @param events what to wait for
     * @return a publisher that may be subscribed to any number of times
     */
    public Flow.Publisher<PollEvents> eventsPublisher(int descriptor, PollEvents events) {
        return ForeignDescriptor.of(self(), descriptor).eventsPublisher(events);
    }

    /**
     * What happens to a descriptor, as a stream for one consumer; see {@link EventStream}.
     *
     * @param descriptor an open file descriptor of this process, which its owner keeps open while the stream is
     * @param events what to wait for
     * @return a stream, for the caller to close
     */
    public EventStream eventStream(int descriptor, PollEvents events) {
        return ForeignDescriptor.of(self(), descriptor).eventStream(events);
    }

    // Pipes.

    /**
     * Opens a pipe of the system's usual capacity, 65,536 bytes on Linux.
     *
     * @return a future of the pipe, for the caller to close
     */
    public RingFuture<RingPipe> pipeAsync() {
        return pipeAsync(0);
    }

    /**
     * Opens a pipe. See pipe(7); by the ring since Linux 6.16, by a system call before.
     *
     * @param capacity how many bytes it should hold, 0 for the system's usual; what the system refuses stays as it
     *     is, and the driver of NIO has no say in it
     * @return a future of the pipe, for the caller to close
     * @throws IllegalArgumentException if the capacity is below zero
     */
    public RingFuture<RingPipe> pipeAsync(int capacity) {
        RingFuture<RingPipe> future = new RingFuture<>();
        RingPipe.open(self(), capacity, future);
        return future;
    }

    // Processes.

    /**
     * Waits until a process that the JDK has started ends. {@link Process#waitFor()} and {@link Process#onExit()}
     * work all the same. The JDK waits for its processes, too, and may be first to take the status: then the answer
     * is what it knows, in which a signal is a status above 128.
     *
     * @param process a process
     * @return a future of how it ended
     */
    public RingFuture<ProcessExit> waitForExitAsync(Process process) {
        RingFuture<ProcessExit> future = new RingFuture<>();
        waitForExit(process, future);
        return future;
    }

    /**
     * The callback form of {@link #waitForExitAsync(Process)}.
     *
     * @param process a process
     * @param callback whom to tell
     */
    public void waitForExit(Process process, RingCallback<ProcessExit> callback) {
        ProcessEnd.await(self(), process, callback);
    }

    /**
     * Waits until a process ends that the JDK knows, child or not. How it ended is known of children, of others only
     * from Linux 6.15 on, and not to the driver of NIO: see {@link ProcessExit.Reason#UNKNOWN}.
     *
     * @param process a process other than this one
     * @return a future of its end
     */
    public RingFuture<ProcessExit> waitForExitAsync(ProcessHandle process) {
        RingFuture<ProcessExit> future = new RingFuture<>();
        waitForExit(process, future);
        return future;
    }

    /**
     * The callback form of {@link #waitForExitAsync(ProcessHandle)}.
     *
     * @param process a process other than this one
     * @param callback whom to tell
     */
    public void waitForExit(ProcessHandle process, RingCallback<ProcessExit> callback) {
        ProcessEnd.await(self(), process, callback);
    }

    /**
     * Waits until a process ends, child or not. Its status is left for whoever reaps it: the parent still has to wait
     * for it. Of a child the status is told, unless somebody else in this process, such as the JDK, reaps it in the
     * same moment; of others, and then, it is told from Linux 6.15 on if the process was reaped by the time, and is
     * {@link ProcessExit.Reason#UNKNOWN} otherwise. See waitid(2) and pidfd_open(2).
     *
     * @param pid its number
     * @return a future of its end; fails with a {@link RingException} ({@code ESRCH}) if there is no such process any
     *     more, and with {@link UnsupportedOperationException} where the driver cannot, as that of NIO
     */
    public RingFuture<ProcessExit> waitForExitAsync(long pid) {
        RingFuture<ProcessExit> future = new RingFuture<>();
        waitForExit(pid, future);
        return future;
    }

    /**
     * The callback form of {@link #waitForExitAsync(long)}.
     *
     * @param pid the process's number
     * @param callback whom to tell
     */
    public void waitForExit(long pid, RingCallback<ProcessExit> callback) {
        ProcessEnd.await(self(), pid, callback);
    }

    // Words of memory.

    /**
     * Waits until a word of memory is woken, if it holds what is expected; see futex(2). The memory may be shared
     * with other processes: any direct or mapped buffer will do. As with every futex, whoever is woken looks at the
     * word again.
     *
     * @param memory a direct buffer, which stays mapped until the future's {@link RingFuture#released()} completes
     * @param offset where in it the word of 32 bits begins, in bytes from index 0, at a multiple of 4 of the address
     * @param expected what the word has to hold, in the machine's byte order
     * @return a future: true when it was woken, false if the word holds something else; fails with
     *     {@link UnsupportedOperationException} where the driver cannot: before Linux 6.7, and on NIO
     * @throws IllegalArgumentException if the buffer is not direct or the word not aligned
     */
    public RingFuture<Boolean> futexWaitAsync(ByteBuffer memory, int offset, int expected) {
        RingFuture<Boolean> future = new RingFuture<>();
        futexWait(memory, offset, expected, future);
        return future;
    }

    /**
     * The callback form of {@link #futexWaitAsync}.
     *
     * @param memory a direct buffer
     * @param offset where in it the word begins
     * @param expected what the word has to hold
     * @param callback whom to tell
     */
    public void futexWait(ByteBuffer memory, int offset, int expected, RingCallback<Boolean> callback) {
        checkWord(memory, offset);
        WOKEN.start(
                self().operation()
                        .opCode(OpCode.FUTEX_WAIT)
                        .memory(memory, offset, Integer.BYTES)
                        .extent(Integer.toUnsignedLong(expected)),
                callback);
    }

    /**
     * Wakes those who wait for a word of memory, on this ring, on others, in other processes, or in a system call.
     *
     * @param memory a direct buffer
     * @param offset where in it the word of 32 bits begins, in bytes from index 0, at a multiple of 4 of the address
     * @param most how many to wake at most, at least 1
     * @return a future of how many were woken; fails with {@link UnsupportedOperationException} where the driver
     *     cannot, as that of NIO
     * @throws IllegalArgumentException if the buffer is not direct or the word not aligned
     */
    public RingFuture<Integer> futexWakeAsync(ByteBuffer memory, int offset, int most) {
        RingFuture<Integer> future = new RingFuture<>();
        futexWake(memory, offset, most, future);
        return future;
    }

    /**
     * The callback form of {@link #futexWakeAsync}.
     *
     * @param memory a direct buffer
     * @param offset where in it the word begins
     * @param most how many to wake at most
     * @param callback whom to tell
     */
    public void futexWake(ByteBuffer memory, int offset, int most, RingCallback<Integer> callback) {
        checkWord(memory, offset);
        if (most < 1) {
            throw new IllegalArgumentException("most must be at least 1, got " + most);
        }
        COUNT.start(
                self().operation()
                        .opCode(OpCode.FUTEX_WAKE)
                        .memory(memory, offset, Integer.BYTES)
                        .flags(most),
                callback);
    }

    private static void checkWord(ByteBuffer memory, int offset) {
        if (!memory.isDirect()) {
            throw new IllegalArgumentException("A futex is in a direct buffer, got " + memory);
        }
        Objects.checkFromIndexSize(offset, Integer.BYTES, memory.capacity());
        if (memory.alignmentOffset(offset, Integer.BYTES) != 0) {
            throw new IllegalArgumentException("A futex begins at a multiple of 4 bytes of the address; offset "
                    + offset + " is " + memory.alignmentOffset(offset, Integer.BYTES) + " behind one");
        }
    }
}
