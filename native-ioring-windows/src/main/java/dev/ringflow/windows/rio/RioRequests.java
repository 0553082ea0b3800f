package dev.ringflow.windows.rio;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The requests of a {@link RioRequestQueue}: what there is to send and to receive with. */
public abstract class RioRequests {
    /** {@code RIO_MSG_DONT_NOTIFY}: the completion of this request does not bring the notification. */
    public static final int DONT_NOTIFY = 1;

    /** {@code RIO_MSG_DEFER}: the request may wait until another one, or a commit, starts it. It is counted at once. */
    public static final int DEFER = 2;

    /** {@code RIO_MSG_WAITALL}: a receive on a stream completes when the slice is full, or the stream ends. */
    public static final int WAITALL = 4;

    private static final int COMMIT_ONLY = 8;

    /** In the place of a number of bytes: the whole slice. */
    private static final int ALL = -1;

    private static final int DATA = 0;
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int CONTROL = 3;
    private static final int MESSAGE_FLAGS = 4;

    final RioFunctions functions;
    final RioCompletionQueue receiveQueue;
    final RioCompletionQueue sendQueue;
    final RioSlots receives;
    final RioSlots sends;
    final AtomicInteger inFlight = new AtomicInteger();
    long handle;
    volatile boolean closed;

    RioRequests(
            final RioCompletionQueue receiveQueue,
            final RioCompletionQueue sendQueue,
            final int receives,
            final int sends) {
        functions = receiveQueue.functions();
        this.receiveQueue = receiveQueue;
        this.sendQueue = sendQueue;
        this.receives = new RioSlots(receives, false);
        this.sends = new RioSlots(sends, true);
    }

    final void enter() {
        receiveQueue.guard().enter("the completion queue");
        if (sendQueue != receiveQueue) {
            try {
                sendQueue.guard().enter("the completion queue");
            } catch (final IllegalStateException e) {
                receiveQueue.guard().leave();
                throw e;
            }
        }
    }

    final void leave() {
        receiveQueue.guard().leave();
        if (sendQueue != receiveQueue) {
            sendQueue.guard().leave();
        }
    }

    final void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the socket of this request queue is closed");
        }
    }

    /**
     * {@code RIOReceive}: receives into a slice.
     *
     * @param data where to
     * @param context what the completion tells
     * @param flags 0, or {@link #DONT_NOTIFY}, {@link #DEFER}, {@link #WAITALL}
     * @return 0, or the negated error
     * @throws RioCapacityException if as many receives are in flight as there may be
     * @throws IllegalStateException if the queue or the slab is closed, the slice in use, or another thread in it
     */
    public final int receive(final RioSlice data, final long context, final int flags) {
        return submit(
                receives, flags, DONT_NOTIFY | DEFER | WAITALL, context, data, ALL, null, null, null, null, false);
    }

    /**
     * {@code RIOSend}: sends what a slice has.
     *
     * @param data what, all of it
     * @param context what the completion tells
     * @param flags 0, or {@link #DONT_NOTIFY}, {@link #DEFER}
     * @return 0, or the negated error
     * @throws RioCapacityException if as many sends are in flight as there may be
     * @throws IllegalStateException if the queue or the slab is closed, the slice in use, or another thread in it
     */
    public final int send(final RioSlice data, final long context, final int flags) {
        return submit(sends, flags, DONT_NOTIFY | DEFER, context, data, ALL, null, null, null, null, false);
    }

    /**
     * {@code RIOSend}: sends the beginning of what a slice has.
     *
     * @param data what
     * @param bytes how much of it, 1 to its length
     * @param context what the completion tells
     * @param flags 0, or {@link #DONT_NOTIFY}, {@link #DEFER}
     * @return 0, or the negated error
     * @throws RioCapacityException if as many sends are in flight as there may be
     * @throws IllegalStateException if the queue or the slab is closed, the slice in use, or another thread in it
     */
    public final int send(final RioSlice data, final int bytes, final long context, final int flags) {
        if (bytes < 1 || bytes > data.length()) {
            throw new IllegalArgumentException(bytes + " bytes of " + data);
        }
        return submit(sends, flags, DONT_NOTIFY | DEFER, context, data, bytes, null, null, null, null, false);
    }

    /**
     * {@code RIOReceive}: receives into a part of a slab, for which there need not be a slice. That no other request in
     * flight uses the same bytes is the caller's to see to.
     *
     * @param slab the memory
     * @param offset where to, in bytes from the slab's beginning
     * @param bytes how many at most, at least 1
     * @param context what the completion tells
     * @param flags 0, or {@link #DONT_NOTIFY}, {@link #DEFER}, {@link #WAITALL}
     * @return 0, or the negated error
     * @throws IndexOutOfBoundsException if that is not within the slab
     * @throws RioCapacityException if as many receives are in flight as there may be
     * @throws IllegalStateException if the queue or the slab is closed, or another thread in it
     */
    public final int receive(
            final RioSlab slab, final int offset, final int bytes, final long context, final int flags) {
        return submitPart(receives, flags, DONT_NOTIFY | DEFER | WAITALL, context, slab, offset, bytes);
    }

    /**
     * {@code RIOSend}: sends a part of a slab, for which there need not be a slice. That no other request in flight uses
     * the same bytes is the caller's to see to.
     *
     * @param slab the memory
     * @param offset where from, in bytes from the slab's beginning
     * @param bytes how many, at least 1
     * @param context what the completion tells
     * @param flags 0, or {@link #DONT_NOTIFY}, {@link #DEFER}
     * @return 0, or the negated error
     * @throws IndexOutOfBoundsException if that is not within the slab
     * @throws RioCapacityException if as many sends are in flight as there may be
     * @throws IllegalStateException if the queue or the slab is closed, or another thread in it
     */
    public final int send(final RioSlab slab, final int offset, final int bytes, final long context, final int flags) {
        return submitPart(sends, flags, DONT_NOTIFY | DEFER, context, slab, offset, bytes);
    }

    private int submitPart(
            final RioSlots slots,
            final int flags,
            final int allowed,
            final long context,
            final RioSlab slab,
            final int offset,
            final int bytes) {
        if (offset < 0 || bytes < 1 || bytes > slab.size() - offset) {
            throw new IndexOutOfBoundsException(bytes + " bytes at " + offset + " of " + slab);
        }
        requireFlags(flags, allowed);
        enter();
        try {
            final int slot = take(slots, context);
            boolean accepted = false;
            try {
                final int answer = plain(slots, slot, slots.part(slot, slab, offset, bytes), flags);
                accepted = answer == 0;
                return answer;
            } finally {
                end(slots, slot, accepted);
            }
        } finally {
            leave();
        }
    }

    private static void requireFlags(final int flags, final int allowed) {
        if ((flags & ~allowed) != 0) {
            throw new IllegalArgumentException("flags: 0x" + Integer.toHexString(flags));
        }
    }

    private int take(final RioSlots slots, final long context) {
        requireOpen();
        if (slots.available() == 0) {
            throw new RioCapacityException("all " + slots.capacity() + (slots == sends ? " sends" : " receives")
                    + " of this request queue are in flight: take completions out first, or resize the queue");
        }
        return slots.take(context);
    }

    private int plain(final RioSlots slots, final int slot, final long data, final int flags) {
        return slots == sends
                ? functions.send(handle, data, 1, flags, slots.requestContext(slot))
                : functions.receive(handle, data, 1, flags, slots.requestContext(slot));
    }

    private void end(final RioSlots slots, final int slot, final boolean accepted) {
        if (accepted) {
            inFlight.getAndIncrement();
        } else {
            slots.release(slot);
        }
    }

    /**
     * {@code RIOReceiveEx}: receives a datagram, with what there is to know about it.
     *
     * @param data where to, or null
     * @param local where the address goes that it was sent to (a {@code SOCKADDR_INET} of 28 bytes), or null
     * @param remote where the sender's address goes (28 bytes), or null
     * @param control where control messages go ({@code RIO_CMSG_BUFFER}), or null
     * @param messageFlags where {@code MSG_} flags go (4 bytes), or null
     * @param context what the completion tells
     * @param flags 0, or {@link #DONT_NOTIFY}, {@link #DEFER}, {@link #WAITALL}
     * @return 0, or the negated error
     * @throws RioCapacityException if as many receives are in flight as there may be
     * @throws IllegalStateException if the queue or a slab is closed, a slice in use, or another thread in it
     */
    public final int receiveEx(
            final @Nullable RioSlice data,
            final @Nullable RioSlice local,
            final @Nullable RioSlice remote,
            final @Nullable RioSlice control,
            final @Nullable RioSlice messageFlags,
            final long context,
            final int flags) {
        final int allowed = DONT_NOTIFY | DEFER | WAITALL;
        return submit(receives, flags, allowed, context, data, ALL, local, remote, control, messageFlags, true);
    }

    /**
     * {@code RIOSendEx}: sends a datagram to an address.
     *
     * @param data what, all of it, or null for none
     * @param local the address to send from, or null
     * @param remote the address to send to: a {@code SOCKADDR_INET} of 28 bytes, whichever family it is of; or null
     * @param control control messages, or null
     * @param messageFlags {@code MSG_} flags, or null
     * @param context what the completion tells
     * @param flags 0, or {@link #DONT_NOTIFY}, {@link #DEFER}
     * @return 0, or the negated error
     * @throws RioCapacityException if as many sends are in flight as there may be
     * @throws IllegalStateException if the queue or a slab is closed, a slice in use, or another thread in it
     */
    public final int sendEx(
            final @Nullable RioSlice data,
            final @Nullable RioSlice local,
            final @Nullable RioSlice remote,
            final @Nullable RioSlice control,
            final @Nullable RioSlice messageFlags,
            final long context,
            final int flags) {
        return submit(
                sends, flags, DONT_NOTIFY | DEFER, context, data, ALL, local, remote, control, messageFlags, true);
    }

    /**
     * {@code RIOSendEx}: sends the beginning of what a slice has as one datagram.
     *
     * @param data what
     * @param bytes how much of it, 0 to its length
     * @param remote the address to send to: a {@code SOCKADDR_INET} of 28 bytes, whichever family it is of; null for the
     *     connected peer
     * @param context what the completion tells
     * @param flags 0, or {@link #DONT_NOTIFY}, {@link #DEFER}
     * @return 0, or the negated error
     * @throws RioCapacityException if as many sends are in flight as there may be
     * @throws IllegalStateException if the queue or a slab is closed, a slice in use, or another thread in it
     */
    public final int sendDatagram(
            final RioSlice data,
            final int bytes,
            final @Nullable RioSlice remote,
            final long context,
            final int flags) {
        if (bytes < 0 || bytes > data.length()) {
            throw new IllegalArgumentException(bytes + " bytes of " + data);
        }
        final int allowed = DONT_NOTIFY | DEFER;
        return bytes == 0
                ? submit(sends, flags, allowed, context, null, ALL, null, remote, null, null, true)
                : submit(sends, flags, allowed, context, data, bytes, null, remote, null, null, true);
    }

    private int submit(
            final RioSlots slots,
            final int flags,
            final int allowed,
            final long context,
            final @Nullable RioSlice data,
            final int bytes,
            final @Nullable RioSlice local,
            final @Nullable RioSlice remote,
            final @Nullable RioSlice control,
            final @Nullable RioSlice messageFlags,
            final boolean ex) {
        requireFlags(flags, allowed);
        enter();
        try {
            final int slot = take(slots, context);
            boolean accepted = false;
            try {
                final long first = slots.piece(slot, DATA, data);
                if (bytes != ALL) {
                    slots.limit(slot, DATA, bytes);
                }
                final int answer;
                if (ex) {
                    answer = functions.transferEx(
                            slots == sends,
                            handle,
                            first,
                            slots.piece(slot, LOCAL, local),
                            slots.piece(slot, REMOTE, remote),
                            slots.piece(slot, CONTROL, control),
                            slots.piece(slot, MESSAGE_FLAGS, messageFlags),
                            flags,
                            slots.requestContext(slot));
                } else {
                    answer = plain(slots, slot, first, flags);
                }
                accepted = answer == 0;
                return answer;
            } finally {
                end(slots, slot, accepted);
            }
        } finally {
            leave();
        }
    }

    /**
     * {@code RIOReceive} with {@code RIO_MSG_COMMIT_ONLY}: starts the receives that were deferred.
     *
     * @return 0, or the negated error
     * @throws IllegalStateException if the queue is closed, or another thread in it
     */
    public final int commitReceives() {
        return commit(false);
    }

    /**
     * {@code RIOSend} with {@code RIO_MSG_COMMIT_ONLY}: starts the sends that were deferred.
     *
     * @return 0, or the negated error
     * @throws IllegalStateException if the queue is closed, or another thread in it
     */
    public final int commitSends() {
        return commit(true);
    }

    private int commit(final boolean send) {
        enter();
        try {
            requireOpen();
            return send
                    ? functions.send(handle, 0, 0, COMMIT_ONLY, 0)
                    : functions.receive(handle, 0, 0, COMMIT_ONLY, 0);
        } finally {
            leave();
        }
    }
}
