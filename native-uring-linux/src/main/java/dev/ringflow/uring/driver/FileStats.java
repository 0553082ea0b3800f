package dev.ringflow.uring.driver;

import dev.ringflow.file.DirectIoAlignment;
import dev.ringflow.file.FileStat;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.struct.Statx;
import java.nio.ByteBuffer;

/** Reads what statx(2) wrote. */
final class FileStats {
    /** What is asked of the kernel. */
    static final int MASK = UringConstants.STATX_BASIC_STATS | UringConstants.STATX_BTIME;

    /** What is asked of the kernel about direct I/O; it has told since Linux 6.1. */
    static final int ALIGNMENT_MASK = UringConstants.STATX_BASIC_STATS | UringConstants.STATX_DIOALIGN;

    private static final int BLOCK = 512;
    private static final int USUAL_ALIGNMENT = 4096;
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

    /** Where kernel or file system does not tell, what every common disk is content with. */
    static DirectIoAlignment alignment(ByteBuffer statx) {
        if ((Statx.mask(statx, 0) & UringConstants.STATX_DIOALIGN) == 0) {
            return new DirectIoAlignment(USUAL_ALIGNMENT, USUAL_ALIGNMENT);
        }
        return new DirectIoAlignment(Statx.directMemoryAlignment(statx, 0), Statx.directOffsetAlignment(statx, 0));
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
