package dev.ringflow.windows.internal;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.annotations.LongLong;

/**
 * The build functions as arm64 passes references: each as two words, the kind and the value. Public because JNR-FFI
 * implements it in a module of its own.
 */
public interface IoRingFlattenedCalls {
    /** {@code BuildIoRingReadFile}. */
    @IgnoreError
    int BuildIoRingReadFile(
            @LongLong long ring,
            @LongLong long fileKind,
            @LongLong long file,
            @LongLong long dataKind,
            @LongLong long data,
            int bytes,
            @LongLong long offset,
            @LongLong long userData,
            int flags);

    /** {@code BuildIoRingWriteFile}. */
    @IgnoreError
    int BuildIoRingWriteFile(
            @LongLong long ring,
            @LongLong long fileKind,
            @LongLong long file,
            @LongLong long dataKind,
            @LongLong long data,
            int bytes,
            @LongLong long offset,
            int writeFlags,
            @LongLong long userData,
            int flags);

    /** {@code BuildIoRingFlushFile}; six parameters, so one of them is an object. */
    @IgnoreError
    int BuildIoRingFlushFile(
            Pointer ring, @LongLong long fileKind, @LongLong long file, int mode, @LongLong long userData, int flags);

    /** {@code BuildIoRingReadFileScatter}. */
    @IgnoreError
    int BuildIoRingReadFileScatter(
            @LongLong long ring,
            @LongLong long fileKind,
            @LongLong long file,
            int count,
            @LongLong long segments,
            int bytes,
            @LongLong long offset,
            @LongLong long userData,
            int flags);

    /** {@code BuildIoRingWriteFileGather}. */
    @IgnoreError
    int BuildIoRingWriteFileGather(
            @LongLong long ring,
            @LongLong long fileKind,
            @LongLong long file,
            int count,
            @LongLong long segments,
            int bytes,
            @LongLong long offset,
            int writeFlags,
            @LongLong long userData,
            int flags);

    /** {@code BuildIoRingCancelRequest}. */
    @IgnoreError
    int BuildIoRingCancelRequest(
            @LongLong long ring,
            @LongLong long fileKind,
            @LongLong long file,
            @LongLong long opToCancel,
            @LongLong long userData);
}
