package dev.ringflow.uring;

import static dev.ringflow.uring.Request.NOWHERE;
import static dev.ringflow.uring.Request.NO_FD;
import static dev.ringflow.uring.UringConstants.AT_FDCWD;
import static dev.ringflow.uring.UringConstants.MADV_NORMAL;
import static dev.ringflow.uring.UringConstants.O_RDONLY;
import static dev.ringflow.uring.UringConstants.STATX_SIZE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Iovec;
import dev.ringflow.uring.struct.OpenHow;
import dev.ringflow.uring.struct.Statx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The forms that take buffers: what they refuse, and that they stay within position and limit. */
@Timeout(60)
class TypedFileRequestsTest {
    private static final byte CANARY = 0x5A;

    @TempDir
    private Path directory;

    private final ByteBuffer memory = Memory.allocate(8192, 4096);
    private Uring ring;
    private Path file;
    private ByteBuffer name;
    private int fd;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(8);
        file = directory.resolve("file");
        name = Native.path(file);
        fd = Native.open(file);
        final ByteBuffer vectors = Memory.allocate(Iovec.SIZE, 8);
        Iovec.set(vectors, 0, Memory.address(memory), memory.capacity());
        assertThat(ring.registerBuffers(Memory.address(vectors), 1)).isZero();
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, CANARY);
        }
    }

    @AfterEach
    void close() {
        Native.close(fd);
        ring.close();
    }

    private int run(final Consumer<Sqe> preparation) {
        return Request.result(ring, preparation);
    }

    @Test
    void shouldReadBetweenPositionAndLimitOnly() throws IOException {
        Files.writeString(file, "x".repeat(1000));
        final List<BiConsumer<Sqe, ByteBuffer>> forms = List.of(
                (sqe, target) -> sqe.prepRead(fd, target, 0), (sqe, target) -> sqe.prepReadFixed(fd, target, 0, 0));
        for (int form = 0; form < forms.size(); form++) {
            final int start = 100 + 1000 * form;
            memory.clear().position(start).limit(start + 50);
            final BiConsumer<Sqe, ByteBuffer> preparation = forms.get(form);
            assertThat(run(sqe -> preparation.accept(sqe, memory))).isEqualTo(50);
            assertThat(memory.position()).as("left as it is").isEqualTo(start);
            assertThat(memory.limit()).isEqualTo(start + 50);
            memory.clear();
            for (int i = start - 100; i < start + 200; i++) {
                assertThat(memory.get(i))
                        .as("form %s, byte %s", form, i)
                        .isEqualTo(i >= start && i < start + 50 ? (byte) 'x' : CANARY);
            }
        }
    }

    @Test
    void shouldWriteBetweenPositionAndLimitOnly() throws IOException {
        memory.put(300, "within".getBytes());
        memory.position(300).limit(306);
        assertThat(run(sqe -> sqe.prepWrite(fd, memory, 0))).isEqualTo(6);
        assertThat(run(sqe -> sqe.prepWriteFixed(fd, memory, 6, 0))).isEqualTo(6);
        assertThat(run(sqe -> sqe.prepWrite(fd, memory.asReadOnlyBuffer(), 12))).isEqualTo(6);
        assertThat(Files.readString(file)).isEqualTo("withinwithinwithin");
        assertThat(memory.position()).isEqualTo(300);
    }

    @Test
    void shouldTransferNothingThroughAnEmptyBuffer() throws IOException {
        Files.writeString(file, "content");
        memory.position(10).limit(10);
        assertThat(run(sqe -> sqe.prepRead(fd, memory, 0))).isZero();
        assertThat(run(sqe -> sqe.prepWrite(fd, memory, 0))).isZero();
        assertThat(Files.readString(file)).isEqualTo("content");
    }

    @Test
    void shouldPassOnWhatTheKernelSays() {
        final ByteBuffer foreign = Memory.allocate(16, 16);
        assertThat(run(sqe -> sqe.prepRead(NO_FD, memory, 0))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepWrite(NO_FD, memory, 0))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepReadFixed(NO_FD, memory, 0, 0))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepWriteFixed(NO_FD, memory, 0, 0))).isEqualTo(-Errno.EBADF);
        assertThat(run(sqe -> sqe.prepReadFixed(fd, foreign, 0, 0)))
                .as("not registered")
                .isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepWriteFixed(fd, foreign, 0, 0)))
                .as("not registered")
                .isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepWrite(fd, foreign, 0))).isEqualTo(16);
        assertThat(run(sqe -> sqe.prepRead(fd, NOWHERE, 16, 0))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepWrite(fd, NOWHERE, 16, 0))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepReadv(fd, NOWHERE, 1, 0))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> sqe.prepWritev(fd, NOWHERE, 1, 0))).isEqualTo(-Errno.EFAULT);
        assertThat(run(sqe -> {
                    sqe.prepRead(fd, memory, 0);
                    sqe.setRwFlags(1 << 30);
                }))
                .as("flags that there are not")
                .isIn(-Errno.EOPNOTSUPP, -Errno.EINVAL);
    }

    @Test
    void shouldRefuseMemoryOnTheHeap() {
        final ByteBuffer heap = ByteBuffer.allocate(512);
        final Sqe sqe = ring.getSqe();
        final List<Runnable> forms = new ArrayList<>();
        forms.add(() -> sqe.prepRead(fd, heap, 0));
        forms.add(() -> sqe.prepWrite(fd, heap, 0));
        forms.add(() -> sqe.prepReadFixed(fd, heap, 0, 0));
        forms.add(() -> sqe.prepWriteFixed(fd, heap, 0, 0));
        forms.add(() -> sqe.prepOpen(heap, O_RDONLY, 0));
        forms.add(() -> sqe.prepOpenDirect(heap, O_RDONLY, 0, 0));
        forms.add(() -> sqe.prepOpenat2(AT_FDCWD, name, heap));
        forms.add(() -> sqe.prepOpenat2Direct(AT_FDCWD, name, heap, 0));
        forms.add(() -> sqe.prepStatx(AT_FDCWD, name, 0, STATX_SIZE, heap));
        forms.add(() -> sqe.prepRename(name, heap));
        forms.add(() -> sqe.prepUnlink(heap, 0));
        forms.add(() -> sqe.prepMkdir(heap, 0));
        forms.add(() -> sqe.prepSymlink(name, heap));
        forms.add(() -> sqe.prepLink(name, heap, 0));
        forms.add(() -> sqe.prepPipe(heap, 0));
        forms.add(() -> sqe.prepMadvise(heap.limit(0), MADV_NORMAL));
        for (int i = 0; i < forms.size(); i++) {
            assertThatThrownBy(forms.get(i)::run)
                    .as("form %s", i)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("heap");
        }
    }

    @Test
    void shouldRefuseToFillWhatIsReadOnly() {
        final ByteBuffer readOnly = memory.asReadOnlyBuffer();
        final Sqe sqe = ring.getSqe();
        final List<Runnable> forms = new ArrayList<>();
        forms.add(() -> sqe.prepRead(fd, readOnly, 0));
        forms.add(() -> sqe.prepReadFixed(fd, readOnly, 0, 0));
        forms.add(() -> sqe.prepStatx(AT_FDCWD, name, 0, STATX_SIZE, readOnly));
        forms.add(() -> sqe.prepPipe(readOnly, 0));
        forms.add(() -> sqe.prepPipeDirect(readOnly, 0, 0));
        forms.add(() -> sqe.prepMadvise(readOnly, MADV_NORMAL));
        for (int i = 0; i < forms.size(); i++) {
            assertThatThrownBy(forms.get(i)::run).as("form %s", i).isInstanceOf(ReadOnlyBufferException.class);
        }
    }

    @Test
    void shouldRefuseStringsWithoutAnEnd() {
        final ByteBuffer unended = Native.bytes("/tmp");
        final ByteBuffer beyond = Native.bytes("/tmp\0");
        beyond.limit(4);
        final ByteBuffer how = Memory.allocate(OpenHow.SIZE, 8);
        final ByteBuffer statx = Memory.allocate(Statx.SIZE, 8);
        final Sqe sqe = ring.getSqe();
        for (final ByteBuffer path : new ByteBuffer[] {unended, beyond}) {
            final List<Runnable> forms = new ArrayList<>();
            forms.add(() -> sqe.prepOpen(path, O_RDONLY, 0));
            forms.add(() -> sqe.prepOpenat(AT_FDCWD, path, O_RDONLY, 0));
            forms.add(() -> sqe.prepOpenDirect(path, O_RDONLY, 0, 0));
            forms.add(() -> sqe.prepOpenatDirect(AT_FDCWD, path, O_RDONLY, 0, 0));
            forms.add(() -> sqe.prepOpenat2(AT_FDCWD, path, how));
            forms.add(() -> sqe.prepOpenat2Direct(AT_FDCWD, path, how, 0));
            forms.add(() -> sqe.prepStatx(AT_FDCWD, path, 0, STATX_SIZE, statx));
            forms.add(() -> sqe.prepRename(path, name));
            forms.add(() -> sqe.prepRename(name, path));
            forms.add(() -> sqe.prepRenameat(AT_FDCWD, name, AT_FDCWD, path, 0));
            forms.add(() -> sqe.prepUnlink(path, 0));
            forms.add(() -> sqe.prepUnlinkat(AT_FDCWD, path, 0));
            forms.add(() -> sqe.prepMkdir(path, 0));
            forms.add(() -> sqe.prepMkdirat(AT_FDCWD, path, 0));
            forms.add(() -> sqe.prepSymlink(path, name));
            forms.add(() -> sqe.prepSymlink(name, path));
            forms.add(() -> sqe.prepSymlinkat(name, AT_FDCWD, path));
            forms.add(() -> sqe.prepLink(path, name, 0));
            forms.add(() -> sqe.prepLink(name, path, 0));
            forms.add(() -> sqe.prepLinkat(AT_FDCWD, path, AT_FDCWD, name, 0));
            for (int i = 0; i < forms.size(); i++) {
                assertThatThrownBy(forms.get(i)::run)
                        .as("form %s", i)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("NUL");
            }
        }
    }

    @Test
    void shouldTakeAStringFromThePositionOn() {
        final ByteBuffer two = Native.bytes("/no/such/path\0" + file + "\0");
        two.position(14);
        final int opened = run(sqe -> sqe.prepOpen(two, O_RDONLY | UringConstants.O_CLOEXEC, 0));
        assertThat(opened).isPositive();
        Native.close(opened);
    }

    @Test
    void shouldRefuseStructsThatAreCutShort() {
        final ByteBuffer how = Memory.allocate(OpenHow.SIZE - 1, 8);
        final ByteBuffer statx = Memory.allocate(Statx.SIZE, 8).position(1);
        final Sqe sqe = ring.getSqe();
        assertThatThrownBy(() -> sqe.prepOpenat2(AT_FDCWD, name, how)).hasMessageContaining("24");
        assertThatThrownBy(() -> sqe.prepOpenat2Direct(AT_FDCWD, name, how, 0)).hasMessageContaining("24");
        assertThatThrownBy(() -> sqe.prepStatx(AT_FDCWD, name, 0, STATX_SIZE, statx))
                .hasMessageContaining("256");
    }

    @Test
    void shouldAdviseOnWholePagesOnly() {
        final int page = LibC.pageSize();
        final ByteBuffer pages = Memory.allocate(2 * page, page);
        final Sqe sqe = ring.getSqe();
        pages.limit(page + 1);
        assertThatThrownBy(() -> sqe.prepMadvise(pages, MADV_NORMAL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("whole pages");
        pages.limit(page);
        sqe.prepMadvise(pages, MADV_NORMAL);
        assertThat(Completion.awaitResult(ring)).isZero();
    }
}
