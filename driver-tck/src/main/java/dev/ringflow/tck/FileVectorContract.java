package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several buffers in one operation. */
public abstract class FileVectorContract extends DriverContract {
    /** For subclasses. */
    protected FileVectorContract() {}

    private RingFile existing(int length) {
        return await(ring().openFileAsync(Bytes.file(directory, "a", length), READ, WRITE));
    }

    private RingFile newFile() {
        return await(ring().openFileAsync(directory.resolve("new"), READ, WRITE, CREATE_NEW));
    }

    private static ByteBuffer[] direct(int... sizes) {
        return IntStream.of(sizes).mapToObj(Bytes::direct).toArray(ByteBuffer[]::new);
    }

    private static byte[] allFilled(ByteBuffer... buffers) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(buffers).mapToInt(ByteBuffer::position).sum());
        for (ByteBuffer each : buffers) {
            all.put(Bytes.filled(each));
        }
        return all.array();
    }

    private static int[] positions(ByteBuffer... buffers) {
        return Arrays.stream(buffers).mapToInt(ByteBuffer::position).toArray();
    }

    @Test
    void buffersAreFilledOneAfterTheOther() {
        RingFile file = existing(1000);
        ByteBuffer[] buffers = direct(10, 0, 500, 1);
        assertThat(await(file.readAsync(buffers, 3))).isEqualTo(511);
        assertThat(positions(buffers)).containsExactly(10, 0, 500, 1);
        assertThat(allFilled(buffers)).isEqualTo(Arrays.copyOfRange(Bytes.content(1000), 3, 514));
    }

    @Test
    void endOfTheFileInTheMiddleOfABufferLeavesTheRestUntouched() {
        RingFile file = existing(100);
        ByteBuffer[] buffers = direct(60, 60, 60);
        for (ByteBuffer each : buffers) {
            Bytes.fill(each, (byte) 77);
        }
        assertThat(await(file.readAsync(buffers, 0))).isEqualTo(100);
        assertThat(positions(buffers)).containsExactly(60, 40, 0);
        Bytes.assertAll(buffers[1], 40, 60, (byte) 77);
        Bytes.assertAll(buffers[2], 0, 60, (byte) 77);
        assertThat(await(file.readAsync(direct(5, 5), 100))).isEqualTo(-1);
        assertThat(failureOf(file.readFullyAsync(direct(60, 60), 0)))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("100 of 120")
                .hasMessageContaining(file.path().toString());
    }

    @Test
    void onlyWhatRemainsInEachBufferIsMoved() throws IOException {
        RingFile file = existing(100);
        ByteBuffer[] in = {
            Bytes.direct(20).position(5).limit(9), ByteBuffer.allocate(20).position(15)
        };
        assertThat(await(file.readAsync(in, 50))).isEqualTo(9);
        assertThat(positions(in)).containsExactly(9, 20);
        assertThat(in[0].get(5)).isEqualTo(Bytes.at(50));
        assertThat(in[1].get(15)).isEqualTo(Bytes.at(54));
        assertThat(in[0].get(4)).isZero();
        assertThat(in[1].get(14)).isZero();

        ByteBuffer[] out = {Bytes.direct(new byte[] {1, 2, 3}).position(1), ByteBuffer.wrap(new byte[] {4, 5}, 1, 1)};
        assertThat(await(file.writeAsync(out, 98))).isEqualTo(3);
        assertThat(Files.readAllBytes(file.path())).hasSize(101).endsWith(2, 3, 5);
        assertThat(positions(out)).containsExactly(3, 2);
    }

    @Test
    void nothingToMoveIsNotTheEnd() {
        RingFile file = existing(10);
        for (ByteBuffer[] nothing : new ByteBuffer[][] {{}, direct(0), direct(0, 0, 0)}) {
            assertThat(await(file.readAsync(nothing, 0))).isZero();
            assertThat(await(file.readFullyAsync(nothing, 100))).isZero();
            assertThat(await(file.writeAsync(nothing, 0))).isZero();
            assertThat(await(file.writeFullyAsync(nothing, 0))).isZero();
        }
        assertThat(await(file.sizeAsync())).isEqualTo(10);
    }

    @Test
    void manyMoreBuffersThanTheSystemTakesAtOnceAreAllMoved() throws IOException {
        RingFile file = newFile();
        int count = 3000;
        byte[] content = Bytes.content(count * 7);
        ByteBuffer[] out = new ByteBuffer[count];
        ByteBuffer[] in = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            byte[] part = Arrays.copyOfRange(content, i * 7, i * 7 + 7);
            out[i] = i % 3 == 0 ? ByteBuffer.wrap(part) : Bytes.direct(part);
            in[i] = i % 5 == 0 ? ByteBuffer.allocate(7) : Bytes.direct(7);
        }
        assertThat(await(file.writeFullyAsync(out, 11))).isEqualTo(content.length);
        assertThat(Arrays.copyOfRange(Files.readAllBytes(file.path()), 11, 11 + content.length))
                .isEqualTo(content);
        assertThat(await(file.readFullyAsync(in, 11))).isEqualTo(content.length);
        assertThat(allFilled(in)).isEqualTo(content);
        assertThat(out).noneMatch(ByteBuffer::hasRemaining);
    }

    @Test
    void largeHeapBuffersAreMovedInPartsAndWhole() {
        RingFile file = newFile();
        byte[] content = Bytes.content(700_001);
        ByteBuffer[] out = {
            ByteBuffer.wrap(content, 0, 300_000),
            Bytes.direct(Arrays.copyOfRange(content, 300_000, 300_001)),
            ByteBuffer.wrap(content, 300_001, 400_000).slice()
        };
        assertThat(await(file.writeFullyAsync(out, 0))).isEqualTo(content.length);
        ByteBuffer[] in = {ByteBuffer.allocate(1), ByteBuffer.allocate(600_000), Bytes.direct(100_000)};
        assertThat(await(file.readFullyAsync(in, 0))).isEqualTo(content.length);
        assertThat(allFilled(in)).isEqualTo(content);
    }

    @Test
    void randomMixturesOfBuffersAreMovedAsByOneBuffer() throws IOException {
        RingFile file = newFile();
        Random random = new Random(4711);
        byte[] model = new byte[600_000];
        for (int round = 0; round < 60; round++) {
            List<ByteBuffer> buffers = new ArrayList<>();
            int at = random.nextInt(100_000);
            int end = at;
            for (int i = random.nextInt(40); i >= 0; i--) {
                byte[] bytes = new byte[random.nextInt(10) == 0 ? random.nextInt(50_000) : random.nextInt(200)];
                random.nextBytes(bytes);
                if (end + bytes.length > model.length) {
                    break;
                }
                System.arraycopy(bytes, 0, model, end, bytes.length);
                end += bytes.length;
                buffers.add(random.nextBoolean() ? ByteBuffer.wrap(bytes) : Bytes.direct(bytes));
            }
            await(file.writeFullyAsync(buffers.toArray(ByteBuffer[]::new), at));
            ByteBuffer[] in = buffers.stream()
                    .map(each ->
                            random.nextBoolean() ? ByteBuffer.allocate(each.capacity()) : Bytes.direct(each.capacity()))
                    .toArray(ByteBuffer[]::new);
            await(file.readFullyAsync(in, at));
            assertThat(allFilled(in)).as("round %d", round).isEqualTo(Arrays.copyOfRange(model, at, end));
        }
        byte[] onDisk = Files.readAllBytes(file.path());
        assertThat(onDisk).isEqualTo(Arrays.copyOf(model, onDisk.length));
    }

    @Test
    void bufferThatIsThereTwiceIsMovedTwice() throws IOException {
        RingFile file = newFile();
        ByteBuffer twice = Bytes.direct(Bytes.content(10));
        assertThat(await(file.writeFullyAsync(new ByteBuffer[] {twice, twice}, 0)))
                .isEqualTo(20);
        assertThat(twice.hasRemaining()).isFalse();
        assertThat(Files.readAllBytes(file.path()))
                .startsWith(Bytes.content(10))
                .endsWith(Bytes.content(10));
        twice.clear();
        assertThat(await(file.readAsync(new ByteBuffer[] {twice, twice}, 5))).isEqualTo(15);
        assertThat(twice.position()).as("the longer part").isEqualTo(10);
    }

    @Test
    void arrayMayBeChangedAtOnce() {
        RingFile file = existing(100);
        ByteBuffer[] buffers = direct(10, 10);
        ByteBuffer[] kept = buffers.clone();
        var read = file.readFullyAsync(buffers, 0);
        Arrays.fill(buffers, null);
        assertThat(await(read)).isEqualTo(20);
        assertThat(allFilled(kept)).isEqualTo(Bytes.content(20));
    }

    @Test
    void fileThatAppendsIgnoresThePositionOfSeveralBuffersToo() throws IOException {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 3), APPEND));
        await(file.writeFullyAsync(
                new ByteBuffer[] {Bytes.direct(new byte[] {1}), ByteBuffer.wrap(new byte[] {2})}, 0));
        assertThat(Files.readAllBytes(file.path())).hasSize(5).endsWith(1, 2);
    }

    @Test
    void positionsBeyondThirtyTwoBitsAreWhole() {
        RingFile file = newFile();
        long far = (1L << 34) + 7;
        await(file.writeFullyAsync(new ByteBuffer[] {Bytes.direct(new byte[] {1}), Bytes.direct(new byte[] {2})}, far));
        assertThat(await(file.sizeAsync())).isEqualTo(far + 2);
        ByteBuffer[] in = direct(1, 1);
        await(file.readFullyAsync(in, far));
        assertThat(allFilled(in)).containsExactly((byte) 1, (byte) 2);
    }

    @Test
    @SuppressWarnings("NullAway") // what it is about
    void wrongArgumentsAreRefusedAtOnce() {
        RingFile file = existing(10);
        RingFile readOnly = await(ring().openFileAsync(file.path()));
        RingFile writeOnly = await(ring().openFileAsync(file.path(), WRITE));
        ByteBuffer[] buffers = direct(4, 4);
        assertThatThrownBy(() -> file.readAsync(buffers, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.writeAsync(buffers, Long.MAX_VALUE - 7))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.readAsync(new ByteBuffer[] {buffers[0], buffers[1].asReadOnlyBuffer()}, 0))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> file.readAsync(new ByteBuffer[] {buffers[0], null}, 0))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> file.writeAsync((ByteBuffer[]) null, 0)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> readOnly.writeFullyAsync(buffers, 0)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> writeOnly.readFullyAsync(buffers, 0)).isInstanceOf(NonReadableChannelException.class);
        assertThat(positions(buffers)).containsExactly(0, 0);
        assertThat(await(file.writeAsync(new ByteBuffer[] {buffers[0].asReadOnlyBuffer()}, 0)))
                .isEqualTo(4);
    }

    @Test
    void limitThatIsLoweredMeanwhileIsToldAndNothingElse() {
        RingFile file = existing(100);
        ByteBuffer[] buffers = direct(50, 50);
        var gate = blockLoop(ring());
        var read = file.readFullyAsync(buffers, 0);
        buffers[1].limit(10);
        gate.complete(null);
        assertThat(failureOf(read)).isInstanceOf(IllegalStateException.class).hasMessageContaining("10");
    }
}
