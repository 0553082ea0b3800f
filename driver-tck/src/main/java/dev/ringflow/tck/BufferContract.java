package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Memory: never past the limit, never before the position, whatever the shape; and pools. */
public abstract class BufferContract extends DriverContract {
    private static final byte GUARD = (byte) 0xEE;

    /** For subclasses. */
    protected BufferContract() {}

    /** Memory with guards, and a view of its middle of which a part is between position and limit. */
    private record Guarded(ByteBuffer memory, ByteBuffer view, int viewStart) {
        void assertGuards(int from, int length) {
            int first = viewStart + from;
            Bytes.assertAll(memory, 0, first, GUARD);
            Bytes.assertAll(memory, first + length, memory.capacity(), GUARD);
        }
    }

    private interface Shape extends BiFunction<Integer, Integer, Guarded> {}

    private static Shape whole(java.util.function.IntFunction<ByteBuffer> allocate) {
        return (position, length) -> {
            ByteBuffer memory = allocate.apply(position + length + 64);
            Bytes.fill(memory, GUARD);
            return new Guarded(memory, memory.position(position).limit(position + length), 0);
        };
    }

    private static Shape slice(java.util.function.IntFunction<ByteBuffer> allocate) {
        return (position, length) -> {
            ByteBuffer memory = allocate.apply(37 + position + length + 64);
            Bytes.fill(memory, GUARD);
            ByteBuffer view = memory.slice(37, position + length + 5);
            return new Guarded(memory, view.position(position).limit(position + length), 37);
        };
    }

    private static Shape duplicate(java.util.function.IntFunction<ByteBuffer> allocate, ByteOrder order) {
        return (position, length) -> {
            ByteBuffer memory = allocate.apply(position + length + 64);
            Bytes.fill(memory, GUARD);
            ByteBuffer view = memory.duplicate().order(order);
            return new Guarded(memory, view.position(position).limit(position + length), 0);
        };
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of("direct", whole(ByteBuffer::allocateDirect)),
                Arguments.of("heap", whole(ByteBuffer::allocate)),
                Arguments.of("slice of direct", slice(ByteBuffer::allocateDirect)),
                Arguments.of("slice of heap", slice(ByteBuffer::allocate)),
                Arguments.of("duplicate of direct", duplicate(ByteBuffer::allocateDirect, ByteOrder.LITTLE_ENDIAN)),
                Arguments.of("duplicate of heap", duplicate(ByteBuffer::allocate, ByteOrder.LITTLE_ENDIAN)));
    }

    private static final int[][] PARTS = {{0, 100}, {1, 1}, {13, 4096}, {100, 20_000}, {5, 200_000}, {64, 0}};

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void readFillsFromPositionToLimitAndNothingElse(String name, Shape shape) {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 300_000)));
        for (int[] part : PARTS) {
            Guarded buffer = shape.apply(part[0], part[1]);
            assertThat(await(file.readFullyAsync(buffer.view, 7))).as(name).isEqualTo(part[1]);
            assertThat(buffer.view.position()).isEqualTo(part[0] + part[1]);
            assertThat(buffer.view.limit()).isEqualTo(part[0] + part[1]);
            for (int i = 0; i < part[1]; i++) {
                assertThat(buffer.view.get(part[0] + i)).isEqualTo(Bytes.at(7 + i));
            }
            buffer.assertGuards(part[0], part[1]);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void singleReadNeverPassesTheLimit(String name, Shape shape) {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 300_000)));
        for (int[] part : PARTS) {
            Guarded buffer = shape.apply(part[0], part[1]);
            int bytes = await(file.readAsync(buffer.view, 0));
            assertThat(bytes).as(name).isBetween(Math.min(1, part[1]), part[1]);
            assertThat(buffer.view.position()).isEqualTo(part[0] + bytes);
            buffer.assertGuards(part[0], bytes);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void receiveFillsFromPositionToLimitAndNothingElse(String name, Shape shape) throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            for (int[] part : PARTS) {
                Guarded buffer = shape.apply(part[0], part[1]);
                RingFuture<Integer> receive = pair.ours().receiveFullyAsync(buffer.view);
                pair.theirs().getOutputStream().write(Bytes.content(part[1] + 10));
                assertThat(await(receive)).as(name).isEqualTo(part[1]);
                buffer.assertGuards(part[0], part[1]);
                byte[] got = new byte[part[1]];
                buffer.view.get(part[0], got);
                assertThat(got).isEqualTo(Bytes.content(part[1]));
                await(pair.ours().receiveFullyAsync(Bytes.direct(10)));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void writeAndSendTakeFromPositionToLimitAndNothingElse(String name, Shape shape) throws IOException {
        RingFile file = await(
                ring().openFileAsync(directory.resolve("a"), StandardOpenOption.WRITE, StandardOpenOption.CREATE));
        try (TcpPair pair = TcpPair.accepted(ring())) {
            for (int[] part : PARTS) {
                for (boolean readOnly : new boolean[] {false, true}) {
                    Guarded buffer = shape.apply(part[0], part[1]);
                    buffer.view.put(part[0], Bytes.content(part[1]));
                    ByteBuffer out = readOnly ? buffer.view.asReadOnlyBuffer() : buffer.view;
                    await(file.truncateAsync(0));
                    assertThat(await(file.writeFullyAsync(out, 0))).as(name).isEqualTo(part[1]);
                    assertThat(out.position()).isEqualTo(part[0] + part[1]);
                    assertThat(file.path()).hasBinaryContent(Bytes.content(part[1]));

                    RingFuture<Integer> send = pair.ours().sendFullyAsync(out.position(part[0]));
                    assertThat(pair.theirs().getInputStream().readNBytes(part[1]))
                            .isEqualTo(Bytes.content(part[1]));
                    assertThat(await(send)).isEqualTo(part[1]);
                    buffer.assertGuards(part[0], part[1]);
                }
            }
        }
    }

    @Test
    void memoryThatOnlyTheRingHoldsSurvivesTheGarbageCollector() throws IOException {
        RingFile file = await(ring().openFileAsync(
                        Bytes.file(directory, "a", 1 << 20), StandardOpenOption.READ, StandardOpenOption.WRITE));
        try (TcpPair pair = TcpPair.accepted(ring())) {
            for (int round = 0; round < 10; round++) {
                List<RingFuture<Integer>> receives = new ArrayList<>();
                CompletableFuture<Integer> sum = new CompletableFuture<>();
                for (int i = 0; i < 16; i++) {
                    // nobody but the ring refers to these buffers, nor to the futures of the dependent stages
                    receives.add(pair.ours().receiveAsync(Bytes.direct(4096)));
                    file.writeFullyAsync(Bytes.direct(Bytes.content(65_536)), 0)
                            .thenCompose(bytes -> file.readFullyAsync(Bytes.direct(65_536), 0));
                }
                List<ByteBuffer> churn = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    System.gc();
                    churn.add(ByteBuffer.allocateDirect(1 << 20));
                }
                assertThat(churn).hasSize(3);
                pair.theirs().getOutputStream().write(new byte[16 * 4096]);
                receives.forEach(DriverContract::await);
                ByteBuffer check = Bytes.direct(65_536);
                file.readFullyAsync(check, 0).thenAccept(sum::complete);
                assertThat(await(sum)).isEqualTo(65_536);
                assertThat(Bytes.filled(check)).isEqualTo(Bytes.content(65_536));
                drain(pair);
            }
        }
    }

    /** Receives are allowed to deliver less than was sent: what is left is taken out. */
    private static void drain(TcpPair pair) {
        RingFuture<Integer> receive = pair.ours().receiveAsync(Bytes.direct(16 * 4096));
        onLoop(pair.ours().ring(), () -> null);
        receive.cancel(false);
        await(receive.released());
    }

    @Test
    void futureThatNobodyHoldsStillCompletesItsStages() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            CompletableFuture<Integer> reached = new CompletableFuture<>();
            pair.ours().receiveAsync(ByteBuffer.allocate(10)).thenAccept(reached::complete);
            System.gc();
            System.gc();
            pair.theirs().getOutputStream().write(1);
            assertThat(await(reached)).isEqualTo(1);
        }
    }

    @Test
    void limitLoweredInFlightIsToldAndHangsNobody() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            ByteBuffer direct = Bytes.direct(100);
            RingFuture<Integer> receive = pair.ours().receiveFullyAsync(direct);
            onLoop(ring(), () -> null);
            direct.limit(10);
            pair.theirs().getOutputStream().write(new byte[100]);
            assertThat(failureOf(receive))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in flight");

            ByteBuffer heap = ByteBuffer.allocate(8 << 20);
            RingFuture<Integer> send = pair.ours().sendFullyAsync(heap);
            heap.limit(10);
            pair.theirs().getInputStream().readNBytes(8 << 20);
            assertThat(failureOf(send)).isInstanceOf(IllegalStateException.class);
        }
    }

    // Pools.

    @Test
    void pooledBuffersCarryFilesAndSockets() throws IOException {
        try (BufferPool pool = ring().bufferPool(8192, 4);
                TcpPair pair = TcpPair.accepted(ring())) {
            RingFile file = await(ring().openFileAsync(
                            directory.resolve("a"),
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.CREATE));
            try (RingBuffer buffer = pool.acquire()) {
                buffer.byteBuffer().put(Bytes.content(5000)).flip().position(100);
                assertThat(await(file.writeFullyAsync(buffer, 100))).isEqualTo(4900);
                buffer.byteBuffer().clear().position(50).limit(4950);
                assertThat(await(file.readAsync(buffer, 100))).isEqualTo(4900);
                assertThat(buffer.byteBuffer().get(50)).isEqualTo(Bytes.at(100));
                assertThat(buffer.byteBuffer().get(4949)).isEqualTo(Bytes.at(4999));
                assertThat(await(file.readAsync(clear(buffer), 1 << 20))).isEqualTo(-1);

                Recorder<Integer> sent = new Recorder<>();
                clear(buffer).byteBuffer().put(Bytes.content(3000)).flip();
                pair.ours().sendFully(buffer, sent);
                assertThat(await(sent.outcome())).isEqualTo(3000);
                assertThat(pair.theirs().getInputStream().readNBytes(3000)).isEqualTo(Bytes.content(3000));
                Recorder<Integer> received = new Recorder<>();
                pair.theirs().getOutputStream().write(Bytes.content(10));
                pair.ours().receive(clear(buffer), received);
                assertThat(await(received.outcome())).isPositive();
            }
            assertThat(pool.available()).isEqualTo(4);
        }
    }

    private static RingBuffer clear(RingBuffer buffer) {
        buffer.byteBuffer().clear();
        return buffer;
    }

    @Test
    void neighboursInAPoolAreNotTouched() {
        try (BufferPool pool = ring().bufferPool(1000, 8)) {
            RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 10_000)));
            List<RingBuffer> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(pool.acquire());
                Bytes.fill(all.get(i).byteBuffer(), GUARD);
            }
            RingBuffer middle = all.get(3);
            assertThat(await(file.readAsync(middle, 0))).isEqualTo(1000);
            all.stream()
                    .filter(each -> each != middle)
                    .forEach(each -> Bytes.assertAll(each.byteBuffer(), 0, 1000, GUARD));
            all.forEach(RingBuffer::close);
        }
    }

    @Test
    void leaseClosedInFlightGoesBackOnlyWhenTheKernelHasLetGo() throws IOException {
        try (BufferPool pool = ring().bufferPool(64, 1);
                TcpPair pair = TcpPair.accepted(ring())) {
            RingBuffer buffer = pool.acquire();
            Recorder<Integer> received = new Recorder<>();
            pair.ours().receive(buffer, received);
            buffer.close();
            onLoop(ring(), () -> null);
            assertThat(pool.tryAcquire()).isNull();
            assertThat(pool.available()).isZero();
            pair.theirs().getOutputStream().write(Bytes.content(8));
            assertThat(await(received.outcome())).isEqualTo(8);
            eventually("it is back", () -> pool.available() == 1);
            pool.acquire().close();
        }
    }

    @Test
    void buffersOfAPoolNeverHaveTwoOwners() {
        try (BufferPool pool = ring().bufferPool(64, 16)) {
            RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 4096)));
            Random random = new Random(1);
            List<CompletableFuture<@Nullable Void>> all = new ArrayList<>();
            for (int i = 0; i < 5000; i++) {
                RingBuffer buffer = pool.tryAcquire();
                if (buffer == null) {
                    all.forEach(DriverContract::await);
                    all.clear();
                    continue;
                }
                int at = random.nextInt(4000);
                assertThat(buffer.byteBuffer().position()).isZero();
                assertThat(buffer.byteBuffer().remaining()).isEqualTo(64);
                all.add(file.readAsync(buffer, at).thenAccept(bytes -> {
                    assertThat(buffer.byteBuffer().get(0)).isEqualTo(Bytes.at(at));
                    assertThat(buffer.byteBuffer().get(63)).isEqualTo(Bytes.at(at + 63));
                    buffer.close();
                }));
            }
            all.forEach(DriverContract::await);
            assertThat(pool.available()).isEqualTo(16);
        }
    }

    @Test
    void exhaustedPoolSaysSoAndClosedLeasesAreRefused() {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 64)));
        try (BufferPool pool = ring().bufferPool(64, 2)) {
            RingBuffer one = pool.acquire();
            RingBuffer two = pool.acquire();
            assertThat(pool.tryAcquire()).isNull();
            assertThatThrownBy(pool::acquire)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("2");
            one.close();
            assertThatThrownBy(one::close).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(one::byteBuffer).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> file.readAsync(one, 0)).isInstanceOf(IllegalStateException.class);
            assertThat(pool.available()).isOne();
            two.close();
            pool.close();
            assertThatThrownBy(pool::tryAcquire).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void poolOfAnotherRingWorksWithoutItsRegistration() {
        Ring other = open(options());
        try (BufferPool pool = other.bufferPool(64, 2);
                RingBuffer buffer = pool.acquire()) {
            RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 64)));
            assertThat(buffer.registeredIndex(ring())).isEqualTo(-1);
            assertThat(await(file.readAsync(buffer, 0))).isEqualTo(64);
            assertThat(buffer.byteBuffer().get(63)).isEqualTo(Bytes.at(63));
        }
    }

    @Test
    void poolsCanBeMadeOnTheLoopAndClosedWithLeasesOut() {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 64)));
        for (int i = 0; i < 50; i++) {
            BufferPool pool = onLoop(ring(), () -> ring().bufferPool(4096, 4));
            assertThat(pool.isRegistered()).isEqualTo(ring().capabilities().registeredBuffers() && pool.isRegistered());
            RingBuffer buffer = pool.acquire();
            pool.close();
            assertThat(await(file.readAsync(buffer, 0))).isEqualTo(64);
            buffer.close();
            pool.close();
        }
    }

    @Test
    void buffersOfAPoolAreDistinctMemory() {
        try (BufferPool pool = ring().bufferPool(16, 32)) {
            List<RingBuffer> all = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                RingBuffer buffer = pool.acquire();
                assertThat(buffer.byteBuffer().isDirect()).isTrue();
                assertThat(buffer.byteBuffer().capacity()).isEqualTo(16);
                Bytes.fill(buffer.byteBuffer(), (byte) i);
                all.add(buffer);
            }
            Set<Byte> seen = new HashSet<>();
            all.forEach(each -> seen.add(each.byteBuffer().get(15)));
            assertThat(seen).hasSize(32);
            all.forEach(RingBuffer::close);
        }
    }
}
