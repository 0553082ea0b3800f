package dev.ringflow;

import dev.ringflow.spi.Handle;

/**
 * Something that is open on a ring, and that can be handed to another process over a unix socket: a
 * {@link dev.ringflow.file.RingFile}, a {@link dev.ringflow.net.RingSocket}, a {@link dev.ringflow.net.RingServerSocket}
 * and so on. See {@link dev.ringflow.net.RingSocket#sendDescriptorsAsync}.
 */
public interface OpenDescriptor {
    /**
     * The ring that it is open on.
     *
     * @return the ring
     */
    Ring ring();

    /**
     * What stands for it in operations. For layers built on the ring: whoever submits operations of his own on it keeps
     * the rules that its class keeps for everybody else.
     *
     * @return the handle
     */
    Handle unsafeHandle();
}
