package dev.ringflow.windows.rio;

import dev.ringflow.windows.internal.Ws2_32;
import dev.ringflow.windows.iocp.WinsockException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A socket's queue of requests: send and receive on one socket, with a fixed number of requests in flight in each
 * direction. The queue takes the socket over, and lives as long as it: {@link #close()} closes the socket.
 *
 * <p><b>Requests.</b> Each answers 0 when exactly one completion will come, or the negated error, when none will. A
 * request beyond the capacity is a {@link RioCapacityException}, before the kernel is asked. Requests of one
 * direction on a stream are done in order. There is no way to cancel a request but to close the socket.
 *
 * <p><b>Closing.</b> The completions of requests in flight come after it, mostly with {@link
 * dev.ringflow.windows.iocp.WinsockError#WSA_OPERATION_ABORTED}. The places in the completion queues are free again
 * when the last of them was dequeued.
 *
 * <p><b>Threads.</b> One thread at a time may use the completion queue and all its request queues; another one at the
 * same time is refused with an {@link IllegalStateException}.
 */
public final class RioRequestQueue extends RioRequests implements AutoCloseable {
    private final long socket;
    private final AtomicInteger attached = new AtomicInteger(1);
    private int receivePlace;
    private int sendPlace;

    private RioRequestQueue(
            final long socket,
            final int receives,
            final int sends,
            final RioCompletionQueue receiveQueue,
            final RioCompletionQueue sendQueue) {
        super(receiveQueue, sendQueue, receives, sends);
        this.socket = socket;
    }

    /**
     * {@code RIOCreateRequestQueue}: gives a socket a queue.
     *
     * @param socket made with {@code WSA_FLAG_REGISTERED_IO}, connected or of datagrams, without a queue; when this
     *     method returns, it belongs to the queue, and when it throws, it is still the caller's
     * @param receives how many requests to receive may be in flight
     * @param sends how many requests to send may be in flight
     * @param receiveQueue where receives complete
     * @param sendQueue where sends complete, possibly the same
     * @return an open queue
     * @throws RioCapacityException if the completion queues have fewer free places than requests may be in flight
     * @throws WinsockException if the socket is none for Registered I/O
     * @throws IllegalStateException if a completion queue is closed, or used by another thread just now
     */
    public static RioRequestQueue open(
            final long socket,
            final int receives,
            final int sends,
            final RioCompletionQueue receiveQueue,
            final RioCompletionQueue sendQueue)
            throws WinsockException {
        if (receives < 0 || sends < 0 || receives + sends <= 0) {
            throw new IllegalArgumentException("a request queue for " + receives + " receives and " + sends + " sends");
        }
        if (receives > receiveQueue.size() || sends > sendQueue.size()) {
            throw new RioCapacityException("completion queues of " + receiveQueue.size() + " and " + sendQueue.size()
                    + " places cannot take a request queue for " + receives + " receives and " + sends + " sends");
        }
        final RioRequestQueue queue = new RioRequestQueue(socket, receives, sends, receiveQueue, sendQueue);
        queue.enter();
        try {
            queue.create();
        } finally {
            queue.leave();
        }
        return queue;
    }

    private void create() throws WinsockException {
        receiveQueue.requireOpen();
        sendQueue.requireOpen();
        reserve(receives.capacity(), sends.capacity());
        boolean created = false;
        try {
            receivePlace = receiveQueue.attach(this);
            sendPlace = sendQueue == receiveQueue ? receivePlace : sendQueue.attach(this);
            final long answer = functions.createRequestQueue(
                    socket,
                    receives.capacity(),
                    sends.capacity(),
                    receiveQueue.handle(),
                    sendQueue.handle(),
                    (long) sendPlace << 32 | receivePlace);
            if (answer < 0 && answer > -100_000) {
                throw new WinsockException(
                        (int) answer,
                        "RIOCreateRequestQueue(socket=" + socket + ", receives=" + receives.capacity() + ", sends="
                                + sends.capacity() + ")");
            }
            handle = answer;
            created = true;
        } finally {
            if (!created) {
                receiveQueue.detach(receivePlace, this, receives.capacity());
                sendQueue.detach(sendPlace, this, sends.capacity());
            }
        }
    }

    /** Takes places in both completion queues, or in none. */
    private void reserve(final int moreReceives, final int moreSends) {
        if (sendQueue == receiveQueue) {
            receiveQueue.reserve(moreReceives + moreSends);
            return;
        }
        receiveQueue.reserve(moreReceives);
        boolean reserved = false;
        try {
            sendQueue.reserve(moreSends);
            reserved = true;
        } finally {
            if (!reserved) {
                receiveQueue.giveBack(moreReceives);
            }
        }
    }

    /**
     * {@code RIOResizeRequestQueue}: changes how many requests may be in flight.
     *
     * @param newReceives how many receives from now on, not fewer than are in flight
     * @param newSends how many sends from now on, not fewer than are in flight
     * @throws RioCapacityException if the completion queues have no room for it, or more are in flight
     * @throws WinsockException if Windows refuses it
     * @throws IllegalStateException if the queue is closed, or another thread in it
     */
    public void resize(final int newReceives, final int newSends) throws WinsockException {
        if (newReceives < 0 || newSends < 0 || newReceives + newSends <= 0) {
            throw new IllegalArgumentException(
                    "a request queue for " + newReceives + " receives and " + newSends + " sends");
        }
        enter();
        try {
            requireOpen();
            if (newReceives < receives.inFlight() || newSends < sends.inFlight()) {
                throw new RioCapacityException(receives.inFlight() + " receives and " + sends.inFlight()
                        + " sends are in flight: the queue cannot be made smaller than that");
            }
            changeTo(newReceives, newSends);
        } finally {
            leave();
        }
    }

    private void changeTo(final int newReceives, final int newSends) throws WinsockException {
        final int moreReceives = newReceives - receives.capacity();
        final int moreSends = newSends - sends.capacity();
        reserve(Math.max(0, moreReceives), Math.max(0, moreSends));
        final int answer = functions.resizeRequestQueue(handle, newReceives, newSends);
        if (answer < 0) {
            receiveQueue.giveBack(Math.max(0, moreReceives));
            sendQueue.giveBack(Math.max(0, moreSends));
            throw new WinsockException(answer, "RIOResizeRequestQueue(" + newReceives + ", " + newSends + ")");
        }
        receiveQueue.giveBack(Math.max(0, -moreReceives));
        sendQueue.giveBack(Math.max(0, -moreSends));
        receives.resize(newReceives);
        sends.resize(newSends);
    }

    /** A completion was dequeued: its context, which {@link RioResults} keeps. */
    void complete(final RioResults results, final long requestContext) {
        final boolean send = RioSlots.isSend(requestContext);
        final RioSlots slots = send ? sends : receives;
        final int slot = slots.slot(requestContext);
        if (slot < 0) {
            throw new IllegalStateException("a completion of a request that is not in flight");
        }
        results.add(this, slots.context(slot), send);
        slots.release(slot);
        inFlight.getAndDecrement();
        detachWhenDrained();
    }

    /** The places return when the socket is closed and nothing is in flight, once. */
    private void detachWhenDrained() {
        if (closed && inFlight.get() == 0 && attached.compareAndSet(1, 0)) {
            receiveQueue.detach(receivePlace, this, receives.capacity());
            sendQueue.detach(sendPlace, this, sends.capacity());
        }
    }

    /**
     * The socket, for options and addresses. It stays this queue's.
     *
     * @return the socket
     * @throws IllegalStateException if the queue is closed
     */
    public long socket() {
        requireOpen();
        return socket;
    }

    /**
     * How many receives can be requested now.
     *
     * @return requests
     */
    public int freeReceives() {
        return receives.available();
    }

    /**
     * How many sends can be requested now.
     *
     * @return requests
     */
    public int freeSends() {
        return sends.available();
    }

    /**
     * How many requests are in flight.
     *
     * @return requests whose completions were not dequeued
     */
    public int inFlight() {
        return inFlight.get();
    }

    /**
     * Whether the queue is closed, and all its completions were dequeued.
     *
     * @return true when no completion of this queue comes any more
     */
    public boolean isDrained() {
        return closed && inFlight.get() == 0;
    }

    /**
     * Whether the socket is closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Closes the socket. The completions of requests in flight come still, and until they are dequeued their slices
     * are the kernel's. Does nothing on a closed queue.
     *
     * @throws IllegalStateException if another thread is using the completion queue just now
     */
    @Override
    public void close() {
        enter();
        try {
            closeGuarded();
        } finally {
            leave();
        }
    }

    void closeGuarded() {
        if (!closed) {
            closed = true;
            Ws2_32.closesocket(socket);
            detachWhenDrained();
        }
    }

    @Override
    public String toString() {
        return "RioRequestQueue[socket 0x" + Long.toHexString(socket) + ", " + inFlight() + " in flight"
                + (closed ? ", closed]" : "]");
    }
}
