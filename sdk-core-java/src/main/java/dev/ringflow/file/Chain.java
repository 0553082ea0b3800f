package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.internal.Answer;
import dev.ringflow.internal.LinkedOperations;
import dev.ringflow.internal.Transfer;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Operations on files of one ring that run one after the other, each when the one before it is done: a write and then a
 * sync, say, without anybody waiting in between. The files may be different ones. See
 * {@link Ring#linkAsync(Consumer)}, and io_uring_enter(2) on {@code IOSQE_IO_LINK}.
 *
 * <p><b>Failure.</b> A member that fails, or that reads or writes fewer bytes than were asked for, ends the chain: what
 * comes after it is cancelled, what came before it is done. {@link ChainException} tells which member it was, and why. With
 * {@link #continueAfterFailure()} the later members run all the same.
 *
 * <p><b>How it is done.</b> The driver {@code uring} gives the whole chain to the kernel at once, never in parts, so that
 * nothing of this process comes between two members. A chain with more members than the submission queue has
 * entries, with an operation that this kernel's ring lacks, or on a file with a time limit for each operation, and every
 * chain of the driver {@code nio}, is run by the event loop, which starts each member when the one before it has
 * completed. The outcome is the same.
 *
 * <p><b>Memory.</b> All buffers belong to the kernel from the moment that the chain is submitted until it has ended. The
 * content of a heap buffer to be written is taken when the chain is submitted: to write what an earlier member reads,
 * use a direct buffer or a {@link RingBuffer}.
 *
 * <p><b>Cancelling and closing.</b> Cancelling cancels every member that has not completed. Closing a file of the chain
 * does the same.
 *
 * <p>Not thread-safe, and of use only within the call that it was made for.
 */
public final class Chain {
    /** What a member is, for people; the operation itself has other uses when it has ended. */
    private record Described(OpCode code, Path path) {}

    private final Ring ring;
    private final RingCallback<ChainResult> callback;
    private final LinkedOperations linked = new LinkedOperations(this::ended);
    private final List<Described> described = new ArrayList<>();
    private boolean submitted;

    private Chain(Ring ring, RingCallback<ChainResult> callback) {
        this.ring = ring;
        this.callback = callback;
    }

    /**
     * Submits a chain; the callback form of {@link Ring#linkAsync}.
     *
     * @param ring the ring of all files
     * @param members adds the members, in their order
     * @param callback whom to tell when the last member has ended
     */
    public static void link(Ring ring, Consumer<? super Chain> members, RingCallback<ChainResult> callback) {
        Chain chain = new Chain(ring, callback);
        try {
            members.accept(chain);
            if (chain.described.isEmpty()) {
                throw new IllegalArgumentException("A chain needs at least one member");
            }
        } catch (Throwable t) {
            chain.submitted = true;
            chain.linked.abandon(t);
            throw t;
        }
        chain.submitted = true;
        chain.linked.submit(ring, callback);
    }

    /**
     * Reads until nothing remains in the buffer; the end of the file before that ends the chain.
     *
     * @param file the file
     * @param buffer where to; its position moves when the member has ended
     * @param position where from, in bytes from the beginning of the file
     * @return this
     * @throws IllegalArgumentException if {@code position} is negative, or the file is open on another ring
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
     * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
     */
    public Chain read(RingFile file, ByteBuffer buffer, long position) {
        Transfer.checkWritable(buffer);
        int bytes = buffer.remaining();
        Operation member = checked(file).transfer(OpCode.READ, position, bytes);
        Transfer.IN_ONCE.prepareWhole(member, buffer, linked.callback(bytes));
        return add(file, member);
    }

    /**
     * Reads into a pooled buffer; with registered memory where the ring has it.
     *
     * @param file the file
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param position where from
     * @return this
     */
    public Chain read(RingFile file, RingBuffer buffer, long position) {
        int bytes = buffer.byteBuffer().remaining();
        Operation member = checked(file).transfer(OpCode.READ, position, bytes);
        Transfer.IN_ONCE.prepareWhole(member, buffer, linked.callback(bytes));
        return add(file, member);
    }

    /**
     * Writes all that remains in the buffer; a system that takes less ends the chain.
     *
     * @param file the file
     * @param buffer where from; its position moves when the member has ended
     * @param position where to, in bytes from the beginning of the file
     * @return this
     * @throws IllegalArgumentException if {@code position} is negative, the file is open on another ring, or an earlier
     *     member reads into the same heap buffer
     * @throws NonWritableChannelException if the file was not opened for writing
     */
    public Chain write(RingFile file, ByteBuffer buffer, long position) {
        requireContentKnown(buffer);
        int bytes = buffer.remaining();
        Operation member = checked(file).transfer(OpCode.WRITE, position, bytes);
        Transfer.OUT_ONCE.prepareWhole(member, buffer, linked.callback(bytes));
        return add(file, member);
    }

    /**
     * Writes all that remains in a pooled buffer; with registered memory where the ring has it.
     *
     * @param file the file
     * @param buffer a lease; it may be closed at once, its memory goes back to the pool when the kernel has let go
     * @param position where to
     * @return this
     */
    public Chain write(RingFile file, RingBuffer buffer, long position) {
        int bytes = buffer.byteBuffer().remaining();
        Operation member = checked(file).transfer(OpCode.WRITE, position, bytes);
        Transfer.OUT_ONCE.prepareWhole(member, buffer, linked.callback(bytes));
        return add(file, member);
    }

    /**
     * Makes content and metadata durable, all that members before it have written included; see fsync(2).
     *
     * @param file the file
     * @return this
     */
    public Chain sync(RingFile file) {
        return add(file, checked(file).operation(OpCode.SYNC));
    }

    /**
     * Makes content durable, and only as much metadata as reading it needs; see fdatasync(2).
     *
     * @param file the file
     * @return this
     */
    public Chain syncData(RingFile file) {
        return add(file, checked(file).operation(OpCode.SYNC).flags(1));
    }

    /**
     * Sets the size of a file: cuts it, or extends it with zeros. See ftruncate(2).
     *
     * @param file the file
     * @param size bytes
     * @return this
     * @throws IllegalArgumentException if {@code size} is negative
     * @throws NonWritableChannelException if the file was not opened for writing
     */
    public Chain truncate(RingFile file, long size) {
        if (size < 0) {
            throw new IllegalArgumentException("size must not be negative, got " + size);
        }
        checked(file).requireWritable();
        return add(file, file.operation(OpCode.TRUNCATE).position(size));
    }

    /**
     * Reserves space on the device, and extends the file if the range ends behind it; see fallocate(2). On the driver
     * {@code nio} the chain fails here with {@link UnsupportedOperationException} as cause.
     *
     * @param file the file
     * @param position where the range begins
     * @param bytes how long it is, at least 1
     * @return this
     * @throws IllegalArgumentException if the range is empty or negative
     * @throws NonWritableChannelException if the file was not opened for writing
     */
    public Chain allocate(RingFile file, long position, long bytes) {
        RingFileState.requireRange(position, bytes);
        checked(file).requireWritable();
        return add(file, file.operation(OpCode.ALLOCATE).position(position).extent(bytes));
    }

    /**
     * Makes the chain go on after a member that failed. The chain as a whole then fails when its last member has ended,
     * with the first failure. On Linux a request that the kernel finds faulty, such as one with an argument that it does
     * not know, ends the chain all the same.
     *
     * @return this
     */
    public Chain continueAfterFailure() {
        requireUsable();
        linked.goOnAfterFailures();
        return this;
    }

    private Chain add(RingFile file, Operation member) {
        if (member.callback() == null) {
            member.handler(Answer.DONE).callback(linked.callback(0));
        }
        linked.add(member);
        described.add(new Described(member.opCode(), file.path()));
        return this;
    }

    private RingFile checked(RingFile file) {
        requireUsable();
        if (file.ring() != ring) {
            throw new IllegalArgumentException(file + " is open on another ring than this chain is for");
        }
        return file;
    }

    private void requireUsable() {
        if (submitted) {
            throw new IllegalStateException("This chain was submitted before, and takes no more members");
        }
    }

    private void requireContentKnown(ByteBuffer buffer) {
        if (!buffer.hasArray()) {
            return;
        }
        for (Operation each : linked.members()) {
            ByteBuffer earlier = each.userBuffer();
            boolean same = earlier != null && earlier.hasArray() && earlier.array() == buffer.array();
            if (same && each.opCode() == OpCode.READ) {
                throw new IllegalArgumentException("An earlier member reads into this heap buffer, whose content is"
                        + " taken before the chain begins. Use a direct buffer.");
            }
        }
    }

    // The end.

    private void ended(LinkedOperations ignored, @Nullable Throwable notRun) {
        if (notRun != null) {
            callback.failed(notRun);
            return;
        }
        List<ChainMember> members = new ArrayList<>(described.size());
        int first = -1;
        for (int i = 0; i < described.size(); i++) {
            members.add(member(i, first >= 0));
            first = linked.failure(i) != null && first < 0 ? i : first;
        }
        if (first < 0) {
            callback.completed(new ChainResult(members));
            return;
        }
        callback.failed(failure(members, first));
    }

    private ChainMember member(int index, boolean afterAnother) {
        Described what = described.get(index);
        Throwable why = linked.failure(index);
        boolean cancelled = afterAnother && (!linked.isGoingOnAfterFailures() || why instanceof CancellationException);
        ChainMember.Outcome outcome = why == null
                ? ChainMember.Outcome.DONE
                : cancelled ? ChainMember.Outcome.CANCELLED : ChainMember.Outcome.FAILED;
        String name = what.code().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return new ChainMember(name, what.path(), outcome, linked.bytes(index), why);
    }

    private Throwable failure(List<ChainMember> members, int first) {
        Throwable cause = Objects.requireNonNull(members.get(first).failure());
        ChainException failure = new ChainException(members, first, cause);
        for (ChainMember each : members.subList(first + 1, members.size())) {
            Throwable another = each.failure();
            if (another != null && another != cause && !(another instanceof CancellationException)) {
                failure.addSuppressed(another);
            }
        }
        if (!linked.isCalledOff() || !(cause instanceof CancellationException)) {
            return failure;
        }
        CancellationException cancelled = new CancellationException("The chain was cancelled");
        cancelled.initCause(failure);
        return cancelled;
    }
}
