package dev.ringflow.uring.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Probe;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.struct.Timespec;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The times of operations, kept by the kernel: an entry of its own, linked behind the operation's. The kernel reads the
 * time when it takes the entry, so each slot has a place for it that never moves. Confined to the loop thread.
 */
final class LinkedTimeouts {
    /** Entries that a timed operation takes: they must be there before the first is filled. */
    static final int ENTRIES = 2;

    private static final int SLOTS_PER_CHUNK = 256;

    private final boolean supported;
    private ByteBuffer[] chunks = new ByteBuffer[0];

    /**
     * Linux 5.10 now and then answers a linked timeout twice, or with EINVAL when its time never began: there the core
     * keeps the time. What tells such a kernel is that its workers are no threads of the process yet.
     */
    LinkedTimeouts(Uring ring) {
        Probe probe = ring.getProbe();
        supported = probe != null
                && probe.opcodeSupported(UringConstants.IORING_OP_LINK_TIMEOUT)
                && (ring.features() & UringConstants.IORING_FEAT_NATIVE_WORKERS) != 0;
    }

    /**
     * Whether the kernel can keep the time of an operation that the ring does. Not for what goes on after the first, and
     * not for what the kernel always gives to a worker thread: Linux 6.18 does not start the time of that before it ends.
     */
    boolean canKeep(Operation operation) {
        return supported
                && switch (operation.opCode()) {
                    case NOP, READ, WRITE, READ_VECTORED, WRITE_VECTORED, APPEND, RECEIVE, SEND, ACCEPT, CONNECT ->
                        true;
                    default -> false;
                };
    }

    /** Fills the entry that follows the operation's own, and binds the two together. */
    void link(Sqe own, Sqe following, Operation operation) {
        int slot = operation.slot();
        ByteBuffer chunk = chunk(slot / SLOTS_PER_CHUNK);
        int offset = slot % SLOTS_PER_CHUNK * Timespec.SIZE;
        Timespec.setNanos(chunk, offset, operation.timeoutNanos());
        own.addFlags(UringConstants.IOSQE_IO_LINK);
        following.prepLinkTimeout(Memory.address(chunk) + offset, 0);
        following.setData64(Entries.IGNORED);
    }

    private ByteBuffer chunk(int index) {
        for (int next = chunks.length; next <= index; next++) {
            chunks = Arrays.copyOf(chunks, next + 1);
            chunks[next] = Memory.allocate(SLOTS_PER_CHUNK * Timespec.SIZE, Long.BYTES);
        }
        return chunks[index];
    }
}
