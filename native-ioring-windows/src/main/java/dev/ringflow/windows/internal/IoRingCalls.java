package dev.ringflow.windows.internal;

import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.annotations.LongLong;

/**
 * The functions of {@code ioringapi.h} that pass no structure by value, but for the creation flags: those are 8 bytes, one
 * register everywhere. Public because JNR-FFI implements it in a module of its own.
 */
public interface IoRingCalls {
    /** {@code QueryIoRingCapabilities}. */
    @IgnoreError
    int QueryIoRingCapabilities(@LongLong long capabilities);

    /** {@code IsIoRingOpSupported}: a BOOL, whatever the documentation says. */
    @IgnoreError
    int IsIoRingOpSupported(@LongLong long ring, int op);

    /** {@code CreateIoRing}; the flags are the advisory ones in the upper half, the required ones in the lower. */
    @IgnoreError
    int CreateIoRing(
            int version, @LongLong long flags, int submissionQueueSize, int completionQueueSize, @LongLong long handle);

    /** {@code GetIoRingInfo}. */
    @IgnoreError
    int GetIoRingInfo(@LongLong long ring, @LongLong long info);

    /** {@code SubmitIoRing}. */
    @IgnoreError
    int SubmitIoRing(@LongLong long ring, int waitOperations, int milliseconds, @LongLong long submitted);

    /** {@code CloseIoRing}. */
    @IgnoreError
    int CloseIoRing(@LongLong long ring);

    /** {@code PopIoRingCompletion}. */
    @IgnoreError
    int PopIoRingCompletion(@LongLong long ring, @LongLong long completion);

    /** {@code SetIoRingCompletionEvent}. */
    @IgnoreError
    int SetIoRingCompletionEvent(@LongLong long ring, @LongLong long event);

    /** {@code BuildIoRingRegisterFileHandles}. */
    @IgnoreError
    int BuildIoRingRegisterFileHandles(@LongLong long ring, int count, @LongLong long handles, @LongLong long userData);

    /** {@code BuildIoRingRegisterBuffers}. */
    @IgnoreError
    int BuildIoRingRegisterBuffers(@LongLong long ring, int count, @LongLong long buffers, @LongLong long userData);
}
