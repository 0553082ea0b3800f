package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import dev.ringflow.UnknownDriverException;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.file.RingFile;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Arguments that can never be right are refused before the kernel sees them, by exceptions with a name. */
public abstract class FaultContract extends DriverContract {
    /** For subclasses. */
    protected FaultContract() {}

    private RingFile file() {
        return await(ring().openFileAsync(
                        Bytes.file(directory, "a", 100), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Test
    void negativePositionsAreRefused() {
        RingFile file = file();
        ByteBuffer buffer = Bytes.direct(8);
        assertThatThrownBy(() -> file.readAsync(buffer, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> file.readFullyAsync(buffer, Long.MIN_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.writeAsync(buffer, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.writeFullyAsync(buffer, -5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.truncateAsync(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThat(buffer.position()).isZero();
    }

    @Test
    void transferThatEndsBeyondTheLargestPositionIsRefused() {
        RingFile file = file();
        assertThatThrownBy(() -> file.readAsync(Bytes.direct(8), Long.MAX_VALUE - 7))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.writeAsync(Bytes.direct(8), Long.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readOnlyBufferCannotBeFilled() throws IOException {
        RingFile file = file();
        ByteBuffer readOnly = Bytes.direct(8).asReadOnlyBuffer();
        ByteBuffer readOnlyHeap = ByteBuffer.allocate(8).asReadOnlyBuffer();
        for (ByteBuffer each : List.of(readOnly, readOnlyHeap)) {
            assertThatThrownBy(() -> file.readAsync(each, 0)).isInstanceOf(ReadOnlyBufferException.class);
            assertThatThrownBy(() -> file.readFullyAsync(each, 0)).isInstanceOf(ReadOnlyBufferException.class);
        }
        try (TcpPair pair = TcpPair.accepted(ring())) {
            for (ByteBuffer each : List.of(readOnly, readOnlyHeap)) {
                assertThatThrownBy(() -> pair.ours().receiveAsync(each)).isInstanceOf(ReadOnlyBufferException.class);
                assertThatThrownBy(() -> pair.ours().receiveFullyAsync(each))
                        .isInstanceOf(ReadOnlyBufferException.class);
            }
        }
    }

    @Test
    @SuppressWarnings("NullAway") // what it is about
    void nullIsRefusedOnTheCallingThread() {
        RingFile file = file();
        RingServerSocket server = await(ring().listenAsync(loopback()));
        List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> calls = List.of(
                () -> ring().openFileAsync(null),
                () -> ring().openFileAsync(directory, (OpenOption) null),
                () -> ring().listenAsync(null),
                () -> ring().connectAsync(null),
                () -> ring().execute(null),
                () -> ring().scheduleNanos(0, null),
                () -> file.readAsync((ByteBuffer) null, 0),
                () -> file.readFullyAsync((ByteBuffer) null, 0),
                () -> file.writeAsync((ByteBuffer) null, 0),
                () -> file.writeFullyAsync((ByteBuffer) null, 0),
                () -> server.connectionsPublisher().subscribe(null),
                () -> Ring.open(null));
        calls.forEach(each -> assertThatThrownBy(each).isInstanceOf(NullPointerException.class));
        assertThat(await(file.readAsync(Bytes.direct(100), 0))).isEqualTo(100);
    }

    @Test
    void closedFilesAndSocketsFailTheFuture() throws IOException {
        RingFile file = file();
        RingServerSocket server = await(ring().listenAsync(loopback()));
        TcpPair pair = TcpPair.accepted(ring());
        await(file.closeAsync());
        await(server.closeAsync());
        await(pair.ours().closeAsync());
        ByteBuffer buffer = Bytes.direct(8);
        List<CompletableFuture<?>> futures = List.of(
                file.readAsync(buffer, 0),
                file.readFullyAsync(ByteBuffer.allocate(8), 0),
                file.writeAsync(buffer, 0),
                file.syncAsync(),
                file.statAsync(),
                file.truncateAsync(5),
                server.acceptAsync(),
                pair.ours().receiveAsync(buffer),
                pair.ours().sendAsync(buffer),
                pair.ours().sendFullyAsync(ByteBuffer.allocate(8)),
                pair.ours().shutdownOutputAsync());
        futures.forEach(each -> assertThat(failureOf(each)).isInstanceOf(ClosedChannelException.class));
        assertThatThrownBy(() -> pair.ours().localAddress()).isInstanceOf(ClosedChannelException.class);
        assertThat(buffer.position()).isZero();
        assertThat(file.path()).hasSize(100);
        pair.close();
    }

    @Test
    void contradictoryOrUnknownOpenOptionsAreRefused() {
        Path path = Bytes.file(directory, "a", 3);
        assertThatThrownBy(() -> ring().openFileAsync(path, StandardOpenOption.READ, StandardOpenOption.APPEND))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        ring().openFileAsync(path, StandardOpenOption.APPEND, StandardOpenOption.TRUNCATE_EXISTING))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ring().openFileAsync(path, StandardOpenOption.DELETE_ON_CLOSE))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("DELETE_ON_CLOSE");
        OpenOption unknown = new OpenOption() {
            @Override
            public String toString() {
                return "of another world";
            }
        };
        assertThatThrownBy(() -> ring().openFileAsync(path, unknown))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("of another world");
        assertThat(path).hasSize(3);
    }

    @Test
    void addressesThatCannotBeAreRefused() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 80);
        assertThatThrownBy(() -> ring().connectAsync(unresolved)).isInstanceOf(UnresolvedAddressException.class);
        assertThatThrownBy(() -> ring().listenAsync(unresolved)).isInstanceOf(UnresolvedAddressException.class);
        assertThatThrownBy(() -> ring().listenAsync(loopback(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("backlog");
        assertThatThrownBy(() -> ring().listenAsync(loopback(), -3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        for (int wrong : new int[] {0, -1, 32_769, 10_000_000}) {
            assertThatThrownBy(() -> options().entries(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(wrong))
                    .hasMessageContaining("32768");
        }
        for (int wrong : new int[] {0, -1, 65_537, 10_000_000}) {
            assertThatThrownBy(() -> options().completionEntries(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        RingOptions.Builder smallerThanEntries = options().entries(64).completionEntries(32);
        assertThatThrownBy(smallerThanEntries::build).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options().closeTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void smallestAndOddSizesWork() {
        for (int entries : new int[] {1, 2, 3, 7, 100}) {
            Ring odd = open(options().entries(entries).completionEntries(entries));
            RingFile file = await(odd.openFileAsync(Bytes.file(directory, "b" + entries, 64)));
            for (int i = 0; i < 20; i++) {
                assertThat(await(file.readAsync(Bytes.direct(64), 0))).isEqualTo(64);
            }
        }
    }

    @Test
    void unknownDriverIsNamedTogetherWithThoseThatThereAre() {
        assertThatThrownBy(() ->
                        Ring.open(RingOptions.builder().driver("carrier pigeon").build()))
                .isInstanceOf(UnknownDriverException.class)
                .hasMessageContaining("carrier pigeon")
                .hasMessageContaining(driverName());
    }

    @Test
    void poolsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> ring().bufferPool(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ring().bufferPool(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ring().bufferPool(-5, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BufferPool.create(ring(), 1 << 20, 1 << 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 GiB");
    }

    // Below the public API: a layer that fills operations wrongly.

    private Throwable failureOfOperation(java.util.function.Consumer<Operation> filled) {
        CompletableFuture<@Nullable Throwable> told = new CompletableFuture<>();
        ring().execute(() -> {
            Operation operation = ring().operation();
            filled.accept(operation);
            ring().submit(operation.handler((done, result, flags) ->
                    told.complete(result < 0 ? done.ring().failure(done, result) : null)));
        });
        Throwable failure = await(told);
        assertThat(failure).isNotNull();
        return failure;
    }

    @Test
    void memoryOutsideItsBufferNeverReachesTheKernel() {
        RingFile file = file();
        AtomicReference<Handle> handle = new AtomicReference<>();
        ByteBuffer buffer = Bytes.direct(64);
        Bytes.fill(buffer, (byte) 7);
        file.read(Bytes.direct(1), 0, new Recorder<>() {
            @Override
            public void submitted(Ring ring, Operation operation, int activation) {
                handle.set(Objects.requireNonNull(operation.handle()));
            }
        });
        int[][] wrong = {{0, 65}, {64, 1}, {-1, 8}, {60, 8}, {8, -1}, {Integer.MAX_VALUE, 8}, {1, Integer.MAX_VALUE}};
        for (OpCode each : new OpCode[] {OpCode.READ, OpCode.WRITE}) {
            for (int[] part : wrong) {
                assertThat(failureOfOperation(operation -> operation
                                .opCode(each)
                                .handle(handle.get())
                                .owner(file)
                                .memory(buffer, part[0], part[1])))
                        .as("%s of %d bytes at %d", each, part[1], part[0])
                        .isInstanceOfAny(IndexOutOfBoundsException.class, IllegalArgumentException.class);
            }
        }
        Bytes.assertAll(buffer, 0, 64, (byte) 7);
        assertThat(file.path()).hasBinaryContent(Bytes.content(100));
    }

    @Test
    void operationsWithoutWhatTheyNeedFailAndHarmNobody() {
        for (OpCode each : OpCode.values()) {
            if (each != OpCode.NOP && each != OpCode.PIPE) { // these need nothing
                Throwable failure = failureOfOperation(operation -> operation.opCode(each));
                assertThat(failure).as(each.toString()).isInstanceOf(RuntimeException.class);
            }
        }
        assertThat(await(file().readAsync(Bytes.direct(100), 0))).isEqualTo(100);
        assertThat(ring().metrics().inFlight()).isZero();
        assertThat(ResultCodes.CANCELED).isNegative();
    }
}
