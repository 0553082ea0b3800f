package dev.ringflow.windows.driver;

import dev.ringflow.spi.DriverOptions;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.driver.FileTransfer.Kind;
import dev.ringflow.windows.ioring.FileSegments;
import dev.ringflow.windows.ioring.HResult;
import dev.ringflow.windows.ioring.IoRing;
import dev.ringflow.windows.ioring.IoRingBufferRef;
import dev.ringflow.windows.ioring.IoRingCompletion;
import dev.ringflow.windows.ioring.IoRingConstants;
import dev.ringflow.windows.ioring.IoRingException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The I/O ring of a driver, if this Windows has one that serves: entries are built when operations start, and submitted
 * before the loop waits. No more are in flight than the completion queue has room for; the others wait here. Confined to the
 * loop thread.
 */
final class FileRings {
    /** Marks the user data of a cancellation, whose slot is that of its target. */
    private static final long CANCEL = 0x8000_0000L;

    /** User data of registrations: no slot has it, for its lower half is below zero. */
    static final long REGISTRATION = 0xFFFF_FFFFL;

    /** User data of the registrations of files. */
    private static final long FILES = 0xFFFF_FFFEL;

    /** So many of a device's transfers are worth a submission before the end of the turn. */
    private static final int EARLY = 4;

    private static final long CLOSE_NANOS = 1_000_000_000L;

    private final DriverCore core;
    private final @Nullable IoRing ring;
    private final @Nullable RingEvent event;
    private final RegisteredRegions regions;
    private final RegisteredFiles files;
    private final String description;
    private final boolean writes;
    private final boolean pages;
    private final int room;
    private final IoRingBufferRef buffer = new IoRingBufferRef();
    private final IoRingCompletion completion = new IoRingCompletion();
    private final ArrayDeque<FileTransfer> waiting = new ArrayDeque<>();
    private final ArrayDeque<FileTransfer> waitingCancels = new ArrayDeque<>();
    private @Nullable FilePreparation owner;
    private int built;
    private int inFlight;
    private int cancels;
    private @Nullable Throwable fault;

    FileRings(DriverCore core, DriverOptions options) {
        FileRingOpening opening = FileRingOpening.of(core, options);
        this.core = core;
        this.ring = opening.ring();
        this.event = opening.event();
        this.description = opening.description();
        this.regions = new RegisteredRegions(this);
        this.files = new RegisteredFiles(options.fileTable());
        this.writes = ring != null
                && ring.isOpSupported(IoRingConstants.IORING_OP_WRITE)
                && ring.isOpSupported(IoRingConstants.IORING_OP_FLUSH);
        this.pages = writes
                && ring != null
                && ring.isOpSupported(IoRingConstants.IORING_OP_READ_SCATTER)
                && ring.isOpSupported(IoRingConstants.IORING_OP_WRITE_GATHER);
        this.room = ring == null ? 0 : Math.max(1, ring.getInfo().completionQueueSize() / 2 - 1);
    }

    void owner(FilePreparation preparation) {
        owner = preparation;
    }

    /** Whether there is a ring at all. */
    boolean isOpen() {
        return ring != null;
    }

    /** The ring's table of files; of use only where there is a ring. */
    RegisteredFiles files() {
        return files;
    }

    /** Whether the ring does it; otherwise somebody else has to. */
    boolean takes(Kind kind) {
        return ring != null && (kind == Kind.READ || writes);
    }

    /** Whether a vector can go in one entry, if its buffers are pages. */
    boolean takesPages(FileTransfer transfer) {
        return pages && transfer.file().isUnbuffered();
    }

    @Nullable
    Throwable fault() {
        return fault;
    }

    private IoRing ring() {
        return Objects.requireNonNull(ring);
    }

    private FilePreparation owner() {
        return Objects.requireNonNull(owner);
    }

    // Building.

    /** Notes where the memory is in what is registered. */
    void name(FileTransfer transfer) {
        int index = transfer.operation().bufferIndex();
        if (index >= 0) {
            regions.name(transfer, index);
        }
    }

    /** Builds the entry of a part, now or when there is room. */
    void start(FileTransfer transfer) {
        if (inFlight >= room || !waiting.isEmpty()) {
            transfer.waitsForRing = true;
            waiting.add(transfer);
        } else {
            build(transfer);
            if (built >= EARLY && transfer.file().isUnbuffered()) {
                submit();
            }
        }
    }

    /** One that waits for room is not to be built. */
    void forget(FileTransfer transfer) {
        waiting.remove(transfer);
        transfer.waitsForRing = false;
    }

    private void build(FileTransfer transfer) {
        transfer.waitsForRing = false;
        int code = buildOnce(transfer);
        if (code == HResult.IORING_E_SUBMISSION_QUEUE_FULL) {
            submit();
            code = buildOnce(transfer);
        }
        if (code == HResult.IORING_E_SUBMISSION_QUEUE_FULL) {
            transfer.waitsForRing = true; // the submission failed for now
            waiting.addFirst(transfer);
        } else if (code < 0) {
            owner().ended(transfer, code, 0);
        } else {
            built++;
            inFlight++;
            transfer.inRing = true;
            if (transfer.registered >= 0) {
                regions.began();
            }
        }
    }

    private int buildOnce(FileTransfer transfer) {
        FileState file = transfer.file();
        long userData = core.slots().userData(transfer.operation());
        if (transfer.kind == Kind.SYNC) {
            return ring().buildFlushFile(
                            file.ref(),
                            flushMode(transfer.operation()),
                            userData,
                            IoRingConstants.IOSQE_FLAGS_DRAIN_PRECEDING_OPS);
        }
        FileSegments segments = transfer.pages;
        if (segments != null) {
            return transfer.kind == Kind.READ
                    ? ring().buildReadFileScatter(file.ref(), segments, transfer.length, transfer.at, userData, 0)
                    : ring().buildWriteFileGather(file.ref(), segments, transfer.length, transfer.at, 0, userData, 0);
        }
        if (transfer.registered >= 0) {
            buffer.setIndexAndOffset(transfer.registered, transfer.offset);
        } else {
            buffer.setPointer(transfer.address);
        }
        return transfer.kind == Kind.READ
                ? ring().buildReadFile(file.ref(), buffer, transfer.length, transfer.at, userData, 0)
                : ring().buildWriteFile(file.ref(), buffer, transfer.length, transfer.at, 0, userData, 0);
    }

    /** Of the modes only two let the device empty its own cache, which the pages of a range do not ask for. */
    private static int flushMode(Operation operation) {
        return switch (operation.opCode()) {
            case SYNC_RANGE -> IoRingConstants.FILE_FLUSH_DATA;
            default ->
                operation.flags() == 1 ? IoRingConstants.FILE_FLUSH_MIN_METADATA : IoRingConstants.FILE_FLUSH_DEFAULT;
        };
    }

    /** Asks for an entry's end. Cancellations have a part of the completion queue for themselves. */
    void cancel(FileTransfer transfer) {
        if (!transfer.cancelAsked) {
            transfer.cancelAsked = true;
            if (cancels >= room || !buildCancel(transfer)) {
                waitingCancels.add(transfer);
            }
        }
    }

    private boolean buildCancel(FileTransfer transfer) {
        long target = core.slots().userData(transfer.operation());
        int code = ring().buildCancelRequest(transfer.file().ref(), target, target | CANCEL);
        if (code == HResult.IORING_E_SUBMISSION_QUEUE_FULL) {
            submit();
            code = ring().buildCancelRequest(transfer.file().ref(), target, target | CANCEL);
        }
        if (code < 0) {
            return false;
        }
        built++;
        cancels++;
        return true;
    }

    // Submitting and completing.

    /** Registers files that came or went, if any, and submits what is built. */
    void submitAll() {
        if (ring != null && files.isDue()) {
            registerFiles();
        }
        submit();
    }

    private void registerFiles() {
        long[] table = files.begin();
        int code = ring().buildRegisterFileHandles(table, FILES);
        if (code == HResult.IORING_E_SUBMISSION_QUEUE_FULL) {
            submit();
            code = ring().buildRegisterFileHandles(table, FILES);
        }
        if (code == HResult.IORING_E_SUBMISSION_QUEUE_FULL) {
            files.postpone();
        } else if (code < 0) {
            files.completed(code);
        } else {
            built++;
        }
    }

    /** Submits what is built; what the ring does not take stays built, for the next time. */
    void submit() {
        if (ring == null || built == 0) {
            return;
        }
        for (int tries = 0; built > 0 && tries < 2; tries++) {
            core.counters().systemCalls().add(1);
            core.counters().enters().add(1);
            int code = ring.submit();
            if (IoRing.isSubmitted(code)) {
                built = 0;
            } else if (code == HResult.IORING_E_COMPLETION_QUEUE_TOO_FULL) {
                core.counters().overflows().add(1);
                takeCompletions();
            } else {
                if (code == HResult.IORING_E_CORRUPT) {
                    fault = new IoRingException(code, "SubmitIoRing()");
                }
                return;
            }
        }
    }

    /** Whether something is built that the ring did not take: the loop must not wait for long. */
    boolean isHeldUp() {
        return built > 0;
    }

    /** Takes what completed, and builds what has waited for room. */
    void pop() {
        if (ring == null || inFlight + cancels == 0 && waiting.isEmpty() && !files.isRegistering()) {
            return;
        }
        takeCompletions();
        while (!waitingCancels.isEmpty() && cancels < room) {
            FileTransfer next = waitingCancels.remove();
            if (!buildCancel(next)) {
                waitingCancels.addFirst(next);
                break;
            }
        }
        for (int i = waiting.size(); i > 0 && !waiting.isEmpty() && inFlight < room; i--) {
            build(waiting.remove());
        }
    }

    private void takeCompletions() {
        while (ring().popCompletion(completion) == HResult.S_OK) {
            long userData = completion.userData();
            if ((int) userData < 0) {
                if (userData == REGISTRATION) {
                    regions.completed(completion.resultCode());
                } else if (userData == FILES) {
                    files.completed(completion.resultCode());
                } else {
                    cancels--;
                }
                continue;
            }
            inFlight--;
            Operation operation = core.slots().find(userData);
            if (operation != null && operation.driverState() instanceof FileTransfer transfer) {
                transfer.inRing = false;
                if (transfer.cancelAsked && !waitingCancels.isEmpty()) {
                    waitingCancels.remove(transfer);
                }
                if (transfer.registered >= 0) {
                    regions.ended();
                }
                owner().ended(transfer, completion.resultCode(), completion.information());
            }
        }
    }

    // Registration.

    int registerBuffer(ByteBuffer region) {
        return ring == null ? -1 : regions.register(region);
    }

    void unregisterBuffer(int index) {
        regions.unregister(index);
    }

    /** Registers, and waits for the end of that: true if Windows took it. */
    boolean register(@Nullable ByteBuffer[] all) {
        int code = ring().buildRegisterBuffers(all, REGISTRATION);
        if (code == HResult.IORING_E_SUBMISSION_QUEUE_FULL) {
            submit();
            code = ring().buildRegisterBuffers(all, REGISTRATION);
        }
        if (code < 0) {
            return false;
        }
        built++;
        long deadline = System.nanoTime() + 10 * CLOSE_NANOS;
        while (regions.isRegistering() && System.nanoTime() - deadline < 0) {
            core.counters().systemCalls().add(1);
            if (IoRing.isSubmitted(ring().submit(1, 10))) {
                built = 0;
            }
            takeCompletions();
        }
        return regions.isRegistered();
    }

    // The end.

    void close(boolean drained) {
        if (ring == null) {
            return;
        }
        if (drained) {
            awaitOwnEntries();
        }
        if (event != null) {
            event.close();
        }
        ring.close();
    }

    /** The cancellations of what has ended, and registrations, are entries of their own. */
    private void awaitOwnEntries() {
        long deadline = System.nanoTime() + CLOSE_NANOS;
        while ((cancels > 0 || files.isRegistering()) && System.nanoTime() - deadline < 0) {
            if (IoRing.isSubmitted(ring().submit(1, 10))) {
                built = 0;
            }
            takeCompletions();
        }
    }

    @Override
    public String toString() {
        return description;
    }
}
