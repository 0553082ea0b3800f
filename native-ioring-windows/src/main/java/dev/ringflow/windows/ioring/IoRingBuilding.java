package dev.ringflow.windows.ioring;

import dev.ringflow.windows.internal.IoRingCalls;
import dev.ringflow.windows.internal.IoRingEntries;
import dev.ringflow.windows.internal.IoRingLibrary;

/**
 * The build functions for files; {@link IoRing} tells what holds for all of them. Each queues an entry in the memory of the
 * process; nothing is taken back. Each answers {@link HResult#S_OK}, or among others:
 * {@link HResult#IORING_E_SUBMISSION_QUEUE_FULL} (submit, and build again), {@link HResult#CO_E_NOT_SUPPORTED} (the ring's
 * version does not have it), {@link HResult#E_NOTIMPL} (this Windows does not have it), {@link HResult#E_INVALIDARG}.
 * References are copied: they may be set anew at once.
 */
public abstract class IoRingBuilding {
    final IoRingCalls calls;
    final long handle;
    final CallGuard guard = new CallGuard();
    final HeldMemory heldMemory = new HeldMemory();
    private final IoRingEntries entries;

    IoRingBuilding(final IoRingLibrary library, final long handle) {
        this.calls = library.calls();
        this.handle = handle;
        this.entries = library.entries(handle);
    }

    /**
     * {@code BuildIoRingReadFile}: reads into memory. Completes with the bytes read, which may be fewer than asked; at or
     * after the end of the file with {@link HResult#HANDLE_EOF}, not with 0 bytes. Since version 1.
     *
     * @param file the file
     * @param data where to; delicate: Windows' until the completion
     * @param bytes at most so many
     * @param offset position in the file in bytes; ignored for pipes
     * @param userData comes back with the completion; not 0, which cancels everything, and of no other operation in flight
     * @param sqeFlags {@code IOSQE_FLAGS_}
     * @return the {@code HRESULT}
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public final int buildReadFile(
            final IoRingHandleRef file,
            final IoRingBufferRef data,
            final int bytes,
            final long offset,
            final long userData,
            final int sqeFlags) {
        guard.enter(CallGuard.BUILDING);
        try {
            return entries.readFile(file.kind, file.value, data.kind, data.value, bytes, offset, userData, sqeFlags);
        } catch (final UnsatisfiedLinkError e) {
            return HResult.E_NOTIMPL;
        } finally {
            guard.leave(CallGuard.BUILDING);
        }
    }

    /**
     * {@code BuildIoRingWriteFile}: writes from memory. Completes with the bytes written. Since version 3.
     *
     * @param file the file
     * @param data where from; delicate: Windows' until the completion, and not to be changed before
     * @param bytes so many
     * @param offset position in the file in bytes; ignored for pipes
     * @param writeFlags {@code FILE_WRITE_FLAGS_}; writing through takes a file opened with {@code FILE_FLAG_NO_BUFFERING},
     *     others complete with {@link HResult#NOT_SUPPORTED_WITH_CACHED_HANDLE}
     * @param userData comes back with the completion; not 0, which cancels everything, and of no other operation in flight
     * @param sqeFlags {@code IOSQE_FLAGS_}
     * @return the {@code HRESULT}
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public final int buildWriteFile(
            final IoRingHandleRef file,
            final IoRingBufferRef data,
            final int bytes,
            final long offset,
            final int writeFlags,
            final long userData,
            final int sqeFlags) {
        guard.enter(CallGuard.BUILDING);
        try {
            return entries.writeFile(
                    file.kind, file.value, data.kind, data.value, bytes, offset, writeFlags, userData, sqeFlags);
        } catch (final UnsatisfiedLinkError e) {
            return HResult.E_NOTIMPL;
        } finally {
            guard.leave(CallGuard.BUILDING);
        }
    }

    /**
     * {@code BuildIoRingFlushFile}: puts what was written on the medium. Covers earlier writes of the ring only with
     * {@link IoRingConstants#IOSQE_FLAGS_DRAIN_PRECEDING_OPS}, or once they have completed. Since version 3.
     *
     * @param file the file
     * @param flushMode {@code FILE_FLUSH_}
     * @param userData comes back with the completion; not 0, which cancels everything, and of no other operation in flight
     * @param sqeFlags {@code IOSQE_FLAGS_}
     * @return the {@code HRESULT}
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public final int buildFlushFile(
            final IoRingHandleRef file, final int flushMode, final long userData, final int sqeFlags) {
        guard.enter(CallGuard.BUILDING);
        try {
            return entries.flushFile(file.kind, file.value, flushMode, userData, sqeFlags);
        } catch (final UnsatisfiedLinkError e) {
            return HResult.E_NOTIMPL;
        } finally {
            guard.leave(CallGuard.BUILDING);
        }
    }

    /**
     * {@code BuildIoRingReadFileScatter}: reads into several pages. The file must have been opened with
     * {@code FILE_FLAG_NO_BUFFERING}. Since version 4.
     *
     * @param file the file
     * @param segments where to; the ring keeps the array until the completion, the caller the pages
     * @param bytes at most so many, and no more than the pages have
     * @param offset position in the file in bytes, a multiple of the sector size
     * @param userData comes back with the completion; not 0, which cancels everything, and of no other operation in flight
     * @param sqeFlags {@code IOSQE_FLAGS_}
     * @return the {@code HRESULT}
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public final int buildReadFileScatter(
            final IoRingHandleRef file,
            final FileSegments segments,
            final int bytes,
            final long offset,
            final long userData,
            final int sqeFlags) {
        guard.enter(CallGuard.BUILDING);
        heldMemory.hold(userData, segments);
        int result = HResult.E_NOTIMPL;
        try {
            result = entries.readFileScatter(
                    file.kind, file.value, segments.count(), segments.address(), bytes, offset, userData, sqeFlags);
        } catch (final UnsatisfiedLinkError e) {
            // stays E_NOTIMPL
        } finally {
            built(result, userData);
        }
        return result;
    }

    /**
     * {@code BuildIoRingWriteFileGather}: writes from several pages. The file must have been opened with
     * {@code FILE_FLAG_NO_BUFFERING}. Since version 4.
     *
     * @param file the file
     * @param segments where from; the ring keeps the array until the completion, the caller the pages
     * @param bytes so many, and no more than the pages have
     * @param offset position in the file in bytes, a multiple of the sector size
     * @param writeFlags {@code FILE_WRITE_FLAGS_}
     * @param userData comes back with the completion; not 0, which cancels everything, and of no other operation in flight
     * @param sqeFlags {@code IOSQE_FLAGS_}
     * @return the {@code HRESULT}
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public final int buildWriteFileGather(
            final IoRingHandleRef file,
            final FileSegments segments,
            final int bytes,
            final long offset,
            final int writeFlags,
            final long userData,
            final int sqeFlags) {
        guard.enter(CallGuard.BUILDING);
        heldMemory.hold(userData, segments);
        int result = HResult.E_NOTIMPL;
        try {
            result = entries.writeFileGather(
                    file.kind,
                    file.value,
                    segments.count(),
                    segments.address(),
                    bytes,
                    offset,
                    writeFlags,
                    userData,
                    sqeFlags);
        } catch (final UnsatisfiedLinkError e) {
            // stays E_NOTIMPL
        } finally {
            built(result, userData);
        }
        return result;
    }

    /**
     * {@code BuildIoRingCancelRequest}: asks for the end of an operation. Completes with {@link HResult#S_OK}, or with
     * {@link HResult#NOT_FOUND} if there is no such operation any more. The operation itself completes as well, cancelled
     * ({@link HResult#isCancelled}) or not, and has its memory until then. Registrations cannot be cancelled. Since
     * version 1.
     *
     * @param file the file of the operation, named as it was there
     * @param opToCancel user data of the operation
     * @param userData of this request: comes back with its completion
     * @return the {@code HRESULT}
     * @throws IllegalArgumentException if {@code opToCancel} is 0: that would cancel everything on the file, in the whole
     *     process; see {@link #buildCancelAllRequests}
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public final int buildCancelRequest(final IoRingHandleRef file, final long opToCancel, final long userData) {
        if (opToCancel == 0) {
            throw new IllegalArgumentException(
                    "0 cancels every operation on the file, also those of others: buildCancelAllRequests does that");
        }
        return cancel(file, opToCancel, userData);
    }

    /**
     * {@code BuildIoRingCancelRequest} of 0: asks for the end of every operation on a file handle, whichever ring or thread
     * of the process it belongs to, as {@code CancelIoEx} without an {@code OVERLAPPED} does. Since version 1.
     *
     * @param file the file
     * @param userData of this request: comes back with its completion
     * @return the {@code HRESULT}
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public final int buildCancelAllRequests(final IoRingHandleRef file, final long userData) {
        return cancel(file, 0, userData);
    }

    private int cancel(final IoRingHandleRef file, final long opToCancel, final long userData) {
        guard.enter(CallGuard.BUILDING);
        try {
            return entries.cancelRequest(file.kind, file.value, opToCancel, userData);
        } catch (final UnsatisfiedLinkError e) {
            return HResult.E_NOTIMPL;
        } finally {
            guard.leave(CallGuard.BUILDING);
        }
    }

    final void built(final int result, final long userData) {
        if (HResult.isFailure(result)) {
            heldMemory.forget(userData);
        }
        guard.leave(CallGuard.BUILDING);
    }
}
