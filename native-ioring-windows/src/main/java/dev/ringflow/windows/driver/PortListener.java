package dev.ringflow.windows.driver;

import dev.ringflow.windows.iocp.CompletionEntries;

/** Whoever has a key of the {@link LoopPort}: is told of each entry with that key. */
interface PortListener {
    /**
     * Takes one entry. Loop thread, from within {@link dev.ringflow.spi.Driver#poll}; must not throw.
     *
     * @param entries the batch, which is somebody else's when this returns
     * @param index which of them
     */
    void completed(CompletionEntries entries, int index);
}
