package dev.ringflow.buffer;

/**
 * Who receives into buffers of a {@link BufferGroup}, such as the stream of one socket. For layers built on the ring. All
 * calls come on the loop thread.
 */
public interface BufferReceiver {
    /** One of the buffers that {@link BufferGroup#deliver} made for this receiver has been given back. */
    void bufferReturned();

    /** The group has buffers again, of which this receiver may take its share: {@link BufferGroup#awaitBuffers}. */
    void buffersAvailable();

    /**
     * The group is being closed: the receiver ends what it has in flight, and calls {@link BufferGroup#leave} then.
     *
     * @param why what to tell whoever waits for bytes
     */
    void groupClosed(IllegalStateException why);
}
