package dev.ringflow.windows.driver;

import dev.ringflow.windows.iocp.CompletionEntries;
import dev.ringflow.windows.iocp.WinsockException;
import dev.ringflow.windows.rio.Rio;
import dev.ringflow.windows.rio.RioCompletionQueue;
import dev.ringflow.windows.rio.RioRequestQueue;
import dev.ringflow.windows.rio.RioResults;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The driver's sockets with Registered I/O: one completion queue, which grows as there are more of them, and tells by the
 * completion port. Confined to the loop thread.
 */
final class RegisteredSockets implements PortListener {
    private static final int FIRST_SIZE = 1024;
    private static final int BATCH = 128;

    private final DriverCore core;
    private final RioCompletionQueue queue;
    private final Pieces pieces;
    private final RegisteredMemory memory;
    private final RioResults results = RioResults.allocate(BATCH);
    private final DatagramPieces datagramPieces;
    private final List<@Nullable RegisteredRequests> transports = new ArrayList<>();
    private final ArrayDeque<Integer> freeIds = new ArrayDeque<>();
    private int inFlight;
    private boolean armed;
    private boolean left;
    private @Nullable Throwable fault;

    RegisteredSockets(DriverCore core, Rio rio, RegisteredMemory memory) throws WinsockException {
        this.core = core;
        this.pieces = new Pieces(rio);
        this.memory = memory;
        this.datagramPieces = new DatagramPieces(rio);
        this.queue =
                rio.createPortQueue(FIRST_SIZE, core.port().port(), core.port().register(this));
    }

    /** Why the queue is of no use any more. */
    @Nullable
    Throwable fault() {
        return fault;
    }

    Pieces pieces() {
        return pieces;
    }

    RegisteredMemory memory() {
        return memory;
    }

    DatagramPieces datagramPieces() {
        return datagramPieces;
    }

    /** A request queue; the completion queue is made large enough for it before. */
    RioRequestQueue open(long socket, int receives, int sends) throws WinsockException {
        int places = receives + sends;
        if (queue.size() - queue.reserved() < places) {
            queue.resize(Math.min(RioCompletionQueue.MAX_SIZE, 2 * queue.size()));
        }
        core.counters().systemCalls().add(1);
        return RioRequestQueue.open(socket, receives, sends, queue, queue);
    }

    int add(RegisteredRequests transport) {
        Integer free = freeIds.poll();
        if (free == null) {
            transports.add(transport);
            return transports.size() - 1;
        }
        transports.set(free, transport);
        return free;
    }

    void remove(int id) {
        if (transports.set(id, null) != null) {
            freeIds.push(id);
        }
    }

    /** Counts a request that was started, if it was. */
    int started(int answer) {
        if (answer == 0) {
            inFlight++;
        }
        core.counters().systemCalls().add(1);
        return answer;
    }

    /** Asks for an entry of the port when something has come; told at once if it has already. */
    void arm() {
        if (!armed && !left && inFlight > 0) {
            core.counters().systemCalls().add(1);
            armed = queue.requestNotification() == 0;
        }
    }

    @Override
    public void completed(CompletionEntries entries, int index) {
        armed = false;
        takeOrFail();
    }

    /** One batch, so that a flood does not keep others waiting: what is left is told of when it is asked for. */
    private void take() {
        int count = queue.dequeue(results);
        inFlight -= count;
        for (int i = 0; i < count; i++) {
            long context = results.context(i);
            RegisteredRequests transport = transports.get(RegisteredTransport.id(context));
            if (transport != null) {
                transport.completed(context, results.error(i), results.bytes(i));
            }
        }
        left = count == BATCH;
    }

    /** Takes what was left; whether that is all. */
    boolean takeMore() {
        if (left) {
            takeOrFail();
        }
        return !left;
    }

    private void takeOrFail() {
        try {
            take();
        } catch (IllegalStateException e) {
            left = false;
            fault = e;
        }
    }

    /** Closes what sockets are open, waits for what is in flight, and frees; what does not end stays for good. */
    void close() {
        try {
            queue.close();
        } catch (IllegalStateException notDrained) {
            return;
        }
        pieces.close();
        datagramPieces.close();
    }
}
