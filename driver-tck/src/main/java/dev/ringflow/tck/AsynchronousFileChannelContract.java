package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What {@link AsynchronousFileChannel} specifies: reading, writing, sizes, cancelling and closing. The locks are in
 * {@link AsynchronousFileChannelLockContract}, threads in {@link CompletionHandlerContract}.
 */
public abstract class AsynchronousFileChannelContract extends ChannelContract {
    /** For subclasses. */
    protected AsynchronousFileChannelContract() {}

    private AsynchronousFileChannel newChannel() throws IOException {
        return asynchronous(directory.resolve("a"), READ, WRITE, CREATE);
    }

    private AsynchronousFileChannel channelOf(int length) throws IOException {
        return asynchronous(Bytes.file(directory, "a", length), READ, WRITE);
    }

    private static <T extends @Nullable Object> T await(Future<T> future) {
        return DriverContract.await(future);
    }

    // Reading and writing.

    @Test
    void futureDeliversCount() throws Exception {
        AsynchronousFileChannel channel = newChannel();
        Future<Integer> write = channel.write(ByteBuffer.wrap(Bytes.content(500)), 0);
        assertThat(write.get(30, TimeUnit.SECONDS)).isEqualTo(500);
        assertThat(write.isDone()).isTrue();
        assertThat(write.isCancelled()).isFalse();
        assertThat(write.cancel(true)).isFalse();
        ByteBuffer in = ByteBuffer.allocate(500);
        assertThat(channel.read(in, 0).get()).isEqualTo(500);
        assertThat(in.array()).isEqualTo(Bytes.content(500));
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void bufferIsUsedBetweenPositionAndLimitAlone() throws IOException {
        AsynchronousFileChannel channel = channelOf(100);
        for (ByteBuffer in : List.of(ByteBuffer.allocate(50), ByteBuffer.allocateDirect(50))) {
            in.position(10).limit(30);
            assertThat(await(channel.read(in, 40))).isEqualTo(20);
            assertThat(in.position()).isEqualTo(30);
            assertThat(in.limit()).isEqualTo(30);
            for (int i = 0; i < 50; i++) {
                assertThat(in.get(Math.min(i, 29))).isEqualTo(i < 10 ? 0 : Bytes.at(30 + Math.min(i, 29)));
            }
            in.clear();
            Bytes.assertAll(in, 30, 50, (byte) 0);
            ByteBuffer out = in.duplicate().position(10).limit(15);
            assertThat(await(channel.write(out, 0))).isEqualTo(5);
            assertThat(out.position()).isEqualTo(15);
        }
        assertThat(Arrays.copyOf(Files.readAllBytes(directory.resolve("a")), 5))
                .isEqualTo(Arrays.copyOfRange(Bytes.content(100), 40, 45));
    }

    @Test
    void readOnlyBufferIsWrittenFrom() throws IOException {
        AsynchronousFileChannel channel = newChannel();
        ByteBuffer out = ByteBuffer.wrap(Bytes.content(10)).asReadOnlyBuffer();
        assertThat(await(channel.write(out, 0))).isEqualTo(10);
        assertThat(directory.resolve("a")).hasBinaryContent(Bytes.content(10));
    }

    @Test
    void endIsMinusOneAtAndFarBehindTheSize() throws IOException {
        AsynchronousFileChannel channel = channelOf(10);
        for (long position : new long[] {10, 11, 1L << 40}) {
            ByteBuffer in = ByteBuffer.allocate(16);
            assertThat(await(channel.read(in, position))).as("at %d", position).isEqualTo(-1);
            assertThat(in.position()).isZero();
            Told<Integer> told = new Told<>();
            channel.read(Bytes.direct(16), position, null, told);
            assertThat(await(told.outcome())).isEqualTo(-1);
        }
        assertThat(await(channel.read(ByteBuffer.allocate(16), 7))).isEqualTo(3);
    }

    @Test
    void writingWhereNoFileReachesFailsAndIsNoWrongArgument() throws IOException {
        AsynchronousFileChannel channel = newChannel();
        Told<Integer> told = new Told<>();
        channel.write(Bytes.direct(Bytes.content(5)), Long.MAX_VALUE - 2, null, told);
        assertThat(DriverContract.failureOf(told.outcome())).isInstanceOf(IOException.class);
        assertThat(channel.size()).isZero();
    }

    @Test
    void writingBehindTheEndExtends() throws IOException {
        AsynchronousFileChannel channel = channelOf(10);
        assertThat(await(channel.write(ByteBuffer.wrap(new byte[] {7}), 5000))).isEqualTo(1);
        assertThat(channel.size()).isEqualTo(5001);
    }

    @Test
    void emptyBufferMovesNothing() throws IOException {
        AsynchronousFileChannel channel = channelOf(10);
        for (ByteBuffer empty : List.of(ByteBuffer.allocate(0), Bytes.direct(8).position(8))) {
            assertThat(await(channel.read(empty, 5))).isZero();
            assertThat(await(channel.read(empty, 10))).isZero();
            assertThat(await(channel.write(empty, 100))).isZero();
            Told<Integer> told = new Told<>();
            channel.read(empty, 5, null, told);
            assertThat(await(told.outcome())).isZero();
        }
        assertThat(channel.size()).isEqualTo(10);
    }

    @Test
    void largeBuffersAreMovedInOneCall() throws IOException {
        byte[] content = Bytes.content(1_000_003);
        AsynchronousFileChannel channel = newChannel();
        assertThat(await(channel.write(ByteBuffer.wrap(content), 3))).isEqualTo(content.length);
        ByteBuffer heap = ByteBuffer.allocate(content.length + 10);
        assertThat(await(channel.read(heap, 3))).isEqualTo(content.length);
        assertThat(Bytes.filled(heap)).isEqualTo(content);
        ByteBuffer direct = Bytes.direct(content.length + 10);
        assertThat(await(channel.read(direct, 3))).isEqualTo(content.length);
        assertThat(Bytes.filled(direct)).isEqualTo(content);
        assertThat(await(channel.read(ByteBuffer.allocate(500_000), 3L + content.length)))
                .isEqualTo(-1);
    }

    // Wrong arguments.

    @Test
    void wrongArgumentsAreRefusedAtOnce() throws IOException {
        AsynchronousFileChannel channel = channelOf(10);
        ByteBuffer buffer = ByteBuffer.allocate(4);
        ByteBuffer readOnly = buffer.asReadOnlyBuffer();
        Told<Integer> told = new Told<>();
        assertThatThrownBy(() -> channel.read(buffer, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.read(buffer, -1, null, told)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.write(buffer, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.write(buffer, -1, null, told)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.read(readOnly, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.read(readOnly, 0, null, told)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.read(buffer, 0, null, absent())).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.write(buffer, 0, null, absent())).isInstanceOf(NullPointerException.class);
        assertThat(told.outcome()).isNotDone();
        assertThat(channel.size()).isEqualTo(10);
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // that is what is tested
    static <T> CompletionHandler<T, @Nullable Object> absent() {
        return null;
    }

    @Test
    void channelRefusesWhatItWasNotOpenedFor() throws IOException {
        Path path = Bytes.file(directory, "a", 10);
        AsynchronousFileChannel readOnly = asynchronous(path, READ);
        AsynchronousFileChannel writeOnly = asynchronous(path, WRITE);
        ByteBuffer buffer = ByteBuffer.allocate(4);
        Told<Integer> told = new Told<>();
        assertThatThrownBy(() -> readOnly.write(buffer, 0)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> readOnly.write(buffer, 0, null, told)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> readOnly.truncate(1)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> writeOnly.read(buffer, 0)).isInstanceOf(NonReadableChannelException.class);
        assertThatThrownBy(() -> writeOnly.read(buffer, 0, null, told)).isInstanceOf(NonReadableChannelException.class);
        assertThat(path).hasSize(10);
    }

    // Size and durability.

    @Test
    void truncateCutsAndNeverExtends() throws IOException {
        AsynchronousFileChannel channel = channelOf(1000);
        assertThat(channel.truncate(5000)).isSameAs(channel);
        assertThat(channel.size()).isEqualTo(1000);
        channel.truncate(1000);
        assertThat(channel.size()).isEqualTo(1000);
        assertThat(channel.truncate(10)).isSameAs(channel);
        assertThat(channel.size()).isEqualTo(10);
        assertThat(directory.resolve("a")).hasBinaryContent(Bytes.content(10));
        channel.truncate(0);
        assertThat(channel.size()).isZero();
    }

    @Test
    void forceWorksAlsoOnAFileThatIsOnlyRead() throws IOException {
        AsynchronousFileChannel channel = newChannel();
        await(channel.write(ByteBuffer.wrap(Bytes.content(100)), 0));
        channel.force(false);
        channel.force(true);
        AsynchronousFileChannel readOnly = asynchronous(directory.resolve("a"), READ);
        readOnly.force(true);
        assertThat(readOnly.size()).isEqualTo(100);
    }

    // Cancelling.

    @Test
    void cancelledOrDoneAndNothingBetween() throws Exception {
        AsynchronousFileChannel channel = channelOf(4096);
        for (int i = 0; i < 500; i++) {
            Future<Integer> read = channel.read(ByteBuffer.allocate(16), i);
            if (read.cancel(false)) {
                assertThat(read.isCancelled()).isTrue();
                assertThatThrownBy(read::get).isInstanceOf(CancellationException.class);
            } else {
                assertThat(read.get()).isEqualTo(16);
            }
            assertThat(read.isDone()).isTrue();
        }
        assertThat(await(channel.read(ByteBuffer.allocate(16), 0))).isEqualTo(16);
    }

    // Closing.

    @Test
    void closedChannelSaysSo() throws IOException {
        AsynchronousFileChannel channel = channelOf(10);
        assertThat(channel.isOpen()).isTrue();
        channel.close();
        assertThat(channel.isOpen()).isFalse();
        channel.close();
        ByteBuffer buffer = ByteBuffer.allocate(4);
        assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.truncate(1)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.force(true)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::tryLock).isInstanceOf(ClosedChannelException.class);
        for (Future<?> each : List.of(channel.read(buffer, 0), channel.write(buffer, 0), channel.lock())) {
            assertThatThrownBy(each::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(ClosedChannelException.class);
        }
        Told<Integer> read = new Told<>();
        channel.read(buffer, 0, "a", read);
        assertThat(DriverContract.failureOf(read.outcome())).isInstanceOf(ClosedChannelException.class);
        assertThat(read.attachment()).isEqualTo("a");
        assertThat(read.thread()).isNotSameAs(Thread.currentThread());
        Told<Integer> write = new Told<>();
        channel.write(buffer, 0, null, write);
        assertThat(DriverContract.failureOf(write.outcome())).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void closingEndsWhatIsOutstanding() throws IOException {
        Path path = Bytes.file(directory, "a", 1 << 20);
        int ended = 0;
        for (int round = 0; round < 20; round++) {
            AsynchronousFileChannel channel = asynchronous(path, READ);
            List<Told<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Told<Integer> told = new Told<>();
                all.add(told);
                channel.read(Bytes.direct(8192), i * 8192L, null, told);
            }
            channel.close();
            for (Told<Integer> each : all) {
                Throwable failure = DriverContract.outcomeOf(each.outcome()).orElse(null);
                if (failure != null) {
                    assertThat(failure).isInstanceOf(ClosedChannelException.class);
                    ended++;
                }
            }
        }
        assertThat(ended).isBetween(0, 1000);
    }

    // All together.

    @Test
    void randomOperationsLeaveWhatTheyLeaveInAnArray() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Path path = directory.resolve("random" + seed);
            AsynchronousFileChannel channel = asynchronous(path, READ, WRITE, CREATE);
            byte[] model = new byte[0];
            for (int step = 0; step < 60; step++) {
                int position = random.nextInt(70_000);
                int length = random.nextInt(random.nextBoolean() ? 100 : 30_000);
                ByteBuffer buffer = random.nextBoolean() ? ByteBuffer.allocate(length) : Bytes.direct(length);
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        byte[] content = new byte[length];
                        random.nextBytes(content);
                        assertThat(await(channel.write(buffer.put(content).flip(), position)))
                                .isEqualTo(length);
                        model = length == 0 ? model : Arrays.copyOf(model, Math.max(model.length, position + length));
                        System.arraycopy(content, 0, model, length == 0 ? 0 : position, length);
                    }
                    case 2, 3 -> {
                        int there = Math.max(0, Math.min(length, model.length - position));
                        int expected = there == 0 && length > 0 ? -1 : there;
                        assertThat(await(channel.read(buffer, position))).isEqualTo(expected);
                        assertThat(Bytes.filled(buffer))
                                .isEqualTo(
                                        there == 0
                                                ? new byte[0]
                                                : Arrays.copyOfRange(model, position, position + there));
                    }
                    default -> {
                        channel.truncate(position);
                        model = Arrays.copyOf(model, Math.min(model.length, position));
                    }
                }
                assertThat(channel.size()).isEqualTo(model.length);
            }
            channel.close();
            assertThat(Files.readAllBytes(path)).as("seed %d", seed).isEqualTo(model);
        }
    }
}
