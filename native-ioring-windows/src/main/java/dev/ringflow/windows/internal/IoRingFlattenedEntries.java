package dev.ringflow.windows.internal;

import jnr.ffi.Pointer;

/** References as two words each. */
final class IoRingFlattenedEntries extends IoRingEntries {
    private final IoRingFlattenedCalls calls;
    private final long ring;
    private final Pointer ringPointer;

    IoRingFlattenedEntries(final IoRingFlattenedCalls calls, final long ring) {
        this.calls = calls;
        this.ring = ring;
        this.ringPointer = Pointer.wrap(jnr.ffi.Runtime.getRuntime(calls), ring);
    }

    @Override
    public int readFile(
            final int fileKind,
            final long file,
            final int dataKind,
            final long data,
            final int bytes,
            final long offset,
            final long userData,
            final int flags) {
        return calls.BuildIoRingReadFile(ring, fileKind, file, dataKind, data, bytes, offset, userData, flags);
    }

    @Override
    public int writeFile(
            final int fileKind,
            final long file,
            final int dataKind,
            final long data,
            final int bytes,
            final long offset,
            final int writeFlags,
            final long userData,
            final int flags) {
        return calls.BuildIoRingWriteFile(
                ring, fileKind, file, dataKind, data, bytes, offset, writeFlags, userData, flags);
    }

    @Override
    public int flushFile(final int fileKind, final long file, final int mode, final long userData, final int flags) {
        return calls.BuildIoRingFlushFile(ringPointer, fileKind, file, mode, userData, flags);
    }

    @Override
    public int readFileScatter(
            final int fileKind,
            final long file,
            final int count,
            final long segments,
            final int bytes,
            final long offset,
            final long userData,
            final int flags) {
        return calls.BuildIoRingReadFileScatter(ring, fileKind, file, count, segments, bytes, offset, userData, flags);
    }

    @Override
    public int writeFileGather(
            final int fileKind,
            final long file,
            final int count,
            final long segments,
            final int bytes,
            final long offset,
            final int writeFlags,
            final long userData,
            final int flags) {
        return calls.BuildIoRingWriteFileGather(
                ring, fileKind, file, count, segments, bytes, offset, writeFlags, userData, flags);
    }

    @Override
    public int cancelRequest(final int fileKind, final long file, final long opToCancel, final long userData) {
        return calls.BuildIoRingCancelRequest(ring, fileKind, file, opToCancel, userData);
    }
}
