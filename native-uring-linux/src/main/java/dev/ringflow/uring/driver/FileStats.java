package dev.ringflow.uring.driver;

import dev.ringflow.file.FileStat;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.struct.Statx;
import java.nio.ByteBuffer;

/** Reads what statx(2) wrote. */
final class FileStats {
    /** What is asked of the kernel. */
    static final int MASK = UringConstants.STATX_BASIC_STATS | UringConstants.STATX_BTIME;

    private static final int BLOCK = 512;
    private static final int PERMISSIONS = 07777;

    private FileStats() {}

    static FileStat decode(ByteBuffer statx) {
        int mode = Statx.mode(statx, 0);
        boolean hasBirth = (Statx.mask(statx, 0) & UringConstants.STATX_BTIME) != 0;
        return new FileStat(
                Statx.size(statx, 0),
                type(mode),
                mode & PERMISSIONS,
                Statx.blocks(statx, 0) * BLOCK,
                Statx.blockSize(statx, 0),
                Statx.inode(statx, 0),
                Statx.links(statx, 0),
                Statx.time(statx, 0, Statx.ATIME),
                Statx.time(statx, 0, Statx.MTIME),
                hasBirth ? Statx.time(statx, 0, Statx.BTIME) : null);
    }

    private static FileStat.Type type(int mode) {
        return switch (mode & UringConstants.S_IFMT) {
            case UringConstants.S_IFREG -> FileStat.Type.REGULAR;
            case UringConstants.S_IFDIR -> FileStat.Type.DIRECTORY;
            case UringConstants.S_IFLNK -> FileStat.Type.SYMBOLIC_LINK;
            default -> FileStat.Type.OTHER;
        };
    }
}
