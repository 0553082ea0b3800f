package dev.ringflow;

/**
 * A ring as JMX shows it: {@code dev.ringflow:type=Ring,name=…} in the platform MBean server, from its opening, or the
 * making of that server, to its closing. The numbers are those of {@link RingMetrics}.
 */
public interface RingMXBean {
    /**
     * The ring's name.
     *
     * @return as {@link Ring#name()}
     */
    String getName();

    /**
     * The driver's name.
     *
     * @return as {@link RingMetrics#driver()}
     */
    String getDriver();

    /**
     * What the driver can do and how it is set up, for a person to read.
     *
     * @return one line for each detail of {@link Capabilities#details()}
     */
    String[] getDetails();

    /**
     * Operations given to the kernel.
     *
     * @return as {@link RingMetrics#submitted()}
     */
    long getSubmitted();

    /**
     * Completions delivered.
     *
     * @return as {@link RingMetrics#completed()}
     */
    long getCompleted();

    /**
     * Operations between start and terminal completion.
     *
     * @return as {@link RingMetrics#inFlight()}
     */
    long getInFlight();

    /**
     * System calls of the driver on the loop thread.
     *
     * @return as {@link RingMetrics#systemCalls()}
     */
    long getSystemCalls();

    /**
     * Calls that submit, wait or fetch.
     *
     * @return as {@link RingMetrics#enters()}
     */
    long getEnters();

    /**
     * Times that the loop went to wait.
     *
     * @return as {@link RingMetrics#waits()}
     */
    long getWaits();

    /**
     * Times that another thread had to wake the loop.
     *
     * @return as {@link RingMetrics#wakeups()}
     */
    long getWakeups();

    /**
     * Times that the completion queue had overflowed.
     *
     * @return as {@link RingMetrics#overflows()}
     */
    long getOverflows();

    /**
     * Cancellations asked of the kernel.
     *
     * @return as {@link RingMetrics#cancels()}
     */
    long getCancels();

    /**
     * Callbacks and tasks that threw.
     *
     * @return as {@link RingMetrics#callbackFailures()}
     */
    long getCallbackFailures();

    /**
     * Files and sockets that are open.
     *
     * @return as {@link RingMetrics#openHandles()}
     */
    long getOpenHandles();

    /**
     * Sends that were to do without copying.
     *
     * @return as {@link RingMetrics#zeroCopySends()}
     */
    long getZeroCopySends();

    /**
     * Those of them that were copied all the same.
     *
     * @return as {@link RingMetrics#zeroCopiesCopied()}
     */
    long getZeroCopiesCopied();

    /**
     * Buffers that the application or the kernel holds.
     *
     * @return as {@link RingMetrics#buffersOut()}
     */
    long getBuffersOut();

    /**
     * Multishot operations begun anew.
     *
     * @return as {@link RingMetrics#rearms()}
     */
    long getRearms();

    /**
     * Operations for which something else stood in.
     *
     * @return as {@link RingMetrics#fallbacks()}
     */
    long getFallbacks();

    /**
     * Times that a callback held the loop.
     *
     * @return as {@link RingMetrics#stalls()}
     */
    long getStalls();
}
