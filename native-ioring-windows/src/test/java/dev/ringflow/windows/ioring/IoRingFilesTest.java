package dev.ringflow.windows.ioring;

import static dev.ringflow.windows.ioring.IoRingConstants.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads, writes, flushes, scatter and gather, on real files. */
@ParameterizedClass
@ValueSource(strings = {"x64", "flattened"})
class IoRingFilesTest extends SimulatedRings {
    private static final long WIDE = 0x1122_3344_5566_7788L;

    IoRingFilesTest(final String abi) {
        super(abi);
    }

    @Test
    void readsWhatTheFileHolds() throws Exception {
        final byte[] content = bytes(10_000, 1);
        final OverlappedFile file = file("read", content);
        final IoRing ring = open(8);
        final ByteBuffer buffer = IoRingMemory.allocate(10_000, 1);

        ok(ring.buildReadFile(file.ref(), new IoRingBufferRef().setBuffer(buffer), 10_000, 0, WIDE, 0));
        assertThat(finish(ring)).isEqualTo(new Done(WIDE, HResult.S_OK, 10_000));

        assertThat(content(buffer, 0, 10_000)).isEqualTo(content);
        assertThat(file.size()).isEqualTo(10_000);
    }

    @Test
    void offsetsAndUserDataHave64Bits() throws Exception {
        final long far = 0x1_0000_0010L;
        final OverlappedFile file = file("far", new byte[] {9});
        try (RandomAccessFile sparse = new RandomAccessFile(path("far").toFile(), "rw")) {
            sparse.seek(far);
            sparse.write(new byte[] {1, 2, 3, 4});
        }
        final IoRing ring = open(8);
        final ByteBuffer buffer = filled(new byte[] {5, 6, 7, 8});

        ok(ring.buildWriteFile(file.ref(), new IoRingBufferRef().setBuffer(buffer), 4, far + 2, 0, -2L, 0));
        assertThat(finish(ring)).isEqualTo(new Done(-2L, HResult.S_OK, 4));
        ok(ring.buildReadFile(
                file.ref(), IoRingBufferRef.fromPointer(IoRingMemory.address(buffer)), 4, far, Long.MIN_VALUE, 0));
        assertThat(finish(ring)).isEqualTo(new Done(Long.MIN_VALUE, HResult.S_OK, 4));

        assertThat(content(buffer, 0, 4)).containsExactly(1, 2, 5, 6);
        assertThat(file.size()).isEqualTo(far + 6);
    }

    @Test
    void aBufferIsUsedFromItsPositionOn() throws Exception {
        final OverlappedFile file = file("position", "abcdef".getBytes());
        final IoRing ring = open(8);
        final ByteBuffer buffer = filled(new byte[8]).position(3);

        ok(ring.buildReadFile(file.ref(), new IoRingBufferRef().setBuffer(buffer), 2, 1, 1, 0));
        finish(ring);

        assertThat(content(buffer, 0, 8)).containsExactly(0, 0, 0, 'b', 'c', 0, 0, 0);
        assertThat(buffer.position()).isEqualTo(3);
    }

    @Test
    void theEndOfTheFileIsAnErrorCodeAndNotZeroBytes() throws Exception {
        final OverlappedFile file = file("end", "hello".getBytes());
        final IoRing ring = open(8);
        final ByteBuffer buffer = IoRingMemory.allocate(64, 1);
        final IoRingBufferRef memory = new IoRingBufferRef().setBuffer(buffer);

        ok(ring.buildReadFile(file.ref(), memory, 64, 5, 1, 0));
        ok(ring.buildReadFile(file.ref(), memory, 64, 4096, 2, 0));
        ok(ring.buildReadFile(file.ref(), memory, 64, 3, 3, 0));
        ok(ring.buildReadFile(file.ref(), memory, 0, 2, 4, 0));
        final Map<Long, Done> done = finish(ring, 4);

        assertThat(done.get(1L)).isEqualTo(new Done(1, HResult.HANDLE_EOF, 0));
        assertThat(done.get(2L)).isEqualTo(new Done(2, HResult.HANDLE_EOF, 0));
        assertThat(done.get(3L)).as("a short read at the end").isEqualTo(new Done(3, HResult.S_OK, 2));
        assertThat(done.get(4L)).as("a read of nothing").isEqualTo(new Done(4, HResult.S_OK, 0));
        assertThat(content(buffer, 0, 2)).isEqualTo("lo".getBytes());
    }

    @Test
    void aFlagTellsTheEndOfTheFileFromOtherResults() throws Exception {
        final OverlappedFile file = file("flag", new byte[0]);
        final IoRing ring = open(8);
        final ByteBuffer buffer = IoRingMemory.allocate(8, 1);
        ok(ring.buildReadFile(file.ref(), new IoRingBufferRef().setBuffer(buffer), 8, 0, 7, 0));
        ok(ring.submitAndWait(1));

        final IoRingCompletion completion = new IoRingCompletion();
        assertThat(completion.isEndOfFile()).isFalse();
        ok(ring.popCompletion(completion));
        assertThat(completion.isEndOfFile()).isTrue();
        assertThat(completion).hasToString("completion of 7: ERROR_HANDLE_EOF, 0");
        keep(buffer);
    }

    @Test
    void writesWhatTheBufferHolds() throws Exception {
        final OverlappedFile file = file("write", new byte[0]);
        final IoRing ring = open(8);
        final byte[] content = bytes(5000, 2);
        final ByteBuffer buffer = filled(content);

        ok(ring.buildWriteFile(file.ref(), new IoRingBufferRef().setBuffer(buffer), 5000, 0, 0, 1, 0));
        ok(ring.buildFlushFile(file.ref(), FILE_FLUSH_DATA, 2, IOSQE_FLAGS_DRAIN_PRECEDING_OPS));
        assertThat(finish(ring, 2).values())
                .containsExactlyInAnyOrder(new Done(1, HResult.S_OK, 5000), new Done(2, HResult.S_OK, 0));

        assertThat(Files.readAllBytes(path("write"))).isEqualTo(content);
        keep(buffer);
    }

    @Test
    void everyFlushModeIsTaken() throws Exception {
        final OverlappedFile file = file("modes", new byte[1]);
        final IoRing ring = open(8);
        for (final int mode :
                new int[] {FILE_FLUSH_DEFAULT, FILE_FLUSH_DATA, FILE_FLUSH_MIN_METADATA, FILE_FLUSH_NO_SYNC}) {
            ok(ring.buildFlushFile(file.ref(), mode, mode + 1, 0));
        }
        assertThat(ring.buildFlushFile(file.ref(), 4, 9, 0)).isEqualTo(HResult.E_INVALIDARG);
        assertThat(finish(ring, 4).values()).allMatch(done -> done.code() == HResult.S_OK);
    }

    @Test
    void aDrainWaitsForWhatCameBeforeAndHoldsBackNothing() throws Exception {
        final OverlappedFile file = file("drain", bytes(64, 3));
        final IoRing ring = open(8);
        final ByteBuffer buffer = IoRingMemory.allocate(64, 1);
        final IoRingBufferRef memory = new IoRingBufferRef().setBuffer(buffer);
        hold(IORING_OP_WRITE);

        ok(ring.buildWriteFile(file.ref(), memory, 8, 0, 0, 1, 0));
        ok(ring.buildFlushFile(file.ref(), FILE_FLUSH_DEFAULT, 2, IOSQE_FLAGS_DRAIN_PRECEDING_OPS));
        ok(ring.buildReadFile(file.ref(), memory.setPointer(IoRingMemory.address(buffer) + 32), 8, 8, 3, 0));
        assertThat(finish(ring, 1)).containsOnlyKeys(3L);
        assertThat(ring.submit(1, 30)).as("the drain waits").isEqualTo(HResult.TIMEOUT);

        hold();
        assertThat(finish(ring, 2)).containsOnlyKeys(1L, 2L);
    }

    @Test
    void aDrainCompletesAfterEveryWriteBeforeIt() throws Exception {
        final OverlappedFile file = file("order", new byte[0]);
        final IoRing ring = open(64);
        final ByteBuffer buffer = IoRingMemory.allocate(8, 1);
        final IoRingBufferRef memory = new IoRingBufferRef().setBuffer(buffer);
        simulator.sim_ioring_set(SimulatedIoRing.PEND_PERCENT, 20);
        for (int i = 1; i <= 30; i++) {
            ok(ring.buildWriteFile(file.ref(), memory, 8, i * 8L, 0, i, 0));
        }
        ok(ring.buildFlushFile(file.ref(), FILE_FLUSH_DEFAULT, 99, IOSQE_FLAGS_DRAIN_PRECEDING_OPS));
        ok(ring.submit(IORING_SUBMIT_WAIT_ALL, INFINITE));

        final IoRingCompletion completion = new IoRingCompletion();
        int count = 0;
        boolean ordered = true;
        long last = 0;
        while (ring.popCompletion(completion) == HResult.S_OK) {
            count++;
            ordered &= completion.userData() == last + 1 || completion.userData() == 99;
            last = completion.userData();
        }
        assertThat(count).isEqualTo(31);
        assertThat(last).as("the flush is the last").isEqualTo(99);
        assertThat(ordered).as("the writes complete in their order").isFalse();
        keep(buffer);
    }

    @Test
    void scattersAndGathersPages() throws Exception {
        final byte[] content = bytes(3 * FileSegments.PAGE_SIZE, 4);
        final OverlappedFile file = file("pages", content, OverlappedFile.FILE_FLAG_NO_BUFFERING);
        final IoRing ring = open(8);
        final ByteBuffer pages = IoRingMemory.allocate(3 * FileSegments.PAGE_SIZE, FileSegments.PAGE_SIZE);
        final long first = IoRingMemory.address(pages);
        final FileSegments backwards =
                FileSegments.ofAddresses(first + 2 * FileSegments.PAGE_SIZE, first + FileSegments.PAGE_SIZE, first);
        assertThat(backwards.count()).isEqualTo(3);

        ok(ring.buildReadFileScatter(file.ref(), backwards, 3 * FileSegments.PAGE_SIZE, 0, 1, 0));
        assertThat(ring.heldArrays()).isEqualTo(1);
        assertThat(finish(ring)).isEqualTo(new Done(1, HResult.S_OK, 3 * FileSegments.PAGE_SIZE));
        assertThat(ring.heldArrays()).isZero();
        assertThat(content(pages, 2 * FileSegments.PAGE_SIZE, FileSegments.PAGE_SIZE))
                .isEqualTo(java.util.Arrays.copyOf(content, FileSegments.PAGE_SIZE));

        ok(ring.buildWriteFileGather(file.ref(), FileSegments.ofPages(pages), 3 * FileSegments.PAGE_SIZE, 0, 0, 2, 0));
        assertThat(finish(ring)).isEqualTo(new Done(2, HResult.S_OK, 3 * FileSegments.PAGE_SIZE));
        assertThat(Files.readAllBytes(path("pages")))
                .isEqualTo(content(pages, 0, 3 * FileSegments.PAGE_SIZE))
                .isNotEqualTo(content);
    }

    @Test
    void segmentsAreWholePagesAtPageBoundaries() {
        final ByteBuffer pages = IoRingMemory.allocate(8192, FileSegments.PAGE_SIZE);
        assertThatThrownBy(() -> FileSegments.ofAddresses()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FileSegments.ofAddresses(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FileSegments.ofAddresses(IoRingMemory.address(pages) + 8))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FileSegments.ofPages(pages.slice(0, 4097)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FileSegments.ofPages(pages).set(2, IoRingMemory.address(pages)))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void pagesTakeAFileWithoutBuffering() throws Exception {
        final OverlappedFile file = file("buffered", new byte[FileSegments.PAGE_SIZE]);
        final IoRing ring = open(8);
        final ByteBuffer pages = IoRingMemory.allocate(FileSegments.PAGE_SIZE, FileSegments.PAGE_SIZE);
        ok(ring.buildReadFileScatter(file.ref(), FileSegments.ofPages(pages), FileSegments.PAGE_SIZE, 0, 1, 0));
        assertThat(finish(ring)).isEqualTo(new Done(1, HResult.E_INVALIDARG, 0));
    }

    @Test
    void writingThroughTakesAFileWithoutBuffering() throws Exception {
        final OverlappedFile file = file("cached", new byte[FileSegments.PAGE_SIZE]);
        final OverlappedFile unbuffered =
                file("unbuffered", new byte[FileSegments.PAGE_SIZE], OverlappedFile.FILE_FLAG_NO_BUFFERING);
        final IoRing ring = open(8);
        final ByteBuffer page = IoRingMemory.allocate(FileSegments.PAGE_SIZE, FileSegments.PAGE_SIZE);
        final IoRingBufferRef memory = new IoRingBufferRef().setBuffer(page);
        for (final OverlappedFile one : new OverlappedFile[] {file, unbuffered}) {
            ok(ring.buildWriteFile(
                    one.ref(),
                    memory,
                    FileSegments.PAGE_SIZE,
                    0,
                    FILE_WRITE_FLAGS_WRITE_THROUGH,
                    one == file ? 1 : 2,
                    0));
        }
        assertThat(finish(ring, 2).values())
                .containsExactlyInAnyOrder(
                        new Done(1, HResult.NOT_SUPPORTED_WITH_CACHED_HANDLE, 0),
                        new Done(2, HResult.S_OK, FileSegments.PAGE_SIZE));
        keep(page);
    }

    @Test
    void aWrongOrReadOnlyFileFailsInItsCompletion() throws Exception {
        final IoRingHandleRef ref = IoRingHandleRef.fromHandle(0x7FFF_FFF0L); // a closed one is soon somebody else's
        final OverlappedFile closed = file("reader", new byte[8]);
        closed.close();
        final OverlappedFile reader = closedLater(OverlappedFile.open(
                path("reader"),
                OverlappedFile.GENERIC_READ,
                OverlappedFile.FILE_SHARE_READ,
                OverlappedFile.OPEN_EXISTING,
                0));
        final IoRing ring = open(8);
        final ByteBuffer buffer = IoRingMemory.allocate(8, 1);
        final IoRingBufferRef memory = new IoRingBufferRef().setBuffer(buffer);

        ok(ring.buildReadFile(ref, memory, 8, 0, 1, 0));
        ok(ring.buildWriteFile(reader.ref(), memory, 8, 0, 0, 2, 0));
        final Map<Long, Done> done = finish(ring, 2);
        assertThat(HResult.name(done.get(1L).code())).isEqualTo("E_HANDLE");
        assertThat(HResult.name(done.get(2L).code())).isEqualTo("E_ACCESSDENIED");
        assertThatThrownBy(closed::ref).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(closed::size).isInstanceOf(IllegalStateException.class);
        keep(buffer);
    }

    @Test
    void versionsHaveTheirOperations() throws Exception {
        final OverlappedFile file = file("versions", new byte[FileSegments.PAGE_SIZE]);
        final ByteBuffer page = IoRingMemory.allocate(FileSegments.PAGE_SIZE, FileSegments.PAGE_SIZE);
        final IoRingBufferRef memory = new IoRingBufferRef().setBuffer(page);
        final IoRing second = open(IORING_VERSION_2, 8);
        final IoRing third = open(IORING_VERSION_3, 8);

        assertThat(second.buildWriteFile(file.ref(), memory, 1, 0, 0, 1, 0)).isEqualTo(HResult.CO_E_NOT_SUPPORTED);
        assertThat(second.buildFlushFile(file.ref(), 0, 1, 0)).isEqualTo(HResult.CO_E_NOT_SUPPORTED);
        assertThat(third.buildReadFileScatter(file.ref(), FileSegments.ofPages(page), 1, 0, 1, 0))
                .isEqualTo(HResult.CO_E_NOT_SUPPORTED);
        assertThat(third.buildWriteFileGather(file.ref(), FileSegments.ofPages(page), 1, 0, 0, 1, 0))
                .isEqualTo(HResult.CO_E_NOT_SUPPORTED);
        assertThat(third.heldArrays())
                .as("nothing is kept of what was not built")
                .isZero();
        assertThat(second.isOpSupported(IORING_OP_CANCEL)).isTrue();
        assertThat(second.isOpSupported(IORING_OP_WRITE)).isFalse();
        assertThat(third.isOpSupported(IORING_OP_FLUSH)).isTrue();
        assertThat(third.isOpSupported(IORING_OP_READ_SCATTER)).isFalse();
        assertThat(open(1).isOpSupported(IORING_OP_WRITE_GATHER)).isTrue();
        assertThat(third.isOpSupported(99)).isFalse();
    }

    @Test
    void whatTheBuilderDoesNotCheckFailsInTheCompletion() throws Exception {
        final OverlappedFile file = file("checks", new byte[8]);
        final ByteBuffer buffer = IoRingMemory.allocate(8, 1);
        final IoRingBufferRef memory = new IoRingBufferRef().setBuffer(buffer);
        final int unknown = 2;

        assertThat(open(8).buildReadFile(file.ref(), memory, 8, 0, 1, unknown)).isEqualTo(HResult.E_INVALIDARG);

        final IoRing unchecked =
                closedLater(IoRing.create(library, IORING_VERSION_3, 0, IORING_CREATE_SKIP_BUILDER_PARAM_CHECKS, 8, 0));
        assertThat(unchecked.getInfo().advisoryFlags()).isEqualTo(IORING_CREATE_SKIP_BUILDER_PARAM_CHECKS);
        ok(unchecked.buildReadFile(file.ref(), memory, 8, 0, 1, unknown));
        assertThat(finish(unchecked)).isEqualTo(new Done(1, HResult.E_INVALIDARG, 0));
    }
}
