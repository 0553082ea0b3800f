package dev.ringflow.windows.driver;

import dev.ringflow.file.FileStat;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.ioring.HResult;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** {@code BY_HANDLE_FILE_INFORMATION}: what Windows tells of an open file. */
final class HandleStat {
    /** Size in bytes. */
    static final int SIZE = 52;

    private static final int ATTRIBUTES = 0;
    private static final int CREATION_TIME = 4;
    private static final int LAST_ACCESS_TIME = 12;
    private static final int LAST_WRITE_TIME = 20;
    private static final int SIZE_HIGH = 32;
    private static final int SIZE_LOW = 36;
    private static final int LINKS = 40;
    private static final int INDEX_HIGH = 44;
    private static final int INDEX_LOW = 48;

    private static final int ATTRIBUTE_DIRECTORY = 0x10;
    private static final int ATTRIBUTE_REPARSE_POINT = 0x400;

    /** From 1601 to 1970, in seconds. */
    private static final long EPOCH = 11_644_473_600L;

    private static final long UNITS_PER_SECOND = 10_000_000;

    private HandleStat() {}

    /**
     * Reads it.
     *
     * @param isLink whether a reparse point was opened itself
     */
    static FileStat of(ByteBuffer memory, boolean isLink) {
        return new FileStat(
                word(memory, SIZE_HIGH, SIZE_LOW),
                type(memory.getInt(ATTRIBUTES), isLink),
                -1,
                -1,
                -1,
                word(memory, INDEX_HIGH, INDEX_LOW),
                memory.getInt(LINKS),
                time(memory, LAST_ACCESS_TIME),
                time(memory, LAST_WRITE_TIME),
                time(memory, CREATION_TIME));
    }

    /** {@code CreateFileW} for attributes alone, and back. */
    static FileStat of(Operation operation, Path path, boolean followsLinks) throws IOException {
        boolean isLink = !followsLinks && Files.isSymbolicLink(path);
        ByteBuffer name = DirectMemory.wide(OpenPreparation.win32Name(path));
        long file = Kernel32.createFile(
                DirectMemory.address(name),
                0,
                OpenPreparation.SHARE,
                Kernel32.OPEN_EXISTING,
                Kernel32.FILE_FLAG_BACKUP_SEMANTICS | (isLink ? Kernel32.FILE_FLAG_OPEN_REPARSE_POINT : 0));
        Reference.reachabilityFence(name);
        if (file < 0) {
            throw WindowsFailures.ofPath(operation, path, HResult.ofWin32((int) -file));
        }
        try {
            ByteBuffer memory = DirectMemory.allocate(SIZE, Long.BYTES);
            int answer = Kernel32.getFileInformation(file, DirectMemory.address(memory));
            if (answer < 0) {
                throw WindowsFailures.ofPath(operation, path, HResult.ofWin32(-answer));
            }
            return of(memory, isLink);
        } finally {
            Kernel32.closeHandle(file);
        }
    }

    private static FileStat.Type type(int attributes, boolean isLink) {
        if ((attributes & ATTRIBUTE_REPARSE_POINT) != 0) {
            return isLink ? FileStat.Type.SYMBOLIC_LINK : FileStat.Type.OTHER;
        }
        return (attributes & ATTRIBUTE_DIRECTORY) != 0 ? FileStat.Type.DIRECTORY : FileStat.Type.REGULAR;
    }

    private static long word(ByteBuffer memory, int high, int low) {
        return (long) memory.getInt(high) << Integer.SIZE | Integer.toUnsignedLong(memory.getInt(low));
    }

    /** {@code FILETIME}: units of 100 nanoseconds, the lower half first. */
    private static Instant time(ByteBuffer memory, int at) {
        long units = word(memory, at + Integer.BYTES, at);
        return Instant.ofEpochSecond(
                Math.floorDiv(units, UNITS_PER_SECOND) - EPOCH, Math.floorMod(units, UNITS_PER_SECOND) * 100);
    }
}
