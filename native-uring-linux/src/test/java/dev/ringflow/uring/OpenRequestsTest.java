package dev.ringflow.uring;

import static dev.ringflow.uring.Request.NOWHERE;
import static dev.ringflow.uring.Request.NO_FD;
import static dev.ringflow.uring.UringConstants.AT_FDCWD;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_CQE_SKIP;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_LINKED_FILE;
import static dev.ringflow.uring.UringConstants.IORING_FILE_INDEX_ALLOC;
import static dev.ringflow.uring.UringConstants.IOSQE_CQE_SKIP_SUCCESS;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static dev.ringflow.uring.UringConstants.O_CLOEXEC;
import static dev.ringflow.uring.UringConstants.O_CREAT;
import static dev.ringflow.uring.UringConstants.O_DIRECTORY;
import static dev.ringflow.uring.UringConstants.O_EXCL;
import static dev.ringflow.uring.UringConstants.O_RDONLY;
import static dev.ringflow.uring.UringConstants.O_RDWR;
import static dev.ringflow.uring.UringConstants.RESOLVE_BENEATH;
import static dev.ringflow.uring.UringConstants.RESOLVE_IN_ROOT;
import static dev.ringflow.uring.UringConstants.RESOLVE_NO_SYMLINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.struct.OpenHow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Opening and closing, into descriptors and into the table of files. */
@Timeout(60)
class OpenRequestsTest {
    @TempDir
    private Path directory;

    private final ByteBuffer how = Memory.allocate(OpenHow.SIZE, 8);
    private final ByteBuffer in = Memory.allocate(16, 8);
    private Uring ring;
    private ByteBuffer name;
    private int dirFd;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(8);
        name = Native.path(Files.writeString(directory.resolve("file"), "content"));
        final ByteBuffer directoryName = Native.path(directory);
        dirFd = run(sqe -> sqe.prepOpen(directoryName, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0));
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

    private ByteBuffer how(final int flags, final int mode, final int resolve) {
        OpenHow.set(how, 0, flags, mode, resolve);
        return how;
    }

    private void assertReads(final int fd, final int flags) {
        assertThat(run(sqe -> {
                    sqe.prepRead(fd, in, 0);
                    sqe.setFlags(flags);
                }))
                .isEqualTo(7);
        assertThat(Native.text(in, 7)).isEqualTo("content");
    }

    @Test
    void shouldOpenByPath() {
        for (int i = 0; i < 4; i++) {
            final int form = i;
            final int fd = run(sqe -> {
                switch (form) {
                    case 0 -> sqe.prepOpen(name, O_RDONLY | O_CLOEXEC, 0);
                    case 1 -> sqe.prepOpen(Memory.address(name), O_RDONLY | O_CLOEXEC, 0);
                    case 2 -> sqe.prepOpenat(AT_FDCWD, name, O_RDONLY | O_CLOEXEC, 0);
                    default -> sqe.prepOpenat(NO_FD, name, O_RDONLY | O_CLOEXEC, 0); // an absolute path
                }
            });
            assertThat(fd).as("form %s", form).isPositive();
            assertThat(Native.isCloseOnExec(fd)).isTrue();
            assertReads(fd, 0);
            assertThat(run(sqe -> sqe.prepClose(fd))).isZero();
            assertThat(Native.target(fd)).as("closed").doesNotContain(directory.toString());
        }
    }

    @Test
    void shouldTellWhatIsWrongWithAPath() {
        final ByteBuffer missing = Native.path(directory.resolve("missing"));
        final ByteBuffer below = Native.path(directory.resolve("file/below"));
        final ByteBuffer relative = Native.bytes("file\0");
        assertThat(run(sqe -> sqe.prepOpen(missing, O_RDONLY, 0))).isEqualTo(-Errno.ENOENT);
        assertThat(run(sqe -> sqe.prepOpen(below, O_RDONLY, 0))).isEqualTo(-Errno.ENOTDIR);
        assertThat(run(sqe -> sqe.prepOpen(name, O_CREAT | O_EXCL, 0600))).isEqualTo(-Errno.EEXIST);
        assertThat(run(sqe -> sqe.prepOpen(name, O_DIRECTORY, 0))).isEqualTo(-Errno.ENOTDIR);
        assertThat(run(sqe -> sqe.prepOpen(NOWHERE, O_RDONLY, 0))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepOpenat(NO_FD, relative, O_RDONLY, 0))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepClose(NO_FD))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepClose(ring.ringFd())))
                .as("the ring itself")
                .isEqualTo(-Errno.EBADF);
    }

    @Test
    void shouldOpenByStruct() throws IOException {
        final ByteBuffer created = Native.bytes("created\0");
        final ByteBuffer struct = how(O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640, RESOLVE_BENEATH);
        final int fd = run(sqe -> sqe.prepOpenat2(dirFd, created, struct));
        assertThat(fd).isPositive();
        assertThat(Native.isCloseOnExec(fd)).isTrue();
        Native.close(fd);
        assertThat(directory.resolve("created")).isRegularFile();

        how(O_RDONLY | O_CLOEXEC, 0, 0);
        final int second = run(sqe -> sqe.prepOpenat2(AT_FDCWD, Memory.address(name), Memory.address(how)));
        assertThat(second).isPositive();
        assertReads(second, 0);
        Native.close(second);

        assertThat(OpenHow.flags(how, 0)).isEqualTo(O_RDONLY | O_CLOEXEC);
        how(0, 0777, RESOLVE_IN_ROOT);
        assertThat(OpenHow.mode(how, 0)).isEqualTo(0777);
        assertThat(OpenHow.resolve(how, 0)).isEqualTo(RESOLVE_IN_ROOT);
    }

    @Test
    void shouldStayWhereTheStructSays() throws IOException {
        Files.createSymbolicLink(directory.resolve("out"), directory.toAbsolutePath());
        Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
        final ByteBuffer up = Native.bytes("../file\0");
        final ByteBuffer out = Native.bytes("out\0");
        final ByteBuffer link = Native.bytes("link\0");
        final ByteBuffer rooted = Native.bytes("/file\0");
        assertThat(run(sqe -> sqe.prepOpenat2(dirFd, up, how(O_RDONLY, 0, RESOLVE_BENEATH))))
                .isEqualTo(-Errno.EXDEV);
        assertThat(run(sqe -> sqe.prepOpenat2(dirFd, out, how(O_RDONLY, 0, RESOLVE_BENEATH))))
                .isEqualTo(-Errno.EXDEV);
        assertThat(run(sqe -> sqe.prepOpenat2(dirFd, link, how(O_RDONLY, 0, RESOLVE_NO_SYMLINKS))))
                .isEqualTo(-Errno.ELOOP);
        final int fd = run(sqe -> sqe.prepOpenat2(dirFd, rooted, how(O_RDONLY | O_CLOEXEC, 0, RESOLVE_IN_ROOT)));
        assertThat(fd).as("the directory is the root").isPositive();
        assertReads(fd, 0);
        Native.close(fd);
    }

    @Test
    void shouldTellWhatIsWrongWithAStruct() {
        assertThat(run(sqe -> sqe.prepOpenat2(AT_FDCWD, name, how(1 << 30, 0, 0))))
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepOpenat2(AT_FDCWD, name, how(O_RDONLY, 0600, 0))))
                .as("a mode, but nothing to create")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepOpenat2(AT_FDCWD, name, how(O_RDONLY, 0, 1 << 20))))
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepOpenat2(AT_FDCWD, Memory.address(name), NOWHERE)))
                .isEqualTo(-Errno.EFAULT);
        how(O_RDONLY, 0, 0);
        assertThat(run(sqe -> sqe.prepOpenat2(AT_FDCWD, NOWHERE, Memory.address(how))))
                .isEqualTo(-Errno.EFAULT);
    }

    /** F9. */
    @Test
    void shouldPickSlotsUntilTheTableIsFull() {
        assumeTrue(ring.registerFilesSparse(3) == 0, "this kernel has no sparse tables");
        for (int i = 0; i < 3; i++) {
            final int slot = i;
            final int picked = run(sqe -> {
                switch (slot) {
                    case 0 -> sqe.prepOpenDirect(name, O_RDONLY, 0, IORING_FILE_INDEX_ALLOC);
                    case 1 -> sqe.prepOpenDirect(Memory.address(name), O_RDONLY, 0, IORING_FILE_INDEX_ALLOC);
                    default -> sqe.prepOpenatDirect(AT_FDCWD, name, O_RDONLY, 0, IORING_FILE_INDEX_ALLOC);
                }
            });
            assertThat(picked).isEqualTo(slot);
        }
        assertThat(run(sqe -> sqe.prepOpenDirect(name, O_RDONLY, 0, IORING_FILE_INDEX_ALLOC)))
                .as("full")
                .isEqualTo(-Errno.ENFILE);
        assertThat(run(sqe -> sqe.prepCloseDirect(1))).isZero();
        assertThat(run(sqe -> sqe.prepCloseDirect(1))).as("empty already").isEqualTo(-Errno.EBADF);
        how(O_RDONLY, 0, 0);
        assertThat(run(sqe -> sqe.prepOpenat2Direct(AT_FDCWD, name, how, IORING_FILE_INDEX_ALLOC)))
                .as("the slot is free again")
                .isEqualTo(1);
        assertReads(1, IOSQE_FIXED_FILE);
    }

    /** F9. */
    @Test
    void shouldOpenIntoASlotOfOnesChoice() {
        assumeTrue(ring.registerFilesSparse(4) == 0, "this kernel has no sparse tables");
        how(O_RDONLY, 0, 0);
        assertThat(run(sqe -> sqe.prepOpenDirect(name, O_RDONLY, 0, 2))).isZero();
        assertReads(2, IOSQE_FIXED_FILE);
        assertThat(run(sqe -> sqe.prepOpenat2Direct(AT_FDCWD, Memory.address(name), Memory.address(how), 3)))
                .isZero();
        assertReads(3, IOSQE_FIXED_FILE);

        assertThat(run(sqe -> sqe.prepOpenDirect(name, O_RDONLY, 0, 4)))
                .as("no such slot")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepOpenDirect(name, O_RDONLY | O_CLOEXEC, 0, 0)))
                .as("slots are not inherited")
                .isEqualTo(-Errno.EINVAL);
        assertThat(run(sqe -> sqe.prepCloseDirect(4))).isEqualTo(-Errno.EINVAL);
        assertThat(ring.unregisterFiles()).isZero();
        assertThat(run(sqe -> sqe.prepOpenDirect(name, O_RDONLY, 0, 0)))
                .as("no table")
                .isEqualTo(-Errno.ENXIO);
        assertThat(run(sqe -> sqe.prepCloseDirect(0))).isEqualTo(-Errno.ENXIO);
    }

    /** L24. */
    @Test
    void shouldReadTheNewFileOfAReusedSlotAndShowTheReadOnly() throws IOException {
        Native.assumeFeature(ring, IORING_FEAT_LINKED_FILE);
        Native.assumeFeature(ring, IORING_FEAT_CQE_SKIP);
        final int old = Native.open(Files.writeString(directory.resolve("old"), "old one"));
        assertThat(ring.registerFiles(old)).isZero();
        for (int round = 0; round < 3; round++) {
            final String text = "round " + round;
            final ByteBuffer path = Native.path(Files.writeString(directory.resolve("new" + round), text));
            assertThat(ring.sqSpaceLeft()).isGreaterThanOrEqualTo(3);
            final Sqe opening = ring.getSqe();
            opening.prepOpenDirect(Memory.address(path), O_RDONLY, 0, 0);
            opening.setData64(1);
            opening.setFlags(IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS);
            final Sqe reading = ring.getSqe();
            reading.prepRead(0, Memory.address(in), 7, 0);
            reading.setData64(2);
            reading.setFlags(IOSQE_IO_LINK | IOSQE_FIXED_FILE);
            final Sqe closing = ring.getSqe();
            closing.prepCloseDirect(0);
            closing.setData64(3);
            closing.setFlags(IOSQE_CQE_SKIP_SUCCESS);

            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(2, 7, 0));
            assertThat(Native.text(in, 7)).isEqualTo(text);
            awaitEmptySlot(text);
        }
        assertThat(ring.cqReady()).as("nothing else came").isZero();
        Native.close(old);
    }

    /** The last of a chain that shows nothing runs when it will. */
    private void awaitEmptySlot(final String text) {
        final long start = System.nanoTime();
        int result;
        do {
            result = run(sqe -> {
                sqe.prepRead(0, in, 0);
                sqe.setFlags(IOSQE_FIXED_FILE);
            });
            assertThat(result).as(text).isIn(7, -Errno.EBADF);
        } while (result == 7 && System.nanoTime() - start < 10_000_000_000L);
        assertThat(result).as("the chain has closed the file").isEqualTo(-Errno.EBADF);
    }

    /** L24: a failure is shown, although successes are not; but then the rest of the chain ends in silence. */
    @Test
    void shouldShowTheFailureThatEndsAChain() {
        Native.assumeFeature(ring, IORING_FEAT_LINKED_FILE);
        Native.assumeFeature(ring, IORING_FEAT_CQE_SKIP);
        assumeTrue(ring.registerFilesSparse(1) == 0, "this kernel has no sparse tables");
        final ByteBuffer missing = Native.path(directory.resolve("missing"));
        final Sqe opening = ring.getSqe();
        opening.prepOpenDirect(Memory.address(missing), O_RDONLY, 0, 0);
        opening.setData64(1);
        opening.setFlags(IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS);
        final Sqe reading = ring.getSqe();
        reading.prepRead(0, Memory.address(in), 7, 0);
        reading.setData64(2);
        reading.setFlags(IOSQE_FIXED_FILE);

        assertThat(Completion.await(ring, 1)).containsExactly(new Completion(1, -Errno.ENOENT, 0));
        final Sqe last = ring.getSqe();
        last.prepNop();
        last.setData64(3);
        assertThat(Completion.await(ring, 1)).as("nothing of the read").containsExactly(new Completion(3, 0, 0));
    }
}
