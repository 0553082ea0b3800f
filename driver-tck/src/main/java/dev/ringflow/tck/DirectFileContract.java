package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.file.DirectFile;
import dev.ringflow.file.RingFile;
import dev.ringflow.file.RingOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Direct I/O of any buffer, position and length, compared with a model in memory. */
public abstract class DirectFileContract extends DriverContract {
    private static final int[] AROUND_BLOCKS = {0, 1, 511, 512, 513, 4095, 4096, 4097, 8191, 8192, 8193};
    private static final int[] LENGTHS = {1, 2, 511, 512, 4094, 4095, 4096, 4097, 8192, 12_289, 300_001};

    /** For subclasses. */
    protected DirectFileContract() {}

    private DirectFile open(Path path, OpenOption... more) {
        List<OpenOption> options = new ArrayList<>(List.of(more));
        options.add(RingOpenOption.DIRECT_IO);
        CompletableFuture<RingFile> opening = ring().openFileAsync(path, options.toArray(OpenOption[]::new));
        Throwable refused = outcomeOf(opening).orElse(null);
        Assumptions.assumeFalse(
                refused instanceof FileSystemException
                        && String.valueOf(refused.getMessage()).contains("no direct I/O"),
                "this file system has no direct I/O");
        return await(DirectFile.of(await(opening)));
    }

    private DirectFile openEmpty() {
        return open(directory.resolve("a"), READ, WRITE, CREATE);
    }

    private static byte[] onDisk(DirectFile file) {
        try {
            return Files.readAllBytes(file.file().path());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void everyPositionAndLengthAroundBlocksIsReadAsItIs() {
        int size = 20_000;
        DirectFile file = open(Bytes.file(directory, "a", size), READ);
        byte[] model = Bytes.content(size);
        for (int position : AROUND_BLOCKS) {
            for (int length : LENGTHS) {
                for (ByteBuffer in : List.of(Bytes.direct(length + 3).position(3), ByteBuffer.allocate(length))) {
                    int start = in.position();
                    int expected = Math.min(length, size - position);
                    assertThat(await(file.readAsync(in, position)))
                            .as("%d bytes at %d", length, position)
                            .isEqualTo(expected);
                    assertThat(in.position()).isEqualTo(start + expected);
                    byte[] read = new byte[expected];
                    in.duplicate().clear().get(start, read);
                    assertThat(read)
                            .as("%d bytes at %d", length, position)
                            .isEqualTo(Arrays.copyOfRange(model, position, position + expected));
                }
            }
        }
    }

    @Test
    void everyPositionAndLengthAroundBlocksIsWrittenAndNothingBeside() throws IOException {
        Random random = new Random(11);
        for (int size : new int[] {0, 4096, 5000, 20_000}) {
            for (int position : AROUND_BLOCKS) {
                for (int length : LENGTHS) {
                    byte[] old = Bytes.content(size);
                    Path path = Files.write(directory.resolve("a"), old);
                    byte[] model = Arrays.copyOf(old, Math.max(size, position + length));
                    byte[] written = new byte[length];
                    random.nextBytes(written);
                    System.arraycopy(written, 0, model, position, length);
                    DirectFile file = open(path, READ, WRITE);
                    ByteBuffer out = length % 2 == 0 ? ByteBuffer.wrap(written) : Bytes.direct(written);
                    assertThat(await(file.writeAsync(out, position))).isEqualTo(length);
                    assertThat(out.hasRemaining()).isFalse();
                    assertThat(file.size()).isEqualTo(model.length);
                    assertThat(onDisk(file))
                            .as("%d bytes at %d of %d", length, position, size)
                            .isEqualTo(model);
                    await(file.closeAsync());
                }
            }
        }
    }

    @Test
    void alignedRequestsInAlignedMemoryAreRightToo() {
        DirectFile file = openEmpty();
        ByteBuffer aligned = ring().unsafeDriver().memory().allocate(64 * 1024, 4096);
        aligned.put(Bytes.content(64 * 1024)).flip();
        assertThat(await(file.writeAsync(aligned, 8192))).isEqualTo(64 * 1024);
        ByteBuffer in = ring().unsafeDriver().memory().allocate(128 * 1024, 4096);
        assertThat(await(file.readAsync(in, 8192))).isEqualTo(64 * 1024);
        assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(64 * 1024));
        assertThat(file.size()).isEqualTo(8192 + 64 * 1024);
    }

    @Test
    void readingAtOrBehindTheEndIsMinusOne() {
        DirectFile file = open(Bytes.file(directory, "a", 5000), READ);
        for (long position : new long[] {5000, 5001, 8192, 1L << 40}) {
            ByteBuffer in = Bytes.direct(10);
            assertThat(await(file.readAsync(in, position))).isEqualTo(-1);
            assertThat(in.position()).isZero();
        }
        assertThat(await(file.readAsync(Bytes.direct(0), 9000))).isZero();
    }

    @Test
    void writesInFlightTogetherInTheSameBlocksLoseNothing() {
        DirectFile file = openEmpty();
        byte[] model = Bytes.content(40_000);
        List<CompletableFuture<Integer>> writes = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int at = 0; at < model.length; at += 97) {
            order.add(at);
        }
        java.util.Collections.shuffle(order, new Random(5));
        for (int at : order) {
            int length = Math.min(97, model.length - at);
            writes.add(file.writeAsync(Bytes.direct(Arrays.copyOfRange(model, at, at + length)), at));
        }
        writes.forEach(each -> assertThat(await(each)).isPositive());
        assertThat(onDisk(file)).isEqualTo(model);
        assertThat(file.size()).isEqualTo(model.length);
    }

    @Test
    void randomReadsWritesAndCutsAreAsInTheModel() {
        DirectFile file = openEmpty();
        Random random = new Random(2026);
        byte[] model = new byte[0];
        for (int round = 0; round < 400; round++) {
            int position = random.nextInt(model.length + 9000);
            int length = random.nextInt(4) == 0 ? random.nextInt(60_000) : random.nextInt(9000);
            switch (random.nextInt(5)) {
                case 0 -> {
                    int size = random.nextInt(100_000);
                    await(file.truncateAsync(size));
                    model = Arrays.copyOf(model, size);
                }
                case 1, 2 -> {
                    byte[] bytes = new byte[length];
                    random.nextBytes(bytes);
                    await(file.writeAsync(ByteBuffer.wrap(bytes), position));
                    if (length > 0) {
                        model = Arrays.copyOf(model, Math.max(model.length, position + length));
                        System.arraycopy(bytes, 0, model, position, length);
                    }
                }
                default -> {
                    ByteBuffer in = random.nextBoolean() ? Bytes.direct(length) : ByteBuffer.allocate(length);
                    int expected =
                            length == 0 ? 0 : position >= model.length ? -1 : Math.min(length, model.length - position);
                    assertThat(await(file.readAsync(in, position)))
                            .as("round %d", round)
                            .isEqualTo(expected);
                    assertThat(Bytes.filled(in))
                            .as("round %d", round)
                            .isEqualTo(
                                    expected < 1
                                            ? new byte[0]
                                            : Arrays.copyOfRange(model, position, position + expected));
                }
            }
            assertThat(file.size()).as("round %d", round).isEqualTo(model.length);
        }
        assertThat(onDisk(file)).isEqualTo(model);
    }

    @Test
    void readersNeverSeeZerosBehindTheEndWhileItIsWritten() {
        DirectFile file = openEmpty();
        List<CompletableFuture<Integer>> writes = new ArrayList<>();
        List<CompletableFuture<Integer>> reads = new ArrayList<>();
        List<ByteBuffer> read = new ArrayList<>();
        byte[] model = new byte[30_000];
        Arrays.fill(model, (byte) 7);
        for (int at = 0; at < model.length; at += 300) {
            writes.add(file.writeAsync(Bytes.direct(Arrays.copyOfRange(model, at, at + 300)), at));
            ByteBuffer in = Bytes.direct(40_000);
            read.add(in);
            reads.add(file.readAsync(in, 0));
        }
        writes.forEach(DriverContract::await);
        for (int i = 0; i < reads.size(); i++) {
            int bytes = await(reads.get(i));
            assertThat(bytes % 300).as("read %d of %d bytes", i, bytes).isIn(0, -1);
            Bytes.assertAll(read.get(i), 0, Math.max(0, bytes), (byte) 7);
        }
        assertThat(onDisk(file)).isEqualTo(model);
    }

    @Test
    void wrongArgumentsAndClosedFilesAreRefused() {
        DirectFile file = open(Bytes.file(directory, "a", 5000), READ, WRITE);
        ByteBuffer buffer = Bytes.direct(10);
        assertThatThrownBy(() -> file.readAsync(buffer, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.writeAsync(buffer, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.truncateAsync(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.readAsync(buffer.asReadOnlyBuffer(), 0))
                .isInstanceOf(ReadOnlyBufferException.class);
        DirectFile readOnly = open(directory.resolve("a"), READ);
        assertThatThrownBy(() -> readOnly.writeAsync(buffer, 0)).isInstanceOf(NonWritableChannelException.class);
        DirectFile writeOnly = open(directory.resolve("a"), WRITE);
        assertThatThrownBy(() -> writeOnly.readAsync(buffer, 0)).isInstanceOf(NonReadableChannelException.class);
        assertThatThrownBy(() -> writeOnly.writeAsync(buffer, 0)).isInstanceOf(NonReadableChannelException.class);
        await(file.closeAsync());
        assertThat(failureOf(file.readAsync(buffer, 1))).isInstanceOf(ClosedChannelException.class);
        assertThat(failureOf(file.writeAsync(buffer, 1))).isInstanceOf(ClosedChannelException.class);
        assertThat(failureOf(file.truncateAsync(1))).isInstanceOf(ClosedChannelException.class);
        // what waits behind them is not held up
        assertThat(failureOf(file.writeAsync(buffer, 1))).isInstanceOf(ClosedChannelException.class);
        assertThat(buffer.position()).isZero();
    }
}
