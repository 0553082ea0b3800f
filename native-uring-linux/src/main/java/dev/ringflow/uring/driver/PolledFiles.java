package dev.ringflow.uring.driver;

import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.CqeHandler;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.UringException;
import dev.ringflow.uring.UringParams;
import java.util.BitSet;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A second ring for reads and writes of files that are open for direct I/O, whose device is polled for completions
 * ({@code IORING_SETUP_IOPOLL}). It is opened by the first of them. Where the device has no queues for that the
 * operations come back undone, and all of them go through the driver's own ring from then on. Confined to the loop
 * thread.
 */
final class PolledFiles {
    /** What {@link dev.ringflow.Capabilities#details()} call it. */
    static final String DETAIL = "polled completions";

    private static final System.Logger LOG = System.getLogger("dev.ringflow");
    private static final int ENTRIES = 256;

    private final CqeHandler done;
    private final LongConsumer notDone;
    private final BiConsumer<String, String> detail;
    private final CqeHandler onCompletion = this::completed;
    /** File descriptors that are open for direct I/O. */
    private final BitSet direct = new BitSet();

    private boolean wanted;
    private int inFlight;
    private @Nullable Uring ring;

    /**
     * Makes one, and opens no ring yet.
     *
     * @param done takes completions
     * @param notDone takes the user data of operations that this ring could not do
     * @param detail takes what people may want to know
     */
    PolledFiles(boolean wanted, CqeHandler done, LongConsumer notDone, BiConsumer<String, String> detail) {
        this.wanted = wanted;
        this.done = done;
        this.notDone = notDone;
        this.detail = detail;
    }

    /** Whether something is in flight that nobody tells of unless it is asked for. */
    boolean isBusy() {
        return inFlight > 0;
    }

    /** Learns what a new file descriptor stands for. */
    void opened(Operation open, Handle handle) {
        if (wanted && !FileTable.holds(handle)) {
            boolean opensFile = open.opCode() == OpCode.OPEN || open.opCode() == OpCode.OPEN_RESTRICTED;
            direct.set((int) handle.value(), opensFile && OpenFlags.has(open.flags(), OpenFlags.DIRECT_IO));
        }
    }

    /** Whether an operation belongs here. */
    boolean takes(Operation operation) {
        Handle handle = operation.handle();
        return wanted
                && (operation.opCode() == OpCode.READ || operation.opCode() == OpCode.WRITE)
                && handle != null
                && !FileTable.holds(handle)
                && direct.get((int) handle.value());
    }

    /** Starts an operation; false if it has to go the usual way after all. */
    boolean start(Operation operation, Preparation preparation, long userData) {
        Uring current = ring != null ? ring : open();
        Sqe sqe = current == null ? null : current.getSqe();
        if (current != null && sqe == null) {
            current.submit();
            sqe = current.getSqe();
        }
        if (sqe == null) {
            return false;
        }
        operation.bufferIndex(-1); // registered with the other ring
        inFlight++;
        try {
            preparation.write(sqe, operation);
            sqe.setData64(userData);
        } catch (RuntimeException e) { // an entry that was taken is submitted
            sqe.prepNop();
            sqe.setData64(Entries.IGNORED);
            throw e;
        }
        return true;
    }

    private @Nullable Uring open() {
        try {
            ring = Uring.open(UringParams.of(ENTRIES).withFlags(UringConstants.IORING_SETUP_IOPOLL));
        } catch (UringException e) {
            giveUp(e.errnoName() + ". " + e.advice());
        }
        return ring;
    }

    /** Submits, asks the device, and delivers; how many system calls that took. */
    long poll() {
        Uring current = ring;
        if (current == null || inFlight == 0) {
            return 0;
        }
        long before = current.enterCalls();
        current.submit();
        current.getEvents();
        current.forEachCqe(onCompletion);
        long calls = current.enterCalls() - before;
        if (!wanted && inFlight == 0) {
            close();
        }
        return calls;
    }

    private void completed(long userData, int result, int flags) {
        inFlight--;
        if (userData == Entries.IGNORED) {
            return;
        }
        if (result == -Errno.EOPNOTSUPP) {
            giveUp("the device or file system has no queues to poll (" + Errno.name(result) + ")");
            notDone.accept(userData);
        } else {
            done.handle(userData, result, flags);
        }
    }

    private void giveUp(String why) {
        if (wanted) {
            wanted = false;
            LOG.log(System.Logger.Level.INFO, "io_uring: completions are not polled for: " + why);
            detail.accept(DETAIL, "not available: " + why);
        }
    }

    void close() {
        if (ring != null) {
            ring.close();
            ring = null;
        }
    }
}
