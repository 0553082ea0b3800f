package dev.ringflow.windows.driver;

import dev.ringflow.spi.Operation;

/** What a {@link dev.ringflow.spi.Handle} of this driver has as its {@link dev.ringflow.spi.Handle#driverState()}. */
interface HandleState {
    /**
     * Does {@link dev.ringflow.spi.OpCode#CLOSE}, and ends the operation by {@link Completions}, at once or later. Nothing
     * is in flight on the handle.
     */
    void close(Operation operation);

    /** Closes what is open still when the driver ends. Nothing is told. */
    void closeNow();
}
