package dev.ringflow.windows.driver;

/** What an operation of sockets has as its {@link dev.ringflow.spi.Operation#driverState()} while it is with the driver. */
interface Cancellable {
    /** Asks that the operation be cancelled. Its outcome is told by {@link Completions}, at once or later. */
    void cancel();
}
