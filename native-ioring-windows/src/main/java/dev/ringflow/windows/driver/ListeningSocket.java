package dev.ringflow.windows.driver;

import dev.ringflow.net.ListenOptions;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.Ws2_32;
import dev.ringflow.windows.iocp.AcceptPool;
import dev.ringflow.windows.iocp.CompletionEntries;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket. While somebody waits for connections, {@code AcceptEx} requests are in flight for them; what these
 * bring when nobody waits any more is kept for whoever asks next. Confined to the loop thread.
 */
final class ListeningSocket extends SocketState {
    /** Requests in flight for an accept that goes on. */
    private static final int MULTISHOT_REQUESTS = 32;

    private final AcceptPool pool;
    private final WaitingOperations accepts;
    private final ArrayDeque<Long> unclaimed = new ArrayDeque<>();
    private final ListenOptions options;
    private final boolean registered;
    private @Nullable Operation closing;

    private ListeningSocket(
            SocketFamily sockets, long socket, int family, AcceptPool pool, ListenOptions options, boolean registered) {
        super(sockets, socket, family);
        this.pool = pool;
        this.options = options;
        this.registered = registered;
        this.accepts = new WaitingOperations(core.completions());
    }

    static ListeningSocket open(SocketFamily sockets, Operation operation) throws IOException {
        ListenOptions options =
                operation.secondArgument() instanceof ListenOptions given ? given : ListenOptions.defaults();
        ListeningCalls.Listening listening = ListeningCalls.listen(sockets, operation, options);
        boolean taken = false;
        try {
            boolean registered = listening.registered();
            AcceptPool pool = AcceptPool.over(
                    sockets.core().port().port(),
                    sockets.acceptKey(),
                    listening.socket(),
                    listening.family(),
                    AcceptPool.DEFAULT_PENDING,
                    registered);
            taken = true;
            return new ListeningSocket(sockets, listening.socket(), listening.family(), pool, options, registered);
        } finally {
            if (!taken) {
                Ws2_32.closesocket(listening.socket());
            }
        }
    }

    void accept(Operation operation) {
        accepts.add(operation);
        serve();
    }

    /** Whether an entry of the port is one of its own; then it is taken. */
    boolean completed(CompletionEntries entries, int index) {
        if (!pool.owns(entries.overlapped(index))) {
            return false;
        }
        core.counters().systemCalls().add(3);
        pool.complete(entries, index, unclaimed::add);
        serve();
        Operation operation = closing;
        if (operation != null && pool.isDrained()) {
            closing = null;
            core.completions().done(operation, 0);
        }
        return true;
    }

    boolean isDrained() {
        return pool.isDrained();
    }

    /** Hands out what has come, and starts as many requests as there are who wait. */
    void serve() {
        while (!unclaimed.isEmpty() && !accepts.isEmpty()) {
            deliver(unclaimed.remove());
        }
        if (closing != null) {
            return;
        }
        Operation first = accepts.first();
        if (first == null) {
            pool.want(0);
            return;
        }
        boolean goesOn = first.opCode() == OpCode.ACCEPT_MULTISHOT;
        int wanted = goesOn ? MULTISHOT_REQUESTS : Math.min(AcceptPool.DEFAULT_PENDING, accepts.size());
        if (pool.want(wanted) > 0 && pool.pending() == 0) {
            accepts.poll();
            core.completions().failed(first, SocketFailures.of(first, -pool.lastError()));
        }
    }

    private void deliver(long accepted) {
        Operation first = accepts.first();
        if (first == null) {
            return;
        }
        SocketOptionCalls.applyToAccepted(accepted, family, options);
        StreamSocket stream = new StreamSocket(sockets, accepted, family, registered, false);
        if (first.opCode() == OpCode.ACCEPT_MULTISHOT) {
            accepts.rotate();
            core.completions().openedOneMore(first, core.opened(stream));
        } else {
            accepts.poll();
            core.completions().opened(first, core.opened(stream), null);
        }
    }

    @Override
    public void close(Operation operation) {
        closing = operation;
        closeNow();
        if (pool.isDrained()) {
            closing = null;
            core.completions().done(operation, 0);
        }
    }

    @Override
    public void closeNow() {
        core.counters().systemCalls().add(1);
        pool.close();
        for (Long each = unclaimed.poll(); each != null; each = unclaimed.poll()) {
            Ws2_32.closesocket(each);
        }
        sockets.closing(this);
    }
}
