package dev.ringflow.windows.driver;

import dev.ringflow.windows.iocp.CompletionEntries;
import dev.ringflow.windows.iocp.Overlapped;
import dev.ringflow.windows.iocp.OverlappedPool;
import dev.ringflow.windows.iocp.WinsockException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The overlapped requests of sockets, which outlive the operations that they are made for: a receive that was cancelled
 * serves the next. Confined to the loop thread.
 */
final class SocketRequests implements PortListener {
    private static final int STEP = 256;

    private final DriverCore core;
    private final long key;
    private final List<OverlappedPool> pools = new ArrayList<>();
    private int pending;

    SocketRequests(DriverCore core) {
        this.core = core;
        this.key = core.port().register(this);
    }

    void associate(long socket) throws WinsockException {
        core.counters().systemCalls().add(1);
        core.port().port().associate(socket, key);
    }

    Overlapped acquire() throws WinsockException {
        for (int i = pools.size() - 1; i >= 0; i--) {
            Overlapped block = pools.get(i).acquire();
            if (block != null) {
                return block;
            }
        }
        OverlappedPool pool = OverlappedPool.ofBlocks(STEP << Math.min(pools.size(), 6));
        pools.add(pool);
        Overlapped block = pool.acquire();
        if (block == null) {
            throw new AssertionError("a new pool has blocks");
        }
        return block;
    }

    /** A request was started with a block: who is told. */
    void started(Overlapped block, SocketRequest request) {
        block.attach(request);
        pending++;
    }

    int pending() {
        return pending;
    }

    @Override
    public void completed(CompletionEntries entries, int index) {
        Overlapped block = find(entries.overlapped(index));
        if (block == null || !(block.attachment() instanceof SocketRequest request)) {
            return;
        }
        block.complete();
        block.attach(null);
        pending--;
        request.completed(block, entries.error(index), entries.bytes(index));
    }

    private @Nullable Overlapped find(long address) {
        for (int i = 0; i < pools.size(); i++) {
            Overlapped block = pools.get(i).find(address);
            if (block != null) {
                return block;
            }
        }
        return null;
    }

    /** Frees the blocks, unless the kernel has some still: then all stay for good. */
    void close() {
        if (pending == 0) {
            pools.forEach(OverlappedPool::close);
        }
    }
}
