package dev.ringflow.uring.driver;

import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;

/** What the driver has to know of an open file beyond its number: the driver state of its handle, or null for nothing. */
enum FileKind {
    /** The number is a slot of the ring's table, and no file descriptor of the process. */
    SLOT,
    /** A file descriptor, open for direct I/O. */
    DIRECT_IO,
    /** A slot, open for direct I/O. */
    DIRECT_IO_SLOT;

    /** A handle for the file descriptor that an operation has opened. */
    static Handle descriptor(int fd, Operation open) {
        return OpenFlags.has(open.flags(), OpenFlags.DIRECT_IO) ? new Handle(fd, DIRECT_IO) : new Handle(fd);
    }

    /** A handle for the slot that an operation has filled. */
    static Handle slot(int slot, Operation open) {
        return new Handle(slot, OpenFlags.has(open.flags(), OpenFlags.DIRECT_IO) ? DIRECT_IO_SLOT : SLOT);
    }

    /** Whether a handle stands for a slot. Any thread. */
    static boolean isSlot(Handle handle) {
        Object kind = handle.driverState();
        return kind == SLOT || kind == DIRECT_IO_SLOT;
    }

    /** Whether a handle's reads and writes go to the device. Any thread. */
    static boolean isForDirectIo(Handle handle) {
        Object kind = handle.driverState();
        return kind == DIRECT_IO || kind == DIRECT_IO_SLOT;
    }
}
