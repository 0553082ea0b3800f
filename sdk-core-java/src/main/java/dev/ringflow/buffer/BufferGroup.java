package dev.ringflow.buffer;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.internal.BuffersOut;
import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.ProvidedBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Equal buffers that a ring receives into, whichever is free: thousands of connections share them, and those on which
 * nothing comes hold none (on Linux 5.19 and later a ring of provided buffers, see io_uring_register_buf_ring(3)).
 *
 * <p>What was received is a {@link ReceivedBuffer}. When all buffers are held, streams on the group pause, and go on in
 * turn as buffers come back; nothing is lost meanwhile, it waits in the kernel, and the peers' sending with it.
 *
 * <p>The memory is taken from the system when the group is first used. Any thread may use it, except where a method says
 * otherwise.
 */
public final class BufferGroup implements AutoCloseable {
    private final Ring ring;
    private final BufferGroupOptions options;
    private final AtomicReference<@Nullable ReceivedSlot> returnedElsewhere = new AtomicReference<>();
    private final Runnable takeReturned = this::takeReturned;
    private final Runnable wakeSome = this::wakeSome;
    private final BuffersOut buffersOut;
    /** Held here, since {@link BuffersOut} does not hold it. */
    private final BuffersOut.Lender lender = new BuffersOut.Lender() {
        @Override
        public int out() {
            return held;
        }

        @Override
        public boolean isClosed() {
            return closed;
        }
    };

    private volatile boolean closed;

    // Confined to the loop thread.
    private final LinkedHashSet<BufferReceiver> receivers = new LinkedHashSet<>();
    private final LinkedHashSet<BufferReceiver> starving = new LinkedHashSet<>();
    private @Nullable ProvidedBuffers provided;
    private @Nullable ReceivedSlot[] slots = {};
    private int held;
    private long returns;
    private boolean waking;
    private int toWake;
    private int burst;

    private BufferGroup(Ring ring, BufferGroupOptions options) {
        this.ring = ring;
        this.options = options;
        this.buffersOut = BuffersOut.of(ring);
        buffersOut.add(lender);
    }

    /**
     * Makes a group of one ring.
     *
     * @param ring the ring that will receive into it
     * @param options count and size
     * @return the group, which the caller closes
     */
    public static BufferGroup create(Ring ring, BufferGroupOptions options) {
        return new BufferGroup(ring, options);
    }

    /**
     * The group that streams of a ring use unless they are told another: {@link BufferGroupOptions#defaults()}.
     *
     * @param ring the ring
     * @return always the same group for the same ring; it must not be closed, it ends with the ring
     */
    public static BufferGroup ofRing(Ring ring) {
        return ring.companion(BufferGroup.class, of -> create(of, BufferGroupOptions.defaults()));
    }

    /**
     * The ring that receives into it.
     *
     * @return the ring
     */
    public Ring ring() {
        return ring;
    }

    /**
     * How it is set up.
     *
     * @return the options that it was made with
     */
    public BufferGroupOptions options() {
        return options;
    }

    /**
     * How many deliveries are held: being delivered, waiting for a slow consumer, retained, or being sent.
     *
     * @return a recent number
     */
    public int held() {
        return held;
    }

    /**
     * Ends the group. Streams that still receive into it fail with an {@link IllegalStateException} that says so. Buffers
     * that are held stay valid until they are given back. The kernel lets go of the memory when everything in flight on
     * it has ended, for which this method does not wait. Closing again has no effect.
     */
    @Override
    public void close() {
        closed = true;
        if (ring.isLoopThread()) {
            closeOnLoop();
            return;
        }
        try {
            ring.execute(this::closeOnLoop);
        } catch (RejectedExecutionException e) {
            // the closing of the ring has ended it
        }
    }

    private void closeOnLoop() {
        for (BufferReceiver each : List.copyOf(receivers)) {
            each.groupClosed(closedException());
        }
        closeProvided();
    }

    private void closeProvided() {
        if (closed && receivers.isEmpty() && provided != null) {
            provided.close();
        }
    }

    private IllegalStateException closedException() {
        return new IllegalStateException(this + " was closed: a stream needs a group that outlives it");
    }

    // For layers built on the ring: all on the loop thread.

    /**
     * Tells that a receiver begins to use the group. Loop thread.
     *
     * @param receiver whom to tell of what happens to the group, until {@link #leave}
     * @return what operations receive into
     * @throws IOException if the system gives no memory
     * @throws IllegalStateException if the group is closed
     */
    public ProvidedBuffers join(BufferReceiver receiver) throws IOException {
        if (closed) {
            throw closedException();
        }
        ProvidedBuffers current = provided;
        if (current == null) {
            current = ring.unsafeDriver()
                    .provideBuffers(options.count(), options.bufferSize(), options.incremental(), options.bundles());
            provided = current;
            slots = new ReceivedSlot[current.count()];
        }
        receivers.add(receiver);
        return current;
    }

    /**
     * Tells that a receiver has nothing in flight on the group any more. What it delivered may still be held. Loop thread.
     *
     * @param receiver what joined
     */
    public void leave(BufferReceiver receiver) {
        receivers.remove(receiver);
        starving.remove(receiver);
        closeProvided();
    }

    /**
     * Makes what is handed to a consumer of a completion with {@link CompletionFlags#BUFFER}. It is being delivered until
     * {@link ReceivedBuffer#delivered()}. Loop thread.
     *
     * @param receiver what joined; it is told when the buffer is back
     * @param flags the completion's flags
     * @param bytes the completion's result
     * @return the buffer
     */
    public ReceivedBuffer deliver(BufferReceiver receiver, int flags, int bytes) {
        ProvidedBuffers from = requireJoined();
        int id = CompletionFlags.bufferId(flags);
        int start = from.start(id);
        ReceivedSlot slot;
        if (start == 0 && (flags & CompletionFlags.BUFFER_MORE) == 0) {
            slot = slots[id];
            if (slot == null) {
                slot = new ReceivedSlot(this, id, from.memory(id));
                slots[id] = slot;
            }
            slot.bytes().order(ByteOrder.BIG_ENDIAN).limit(bytes).position(0);
        } else {
            ByteBuffer whole = from.memory(id);
            slot = new ReceivedSlot(this, id, whole.clear().slice(start, bytes));
        }
        slot.receiver = receiver;
        held++;
        return new ReceivedBuffer(slot);
    }

    /**
     * How often a buffer came back, for {@link #awaitBuffers}. Loop thread.
     *
     * @return a number that grows with each
     */
    public long returns() {
        return returns;
    }

    /**
     * Whether the driver has no buffer to receive into, so that asking it would be in vain. Loop thread.
     *
     * @return true if every buffer is held
     */
    public boolean isExhausted() {
        ProvidedBuffers current = provided;
        return current != null && current.available() == 0;
    }

    /**
     * Puts a receiver at the end of the line of those that get a turn when buffers come back. Loop thread.
     *
     * @param receiver what joined
     * @param returnsBefore {@link #returns()} at the moment when it last asked the driver for bytes
     */
    public void awaitBuffers(BufferReceiver receiver, long returnsBefore) {
        starving.add(receiver);
        buffersOut.shortOf(this, held);
        if (returns != returnsBefore) {
            beginWaking(); // one came back since: that may have been the only one for long
        }
    }

    private ProvidedBuffers requireJoined() {
        ProvidedBuffers current = provided;
        if (current == null) {
            throw new IllegalStateException("Nobody has joined " + this);
        }
        return current;
    }

    // Buffers on their way back.

    /** Any thread. */
    void takeBack(ReceivedSlot slot) {
        if (ring.isLoopThread()) {
            returned(slot);
            return;
        }
        ReceivedSlot before;
        do {
            before = returnedElsewhere.get();
            slot.next = before;
        } while (!returnedElsewhere.compareAndSet(before, slot));
        if (before == null) {
            try {
                ring.execute(takeReturned);
            } catch (RejectedExecutionException e) {
                // the group has ended with its ring: nobody receives into it any more
            }
        }
    }

    private void takeReturned() {
        ReceivedSlot each = returnedElsewhere.getAndSet(null);
        while (each != null) {
            ReceivedSlot after = each.next;
            each.next = null;
            returned(each);
            each = after;
        }
    }

    private void returned(ReceivedSlot slot) {
        BufferReceiver receiver = slot.receiver;
        slot.receiver = null;
        held--;
        returns++;
        requireJoined().giveBack(slot.id);
        if (receiver != null) {
            receiver.bufferReturned();
        }
        if (!starving.isEmpty()) {
            beginWaking();
        }
    }

    /**
     * Everybody who starves now gets a turn while there are buffers. All at once they would be refused together, so it
     * goes on turn by turn of the loop, with what the driver has left then.
     */
    private void beginWaking() {
        toWake = starving.size();
        if (!waking) {
            burst = 0;
            wakeInNextTurn();
        }
    }

    private void wakeInNextTurn() {
        try {
            ring.scheduleNanos(0, wakeSome);
            waking = true;
        } catch (RingClosedException e) {
            // its operations tell the receivers
        }
    }

    /** More and more at a time: who wakes and has nothing to receive takes no buffer from the others. */
    private void wakeSome() {
        waking = false;
        int available = requireJoined().available();
        if (available == 0) {
            return;
        }
        burst = Math.max(available, 2 * burst);
        for (int i = 0; i < burst && toWake > 0 && !starving.isEmpty(); i++) {
            BufferReceiver first = starving.iterator().next();
            starving.remove(first);
            toWake--;
            first.buffersAvailable();
        }
        if (toWake > 0 && !starving.isEmpty()) {
            wakeInNextTurn();
        }
    }

    @Override
    public String toString() {
        return "BufferGroup[" + held + " of " + options.count() + " held, " + options.bufferSize() + " bytes each"
                + (closed ? ", closed]" : "]");
    }
}
