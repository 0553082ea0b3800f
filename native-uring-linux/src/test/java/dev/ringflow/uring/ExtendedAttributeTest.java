package dev.ringflow.uring;

import static dev.ringflow.uring.Request.NOWHERE;
import static dev.ringflow.uring.Request.NO_FD;
import static dev.ringflow.uring.UringConstants.IORING_OP_FGETXATTR;
import static dev.ringflow.uring.UringConstants.IORING_OP_FSETXATTR;
import static dev.ringflow.uring.UringConstants.IORING_OP_GETXATTR;
import static dev.ringflow.uring.UringConstants.IORING_OP_SETXATTR;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.XATTR_CREATE;
import static dev.ringflow.uring.UringConstants.XATTR_REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** F12: extended attributes. */
@Timeout(60)
class ExtendedAttributeTest {
    @TempDir
    private Path directory;

    private final ByteBuffer name = Native.bytes("user.ringflow\0");
    private final ByteBuffer missing = Native.bytes("user.missing\0");
    private final ByteBuffer value = Native.bytes("first value");
    private final ByteBuffer in = Memory.allocate(64, 8);
    private Uring ring;
    private Path file;
    private ByteBuffer path;
    private int fd;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(8);
        file = directory.resolve("file");
        path = Native.path(file);
        fd = Native.open(file);
        Native.assumeOpcode(ring, IORING_OP_GETXATTR);
        Native.assumeOpcode(ring, IORING_OP_SETXATTR);
        Native.assumeOpcode(ring, IORING_OP_FGETXATTR);
        Native.assumeOpcode(ring, IORING_OP_FSETXATTR);
        final ByteBuffer probe = Native.bytes("user.probe\0");
        assumeTrue(
                run(sqe -> sqe.prepFsetxattr(fd, probe, value, 0)) != -Errno.EOPNOTSUPP,
                "the file system has no extended attributes");
    }

    @AfterEach
    void close() {
        Native.close(fd);
        ring.close();
    }

    private int run(final Consumer<Sqe> preparation) {
        return Request.result(ring, preparation);
    }

    private String seenByJava(final String attribute) throws IOException {
        final UserDefinedFileAttributeView view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        final ByteBuffer bytes = ByteBuffer.allocate(64);
        view.read(attribute, bytes);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    /** F12. */
    @Test
    void shouldSetAndGetByPath() throws IOException {
        assertThat(run(sqe -> sqe.prepSetxattr(name, value, path, 0))).isZero();
        assertThat(seenByJava("ringflow")).isEqualTo("first value");
        assertThat(run(sqe -> sqe.prepGetxattr(name, in, path))).isEqualTo(11);
        assertThat(Native.text(in, 12)).isEqualTo("first value\0");

        final ByteBuffer second = Native.bytes("second");
        assertThat(run(sqe -> sqe.prepSetxattr(
                        Memory.address(name), Memory.address(second), Memory.address(path), XATTR_REPLACE, 6)))
                .isZero();
        assertThat(run(sqe -> sqe.prepGetxattr(Memory.address(name), Memory.address(in), Memory.address(path), 64)))
                .isEqualTo(6);
        assertThat(Native.text(in, 11)).isEqualTo("secondvalue");
    }

    /** F12. */
    @Test
    void shouldSetAndGetByDescriptor() throws IOException {
        assertThat(run(sqe -> sqe.prepFsetxattr(fd, name, value, XATTR_CREATE))).isZero();
        assertThat(seenByJava("ringflow")).isEqualTo("first value");
        assertThat(run(sqe -> sqe.prepFgetxattr(fd, name, in))).isEqualTo(11);
        assertThat(Native.text(in, 12)).isEqualTo("first value\0");

        assertThat(run(sqe -> sqe.prepFsetxattr(fd, Memory.address(name), Memory.address(value), XATTR_REPLACE, 5)))
                .isZero();
        assertThat(run(sqe -> sqe.prepFgetxattr(fd, Memory.address(name), Memory.address(in), 64)))
                .isEqualTo(5);
    }

    /** F12. */
    @Test
    void shouldCreateOrReplaceOnlyWhenAsked() {
        assertThat(run(sqe -> sqe.prepSetxattr(name, value, path, XATTR_REPLACE)))
                .isEqualTo(-Errno.ENODATA);
        assertThat(run(sqe -> sqe.prepFsetxattr(fd, name, value, XATTR_REPLACE)))
                .isEqualTo(-Errno.ENODATA);
        assertThat(run(sqe -> sqe.prepSetxattr(name, value, path, XATTR_CREATE)))
                .isZero();
        assertThat(run(sqe -> sqe.prepSetxattr(name, value, path, XATTR_CREATE)))
                .isEqualTo(-Errno.EEXIST);
        assertThat(run(sqe -> sqe.prepFsetxattr(fd, name, value, XATTR_CREATE))).isEqualTo(-Errno.EEXIST);
    }

    /** F12. */
    @Test
    void shouldTellTheLengthAndRefuseTooLittleRoom() {
        assertThat(run(sqe -> sqe.prepSetxattr(name, value, path, 0))).isZero();
        final ByteBuffer none = Memory.allocate(0, 1);
        assertThat(run(sqe -> sqe.prepGetxattr(name, none, path)))
                .as("the length")
                .isEqualTo(11);
        assertThat(run(sqe -> sqe.prepFgetxattr(fd, Memory.address(name), 0, 0)))
                .isEqualTo(11);
        in.position(8).limit(8 + 10);
        assertThat(run(sqe -> sqe.prepGetxattr(name, in, path))).isEqualTo(-Errno.ERANGE);
        in.limit(8 + 11);
        assertThat(run(sqe -> sqe.prepGetxattr(name, in, path))).isEqualTo(11);
        in.clear();
        assertThat(Native.text(in, 20)).isEqualTo("\0".repeat(8) + "first value\0");
    }

    /** F12. */
    @Test
    void shouldTellWhatIsWrong() {
        final ByteBuffer nowhere = Native.path(directory.resolve("missing"));
        final ByteBuffer noNameSpace = Native.bytes("ringflow\0");
        final ByteBuffer empty = Native.bytes("\0");
        final long at = Memory.address(name);
        final long to = Memory.address(in);
        assertThat(run(sqe -> sqe.prepGetxattr(missing, in, path))).isEqualTo(-Errno.ENODATA);
        assertThat(run(sqe -> sqe.prepFgetxattr(fd, missing, in))).isEqualTo(-Errno.ENODATA);
        assertThat(run(sqe -> sqe.prepGetxattr(name, in, nowhere))).isEqualTo(-Errno.ENOENT);
        assertThat(run(sqe -> sqe.prepSetxattr(name, value, nowhere, 0))).isEqualTo(-Errno.ENOENT);
        assertThat(run(sqe -> sqe.prepSetxattr(noNameSpace, value, path, 0))).isEqualTo(-Errno.EOPNOTSUPP);
        assertThat(run(sqe -> sqe.prepGetxattr(empty, in, path))).as("no name").isEqualTo(-Errno.ERANGE);
        assertThat(run(sqe -> sqe.prepSetxattr(name, value, path, 1 << 4)))
                .as("flags")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepFsetxattr(fd, name, value, 1 << 4)))
                .as("flags")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepFgetxattr(NO_FD, name, in))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepFsetxattr(NO_FD, name, value, 0))).isEqualTo(-Errno.EBADF);

        assertThat(run(sqe -> sqe.prepGetxattr(NOWHERE, to, Memory.address(path), 64)))
                .isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepGetxattr(at, to, NOWHERE, 64))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepSetxattr(at, NOWHERE, Memory.address(path), 0, 5)))
                .isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepFsetxattr(fd, name, value, 0))).isZero();
        assertThat(run(sqe -> sqe.prepFgetxattr(fd, at, NOWHERE, 64))).isEqualTo(-Errno.EFAULT);
    }

    @Test
    void shouldRefuseSlotsWherePathsAreMeant() {
        assertThat(ring.registerFiles(fd)).isZero();
        final int result = run(sqe -> {
            sqe.prepGetxattr(name, in, path);
            sqe.setFlags(IOSQE_FIXED_FILE);
        });
        assertThat(result).isEqualTo(-Errno.EBADF);
    }

    @Test
    void shouldRefuseBuffersThatCannotBe() {
        final Sqe sqe = ring.getSqe();
        final ByteBuffer unended = Native.bytes("user.ringflow");
        assertThatThrownBy(() -> sqe.prepSetxattr(unended, value, path, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NUL");
        assertThatThrownBy(() -> sqe.prepSetxattr(name, value, unended, 0)).hasMessageContaining("NUL");
        assertThatThrownBy(() -> sqe.prepFgetxattr(fd, unended, in)).hasMessageContaining("NUL");
        assertThatThrownBy(() -> sqe.prepGetxattr(name, in.asReadOnlyBuffer(), path))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> sqe.prepFsetxattr(fd, name, ByteBuffer.allocate(4), 0))
                .hasMessageContaining("heap");
    }
}
