package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What {@link SeekableByteChannel}, and the readable and writable channels that it is, specify. */
public abstract class SeekableByteChannelContract extends ChannelContract {
    /** For subclasses. */
    protected SeekableByteChannelContract() {}

    private SeekableByteChannel channelOf(int length) throws IOException {
        return seekable(Bytes.file(directory, "a", length), READ, WRITE);
    }

    private Path path() {
        return directory.resolve("a");
    }

    @Test
    void readingMovesThePosition() throws IOException {
        SeekableByteChannel channel = channelOf(100);
        assertThat(channel.position()).isZero();
        for (ByteBuffer in : List.of(ByteBuffer.allocate(30), Bytes.direct(30))) {
            long before = channel.position();
            in.position(5).limit(25);
            assertThat(channel.read(in)).isEqualTo(20);
            assertThat(in.position()).isEqualTo(25);
            assertThat(in.get(5)).isEqualTo(Bytes.at(before));
            assertThat(in.get(24)).isEqualTo(Bytes.at(before + 19));
            assertThat(in.get(4)).isZero();
            assertThat(channel.position()).isEqualTo(before + 20);
        }
        assertThat(channel.read(ByteBuffer.allocate(100))).isEqualTo(60);
        assertThat(channel.read(ByteBuffer.allocate(100))).isEqualTo(-1);
        assertThat(channel.position()).isEqualTo(100);
    }

    @Test
    void writingMovesThePositionAndExtends() throws IOException {
        SeekableByteChannel channel = seekable(path(), READ, WRITE, CREATE);
        byte[] content = Bytes.content(100);
        assertThat(channel.write(ByteBuffer.wrap(content, 0, 60))).isEqualTo(60);
        assertThat(channel.position()).isEqualTo(60);
        assertThat(channel.write(Bytes.direct(Arrays.copyOfRange(content, 60, 100))))
                .isEqualTo(40);
        assertThat(channel.size()).isEqualTo(100);
        assertThat(path()).hasBinaryContent(content);
    }

    @Test
    void positionIsSetAlsoBehindTheEnd() throws IOException {
        SeekableByteChannel channel = channelOf(10);
        assertThat(channel.position(4)).isSameAs(channel);
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one);
        assertThat(one.get(0)).isEqualTo(Bytes.at(4));
        channel.position(5000);
        assertThat(channel.position()).isEqualTo(5000);
        assertThat(channel.size()).isEqualTo(10);
        assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(channel.write(ByteBuffer.wrap(new byte[] {7}))).isEqualTo(1);
        assertThat(channel.size()).isEqualTo(5001);
        assertThat(channel.position()).isEqualTo(5001);
    }

    @Test
    void emptyBufferMovesNothingAlsoAtTheEnd() throws IOException {
        SeekableByteChannel channel = channelOf(10);
        assertThat(channel.read(ByteBuffer.allocate(0))).isZero();
        assertThat(channel.write(ByteBuffer.allocate(0))).isZero();
        channel.position(10);
        assertThat(channel.read(Bytes.direct(0))).isZero();
        assertThat(channel.position()).isEqualTo(10);
    }

    @Test
    void largeBuffersAreMovedInOneCall() throws IOException {
        byte[] content = Bytes.content(1_000_003);
        SeekableByteChannel channel = seekable(path(), READ, WRITE, CREATE);
        assertThat(channel.write(ByteBuffer.wrap(content))).isEqualTo(content.length);
        for (ByteBuffer in : List.of(ByteBuffer.allocate(2_000_000), Bytes.direct(2_000_000))) {
            channel.position(0);
            assertThat(channel.read(in)).isEqualTo(content.length);
            assertThat(Bytes.filled(in)).isEqualTo(content);
        }
        assertThat(channel.position()).isEqualTo(content.length);
    }

    @Test
    void truncateCutsNeverExtendsAndPullsThePositionBack() throws IOException {
        SeekableByteChannel channel = channelOf(100);
        channel.position(50);
        assertThat(channel.truncate(500)).isSameAs(channel);
        assertThat(channel.size()).isEqualTo(100);
        assertThat(channel.position()).isEqualTo(50);
        channel.truncate(70);
        assertThat(channel.position()).isEqualTo(50);
        channel.truncate(20);
        assertThat(channel.position()).isEqualTo(20);
        assertThat(path()).hasBinaryContent(Bytes.content(20));
        channel.position(1000);
        channel.truncate(500);
        assertThat(channel.position()).isEqualTo(500);
        assertThat(channel.size()).isEqualTo(20);
    }

    @Test
    void wrongArgumentsAreRefused() throws IOException {
        SeekableByteChannel channel = channelOf(10);
        assertThatThrownBy(() -> channel.position(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
        ByteBuffer readOnly = ByteBuffer.allocate(4).asReadOnlyBuffer();
        assertThatThrownBy(() -> channel.read(readOnly)).isInstanceOf(IllegalArgumentException.class);
        assertThat(channel.write(readOnly)).isEqualTo(4);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void channelRefusesWhatItWasNotOpenedFor() throws IOException {
        SeekableByteChannel readOnly = seekable(Bytes.file(directory, "a", 10), READ);
        SeekableByteChannel writeOnly = seekable(path(), WRITE);
        ByteBuffer buffer = ByteBuffer.allocate(1);
        assertThatThrownBy(() -> readOnly.write(buffer)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> readOnly.truncate(0)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> writeOnly.read(buffer)).isInstanceOf(NonReadableChannelException.class);
        assertThat(readOnly.size()).isEqualTo(10);
    }

    @Test
    void appendingWritesAtTheEndWhateverThePosition() throws IOException {
        SeekableByteChannel channel = seekable(Bytes.file(directory, "a", 10), APPEND);
        channel.position(3);
        assertThat(channel.write(ByteBuffer.wrap(new byte[] {1, 2}))).isEqualTo(2);
        assertThat(channel.position()).isEqualTo(12);
        Files.write(path(), new byte[] {9}, APPEND);
        channel.write(ByteBuffer.wrap(new byte[] {3}));
        assertThat(channel.position()).isEqualTo(14);
        byte[] expected = Arrays.copyOf(Bytes.content(10), 14);
        System.arraycopy(new byte[] {1, 2, 9, 3}, 0, expected, 10, 4);
        assertThat(path()).hasBinaryContent(expected);
    }

    @Test
    void closedChannelSaysSo() throws IOException {
        SeekableByteChannel channel = channelOf(10);
        assertThat(channel.isOpen()).isTrue();
        channel.close();
        channel.close();
        assertThat(channel.isOpen()).isFalse();
        ByteBuffer buffer = ByteBuffer.allocate(1);
        assertThatThrownBy(() -> channel.read(buffer)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.write(buffer)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::position).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.position(0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.truncate(0)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void interruptedThreadClosesTheChannel() throws IOException {
        SeekableByteChannel channel = channelOf(10);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
                    .isInstanceOf(ClosedByInterruptException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void threadsThatShareThePositionNeverOverwriteEachOther() throws Exception {
        SeekableByteChannel channel = seekable(path(), READ, WRITE, CREATE);
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        CountDownLatch end = new CountDownLatch(4);
        for (int t = 0; t < 4; t++) {
            byte[] block = new byte[100];
            Arrays.fill(block, (byte) (t + 1));
            new Thread(() -> {
                        try {
                            for (int i = 0; i < 100; i++) {
                                assertThat(channel.write(ByteBuffer.wrap(block)))
                                        .isEqualTo(100);
                            }
                        } catch (Throwable e) {
                            failures.add(e);
                        } finally {
                            end.countDown();
                        }
                    })
                    .start();
        }
        assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(failures).isEmpty();
        assertThat(channel.position()).isEqualTo(40_000);
        byte[] found = Files.readAllBytes(path());
        int[] blocksOf = new int[5];
        for (int at = 0; at < found.length; at += 100) {
            byte[] block = new byte[100];
            Arrays.fill(block, found[at]);
            assertThat(Arrays.copyOfRange(found, at, at + 100)).isEqualTo(block);
            blocksOf[found[at]]++;
        }
        assertThat(blocksOf).containsExactly(0, 100, 100, 100, 100);
    }

    @Test
    void streamsAndReadersOfTheJdkWorkOnIt() throws IOException {
        SeekableByteChannel channel = seekable(path(), READ, WRITE, CREATE);
        OutputStream out = Channels.newOutputStream(channel);
        out.write("zażółć\nsecond\n".getBytes(StandardCharsets.UTF_8));
        out.write('x');
        channel.position(0);
        BufferedReader reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        assertThat(reader.lines()).containsExactly("zażółć", "second", "x");
        channel.position(0);
        assertThat(Channels.newInputStream(channel).readAllBytes()).isEqualTo(Files.readAllBytes(path()));
    }

    @Test
    void randomOperationsLeaveWhatTheyLeaveInAnArray() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Path path = directory.resolve("random" + seed);
            SeekableByteChannel channel = seekable(path, READ, WRITE, CREATE);
            byte[] model = new byte[0];
            int position = 0;
            for (int step = 0; step < 60; step++) {
                int length = random.nextInt(random.nextBoolean() ? 100 : 30_000);
                ByteBuffer buffer = random.nextBoolean() ? ByteBuffer.allocate(length) : Bytes.direct(length);
                switch (random.nextInt(6)) {
                    case 0, 1 -> {
                        byte[] content = new byte[length];
                        random.nextBytes(content);
                        assertThat(channel.write(buffer.put(content).flip())).isEqualTo(length);
                        model = length == 0 ? model : Arrays.copyOf(model, Math.max(model.length, position + length));
                        System.arraycopy(content, 0, model, length == 0 ? 0 : position, length);
                        position += length;
                    }
                    case 2, 3 -> {
                        int there = Math.max(0, Math.min(length, model.length - position));
                        assertThat(channel.read(buffer)).isEqualTo(there == 0 && length > 0 ? -1 : there);
                        byte[] expected =
                                there == 0 ? new byte[0] : Arrays.copyOfRange(model, position, position + there);
                        assertThat(Bytes.filled(buffer)).isEqualTo(expected);
                        position += there;
                    }
                    case 4 -> {
                        position = random.nextInt(70_000);
                        channel.position(position);
                    }
                    default -> {
                        int size = random.nextInt(70_000);
                        channel.truncate(size);
                        model = Arrays.copyOf(model, Math.min(model.length, size));
                        position = Math.min(position, size);
                    }
                }
                assertThat(channel.size()).isEqualTo(model.length);
                assertThat(channel.position()).isEqualTo(position);
            }
            channel.close();
            assertThat(Files.readAllBytes(path)).as("seed %d", seed).isEqualTo(model);
        }
    }
}
