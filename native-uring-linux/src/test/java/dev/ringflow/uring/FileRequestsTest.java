package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.AT_EMPTY_PATH;
import static dev.ringflow.uring.UringConstants.AT_FDCWD;
import static dev.ringflow.uring.UringConstants.IORING_FEAT_RW_CUR_POS;
import static dev.ringflow.uring.UringConstants.IORING_FILE_INDEX_ALLOC;
import static dev.ringflow.uring.UringConstants.IORING_FSYNC_DATASYNC;
import static dev.ringflow.uring.UringConstants.IORING_OP_FTRUNCATE;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_DRAIN;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static dev.ringflow.uring.UringConstants.O_CLOEXEC;
import static dev.ringflow.uring.UringConstants.O_CREAT;
import static dev.ringflow.uring.UringConstants.O_EXCL;
import static dev.ringflow.uring.UringConstants.O_RDONLY;
import static dev.ringflow.uring.UringConstants.O_RDWR;
import static dev.ringflow.uring.UringConstants.STATX_BASIC_STATS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.struct.Iovec;
import dev.ringflow.uring.struct.Statx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileRequestsTest {
    @TempDir
    private Path directory;

    private Path path;
    private Uring ring;
    private int fd;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(16);
        path = directory.resolve("file");
        fd = Native.open(path);
    }

    @AfterEach
    void close() {
        Native.close(fd);
        ring.close();
    }

    @Test
    void shouldWriteAndReadBack() throws IOException {
        final ByteBuffer out = Native.bytes("hello, ring");
        ring.getSqe().prepWrite(fd, Memory.address(out), 11, 3);
        assertThat(Completion.awaitResult(ring)).isEqualTo(11);
        assertThat(Files.readString(path)).isEqualTo("\0\0\0hello, ring");

        final ByteBuffer in = Memory.allocate(16, 1);
        ring.getSqe().prepRead(fd, Memory.address(in), 5, 10);
        assertThat(Completion.awaitResult(ring))
                .as("short at the end of the file")
                .isEqualTo(4);
        assertThat(Native.text(in, 4)).isEqualTo("ring");
        assertThat(in.get(4)).as("nothing beyond").isZero();

        ring.getSqe().prepRead(fd, Memory.address(in), 5, 100);
        assertThat(Completion.awaitResult(ring)).as("the end").isZero();
    }

    @Test
    void shouldUseTheFilesOwnPosition() {
        Native.assumeFeature(ring, IORING_FEAT_RW_CUR_POS);
        final ByteBuffer out = Native.bytes("abcdef");
        for (int i = 0; i < 3; i++) {
            ring.getSqe().prepWrite(fd, Memory.address(out) + 2 * i, 2, -1);
            assertThat(Completion.awaitResult(ring)).isEqualTo(2);
        }
        final ByteBuffer in = Memory.allocate(8, 1);
        ring.getSqe().prepRead(fd, Memory.address(in), 8, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(6);
        assertThat(Native.text(in, 6)).isEqualTo("abcdef");
    }

    @Test
    void shouldReadAndWriteVectors() {
        final ByteBuffer out = Native.bytes("firstsecond");
        final ByteBuffer vectors = Memory.allocate(2 * Iovec.SIZE, 8);
        Iovec.set(vectors, 0, Memory.address(out), 5);
        Iovec.set(vectors, 1, Memory.address(out) + 5, 6);
        ring.getSqe().prepWritev(fd, Memory.address(vectors), 2, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(11);
        ring.getSqe().prepWritev2(fd, Memory.address(vectors), 1, 0, UringConstants.RWF_APPEND);
        assertThat(Completion.awaitResult(ring)).isEqualTo(5);

        final ByteBuffer in = Memory.allocate(16, 1);
        Iovec.set(vectors, 0, Memory.address(in), 3);
        Iovec.set(vectors, 1, Memory.address(in) + 8, 8);
        ring.getSqe().prepReadv(fd, Memory.address(vectors), 2, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(11);
        assertThat(Native.text(in, 16)).isEqualTo("fir\0\0\0\0\0stsecond");
        ring.getSqe().prepReadv2(fd, Memory.address(vectors), 1, 11, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(3);
        assertThat(Native.text(in, 3)).isEqualTo("fir");
    }

    @Test
    void shouldReadAndWriteRegisteredBuffers() {
        final ByteBuffer buffer = Memory.allocate(8192, 4096);
        final ByteBuffer vectors = Memory.allocate(Iovec.SIZE, 8);
        Iovec.set(vectors, 0, Memory.address(buffer), 8192);
        assertThat(ring.registerBuffers(Memory.address(vectors), 1)).isZero();
        assertThat(ring.registerBuffers(Memory.address(vectors), 1)).isEqualTo(-Errno.EBUSY);
        buffer.put(100, "fixed".getBytes());

        ring.getSqe().prepWriteFixed(fd, Memory.address(buffer) + 100, 5, 0, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(5);
        ring.getSqe().prepReadFixed(fd, Memory.address(buffer) + 4096, 16, 0, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(5);
        assertThat(Native.text(buffer.slice(4096, 16), 5)).isEqualTo("fixed");

        ring.getSqe().prepReadFixed(fd, Memory.address(buffer) + 8192, 16, 0, 0);
        assertThat(Completion.awaitResult(ring)).as("outside").isEqualTo(-Errno.EFAULT);
        ring.getSqe().prepReadFixed(fd, Memory.address(buffer), 16, 0, 1);
        assertThat(Completion.awaitResult(ring)).as("no such buffer").isEqualTo(-Errno.EFAULT);
        assertThat(ring.unregisterBuffers()).isZero();
        assertThat(ring.unregisterBuffers()).isEqualTo(-Errno.ENXIO);
    }

    @Test
    void shouldFillATableOfBuffersLater() {
        assumeTrue(ring.registerBuffersSparse(4) == 0, "this kernel has no sparse tables");
        final ByteBuffer buffer = Memory.allocate(4096, 4096);
        final ByteBuffer vectors = Memory.allocate(Iovec.SIZE, 8);
        Iovec.set(vectors, 0, Memory.address(buffer), 4096);

        assertThat(ring.registerBuffersUpdateTag(2, Memory.address(vectors), 0, 1))
                .isEqualTo(1);

        buffer.put(0, "sparse".getBytes());
        ring.getSqe().prepWriteFixed(fd, Memory.address(buffer), 6, 0, 2);
        assertThat(Completion.awaitResult(ring)).isEqualTo(6);
        ring.getSqe().prepWriteFixed(fd, Memory.address(buffer), 6, 0, 1);
        assertThat(Completion.awaitResult(ring)).as("an empty slot").isEqualTo(-Errno.EFAULT);
        assertThat(ring.unregisterBuffers()).isZero();
    }

    @Test
    void shouldSyncAfterWrites() throws IOException {
        final ByteBuffer out = Native.bytes("synced");
        for (int i = 0; i < 4; i++) {
            ring.getSqe().prepWrite(fd, Memory.address(out), 6, i * 6L);
        }
        final Sqe sync = ring.getSqe();
        sync.prepFsync(fd, IORING_FSYNC_DATASYNC);
        sync.setData64(9);
        sync.setFlags(IOSQE_IO_DRAIN);

        final List<Completion> completions = Completion.await(ring, 5);

        assertThat(completions.get(4)).isEqualTo(new Completion(9, 0, 0));
        assertThat(completions.subList(0, 4)).allMatch(completion -> completion.res() == 6);
        assertThat(Files.size(path)).isEqualTo(24);
        ring.getSqe().prepFsync(-1, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void shouldOpenAndClose() {
        final ByteBuffer name = Native.path(directory.resolve("new"));
        ring.getSqe().prepOpenat(AT_FDCWD, Memory.address(name), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
        final int opened = Completion.awaitResult(ring);
        assertThat(opened).isPositive();
        assertThat(Native.isCloseOnExec(opened)).isTrue();
        assertThat(directory.resolve("new")).isRegularFile();

        ring.getSqe().prepOpenat(AT_FDCWD, Memory.address(name), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EEXIST);
        final ByteBuffer missing = Native.path(directory.resolve("missing"));
        ring.getSqe().prepOpenat(AT_FDCWD, Memory.address(missing), O_RDONLY | O_CLOEXEC, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.ENOENT);

        ring.getSqe().prepClose(opened);
        assertThat(Completion.awaitResult(ring)).isZero();
        assertThat(Native.target(opened)).as("closed").doesNotContain(directory.toString());
    }

    @Test
    void shouldOpenIntoTheTableOfFiles() throws IOException {
        assumeTrue(ring.registerFilesSparse(2) == 0, "this kernel has no sparse tables");
        Files.writeString(path, "direct");
        final ByteBuffer name = Native.path(path);
        ring.getSqe().prepOpenatDirect(AT_FDCWD, Memory.address(name), O_RDONLY, 0, 1);
        assertThat(Completion.awaitResult(ring)).isZero();
        ring.getSqe().prepOpenatDirect(AT_FDCWD, Memory.address(name), O_RDONLY, 0, IORING_FILE_INDEX_ALLOC);
        assertThat(Completion.awaitResult(ring)).as("the free slot").isZero();
        ring.getSqe().prepOpenatDirect(AT_FDCWD, Memory.address(name), O_RDONLY, 0, IORING_FILE_INDEX_ALLOC);
        assertThat(Completion.awaitResult(ring)).as("the table is full").isEqualTo(-Errno.ENFILE);

        final ByteBuffer in = Memory.allocate(8, 1);
        final Sqe read = ring.getSqe();
        read.prepRead(1, Memory.address(in), 8, 0);
        read.setFlags(IOSQE_FIXED_FILE);
        assertThat(Completion.awaitResult(ring)).isEqualTo(6);
        assertThat(Native.text(in, 6)).isEqualTo("direct");

        ring.getSqe().prepCloseDirect(1);
        assertThat(Completion.awaitResult(ring)).isZero();
        ring.getSqe().prepOpenatDirect(AT_FDCWD, Memory.address(name), O_RDONLY, 0, IORING_FILE_INDEX_ALLOC);
        assertThat(Completion.awaitResult(ring)).as("the slot is free again").isEqualTo(1);
        assertThat(ring.unregisterFiles()).isZero();
    }

    @Test
    void shouldReadTheNewFileInAChainThatReplacesTheSlot() throws IOException {
        Native.assumeFeature(ring, UringConstants.IORING_FEAT_LINKED_FILE);
        assertThat(ring.registerFiles(fd)).isZero();
        Files.writeString(directory.resolve("new"), "new");
        final ByteBuffer name = Native.path(directory.resolve("new"));
        final ByteBuffer in = Memory.allocate(8, 1);
        assertThat(ring.sqSpaceLeft()).as("the chain fits").isGreaterThanOrEqualTo(3);
        final Sqe open = ring.getSqe();
        open.prepOpenatDirect(AT_FDCWD, Memory.address(name), O_RDONLY, 0, 0);
        open.setData64(1);
        open.setFlags(IOSQE_IO_LINK);
        final Sqe read = ring.getSqe();
        read.prepRead(0, Memory.address(in), 3, 0);
        read.setData64(2);
        read.setFlags(IOSQE_IO_LINK | IOSQE_FIXED_FILE);
        final Sqe close = ring.getSqe();
        close.prepCloseDirect(0);
        close.setData64(3);

        assertThat(Completion.awaitSorted(ring, 3)).extracting(Completion::res).containsExactly(0, 3, 0);
        assertThat(Native.text(in, 3)).isEqualTo("new");
    }

    @Test
    void shouldTellWhatStatTells() throws IOException {
        Files.writeString(path, "twelve bytes");
        final ByteBuffer name = Native.path(path);
        final ByteBuffer attributes = Memory.allocate(Statx.SIZE, 8);
        ring.getSqe().prepStatx(AT_FDCWD, Memory.address(name), 0, STATX_BASIC_STATS, Memory.address(attributes));
        assertThat(Completion.awaitResult(ring)).isZero();

        assertThat(Statx.mask(attributes, 0) & STATX_BASIC_STATS).isEqualTo(STATX_BASIC_STATS);
        assertThat(Statx.size(attributes, 0)).isEqualTo(12);
        assertThat(Statx.mode(attributes, 0)).isEqualTo(UringConstants.S_IFREG | 0600);
        assertThat(Statx.links(attributes, 0)).isEqualTo(1);
        assertThat(Statx.inode(attributes, 0)).isEqualTo(Files.getAttribute(path, "unix:ino"));
        assertThat(Statx.blockSize(attributes, 0)).isPositive();
        assertThat(Statx.blocks(attributes, 0)).isNotNegative();
        assertThat(attributes.getInt(Statx.UID)).isEqualTo(Files.getAttribute(path, "unix:uid"));
        assertThat(FileTime.from(Statx.time(attributes, 0, Statx.MTIME))).isEqualTo(Files.getLastModifiedTime(path));

        final ByteBuffer empty = Native.bytes("\0");
        ring.getSqe()
                .prepStatx(fd, Memory.address(empty), AT_EMPTY_PATH, STATX_BASIC_STATS, Memory.address(attributes));
        assertThat(Completion.awaitResult(ring)).isZero();
        assertThat(Statx.size(attributes, 0)).isEqualTo(12);
        ring.getSqe().prepStatx(AT_FDCWD, Memory.address(name), 0, STATX_BASIC_STATS, 8);
        assertThat(Completion.awaitResult(ring)).as("a bad address").isEqualTo(-Errno.EFAULT);
    }

    @Test
    void shouldChangeLengths() throws IOException {
        ring.getSqe().prepFallocate(fd, 0, 0, 128 * 1024);
        assertThat(Completion.awaitResult(ring)).isIn(0, -Errno.EOPNOTSUPP);
        Native.assumeOpcode(ring, IORING_OP_FTRUNCATE);
        ring.getSqe().prepFtruncate(fd, 1234);
        assertThat(Completion.awaitResult(ring)).isZero();
        assertThat(Files.size(path)).isEqualTo(1234);
        ring.getSqe().prepFtruncate(fd, -1);
        assertThat(Completion.awaitResult(ring)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void shouldReadThroughRegisteredFiles() throws IOException {
        Files.writeString(path, "registered");
        assertThat(ring.registerFiles(-1, fd)).isZero();
        assertThat(ring.registerFiles(fd)).isEqualTo(-Errno.EBUSY);
        final ByteBuffer in = Memory.allocate(16, 1);
        for (final int slot : new int[] {1, 0, 7}) {
            final Sqe read = ring.getSqe();
            read.prepRead(slot, Memory.address(in), 16, 0);
            read.setFlags(IOSQE_FIXED_FILE);
            assertThat(Completion.awaitResult(ring)).isEqualTo(slot == 1 ? 10 : -Errno.EBADF);
        }
        assertThat(ring.registerFilesUpdate(0, fd, UringConstants.IORING_REGISTER_FILES_SKIP))
                .isIn(2, 1, -Errno.EBADF); // SKIP since 5.12
        assertThat(ring.unregisterFiles()).isZero();
        assertThat(ring.unregisterFiles()).isEqualTo(-Errno.ENXIO);
    }
}
