package dev.ringflow.event;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;

/**
 * Elements that one consumer asks for one at a time. Any thread may call it; callbacks come on the loop thread.
 *
 * @param <T> its elements
 */
public interface PullStream<T> extends AutoCloseable {
    /**
     * Whose loop thread calls back.
     *
     * @return the ring
     */
    Ring ring();

    /**
     * Asks for the next element. Only one may be asked for at a time.
     *
     * @param callback whom to tell; fails with {@link java.nio.channels.ClosedChannelException} at the end
     */
    void next(RingCallback<T> callback);

    /** Ends the stream. */
    @Override
    void close();
}
