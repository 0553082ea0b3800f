package dev.ringflow.event;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.internal.Answer;
import dev.ringflow.internal.CloseOnce;
import dev.ringflow.internal.PullPublisher;
import dev.ringflow.internal.Transfer;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A file descriptor that the ring did not open: an eventfd, a timerfd, an inotify instance, a pidfd, a device, a
 * socket of another library. The ring can wait for it, read it and write it, and does not own it: neither closing the
 * ring nor closing this object closes it, unless {@link #closeDescriptorAsync} is called.
 *
 * <p>Whoever owns the descriptor keeps it open until {@link #closeAsync} has completed: before that the kernel may
 * still wait on it, and the number might meanwhile stand for something else.
 *
 * <p>Where the driver knows no descriptors, as that of NIO, every operation fails with
 * {@link UnsupportedOperationException}. Any thread may use it; callbacks come on the loop thread.
 */
public final class ForeignDescriptor implements AutoCloseable {
    private static final Answer<PollEvents> POLLED = new Answer<>() {
        @Override
        protected PollEvents value(Operation operation, int result) {
            return new PollEvents(result);
        }
    };

    private final Ring ring;
    private final Handle handle;
    private final CloseOnce closing;

    private ForeignDescriptor(Ring ring, int number) {
        this.ring = Objects.requireNonNull(ring, "ring");
        if (number < 0) {
            throw new IllegalArgumentException("A file descriptor is at least 0, got " + number);
        }
        this.handle = Handle.foreign(number);
        this.closing = new CloseOnce(ring, handle);
    }

    /**
     * Makes a descriptor known to a ring. Nothing is asked of the kernel.
     *
     * @param ring the ring
     * @param number an open file descriptor of this process
     * @return what stands for it; closing it is only needed to cancel what is in flight
     * @throws IllegalArgumentException if the number is below zero
     */
    public static ForeignDescriptor of(Ring ring, int number) {
        return new ForeignDescriptor(ring, number);
    }

    /**
     * The ring that waits for it.
     *
     * @return the ring
     */
    public Ring ring() {
        return ring;
    }

    /**
     * The file descriptor.
     *
     * @return its number
     */
    public int number() {
        return (int) handle.value();
    }

    /**
     * Whether operations are taken.
     *
     * @return false from the moment that closing began
     */
    public boolean isOpen() {
        return closing.isOpen();
    }

    Operation operation(OpCode code) {
        return ring.operation().opCode(code).handle(handle).owner(this);
    }

    // Waiting.

    /**
     * Waits until something happens to the descriptor, or is so already; see poll(2).
     *
     * @param events what to wait for; {@link PollEvents#ERROR}, {@link PollEvents#HANG_UP} and
     *     {@link PollEvents#INVALID} are always waited for
     * @return a future of what has happened, at least one event; fails with {@link UnsupportedOperationException}
     *     where the driver cannot poll
     */
    public RingFuture<PollEvents> pollAsync(PollEvents events) {
        RingFuture<PollEvents> future = new RingFuture<>();
        poll(events, future);
        return future;
    }

    /**
     * The callback form of {@link #pollAsync}.
     *
     * @param events what to wait for
     * @param callback whom to tell
     */
    public void poll(PollEvents events, RingCallback<PollEvents> callback) {
        POLLED.start(operation(OpCode.POLL).flags(events.bits()), callback);
    }

    /**
     * What happens to the descriptor, as a stream for one consumer that asks for each; what Kotlin's {@code events()}
     * stands on.
     *
     * @param events what to wait for
     * @return a stream, for the caller to close; nothing is waited for before the first is asked for
     */
    public EventStream eventStream(PollEvents events) {
        return new EventStream(this, events);
    }

    /**
     * What happens to the descriptor, as a publisher over one multishot poll (since Linux 5.13, posted again and again
     * before). Each subscriber has a poll of his own.
     *
     * <p>Demand is respected: what happens while there is none is told in one, when there is some again; see
     * {@link EventStream}. A subscriber is told of changes, so he reads until there is nothing more; on kernels that
     * have no multishot poll he is told again as long as there is something. The publisher completes after events
     * that say that the descriptor has come to an end, and when the descriptor or the ring's interest in it is
     * closed. Signals come on the loop thread.
     *
     * @param events what to wait for
     * @return a publisher that may be subscribed to any number of times; fails with
     *     {@link UnsupportedOperationException} where the driver cannot poll
     */
    public Flow.Publisher<PollEvents> eventsPublisher(PollEvents events) {
        Objects.requireNonNull(events, "events");
        return new PullPublisher<>(ring, events + " of " + this, () -> eventStream(events));
    }

    // Reading and writing.

    /**
     * Reads at least 1, and up to as many bytes as remain in the buffer; waits while there is nothing. See read(2).
     *
     * @param buffer where to; the kernel's until the future's {@link RingFuture#released()} completes
     * @return a future of the number of bytes, -1 at the end
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
     */
    public RingFuture<Integer> readAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        read(buffer, future);
        return future;
    }

    /**
     * The callback form of {@link #readAsync}.
     *
     * @param buffer where to
     * @param callback whom to tell
     */
    public void read(ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.checkWritable(buffer);
        Transfer.IN_ONCE.start(operation(OpCode.READ).position(-1), buffer, callback);
    }

    /**
     * Writes at least 1, and up to as many bytes as remain in the buffer. See write(2).
     *
     * @param buffer where from; the kernel's until the future's {@link RingFuture#released()} completes
     * @return a future of the number of bytes
     */
    public RingFuture<Integer> writeAsync(ByteBuffer buffer) {
        RingFuture<Integer> future = new RingFuture<>();
        write(buffer, future);
        return future;
    }

    /**
     * The callback form of {@link #writeAsync}.
     *
     * @param buffer where from
     * @param callback whom to tell
     */
    public void write(ByteBuffer buffer, RingCallback<Integer> callback) {
        Transfer.OUT_ONCE.start(operation(OpCode.WRITE).position(-1), buffer, callback);
    }

    // The end.

    /**
     * Ends the ring's part: cancels what is in flight on the descriptor and waits until the kernel has let go. The
     * descriptor stays open. Closing again has no effect.
     *
     * @return a future that completes when the owner may close the descriptor
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        return closing.begin();
    }

    /**
     * As {@link #closeAsync}, and closes the descriptor as well, which has to be its owner's wish. Without effect if
     * closing has begun.
     *
     * @return a future that completes when the descriptor is closed
     */
    public CompletableFuture<@Nullable Void> closeDescriptorAsync() {
        if (closing.isOpen()) {
            handle.own();
        }
        return closing.begin();
    }

    /** Does what {@link #closeAsync} does, and waits for it except on the loop thread. */
    @Override
    public void close() {
        closing.close();
    }

    @Override
    public String toString() {
        return "ForeignDescriptor[" + number() + (isOpen() ? "" : ", closed") + "]";
    }
}
