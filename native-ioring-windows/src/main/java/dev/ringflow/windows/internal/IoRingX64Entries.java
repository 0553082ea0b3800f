package dev.ringflow.windows.internal;

import com.kenai.jffi.Type;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** References by the address of a copy. The copies are written anew for every call, since the last one may have used them. */
final class IoRingX64Entries extends IoRingEntries {
    private static final int REF_SIZE = 16;
    private static final int VALUE = 8;

    private final IoRingX64Calls calls;
    private final @Nullable NativeCall read;
    private final @Nullable NativeCall write;
    private final long ring;
    private final ByteBuffer copies = DirectMemory.allocate(2 * REF_SIZE, REF_SIZE);
    private final long file = DirectMemory.address(copies);
    private final long data = file + REF_SIZE;

    IoRingX64Entries(final IoRingLibrary library, final IoRingX64Calls calls, final long ring) {
        this.calls = calls;
        this.read = library.find(
                "BuildIoRingReadFile",
                Type.POINTER,
                Type.POINTER,
                Type.POINTER,
                Type.UINT32,
                Type.UINT64,
                Type.UINT64,
                Type.SINT32);
        this.write = library.find(
                "BuildIoRingWriteFile",
                Type.POINTER,
                Type.POINTER,
                Type.POINTER,
                Type.UINT32,
                Type.UINT64,
                Type.SINT32,
                Type.UINT64,
                Type.SINT32);
        this.ring = ring;
    }

    private long file(final int kind, final long value) {
        copies.putLong(0, kind);
        copies.putLong(VALUE, value);
        return file;
    }

    private long data(final int kind, final long value) {
        copies.putLong(REF_SIZE, kind);
        copies.putLong(REF_SIZE + VALUE, value);
        return data;
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
                .with(file(fileKind, file))
                .with(data(dataKind, data))
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
                .with(file(fileKind, file))
                .with(data(dataKind, data))
                .with(bytes)
                .with(offset)
                .with(writeFlags)
                .with(userData)
                .with(flags)
                .call();
    }

    @Override
    public int flushFile(final int fileKind, final long file, final int mode, final long userData, final int flags) {
        return calls.BuildIoRingFlushFile(ring, file(fileKind, file), mode, userData, flags);
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
        return calls.BuildIoRingReadFileScatter(
                ring, file(fileKind, file), count, segments, bytes, offset, userData, flags);
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
                ring, file(fileKind, file), count, segments, bytes, offset, writeFlags, userData, flags);
    }

    @Override
    public int cancelRequest(final int fileKind, final long file, final long opToCancel, final long userData) {
        return calls.BuildIoRingCancelRequest(ring, file(fileKind, file), opToCancel, userData);
    }
}
