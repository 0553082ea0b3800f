package dev.ringflow.uring.driver;

import dev.ringflow.RingException;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Uring;

/**
 * The ring's own table of files, whose slots are the direct descriptors. It is made empty when it is first needed, and
 * the kernel chooses the slots. Confined to the loop thread.
 */
final class FileTable {
    private final Uring ring;
    private final boolean supported;
    private final int size;
    private boolean made;

    FileTable(Uring ring, KernelSupport support, int size) {
        this.ring = ring;
        this.supported = support.directDescriptors();
        this.size = size;
    }

    /** Whether a handle stands for a slot. Any thread. */
    static boolean holds(Handle handle) {
        return FileKind.isSlot(handle);
    }

    /** Makes sure that there is a table for an operation that is going to fill a slot; 0, or why not. */
    int require(Operation operation) {
        if (made) {
            return 0;
        } else if (!supported) {
            throw new UnsupportedOperationException(operation.opCode() + " is not supported by the driver "
                    + UringDriverProvider.NAME + " on this kernel: direct descriptors need Linux 5.19");
        }
        int result = ring.registerFilesSparse(size);
        made = result >= 0;
        if (made) {
            return 0;
        }
        operation.failure(new RingException(
                "making a table of " + size + " direct descriptors",
                -result,
                Errno.name(result),
                Errno.meaning(result),
                result == -Errno.EMFILE
                        ? "It must not be larger than the process limit of open files: raise that (ulimit -n), or ask"
                                + " for less with RingOptions.fileTable."
                        : "Ask for a smaller one with RingOptions.fileTable."));
        return ResultCodes.FAILED;
    }
}
