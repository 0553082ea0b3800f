package dev.ringflow.windows.internal;

import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.annotations.LongLong;

/**
 * The build functions as Windows on x64 passes references: each by the address of a copy, aligned to 16 bytes, that the
 * function may overwrite. Public because JNR-FFI implements it in a module of its own.
 */
public interface IoRingX64Calls {
    /** {@code BuildIoRingReadFile}. */
    @IgnoreError
    int BuildIoRingReadFile(
            @LongLong long ring,
            @LongLong long file,
            @LongLong long data,
            int bytes,
            @LongLong long offset,
            @LongLong long userData,
            int flags);

    /** {@code BuildIoRingWriteFile}. */
    @IgnoreError
    int BuildIoRingWriteFile(
            @LongLong long ring,
            @LongLong long file,
            @LongLong long data,
            int bytes,
            @LongLong long offset,
            int writeFlags,
            @LongLong long userData,
            int flags);

    /** {@code BuildIoRingFlushFile}. */
    @IgnoreError
    int BuildIoRingFlushFile(@LongLong long ring, @LongLong long file, int mode, @LongLong long userData, int flags);

    /** {@code BuildIoRingReadFileScatter}. */
    @IgnoreError
    int BuildIoRingReadFileScatter(
            @LongLong long ring,
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
            @LongLong long ring, @LongLong long file, @LongLong long opToCancel, @LongLong long userData);
}
