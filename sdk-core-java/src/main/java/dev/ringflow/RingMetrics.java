package dev.ringflow;

/**
 * Numbers of a ring since it was opened, read without stopping it: each is recent, and they need not fit each other to
 * the last one.
 *
 * @param driver the driver's name
 * @param submitted operations given to the kernel
 * @param completed completions delivered, each one of a multishot operation included
 * @param inFlight operations between start and terminal completion
 * @param systemCalls system calls that the driver itself made on the loop thread
 * @param waits times that the loop went to wait
 * @param wakeups times that another thread had to wake the loop
 * @param overflows times that the completion queue had overflowed
 * @param cancels cancellations asked of the kernel
 * @param callbackFailures callbacks and tasks that threw
 * @param openHandles files and sockets that are open
 * @param zeroCopySends sends that the kernel was to do without copying; see
 *     {@link dev.ringflow.net.RingSocket#zeroCopyThreshold(int)}
 * @param zeroCopiesCopied those of them that the kernel copied all the same, as far as it tells (since Linux 6.2): where
 *     that is all of them, as on the loopback interface, a send that copies is cheaper
 * @param enters those of the system calls that hand operations to the kernel's queues, or wait for or fetch what they have:
 *     io_uring_enter(2), a selection of channels, GetQueuedCompletionStatusEx and SubmitIoRing
 * @param buffersOut buffers that the application or the kernel holds now: leases of the ring's {@link
 *     dev.ringflow.buffer.BufferPool}s, and deliveries of its {@link dev.ringflow.buffer.BufferGroup}s. A pool that rings of
 *     a group share counts with the first of them
 * @param rearms multishot operations that were begun anew because they had ended while they were still wanted: the consumer
 *     held too many buffers, a group had none left, or the kernel ended them
 * @param fallbacks operations for which something else stood in, as {@link Capabilities#support} tells, or a helper thread
 *     where the kernel's queue cannot do this one
 * @param stalls times that the loop did not come back to the kernel for {@link RingOptions#stallLimit()}
 */
public record RingMetrics(
        String driver,
        long submitted,
        long completed,
        long inFlight,
        long systemCalls,
        long waits,
        long wakeups,
        long overflows,
        long cancels,
        long callbackFailures,
        long openHandles,
        long zeroCopySends,
        long zeroCopiesCopied,
        long enters,
        long buffersOut,
        long rearms,
        long fallbacks,
        long stalls) {
    /**
     * System calls for each completion.
     *
     * @return a ratio; 0 before the first completion
     */
    public double systemCallsPerOperation() {
        return completed == 0 ? 0 : (double) systemCalls / completed;
    }
}
