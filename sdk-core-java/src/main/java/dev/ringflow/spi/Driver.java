package dev.ringflow.spi;

import dev.ringflow.Capabilities;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a platform implements: takes operations, gives them to its kernel in batches, and delivers completions.
 *
 * <p>All calls come from the loop thread that opened the driver, except {@link #wakeup()}, {@link #share} and what
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
     * Whether the driver can take these operations as one chain, of which the kernel starts each when the one before is
     * done. Where it cannot, the core starts them one after the other.
     *
     * @param chain at least one operation, none started yet
     * @return true if {@link #startLinked} may be called, at once
     */
    default boolean canLink(List<Operation> chain) {
        return false;
    }

    /**
     * Prepares operations as one chain, which reaches the kernel whole. A member that fails, or reads or writes less than
     * its {@link Operation#length()}, ends the chain: those after it complete with {@link ResultCodes#CANCELED}. Each
     * member completes on its own; the order of the completions is not promised. {@link #cancel} is called only for the
     * first that has not completed.
     *
     * @param chain what {@link #canLink} was asked for
     * @param goOn whether a failure leaves the members after it alone
     */
    default void startLinked(List<Operation> chain, boolean goOn) {
        throw new UnsupportedOperationException("The driver " + name() + " links no operations");
    }

    /**
     * Whether {@link #start} keeps an operation's {@link Operation#timeoutNanos()} by itself: an operation that takes
     * longer is cancelled, and completes with {@link ResultCodes#TIMED_OUT} unless it was done in that moment. Where it
     * does not, the core cancels by a timer of its own.
     *
     * @param operation an operation that is about to be started
     * @return true if nobody else has to watch the time
     */
    default boolean keepsTimeout(Operation operation) {
        return false;
    }

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
     * The number by which the process knows what a handle stands for. Any thread may ask.
     *
     * @param handle an open handle
     * @return a file descriptor, or -1 if the driver has none for it
     */
    default int descriptor(Handle handle) {
        return -1;
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
     * The options that {@link OpCode#GET_OPTION} and {@link OpCode#SET_OPTION} know for a socket.
     *
     * @param handle a socket
     * @return an unmodifiable set; empty if the driver has no such operations
     * @throws IOException if the socket is of no use any more
     */
    default Set<SocketOption<?>> supportedOptions(Handle handle) throws IOException {
        return Set.of();
    }

    /**
     * Registers memory, so that operations on it spare the kernel the mapping.
     *
     * @param region a direct buffer, held until {@link #unregisterBuffer}
     * @return its index for {@link Operation#bufferIndex}, or -1 if it cannot be registered
     */
    int registerBuffer(ByteBuffer region);

    /**
     * Prepares memory for {@link #registerShared} with several rings of this driver, so that it is pinned once where
     * the kernel can do that. Any thread may call it.
     *
     * @param region memory of the driver's, as for {@link #registerBuffer}
     * @return what the caller closes when all rings have registered it
     */
    default SharedMemory share(ByteBuffer region) {
        return new SharedMemory() {
            @Override
            public ByteBuffer region() {
                return region;
            }

            @Override
            public void close() {}
        };
    }

    /**
     * As {@link #registerBuffer}, for memory that other rings register too.
     *
     * @param shared what {@link #share} of a driver of the same kind made, not closed yet
     * @return the index, or -1 if it cannot be registered
     */
    default int registerShared(SharedMemory shared) {
        return registerBuffer(shared.region());
    }

    /**
     * Gives up a registration. Nothing may be in flight on it.
     *
     * @param index what {@link #registerBuffer} gave
     */
    void unregisterBuffer(int index);

    /**
     * Makes a group of buffers for {@link OpCode#RECEIVE_MULTISHOT} and its like.
     *
     * @param count how many, a power of two from 1 to 32768
     * @param bufferSize bytes of each
     * @param incremental whether several deliveries may share a buffer, one behind the other; a driver that cannot do
     *     that gives each a buffer of its own
     * @param bundles whether the driver may let its kernel fill several buffers at once; each is delivered on its own
     * @return the group, all buffers of which the driver has
     * @throws IOException if the memory or the kernel refuses
     */
    default ProvidedBuffers provideBuffers(int count, int bufferSize, boolean incremental, boolean bundles)
            throws IOException {
        throw new UnsupportedOperationException("The driver " + name() + " has no provided buffers");
    }

    /**
     * Makes a group of which each delivery gets a buffer of its own.
     *
     * @param count how many, a power of two from 1 to 32768
     * @param bufferSize bytes of each
     * @return the group, all buffers of which the driver has
     * @throws IOException if the memory or the kernel refuses
     */
    default ProvidedBuffers provideBuffers(int count, int bufferSize) throws IOException {
        return provideBuffers(count, bufferSize, false, false);
    }

    /**
     * Gives up what a handle stands for, for another ring to take it.
     *
     * @param handle an open handle with nothing in flight, which the core forgets afterwards
     * @return what was given up, for {@link #adopt} of another driver of the same name
     * @throws IOException if it cannot be given up
     * @throws UnsupportedOperationException if the driver, or this kind of handle, knows no way
     */
    default DetachedHandle detach(Handle handle) throws IOException {
        throw new UnsupportedOperationException("The driver " + name() + " moves nothing to another ring");
    }

    /**
     * Takes what another ring gave up.
     *
     * @param detached what {@link #detach} of a driver of the same name gave
     * @return a new handle
     */
    default Handle adopt(DetachedHandle detached) {
        throw new UnsupportedOperationException("The driver " + name() + " moves nothing to another ring");
    }

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
