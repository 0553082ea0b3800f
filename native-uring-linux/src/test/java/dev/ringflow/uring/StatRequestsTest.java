package dev.ringflow.uring;

import static dev.ringflow.uring.Request.NOWHERE;
import static dev.ringflow.uring.Request.NO_FD;
import static dev.ringflow.uring.UringConstants.AT_EMPTY_PATH;
import static dev.ringflow.uring.UringConstants.AT_FDCWD;
import static dev.ringflow.uring.UringConstants.AT_STATX_SYNC_TYPE;
import static dev.ringflow.uring.UringConstants.AT_SYMLINK_NOFOLLOW;
import static dev.ringflow.uring.UringConstants.STATX_BASIC_STATS;
import static dev.ringflow.uring.UringConstants.STATX_BTIME;
import static dev.ringflow.uring.UringConstants.STATX_DIOALIGN;
import static dev.ringflow.uring.UringConstants.STATX_MNT_ID;
import static dev.ringflow.uring.UringConstants.STATX_SIZE;
import static dev.ringflow.uring.UringConstants.S_IFLNK;
import static dev.ringflow.uring.UringConstants.S_IFMT;
import static dev.ringflow.uring.UringConstants.S_IFREG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.struct.Statx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** F10: attributes of files. */
@Timeout(60)
class StatRequestsTest {
    private static final byte CANARY = 0x5A;

    @TempDir
    private Path directory;

    private final ByteBuffer statx = Memory.allocate(Statx.SIZE, 8);
    private Uring ring;
    private Path file;
    private ByteBuffer name;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(8);
        file = Files.write(directory.resolve("file"), new byte[12345]);
        name = Native.path(file);
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private int run(final Consumer<Sqe> preparation) {
        return Request.result(ring, preparation);
    }

    /** F10. */
    @Test
    void shouldTellWhatStatTells() throws IOException {
        assertThat(run(sqe -> sqe.prepStatx(AT_FDCWD, name, 0, STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID, statx)))
                .isZero();
        assertThat(Statx.mask(statx, 0) & STATX_BASIC_STATS).isEqualTo(STATX_BASIC_STATS);
        assertThat(Statx.size(statx, 0)).isEqualTo(12345);
        assertThat(Statx.mode(statx, 0)).isEqualTo(attribute(file, "mode"));
        assertThat(Statx.mode(statx, 0) & S_IFMT).isEqualTo(S_IFREG);
        assertThat(Statx.links(statx, 0)).isEqualTo(attribute(file, "nlink"));
        assertThat(Statx.inode(statx, 0)).isEqualTo(attribute(file, "ino"));
        assertThat(Statx.uid(statx, 0)).isEqualTo(attribute(file, "uid"));
        assertThat(Statx.gid(statx, 0)).isEqualTo(attribute(file, "gid"));
        assertThat(Statx.blocks(statx, 0)).isGreaterThanOrEqualTo(0);
        assertThat(FileTime.from(Statx.time(statx, 0, Statx.MTIME))).isEqualTo(attribute(file, "lastModifiedTime"));
        assertThat(FileTime.from(Statx.time(statx, 0, Statx.CTIME))).isEqualTo(attribute(file, "ctime"));
        assertThat(FileTime.from(Statx.time(statx, 0, Statx.ATIME))).isEqualTo(attribute(file, "lastAccessTime"));
        final long major = Integer.toUnsignedLong(statx.getInt(Statx.DEV_MAJOR));
        final long minor = Integer.toUnsignedLong(statx.getInt(Statx.DEV_MINOR));
        assertThat(major << 8 | minor & 0xFF | (minor & ~0xFFL) << 12).isEqualTo(attribute(file, "dev"));
        assertThat(Statx.attributes(statx, 0) & ~Statx.attributesMask(statx, 0)).isZero();
        if ((Statx.mask(statx, 0) & STATX_MNT_ID) != 0) {
            assertThat(Statx.mountId(statx, 0)).isPositive();
        }
    }

    private static Object attribute(final Path path, final String name) throws IOException {
        return Files.getAttribute(path, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
    }

    /** F10. */
    @Test
    void shouldTellOfAnOpenFile() throws IOException {
        final int fd = Native.open(file);
        final ByteBuffer empty = Native.bytes("\0");
        assertThat(run(sqe -> sqe.prepStatx(fd, empty, AT_EMPTY_PATH, STATX_SIZE, statx)))
                .isZero();
        assertThat(Statx.size(statx, 0)).isEqualTo(12345);
        assertThat(Statx.inode(statx, 0)).isEqualTo(attribute(file, "ino"));
        assertThat(run(sqe -> sqe.prepStatx(fd, empty, 0, STATX_SIZE, statx)))
                .as("an empty path")
                .isEqualTo(-Errno.ENOENT);
        assertThat(run(sqe -> sqe.prepStatx(NO_FD, empty, AT_EMPTY_PATH, STATX_SIZE, statx)))
                .isEqualTo(-Errno.EBADF);
        Native.close(fd);
    }

    /** F10. */
    @Test
    void shouldTellOfALinkOrOfItsFile() throws IOException {
        final Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
        final ByteBuffer linkName = Native.path(link);
        assertThat(run(sqe -> sqe.prepStatx(AT_FDCWD, linkName, 0, STATX_BASIC_STATS, statx)))
                .isZero();
        assertThat(Statx.inode(statx, 0)).isEqualTo(attribute(file, "ino"));
        assertThat(run(sqe -> sqe.prepStatx(AT_FDCWD, linkName, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, statx)))
                .isZero();
        assertThat(Statx.inode(statx, 0)).isEqualTo(attribute(link, "ino"));
        assertThat(Statx.mode(statx, 0) & S_IFMT).isEqualTo(S_IFLNK);
        assertThat(Statx.size(statx, 0)).isEqualTo(4);
    }

    /** F10. */
    @Test
    void shouldTellWhatIsWrong() {
        final ByteBuffer missing = Native.path(directory.resolve("missing"));
        final long to = Memory.address(statx);
        assertThat(run(sqe -> sqe.prepStatx(AT_FDCWD, missing, 0, STATX_SIZE, statx)))
                .isEqualTo(-Errno.ENOENT);
        assertThat(run(sqe -> sqe.prepStatx(AT_FDCWD, NOWHERE, 0, STATX_SIZE, to)))
                .isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepStatx(AT_FDCWD, Memory.address(name), 0, STATX_SIZE, NOWHERE)))
                .isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepStatx(AT_FDCWD, name, AT_STATX_SYNC_TYPE, STATX_SIZE, statx)))
                .as("synchronised in two ways at once")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepStatx(AT_FDCWD, name, 0, 1 << 31, statx)))
                .as("a reserved bit")
                .isEqualTo(-Errno.EINVAL);
    }

    @Test
    void shouldTellHowToAlignForDirectIo() {
        final int fd = Request.openDirect(ring, file);
        Native.close(fd);
        assertThat(run(sqe -> sqe.prepStatx(AT_FDCWD, name, 0, STATX_DIOALIGN, statx)))
                .isZero();
        assumeTrue((Statx.mask(statx, 0) & STATX_DIOALIGN) != 0, "this kernel or file system does not tell");
        assertThat(Integer.bitCount(Statx.directMemoryAlignment(statx, 0))).isEqualTo(1);
        final int alignment = Statx.directOffsetAlignment(statx, 0);
        assertThat(Integer.bitCount(alignment)).isEqualTo(1);
        if ((Statx.mask(statx, 0) & UringConstants.STATX_DIO_READ_ALIGN) != 0) {
            assertThat(Statx.directReadOffsetAlignment(statx, 0)).isBetween(1, alignment);
        }
    }

    @Test
    void shouldWriteTheStructFromThePositionOnAndNothingBeyond() {
        final ByteBuffer large = Memory.allocate(64 + Statx.SIZE + 64, 64);
        for (int i = 0; i < large.capacity(); i++) {
            large.put(i, CANARY);
        }
        large.position(64);
        assertThat(run(sqe -> sqe.prepStatx(AT_FDCWD, name, 0, STATX_BASIC_STATS, large)))
                .isZero();
        assertThat(large.position()).isEqualTo(64);
        assertThat(Statx.size(large, 64)).isEqualTo(12345);
        for (int i = 0; i < 64; i++) {
            assertThat(large.get(i)).isEqualTo(CANARY);
            assertThat(large.get(64 + Statx.SIZE + i)).isEqualTo(CANARY);
        }
        large.limit(64 + Statx.SIZE - 1);
        final Sqe sqe = ring.getSqe();
        assertThatThrownBy(() -> sqe.prepStatx(AT_FDCWD, name, 0, STATX_BASIC_STATS, large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("256");
    }
}
