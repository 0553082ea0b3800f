package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingFuture;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files read and written on at their own position, and appended to. */
public abstract class FileStreamContract extends DriverContract {
    private static final int LARGE = 500_003;

    /** For subclasses. */
    protected FileStreamContract() {}

    private RingFile newFile() {
        return await(ring().openFileAsync(directory.resolve("new"), READ, WRITE, CREATE_NEW));
    }

    private RingFile existing(int length) {
        return await(ring().openFileAsync(Bytes.file(directory, "a", length), READ, WRITE));
    }

    @Test
    void readingOnDeliversTheFilePieceByPieceAndThenItsEnd() {
        RingFile file = existing(1000);
        List<Integer> pieces = new ArrayList<>();
        ByteBuffer all = Bytes.direct(1300);
        for (int bytes = 0; bytes >= 0; ) {
            bytes = await(file.readAsync(all.limit(Math.min(all.capacity(), all.position() + 300))));
            pieces.add(bytes);
        }
        assertThat(pieces).containsExactly(300, 300, 300, 100, -1);
        assertThat(Bytes.filled(all)).isEqualTo(Bytes.content(1000));
    }

    @Test
    void writingOnGoesBehindWhatWasWrittenBefore() throws IOException {
        RingFile file = newFile();
        ByteBuffer content = Bytes.direct(Bytes.content(700));
        for (int end : new int[] {1, 300, 700}) {
            content.limit(end);
            int left = content.remaining();
            assertThat(await(file.writeAsync(content))).isEqualTo(left);
        }
        assertThat(Files.readAllBytes(file.path())).isEqualTo(Bytes.content(700));
    }

    @Test
    void partsOfOneLongTransferFollowEachOtherAtTheOwnPosition() throws IOException {
        RingFile file = newFile();
        // heap buffers are moved in pieces, so each of these takes several operations
        assertThat(await(file.writeFullyAsync(ByteBuffer.wrap(Bytes.content(LARGE)))))
                .isEqualTo(LARGE);
        assertThat(await(file.writeFullyAsync(ByteBuffer.wrap(new byte[] {9})))).isEqualTo(1);
        byte[] expected = Arrays.copyOf(Bytes.content(LARGE), LARGE + 1);
        expected[LARGE] = 9;
        assertThat(Files.readAllBytes(file.path())).isEqualTo(expected);

        RingFile again = await(ring().openFileAsync(file.path()));
        ByteBuffer in = ByteBuffer.allocate(LARGE);
        assertThat(await(again.readFullyAsync(in))).isEqualTo(LARGE);
        assertThat(in.array()).isEqualTo(Bytes.content(LARGE));
        assertThat(failureOf(again.readFullyAsync(Bytes.direct(2))))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("1 of 2");
    }

    @Test
    void positionedTransfersLeaveTheOwnPositionWhereItIs() throws IOException {
        RingFile file = existing(1000);
        await(file.readFullyAsync(Bytes.direct(100)));
        await(file.readFullyAsync(Bytes.direct(10), 700));
        await(file.writeFullyAsync(Bytes.direct(new byte[] {1}), 999));
        await(file.appendAsync(Bytes.direct(new byte[] {2, 3})));
        ByteBuffer next = Bytes.direct(1);
        await(file.readFullyAsync(next));
        assertThat(next.get(0)).isEqualTo(Bytes.at(100));
        assertThat(Files.readAllBytes(file.path())).hasSize(1002).endsWith(1, 2, 3);
    }

    @Test
    void readingAndWritingShareOnePosition() throws IOException {
        RingFile file = existing(10);
        await(file.readFullyAsync(Bytes.direct(4)));
        await(file.writeFullyAsync(Bytes.direct(new byte[] {99})));
        ByteBuffer next = Bytes.direct(1);
        await(file.readFullyAsync(next));
        assertThat(next.get(0)).isEqualTo(Bytes.at(5));
        assertThat(Files.readAllBytes(file.path())[4]).isEqualTo((byte) 99);
    }

    @Test
    void truncatingLeavesTheOwnPositionBehindTheEnd() throws IOException {
        RingFile file = existing(1000);
        await(file.readFullyAsync(Bytes.direct(800)));
        await(file.truncateAsync(100));
        assertThat(await(file.readAsync(Bytes.direct(1)))).isEqualTo(-1);
        await(file.writeFullyAsync(Bytes.direct(new byte[] {5})));
        assertThat(Files.readAllBytes(file.path())).hasSize(801).endsWith(0, 0, 5);
    }

    @Test
    void emptyBufferMovesNothingAndIsNotTheEnd() {
        RingFile file = existing(10);
        ByteBuffer empty = Bytes.direct(0);
        assertThat(await(file.readAsync(empty))).isZero();
        assertThat(await(file.writeAsync(empty))).isZero();
        assertThat(await(file.writeFullyAsync(empty))).isZero();
        assertThat(await(file.appendAsync(empty))).isZero();
        assertThat(await(file.sizeAsync())).isEqualTo(10);
    }

    @Test
    void pooledBuffersReadWriteAndAppendAtTheOwnPosition() throws IOException {
        RingFile file = newFile();
        try (BufferPool pool = ring().bufferPool(512, 2)) {
            try (RingBuffer out = pool.acquire()) {
                out.byteBuffer().put(Bytes.content(512)).flip();
                await(file.writeFullyAsync(out));
                out.byteBuffer().position(500);
                await(file.appendAsync(out));
                out.byteBuffer().position(510);
                assertThat(await(file.writeAsync(out))).isEqualTo(2);
            }
            byte[] expected = Arrays.copyOf(Bytes.content(512), 524);
            System.arraycopy(Bytes.content(512), 500, expected, 512, 12);
            System.arraycopy(Bytes.content(512), 510, expected, 512, 2);
            assertThat(Files.readAllBytes(file.path())).isEqualTo(expected);

            RingFile again = await(ring().openFileAsync(file.path()));
            try (RingBuffer in = pool.acquire()) {
                in.byteBuffer().limit(500);
                assertThat(await(again.readAsync(in))).isEqualTo(500);
                in.byteBuffer().clear().limit(12);
                assertThat(await(again.readFullyAsync(in))).isEqualTo(12);
                assertThat(in.byteBuffer().get(0)).isEqualTo(Bytes.at(500));
                in.byteBuffer().clear().limit(500);
                assertThat(await(again.readFullyAsync(in, 12))).isEqualTo(500);
                assertThat(in.byteBuffer().get(0)).isEqualTo(Bytes.at(12));
            }
            assertThat(pool.available()).isEqualTo(2);
        }
    }

    @Test
    void appendingWritesAllOfItAtTheEndWhereverThatIs() throws IOException {
        RingFile file = existing(10);
        assertThat(await(file.appendAsync(ByteBuffer.wrap(Bytes.content(LARGE)))))
                .isEqualTo(LARGE);
        Files.write(file.path(), new byte[] {7}, APPEND);
        await(file.appendAsync(Bytes.direct(new byte[] {8})));
        byte[] onDisk = Files.readAllBytes(file.path());
        assertThat(onDisk).hasSize(10 + LARGE + 2).endsWith(7, 8);
        assertThat(Arrays.copyOfRange(onDisk, 10, 10 + LARGE)).isEqualTo(Bytes.content(LARGE));
    }

    @Test
    void appendsInFlightTogetherDoNotOverwriteEachOther() throws IOException {
        RingFile file = newFile();
        int count = 400;
        List<RingFuture<Integer>> appends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ByteBuffer line = Bytes.direct(64);
            Bytes.fill(line, (byte) i);
            appends.add(file.appendAsync(line));
        }
        appends.forEach(each -> assertThat(await(each)).isEqualTo(64));
        byte[] onDisk = Files.readAllBytes(file.path());
        assertThat(onDisk).hasSize(64 * count);
        int[] found = new int[256];
        for (int i = 0; i < count; i++) {
            byte first = onDisk[64 * i];
            for (int j = 0; j < 64; j++) {
                assertThat(onDisk[64 * i + j]).as("byte %d of line %d", j, i).isEqualTo(first);
            }
            found[first & 0xFF]++;
        }
        for (int value = 0; value < 256; value++) {
            assertThat(found[value]).isEqualTo(value < count - 256 ? 2 : 1);
        }
    }

    @Test
    void fileThatAppendsWritesOnAtItsEnd() throws IOException {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 3), APPEND));
        await(file.writeFullyAsync(Bytes.direct(new byte[] {1})));
        await(file.appendAsync(Bytes.direct(new byte[] {2})));
        await(file.writeAsync(Bytes.direct(new byte[] {3})));
        assertThat(Files.readAllBytes(file.path()))
                .containsExactly(Bytes.at(0), Bytes.at(1), Bytes.at(2), (byte) 1, (byte) 2, (byte) 3);
    }

    @Test
    void fileRefusesWhatItWasNotOpenedForAndBuffersThatCannotBeFilled() {
        RingFile readOnly = await(ring().openFileAsync(Bytes.file(directory, "a", 3)));
        RingFile writeOnly = await(ring().openFileAsync(Bytes.file(directory, "b", 3), WRITE));
        ByteBuffer buffer = Bytes.direct(1);
        assertThatThrownBy(() -> readOnly.writeAsync(buffer)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> readOnly.writeFullyAsync(buffer)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> readOnly.appendAsync(buffer)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> writeOnly.readAsync(buffer)).isInstanceOf(NonReadableChannelException.class);
        assertThatThrownBy(() -> writeOnly.readFullyAsync(buffer)).isInstanceOf(NonReadableChannelException.class);
        assertThatThrownBy(() -> readOnly.readAsync(buffer.asReadOnlyBuffer()))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> readOnly.readFullyAsync(ByteBuffer.allocate(1).asReadOnlyBuffer()))
                .isInstanceOf(ReadOnlyBufferException.class);
    }
}
