package dev.ringflow.spi;

import dev.ringflow.net.DescriptorKind;
import java.nio.file.Path;
import java.util.List;

/**
 * The open files that came with the bytes of {@link OpCode#RECEIVE_DESCRIPTORS}. The core counts the handles as open on
 * the ring.
 *
 * @param handles those that came, in their order
 * @param truncated whether more came than were expected: the system has closed those
 */
public record ReceivedHandles(List<Received> handles, boolean truncated) {
    /**
     * One of them.
     *
     * @param handle the open file
     * @param kind what it is
     * @param openFlags bits of {@link OpenFlags}: what the file was opened for
     * @param path where the file is, as far as the system tells; something to show to people for what has no path
     */
    public record Received(Handle handle, DescriptorKind kind, int openFlags, Path path) {}
}
