package dev.ringflow.spi;

import dev.ringflow.Capabilities;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a platform implements: takes operations, gives them to its kernel in batches, and delivers completions.
 *
 * <p>All calls come from the loop thread that opened the driver, except {@link #wakeup()} and what
 * {@link NativeMemory} says of itself. A driver never completes an operation from within {@link #start} or
 * {@link #cancel}: completions are delivered by {@link #poll} alone.
 */
public interface Driver extends AutoCloseable {
    /**
     * The provider's name.
     *
     * @return such as {@code uring}
     */
    String name();

    /**
     * What it can do here.
     *
     * @return the capabilities
     */
    Capabilities capabilities();

    /**
     * How memory is allocated for it.
     *
     * @return the platform's memory
     */
    NativeMemory memory();

    /**
     * What it counts.
     *
     * @return the counters
     */
    DriverCounters counters();

    /**
     * Prepares an operation. It is always taken, however full the queues are; every failure comes as its completion.
     * Each address and length is checked here against the buffer that owns it.
     *
     * @param operation the operation, which stays untouched by the caller until its terminal completion
     */
    void start(Operation operation);

    /**
     * Asks the kernel to cancel an operation in flight. The operation's own completion tells the outcome, which may be
     * success. Works with full queues.
     *
     * @param operation an operation in flight
     */
    void cancel(Operation operation);

    /**
     * Submits what was prepared, waits until there is a completion or a {@link #wakeup()} or the time is over, and
     * delivers what is there.
     *
     * @param timeoutNanos longest wait in nanoseconds; 0 does not wait, {@link Long#MAX_VALUE} waits without end
     * @return how many completions were delivered
     */
    int poll(long timeoutNanos);

    /** Makes a {@link #poll} that waits, or the next one, return. Any thread; without effect after {@link #close()}. */
    void wakeup();

    /**
     * Turns a failed completion into what a caller is told.
     *
     * @param operation the operation, its inputs still filled in
     * @param result its result, below zero and not {@link ResultCodes#CANCELED}
     * @return the exception that a user of the JDK would expect
     */
    Throwable failure(Operation operation, int result);

    /**
     * Says whether it makes sense to ask again after a failure.
     *
     * @param operation the operation
     * @param result its result, below zero
     * @return what to do
     */
    Retry retry(Operation operation, int result);

    /** Whether to ask again after a failure. */
    enum Retry {
        /** The failure will stay. */
        NEVER,
        /** It concerned one peer or one moment. */
        NOW,
        /** Something has run out, such as file descriptors: ask again after a pause. */
        LATER
    }

    /**
     * The address that a socket is bound to.
     *
     * @param handle an open socket
     * @return the address
     * @throws IOException if it cannot be told
     */
    SocketAddress localAddress(Handle handle) throws IOException;

    /**
     * The address that a socket is connected to.
     *
     * @param handle an open, connected socket
     * @return the address
     * @throws IOException if it cannot be told, for example because the peer has gone
     */
    SocketAddress remoteAddress(Handle handle) throws IOException;

    /**
     * Registers memory, so that operations on it spare the kernel the mapping.
     *
     * @param region a direct buffer, held until {@link #unregisterBuffer}
     * @return its index for {@link Operation#bufferIndex}, or -1 if it cannot be registered
     */
    int registerBuffer(ByteBuffer region);

    /**
     * Gives up a registration. Nothing may be in flight on it.
     *
     * @param index what {@link #registerBuffer} gave
     */
    void unregisterBuffer(int index);

    /**
     * Whether the driver can no longer be trusted, for example because the kernel dropped completions.
     *
     * @return null while it is well, otherwise what happened
     */
    @Nullable
    Throwable fault();

    /**
     * Ends the driver. Called when nothing is in flight, or when waiting for it has been given up.
     *
     * @param drained false when operations are still in flight: then memory that the kernel may still touch has to
     *     stay allocated for good
     */
    void close(boolean drained);

    /** Ends a driver that has nothing in flight. */
    @Override
    default void close() {
        close(true);
    }
}
