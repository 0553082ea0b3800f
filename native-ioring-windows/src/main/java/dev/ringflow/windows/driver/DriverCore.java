package dev.ringflow.windows.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.iocp.CompletionPort;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What all parts of one driver share. Confined to the loop thread. */
final class DriverCore {
    private final DriverCounters counters = new DriverCounters();
    private final SlotTable slots = new SlotTable(1024);
    private final Completions completions = new Completions(slots);
    private final LoopPort port;
    private final Blocks blocks;
    private final HelperThreads helpers;
    /** Everything that is open, so that none outlives the driver. */
    private final Set<HandleState> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private @Nullable Preparations preparations;
    private long handles;

    DriverCore(CompletionPort port, String threadName) {
        this.port = new LoopPort(port, counters);
        this.blocks = new Blocks(this);
        this.helpers = new HelperThreads(this, threadName);
    }

    void preparations(Preparations all) {
        preparations = all;
    }

    Preparation preparation(Operation operation) {
        if (preparations == null) {
            throw new IllegalStateException("no preparations yet");
        }
        return preparations.of(operation);
    }

    DriverCounters counters() {
        return counters;
    }

    SlotTable slots() {
        return slots;
    }

    Completions completions() {
        return completions;
    }

    LoopPort port() {
        return port;
    }

    Blocks blocks() {
        return blocks;
    }

    HelperThreads helpers() {
        return helpers;
    }

    /** A handle for something that was opened, which {@link HandleState#closeNow} is called for if it outlives the driver. */
    Handle opened(HandleState state) {
        open.add(state);
        return new Handle(++handles, state);
    }

    /** Something was closed, or given up. */
    void closed(HandleState state) {
        open.remove(state);
    }

    /** The driver ends. */
    void closeAll() {
        for (HandleState each : Set.copyOf(open)) {
            each.closeNow();
        }
        open.clear();
    }
}
