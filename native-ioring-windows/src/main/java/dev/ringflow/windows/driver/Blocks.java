package dev.ringflow.windows.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.windows.iocp.CompletionEntries;
import dev.ringflow.windows.iocp.Overlapped;
import dev.ringflow.windows.iocp.OverlappedPool;
import dev.ringflow.windows.iocp.WinsockException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of overlapped requests, as many as are needed. A block knows by its tag, the slot and generation, whose
 * operation's request it carries. Confined to the loop thread.
 */
final class Blocks implements PortListener {
    private static final int STEP = 256;

    private final DriverCore core;
    private final List<OverlappedPool> pools = new ArrayList<>();
    private final long key;

    Blocks(DriverCore core) {
        this.core = core;
        this.key = core.port().register(this);
    }

    /** Lets the overlapped requests on a handle come to {@link Preparation#completed(Operation, Overlapped, int, int)}. */
    void associate(long handle) throws WinsockException {
        core.counters().systemCalls().add(1);
        core.port().port().associate(handle, key);
    }

    /** The key by which a handle has to be associated whose requests are to be found. */
    long key() {
        return key;
    }

    /** A block for a request of an operation. */
    Overlapped acquire(Operation operation) throws IOException {
        Overlapped block = null;
        for (int i = 0; i < pools.size() && block == null; i++) {
            block = pools.get(i).acquire();
        }
        if (block == null) {
            OverlappedPool pool = OverlappedPool.ofBlocks(STEP << Math.min(pools.size(), 6));
            pools.add(pool);
            block = pool.acquire();
        }
        if (block == null) {
            throw new AssertionError("a new pool has blocks");
        }
        block.tag(core.slots().userData(operation));
        return block;
    }

    @Override
    public void completed(CompletionEntries entries, int index) {
        Overlapped block = find(entries.overlapped(index));
        if (block == null) {
            return; // a driver that comes after another may have its handles' late entries
        }
        block.complete();
        Operation operation = core.slots().find(block.tag());
        if (operation == null) {
            block.release();
            return;
        }
        try {
            core.preparation(operation).completed(operation, block, entries.error(index), entries.bytes(index));
        } catch (RuntimeException e) {
            core.completions().failed(operation, e);
        }
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

    /** Frees the blocks; only when nothing is in flight with them. */
    void close() {
        pools.forEach(OverlappedPool::close);
    }
}
