package dev.ringflow.windows.ioring;

import static dev.ringflow.windows.ioring.IoRingConstants.INFINITE;

import dev.ringflow.windows.internal.IoRingLibrary;
import dev.ringflow.windows.internal.NativeFunction;
import java.nio.ByteBuffer;

/**
 * An I/O ring of Windows: build functions queue entries in the memory of the process, one call submits all of them, and
 * completions come out in any order.
 *
 * <pre>{@code
 * try (IoRing ring = IoRing.open(64);
 *         OverlappedFile file = OverlappedFile.open(path, GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING, 0)) {
 *     ring.buildReadFile(file.ref(), new IoRingBufferRef().setBuffer(buffer), buffer.remaining(), 0, 42, 0);
 *     ring.submit(1, INFINITE);
 *     IoRingCompletion completion = new IoRingCompletion();
 *     while (ring.popCompletion(completion) == HResult.S_OK) {
 *         System.out.println(completion.userData() + " read " + completion.information() + " bytes");
 *     }
 * }
 * }</pre>
 *
 * <p><b>Results.</b> {@code HRESULT}s, below zero for a failure. Only opening throws, any use after {@link #close()}
 * ({@link IllegalStateException}), and arguments that are wrong whatever Windows says.
 *
 * <p><b>Threads.</b> One thread at a time builds and submits, one at a time pops, which may be another one; a second one gets
 * {@link IllegalStateException}. Who waits in {@link #submit(int, int)} keeps others from building meanwhile: to wait while
 * others build, use a {@link CompletionEvent}.
 *
 * <p><b>Memory.</b> What an entry names belongs to Windows from the build function until its completion was popped. Closing a
 * ring neither cancels nor waits: so submit what is built, cancel, pop every completion, then close.
 *
 * <p><b>Queues.</b> The submission queue takes exactly {@link IoRingInfo#submissionQueueSize()} entries. Keep no more
 * operations in flight and completions unpopped than the completion queue has entries: a submission fails otherwise.
 *
 * <p>Source: Microsoft's reference of {@code ioringapi.h}.
 */
public final class IoRing extends IoRingRegistering implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger("dev.ringflow.windows.ioring");

    private final IoRingInfo granted;
    private final ByteBuffer submittedWord = IoRingMemory.allocate(Integer.BYTES, Integer.BYTES);
    private final long submittedAddress = IoRingMemory.address(submittedWord);
    private final NativeFunction submitting;
    private final NativeFunction popping;
    private int submitted;

    private IoRing(final IoRingLibrary library, final long handle, final IoRingInfo info) {
        super(library, handle);
        submitting = library.submitting();
        popping = library.popping();
        granted = info;
    }

    /**
     * Whether this process can have a ring, and what a ring can do here. Never throws: on other systems, and where Windows
     * has no I/O ring, the answer says why not and what to do.
     *
     * @return the answer, found out anew by each call
     */
    public static IoRingAvailability availability() {
        final IoRingLibrary library = IoRingLibrary.standard();
        return library != null
                ? IoRingAvailability.of(library)
                : IoRingAvailability.withoutLibrary(IoRingLibrary.failure());
    }

    /**
     * {@code QueryIoRingCapabilities}: what this Windows offers.
     *
     * @return the answer, the same during the life of the process
     * @throws IoRingException if there are no rings; the message says what to do
     */
    public static IoRingCapabilities queryCapabilities() throws IoRingException {
        return queryCapabilities(library());
    }

    static IoRingCapabilities queryCapabilities(final IoRingLibrary library) throws IoRingException {
        final String operation = "QueryIoRingCapabilities()";
        final ByteBuffer answer = IoRingMemory.allocate(IoRingLayout.CAPABILITIES_SIZE, Long.BYTES);
        try {
            final int result = library.calls().QueryIoRingCapabilities(IoRingMemory.address(answer));
            if (result != HResult.S_OK) {
                throw new IoRingException(result, operation);
            }
        } catch (final UnsatisfiedLinkError e) {
            throw new IoRingException(HResult.E_NOTIMPL, operation, IoRingAvailability.NEEDED, e);
        }
        return IoRingCapabilities.of(answer);
    }

    private static IoRingLibrary library() throws IoRingException {
        final IoRingLibrary library = IoRingLibrary.standard();
        if (library == null) {
            final Throwable failure = IoRingLibrary.failure();
            throw new IoRingException(
                    HResult.E_NOTIMPL, "loading KernelBase by JNR-FFI", IoRingAvailability.NEEDED, failure);
        }
        return library;
    }

    /**
     * Opens a ring of the highest version that Windows offers and this package knows, with a completion queue of twice the
     * size.
     *
     * @param submissionQueueSize entries of the submission queue; rounded up to a power of two
     * @return an open ring
     * @throws IoRingException if there is none to be had; the message says why and what to do
     */
    public static IoRing open(final int submissionQueueSize) throws IoRingException {
        return open(library(), submissionQueueSize);
    }

    static IoRing open(final IoRingLibrary library, final int submissionQueueSize) throws IoRingException {
        final int version = queryCapabilities(library).bestVersion();
        return create(library, version, 0, 0, submissionQueueSize, 0);
    }

    /**
     * {@code CreateIoRing}: opens a ring.
     *
     * @param version one of the {@code IORING_VERSION_} constants
     * @param requiredFlags flags that Windows must know, or it refuses
     * @param advisoryFlags flags that Windows may ignore, as {@link IoRingConstants#IORING_CREATE_SKIP_BUILDER_PARAM_CHECKS}
     * @param submissionQueueSize entries of the submission queue; rounded up to a power of two
     * @param completionQueueSize entries of the completion queue; rounded up to a power of two, and to twice the submission
     *     queue
     * @return an open ring, whose {@link #getInfo()} tells what was granted
     * @throws IoRingException if there is none to be had; the message says why and what to do
     */
    public static IoRing create(
            final int version,
            final int requiredFlags,
            final int advisoryFlags,
            final int submissionQueueSize,
            final int completionQueueSize)
            throws IoRingException {
        return create(library(), version, requiredFlags, advisoryFlags, submissionQueueSize, completionQueueSize);
    }

    static IoRing create(
            final IoRingLibrary library,
            final int version,
            final int requiredFlags,
            final int advisoryFlags,
            final int submissionQueueSize,
            final int completionQueueSize)
            throws IoRingException {
        final String operation = "CreateIoRing(version " + version + ", required flags " + requiredFlags
                + ", advisory flags " + advisoryFlags + ", submission queue of " + submissionQueueSize
                + ", completion queue of " + completionQueueSize + ")";
        final ByteBuffer answer = IoRingMemory.allocate(Long.BYTES, Long.BYTES);
        try {
            final long flags = (long) advisoryFlags << Integer.SIZE | Integer.toUnsignedLong(requiredFlags);
            final int result = library.calls()
                    .CreateIoRing(
                            version, flags, submissionQueueSize, completionQueueSize, IoRingMemory.address(answer));
            if (result != HResult.S_OK) {
                throw new IoRingException(result, operation);
            }
        } catch (final UnsatisfiedLinkError e) {
            throw new IoRingException(HResult.E_NOTIMPL, operation, IoRingAvailability.NEEDED, e);
        }
        final long handle = answer.getLong(0);
        final ByteBuffer info = IoRingMemory.allocate(IoRingLayout.INFO_SIZE, Long.BYTES);
        final int result = library.calls().GetIoRingInfo(handle, IoRingMemory.address(info));
        if (result != HResult.S_OK) {
            library.calls().CloseIoRing(handle);
            throw new IoRingException(result, "GetIoRingInfo()");
        }
        return new IoRing(library, handle, IoRingInfo.of(info));
    }

    /**
     * {@code GetIoRingInfo}: version, flags and sizes.
     *
     * @return what Windows answered when the ring was opened; also after the close
     */
    public IoRingInfo getInfo() {
        return granted;
    }

    /**
     * {@code IsIoRingOpSupported}: whether the ring has an operation.
     *
     * @param op one of {@code IORING_OP_}; false for any other
     * @return what Windows answers
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public boolean isOpSupported(final int op) {
        guard.enter(CallGuard.BUILDING);
        try {
            return calls.IsIoRingOpSupported(handle, op) != 0;
        } finally {
            guard.leave(CallGuard.BUILDING);
        }
    }

    /**
     * {@code SubmitIoRing}: submits everything that is built, and does not wait.
     *
     * @return {@link HResult#S_OK}, or why nothing was submitted, as in {@link #submit(int, int)}
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public int submit() {
        return submit(0, 0);
    }

    /**
     * {@code SubmitIoRing}: submits everything that is built, and waits. A wait that succeeds does not promise a completion:
     * another thread may have popped it. Do not rely on it that what completed before the call counts: wait with a time limit,
     * or by a {@link CompletionEvent}. Failures of single operations come with their completions.
     *
     * @param waitOperations wait until so many operations completed, no more than are queued and in flight; 0 does not wait;
     *     {@link IoRingConstants#IORING_SUBMIT_WAIT_ALL} waits for all
     * @param milliseconds wait at most so long; {@link IoRingConstants#INFINITE}
     * @return {@link HResult#S_OK}; {@link HResult#TIMEOUT} if all was submitted but the time is up. With any other failure
     *     nothing was submitted, and the entries stay queued: {@link HResult#IORING_E_COMPLETION_QUEUE_TOO_FULL} (pop, and
     *     submit again)
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public int submit(final int waitOperations, final int milliseconds) {
        guard.enter(CallGuard.BUILDING);
        try {
            final int result = (int) submitting.call(handle, waitOperations, milliseconds, submittedAddress);
            submitted = isSubmitted(result) ? submittedWord.getInt(0) : 0;
            return result;
        } finally {
            guard.leave(CallGuard.BUILDING);
        }
    }

    /**
     * Submits everything that is built, and waits without end for some operations.
     *
     * @param waitOperations as in {@link #submit(int, int)}
     * @return as of {@link #submit(int, int)}
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public int submitAndWait(final int waitOperations) {
        return submit(waitOperations, INFINITE);
    }

    /**
     * Whether a submission took the entries.
     *
     * @param result what {@link #submit(int, int)} answered
     * @return true for {@link HResult#S_OK} and {@link HResult#TIMEOUT}
     */
    public static boolean isSubmitted(final int result) {
        return result == HResult.S_OK || result == HResult.TIMEOUT;
    }

    /**
     * How many entries the last submission took. For the thread that submits.
     *
     * @return the number; 0 if it failed
     */
    public int submitted() {
        return submitted;
    }

    /**
     * {@code PopIoRingCompletion}: takes a completion out of the queue. Never waits.
     *
     * @param completion receives it; unchanged if there is none
     * @return {@link HResult#S_OK}; {@link HResult#S_FALSE} if the queue is empty
     * @throws IllegalStateException if the ring is closed, or another thread is popping
     */
    public int popCompletion(final IoRingCompletion completion) {
        guard.enter(CallGuard.POPPING);
        try {
            final int result = (int) popping.call(handle, completion.address());
            if (result == HResult.S_OK && heldMemory.isInUse()) {
                heldMemory.complete(completion.userData());
            }
            return result;
        } finally {
            guard.leave(CallGuard.POPPING);
        }
    }

    /**
     * {@code SetIoRingCompletionEvent}: has an event set whenever the empty completion queue gets its first entry. Completions
     * that are in the queue already do not set it: signal it once by hand afterwards, or pop first. Then one thread waits,
     * pops until the queue is empty, and waits again. With version 1 Windows may lose a signal: wait with a time limit there.
     *
     * @param event handle of an event, best one that resets itself ({@link CompletionEvent}); Windows takes a duplicate. 0
     *     takes the event away; another one replaces it
     * @return the {@code HRESULT}
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public int setCompletionEvent(final long event) {
        guard.enter(CallGuard.BUILDING);
        try {
            return calls.SetIoRingCompletionEvent(handle, event);
        } catch (final UnsatisfiedLinkError e) {
            return HResult.E_NOTIMPL;
        } finally {
            guard.leave(CallGuard.BUILDING);
        }
    }

    /**
     * How many registrations and segment lists are in flight, whose memory the ring keeps.
     *
     * @return 0 when it is safe to close as far as those go
     */
    public int heldArrays() {
        return heldMemory.size();
    }

    /**
     * Whether the ring is closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return guard.isClosed();
    }

    /**
     * {@code CloseIoRing}: closes the ring. Does nothing on a closed one. Drops what was built and not submitted; neither
     * cancels nor waits for what is in flight, which may write into its memory afterwards. Arrays of registrations in flight
     * are never freed then; a warning says so.
     *
     * @throws IllegalStateException if another thread is inside one of the ring's functions
     */
    @Override
    public void close() {
        if (!guard.close()) {
            return;
        }
        final int result = calls.CloseIoRing(handle);
        heldMemory.abandon();
        if (HResult.isFailure(result)) {
            LOGGER.log(System.Logger.Level.WARNING, "CloseIoRing: {0}", HResult.describe(result));
        }
    }

    @Override
    public String toString() {
        return isClosed() ? "IoRing[closed]" : "IoRing[0x" + Long.toHexString(handle) + ", " + granted + "]";
    }
}
