package dev.ringflow.uring;

import static dev.ringflow.uring.Request.NOWHERE;
import static dev.ringflow.uring.Request.NO_FD;
import static dev.ringflow.uring.UringConstants.AT_FDCWD;
import static dev.ringflow.uring.UringConstants.AT_REMOVEDIR;
import static dev.ringflow.uring.UringConstants.AT_SYMLINK_FOLLOW;
import static dev.ringflow.uring.UringConstants.IORING_OP_LINKAT;
import static dev.ringflow.uring.UringConstants.IORING_OP_MKDIRAT;
import static dev.ringflow.uring.UringConstants.IORING_OP_RENAMEAT;
import static dev.ringflow.uring.UringConstants.IORING_OP_SYMLINKAT;
import static dev.ringflow.uring.UringConstants.IORING_OP_UNLINKAT;
import static dev.ringflow.uring.UringConstants.O_CLOEXEC;
import static dev.ringflow.uring.UringConstants.O_DIRECTORY;
import static dev.ringflow.uring.UringConstants.O_RDONLY;
import static dev.ringflow.uring.UringConstants.RENAME_EXCHANGE;
import static dev.ringflow.uring.UringConstants.RENAME_NOREPLACE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** F11: names in directories. */
@Timeout(60)
class PathRequestsTest {
    @TempDir
    private Path directory;

    private final List<ByteBuffer> kept = new ArrayList<>();
    private Uring ring;
    private int dirFd;
    private Path file;
    private ByteBuffer filePath;
    private ByteBuffer missing;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(8);
        file = Files.writeString(directory.resolve("file"), "content");
        filePath = Native.path(file);
        missing = path("missing");
        final ByteBuffer name = Native.path(directory);
        dirFd = run(sqe -> sqe.prepOpen(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0));
        assertThat(dirFd).isPositive();
    }

    @AfterEach
    void close() {
        Native.close(dirFd);
        ring.close();
    }

    private int run(final Consumer<Sqe> preparation) {
        return Request.result(ring, preparation);
    }

    private ByteBuffer path(final String name) {
        return Native.path(directory.resolve(name));
    }

    private static ByteBuffer relative(final String name) {
        return Native.bytes(name + "\0");
    }

    /** The address of a buffer that stays reachable to the end of the test. */
    private long at(final ByteBuffer buffer) {
        kept.add(buffer);
        return Memory.address(buffer);
    }

    private boolean exists(final String name) {
        return Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** F11. */
    @Test
    void shouldRename() throws IOException {
        Native.assumeOpcode(ring, IORING_OP_RENAMEAT);
        final ByteBuffer second = path("second");
        final ByteBuffer third = path("third");
        assertThat(run(sqe -> sqe.prepRename(filePath, second))).isZero();
        assertThat(exists("file")).isFalse();
        assertThat(Files.readString(directory.resolve("second"))).isEqualTo("content");
        assertThat(run(sqe -> sqe.prepRename(at(second), at(third)))).isZero();
        assertThat(exists("third")).isTrue();

        assertThat(run(sqe -> sqe.prepRename(at(second), at(third)))).as("gone").isEqualTo(-Errno.ENOENT);
        final ByteBuffer nowhere = path("no/such");
        assertThat(run(sqe -> sqe.prepRename(third, nowhere)))
                .as("no such directory")
                .isEqualTo(-Errno.ENOENT);
        assertThat(run(sqe -> sqe.prepRename(NOWHERE, at(second)))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepRename(at(third), NOWHERE))).isEqualTo(-Errno.EFAULT);
        assertThat(exists("third")).as("nothing has happened").isTrue();
    }

    /** F11. */
    @Test
    void shouldRenameInDirectoriesAndByFlags() throws IOException {
        Native.assumeOpcode(ring, IORING_OP_RENAMEAT);
        Files.writeString(directory.resolve("other"), "another");
        final ByteBuffer from = relative("file");
        final ByteBuffer to = relative("other");
        assertThat(run(sqe -> sqe.prepRenameat(dirFd, from, dirFd, to, RENAME_NOREPLACE)))
                .isEqualTo(-Errno.EEXIST);
        assertThat(run(sqe -> sqe.prepRenameat(dirFd, at(from), AT_FDCWD, at(path("other")), RENAME_EXCHANGE)))
                .isZero();
        assertThat(Files.readString(file)).isEqualTo("another");
        assertThat(Files.readString(directory.resolve("other"))).isEqualTo("content");

        assertThat(run(sqe -> sqe.prepRenameat(dirFd, from, dirFd, to, RENAME_EXCHANGE | RENAME_NOREPLACE)))
                .as("two flags that exclude each other")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepRenameat(NO_FD, from, dirFd, to, 0))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepRenameat(dirFd, from, NO_FD, to, 0))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepRenameat(dirFd, from, dirFd, to, 0))).isZero();
        assertThat(exists("file")).isFalse();
    }

    /** F11. */
    @Test
    void shouldUnlink() throws IOException {
        Native.assumeOpcode(ring, IORING_OP_UNLINKAT);
        assertThat(run(sqe -> sqe.prepUnlink(filePath, AT_REMOVEDIR)))
                .as("no directory")
                .isEqualTo(-Errno.ENOTDIR);
        assertThat(run(sqe -> sqe.prepUnlink(filePath, 0))).isZero();
        assertThat(exists("file")).isFalse();
        assertThat(run(sqe -> sqe.prepUnlink(at(filePath), 0))).as("gone").isEqualTo(-Errno.ENOENT);
        Files.createFile(file);
        assertThat(run(sqe -> sqe.prepUnlink(at(filePath), 0))).isZero();
        assertThat(run(sqe -> sqe.prepUnlink(NOWHERE, 0))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepUnlink(filePath, AT_SYMLINK_FOLLOW)))
                .as("flags")
                .isEqualTo(-Errno.EINVAL);
    }

    /** F11. */
    @Test
    void shouldRemoveDirectoriesByFlagOnly() throws IOException {
        Native.assumeOpcode(ring, IORING_OP_UNLINKAT);
        Files.createDirectory(directory.resolve("sub"));
        Files.createFile(directory.resolve("sub/entry"));
        final ByteBuffer sub = relative("sub");
        assertThat(run(sqe -> sqe.prepUnlinkat(dirFd, sub, 0))).isEqualTo(-Errno.EISDIR);
        assertThat(run(sqe -> sqe.prepUnlinkat(dirFd, sub, AT_REMOVEDIR))).isEqualTo(-Errno.ENOTEMPTY);
        assertThat(run(sqe -> sqe.prepUnlinkat(dirFd, at(relative("sub/entry")), 0)))
                .isZero();
        assertThat(run(sqe -> sqe.prepUnlinkat(dirFd, at(sub), AT_REMOVEDIR))).isZero();
        assertThat(exists("sub")).isFalse();
        assertThat(run(sqe -> sqe.prepUnlinkat(NO_FD, sub, 0))).isEqualTo(-Errno.EBADF);
    }

    /** F11. */
    @Test
    void shouldMakeDirectories() {
        Native.assumeOpcode(ring, IORING_OP_MKDIRAT);
        final ByteBuffer first = path("first");
        assertThat(run(sqe -> sqe.prepMkdir(first, 0700))).isZero();
        assertThat(directory.resolve("first")).isDirectory();
        assertThat(run(sqe -> sqe.prepMkdir(at(first), 0700))).isEqualTo(-Errno.EEXIST);
        assertThat(run(sqe -> sqe.prepMkdir(at(path("raw")), 0700))).isZero();
        assertThat(run(sqe -> sqe.prepMkdirat(dirFd, relative("first/second"), 0700)))
                .isZero();
        assertThat(run(sqe -> sqe.prepMkdirat(dirFd, at(relative("first/third")), 0700)))
                .isZero();
        assertThat(directory.resolve("first/second")).isDirectory();
        assertThat(directory.resolve("first/third")).isDirectory();
        assertThat(directory.resolve("raw")).isDirectory();

        assertThat(run(sqe -> sqe.prepMkdirat(dirFd, relative("no/such"), 0700)))
                .isEqualTo(-Errno.ENOENT);
        assertThat(run(sqe -> sqe.prepMkdirat(dirFd, relative("file/sub"), 0700)))
                .isEqualTo(-Errno.ENOTDIR);
        assertThat(run(sqe -> sqe.prepMkdirat(NO_FD, relative("sub"), 0700))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepMkdir(NOWHERE, 0700))).isEqualTo(-Errno.EFAULT);
    }

    /** The mode is the mode asked for, less the process's umask. F11. */
    @Test
    void shouldGiveNewDirectoriesTheirPermissions() throws IOException {
        Native.assumeOpcode(ring, IORING_OP_MKDIRAT);
        assertThat(run(sqe -> sqe.prepMkdir(path("private"), 0500))).isZero();
        assertThat((int) Files.getAttribute(directory.resolve("private"), "unix:mode") & 0777)
                .isEqualTo(0500);
    }

    /** F11. */
    @Test
    void shouldMakeSymbolicLinks() throws IOException {
        Native.assumeOpcode(ring, IORING_OP_SYMLINKAT);
        final ByteBuffer target = relative("any text, no path");
        assertThat(run(sqe -> sqe.prepSymlink(target, path("link")))).isZero();
        assertThat(run(sqe -> sqe.prepSymlink(at(target), at(path("raw"))))).isZero();
        assertThat(run(sqe -> sqe.prepSymlinkat(relative("file"), dirFd, relative("relative"))))
                .isZero();
        assertThat(run(sqe -> sqe.prepSymlinkat(at(target), dirFd, at(relative("rawAt")))))
                .isZero();
        for (final String link : new String[] {"link", "raw", "rawAt"}) {
            assertThat(Files.readSymbolicLink(directory.resolve(link))).hasToString("any text, no path");
        }
        assertThat(Files.readString(directory.resolve("relative"))).isEqualTo("content");

        assertThat(run(sqe -> sqe.prepSymlink(target, path("link")))).isEqualTo(-Errno.EEXIST);
        assertThat(run(sqe -> sqe.prepSymlink(target, path("no/such")))).isEqualTo(-Errno.ENOENT);
        assertThat(run(sqe -> sqe.prepSymlink(NOWHERE, at(missing)))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepSymlink(at(target), NOWHERE))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepSymlinkat(target, NO_FD, relative("missing"))))
                .isEqualTo(-Errno.EBADF);
        assertThat(exists("missing")).isFalse();
    }

    /** F11. */
    @Test
    void shouldMakeHardLinks() throws IOException {
        Native.assumeOpcode(ring, IORING_OP_LINKAT);
        assertThat(run(sqe -> sqe.prepLink(filePath, path("second"), 0))).isZero();
        assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(2);
        assertThat(Files.isSameFile(file, directory.resolve("second"))).isTrue();
        assertThat(run(sqe -> sqe.prepLink(at(filePath), at(path("third")), 0))).isZero();
        assertThat(run(sqe -> sqe.prepLinkat(dirFd, relative("file"), dirFd, relative("fourth"), 0)))
                .isZero();
        assertThat(run(sqe -> sqe.prepLinkat(dirFd, at(relative("file")), AT_FDCWD, at(path("fifth")), 0)))
                .isZero();
        assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(5);

        assertThat(run(sqe -> sqe.prepLink(filePath, path("second"), 0))).isEqualTo(-Errno.EEXIST);
        assertThat(run(sqe -> sqe.prepLink(missing, path("new"), 0))).isEqualTo(-Errno.ENOENT);
        assertThat(run(sqe -> sqe.prepLink(filePath, path("no/such"), 0))).isEqualTo(-Errno.ENOENT);
        assertThat(run(sqe -> sqe.prepLink(filePath, path("new"), AT_REMOVEDIR)))
                .as("flags")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepLink(NOWHERE, at(missing), 0))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepLink(at(filePath), NOWHERE, 0))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepLinkat(NO_FD, relative("file"), dirFd, relative("new"), 0)))
                .isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepLinkat(dirFd, relative("file"), NO_FD, relative("new"), 0)))
                .isEqualTo(-Errno.EBADF);
    }

    /** F11. */
    @Test
    void shouldFollowSymbolicLinksToTheirFileWhenAsked() throws IOException {
        Native.assumeOpcode(ring, IORING_OP_LINKAT);
        Files.createSymbolicLink(directory.resolve("symbolic"), Path.of("file"));
        assertThat(run(sqe -> sqe.prepLink(path("symbolic"), path("same"), 0))).isZero();
        assertThat(run(sqe -> sqe.prepLink(path("symbolic"), path("followed"), AT_SYMLINK_FOLLOW)))
                .isZero();
        assertThat(directory.resolve("same")).isSymbolicLink();
        assertThat(Files.isSymbolicLink(directory.resolve("followed"))).isFalse();
        assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(2);
    }
}
