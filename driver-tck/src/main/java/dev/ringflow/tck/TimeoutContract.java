package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.OperationTimeoutException;
import dev.ringflow.Ring;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Operations with a time: those that take longer end with it, and no other is touched. */
public abstract class TimeoutContract extends DriverContract {
    private static final byte CANARY = 0x5c;
    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(3);
    private static final long LONG = TimeUnit.HOURS.toNanos(1);

    /** For subclasses. */
    protected TimeoutContract() {}

    /** A connection whose one end is an open handle, and whose other end is a plain socket of the JDK. */
    private record Connection(Ring ring, Handle ours, Socket theirs) implements AutoCloseable {
        static Connection of(Ring ring) throws IOException {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Told connect = Told.by(ring.operation()
                        .opCode(OpCode.CONNECT)
                        .timeoutNanos(LONG)
                        .argument(server.getLocalSocketAddress()));
                Socket theirs = server.accept();
                theirs.setTcpNoDelay(true);
                assertThat(connect.result()).isZero();
                return new Connection(ring, connect.opened(), theirs);
            }
        }

        Operation receive(ByteBuffer memory, long timeoutNanos) {
            return ring.operation()
                    .opCode(OpCode.RECEIVE)
                    .handle(ours)
                    .owner("the connection")
                    .memory(memory, 0, memory.capacity())
                    .timeoutNanos(timeoutNanos);
        }

        Told closeOurs() {
            return Told.by(ring.operation().opCode(OpCode.CLOSE).handle(ours));
        }

        @Override
        public void close() throws IOException {
            theirs.close();
            assertThat(closeOurs().result()).isZero();
        }
    }

    private Handle file(Ring on, Path path) {
        Told open = Told.by(on.operation()
                .opCode(OpCode.OPEN)
                .argument(path)
                .flags(OpenFlags.READ | OpenFlags.WRITE)
                .timeoutNanos(LONG));
        assertThat(open.result()).isZero();
        return open.opened();
    }

    @Test
    void receiveThatNothingComesForTimesOutAndTheConnectionGoesOn() throws IOException {
        try (Connection connection = Connection.of(ring())) {
            long begin = System.nanoTime();
            Told receive = Told.by(connection.receive(Bytes.direct(8), SHORT));
            assertThat(receive.result()).isEqualTo(ResultCodes.TIMED_OUT);
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(SHORT);
            assertThat(receive.failure()).isInstanceOfSatisfying(OperationTimeoutException.class, thrown -> {
                assertThat(thrown).hasMessageContainingAll("receive", "the connection", "3 ms");
                assertThat(thrown.timeout()).isEqualTo(Duration.ofNanos(SHORT));
                assertThat(thrown.operation()).contains("receive");
            });
            ByteBuffer buffer = Bytes.direct(8);
            Told next = Told.by(connection.receive(buffer, 0));
            connection.theirs.getOutputStream().write(Bytes.content(5));
            assertThat(next.result()).isEqualTo(5);
        }
        assertThat(ring().metrics().inFlight()).isZero();
    }

    @Test
    void receiveWhoseBytesComeInTimeIsNotTouched() throws IOException {
        try (Connection connection = Connection.of(ring())) {
            for (int i = 0; i < 200; i++) {
                ByteBuffer buffer = Bytes.direct(8);
                Told receive = Told.by(connection.receive(buffer, LONG));
                connection.theirs.getOutputStream().write(i);
                assertThat(receive.result()).isOne();
                assertThat(buffer.get(0)).isEqualTo((byte) i);
            }
        }
    }

    @Test
    void thousandsOfFastOperationsOnASmallQueueNeverTimeOutAndLeaveNothingBehind() {
        Ring small = open(options().entries(4));
        Handle file = file(small, Bytes.file(directory, "a", 4096));
        List<Told> all = new ArrayList<>();
        ByteBuffer memory = Bytes.direct(64);
        onLoop(small, () -> {
            for (int i = 0; i < 4000; i++) {
                OpCode code = i % 5 == 4 ? OpCode.STAT : i % 5 == 3 ? OpCode.NOP : OpCode.READ;
                all.add(Told.by(small.operation()
                        .opCode(code)
                        .handle(code == OpCode.NOP ? null : file)
                        .memory(memory, 0, 64)
                        .position(i % 64)
                        .timeoutNanos(LONG)));
            }
            return null;
        });
        all.forEach(each -> assertThat(each.result()).isNotNegative());
        assertThat(all).allSatisfy(each -> assertThat(each.ends()).isOne());
        assertThat(small.metrics().inFlight()).isZero();
        assertThat(small.metrics().cancels()).isZero();
        onLoop(small, () -> null);
        long waits = small.metrics().waits();
        onLoop(small, () -> null);
        assertThat(small.metrics().waits() - waits).isLessThan(10);
    }

    @Test
    void timesOfReceivesThatDoNotFitTheQueueAllEnd() throws IOException {
        Ring small = open(options().entries(4).completionEntries(8));
        try (Connection connection = Connection.of(small)) {
            ByteBuffer memory = Bytes.direct(2000);
            Bytes.fill(memory, CANARY);
            List<Told> receives = onLoop(small, () -> {
                List<Told> started = new ArrayList<>();
                for (int i = 0; i < 2000; i++) {
                    if (i % 3 == 0) { // so that the queue is full at any place
                        Told.by(small.operation().opCode(OpCode.NOP));
                    }
                    started.add(Told.by(connection.receive(memory.slice(i, 1), SHORT + i * 1000L)));
                }
                return started;
            });
            receives.forEach(each -> assertThat(each.result()).isEqualTo(ResultCodes.TIMED_OUT));
            receives.forEach(each -> assertThat(each.ends()).isOne());
            Bytes.assertAll(memory, 0, 2000, CANARY);
            assertThat(small.metrics().inFlight()).isZero();
        }
    }

    @Test
    void timesCancelsAndClosingTogetherTellEachOnce() throws IOException {
        Random random = new Random(4711);
        for (int round = 0; round < 40; round++) {
            List<Told> all = new ArrayList<>();
            Connection connection = Connection.of(ring());
            onLoop(ring(), () -> {
                for (int i = 0; i < 50; i++) {
                    all.add(Told.by(connection.receive(Bytes.direct(1), 1 + random.nextInt(1_000_000))));
                }
                return null;
            });
            for (int i = 0; i < 50; i++) {
                if (random.nextBoolean()) {
                    all.get(i).cancel(ring());
                }
            }
            connection.theirs.getOutputStream().write(new byte[10]);
            Told closed = connection.closeOurs();
            assertThat(closed.result()).isZero();
            for (Told each : all) {
                if (each.result() < 0) {
                    assertThat(each.failure())
                            .isInstanceOfAny(
                                    OperationTimeoutException.class,
                                    CancellationException.class,
                                    ClosedChannelException.class,
                                    IOException.class);
                    assertThat(each.result()).isIn(ResultCodes.TIMED_OUT, ResultCodes.CANCELED, ResultCodes.FAILED);
                }
                assertThat(each.ends()).isOne();
            }
            connection.theirs.close();
        }
        assertThat(ring().metrics().inFlight()).isZero();
    }

    @Test
    void cancelledAndClosedBeforeTheTimeIsOverIsNoTimeout() throws IOException {
        Connection connection = Connection.of(ring());
        Told cancelled = Told.by(connection.receive(Bytes.direct(1), LONG));
        Told closed = Told.by(connection.receive(Bytes.direct(1), LONG));
        onLoop(ring(), () -> null);
        cancelled.cancel(ring());
        assertThat(cancelled.failure()).isInstanceOf(CancellationException.class);
        assertThat(connection.closeOurs().result()).isZero();
        connection.theirs.close();
        assertThat(closed.failure()).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void ringClosesWhileTimesRun() throws IOException {
        Ring another = open(options());
        Connection connection = Connection.of(another);
        Told receive = Told.by(connection.receive(Bytes.direct(1), LONG));
        onLoop(another, () -> null);
        await(another.closeAsync());
        assertThat(receive.result()).isNegative().isNotEqualTo(ResultCodes.TIMED_OUT);
        assertThat(receive.ends()).isOne();
        connection.theirs.close();
    }

    @Test
    void acceptingManyEndsWithItsTime() throws IOException {
        Told listen = Told.by(ring().operation()
                .opCode(OpCode.LISTEN)
                .argument(loopback())
                .flags(16)
                .timeoutNanos(LONG));
        assertThat(listen.result()).isNotNegative();
        InetSocketAddress where = (InetSocketAddress) onLoop(ring(), () -> {
            try {
                return ring().unsafeDriver().localAddress(listen.opened());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        Told accept = Told.by(ring().operation()
                .opCode(OpCode.ACCEPT_MULTISHOT)
                .handle(listen.opened())
                .timeoutNanos(TimeUnit.MILLISECONDS.toNanos(300)));
        try (Socket client = new Socket(where.getAddress(), where.getPort())) {
            assertThat(client.isConnected()).isTrue();
            assertThat(accept.result()).isEqualTo(ResultCodes.TIMED_OUT);
            assertThat(accept.others()).isOne();
            assertThat(accept.ends()).isOne();
        }
    }

    @Test
    void connectThatHangsTimesOutAndLeaksNothing() throws IOException {
        // a server that never accepts: when its backlog is full, the kernel leaves further connections waiting
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Told> connects = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                connects.add(Told.by(ring().operation()
                        .opCode(OpCode.CONNECT)
                        .argument(server.getLocalSocketAddress())
                        .timeoutNanos(TimeUnit.MILLISECONDS.toNanos(200))));
            }
            int open = 0;
            for (Told each : connects) {
                if (each.result() >= 0) {
                    open++;
                } else {
                    assertThat(each.result()).isEqualTo(ResultCodes.TIMED_OUT);
                }
            }
            assertThat(open).isLessThan(12);
            assertThat(ring().metrics().openHandles()).isEqualTo(open);
        }
    }

    @Test
    void operationUsedAgainHasNoTimeAnyMore() {
        Handle file = file(ring(), Bytes.file(directory, "a", 16));
        onLoop(ring(), () -> {
            for (int i = 0; i < 100; i++) {
                Operation taken = ring().operation();
                assertThat(taken.timeoutNanos()).isZero();
                Told.by(taken.opCode(OpCode.STAT).handle(file).timeoutNanos(LONG));
            }
            return null;
        });
        eventually("all are done", () -> ring().metrics().inFlight() == 0);
        CompletableFuture<Long> left = new CompletableFuture<>();
        ring().execute(() -> left.complete(ring().operation().timeoutNanos()));
        assertThat(await(left)).isZero();
    }
}
