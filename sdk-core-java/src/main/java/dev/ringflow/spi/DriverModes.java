package dev.ringflow.spi;

/**
 * Whom a driver is to have work for it in the kernel. A driver does without what it cannot have, and says so in
 * {@link dev.ringflow.Capabilities#details()}.
 *
 * @param submissionThreadMillis how long a thread of the kernel that takes submissions looks for them before it sleeps, in
 *     milliseconds; 0 for no such thread
 * @param submissionThreadCpu the processor of that thread, or -1 for any
 * @param polledCompletions whether direct I/O is to be polled for at the device
 * @param boundedWorkers worker threads for work that ends by itself; 0 leaves that to the kernel
 * @param unboundedWorkers worker threads for work that may wait for ever; 0 leaves that to the kernel
 * @param pinned on which of the processors that the process may use the loop thread is to stay, counted round and round; -1
 *     for all of them
 */
public record DriverModes(
        long submissionThreadMillis,
        int submissionThreadCpu,
        boolean polledCompletions,
        int boundedWorkers,
        int unboundedWorkers,
        int pinned) {
    /** Nobody works for the driver, and workers are as the kernel has them. */
    public static final DriverModes NONE = new DriverModes(0, -1, false, 0, 0, -1);
}
