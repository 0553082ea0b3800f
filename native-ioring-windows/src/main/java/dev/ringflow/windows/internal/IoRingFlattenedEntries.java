package dev.ringflow.windows.internal;

import com.kenai.jffi.Type;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/** References as two words each. */
final class IoRingFlattenedEntries extends IoRingEntries {
    private final IoRingFlattenedCalls calls;
    private final @Nullable NativeCall read;
    private final @Nullable NativeCall write;
    private final long ring;
    private final Pointer ringPointer;

    IoRingFlattenedEntries(final IoRingLibrary library, final IoRingFlattenedCalls calls, final long ring) {
        this.calls = calls;
        this.read = library.find(
                "BuildIoRingReadFile",
                Type.POINTER,
                Type.UINT64,
                Type.UINT64,
                Type.UINT64,
                Type.UINT64,
                Type.UINT32,
                Type.UINT64,
                Type.UINT64,
                Type.SINT32);
        this.write = library.find(
                "BuildIoRingWriteFile",
                Type.POINTER,
                Type.UINT64,
                Type.UINT64,
                Type.UINT64,
                Type.UINT64,
                Type.UINT32,
                Type.UINT64,
                Type.SINT32,
                Type.UINT64,
                Type.SINT32);
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
        if (read == null) {
            throw new UnsatisfiedLinkError("BuildIoRingReadFile");
        }
        return read.with(ring)
                .with(fileKind)
                .with(file)
                .with(dataKind)
                .with(data)
                .with(bytes)
                .with(offset)
                .with(userData)
                .with(flags)
                .call();
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
        if (write == null) {
            throw new UnsatisfiedLinkError("BuildIoRingWriteFile");
        }
        return write.with(ring)
                .with(fileKind)
                .with(file)
                .with(dataKind)
                .with(data)
                .with(bytes)
                .with(offset)
                .with(writeFlags)
                .with(userData)
                .with(flags)
                .call();
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
