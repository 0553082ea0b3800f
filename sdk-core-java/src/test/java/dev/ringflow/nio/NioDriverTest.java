package dev.ringflow.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Support;
import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.DriverOptions;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.OpenFlags;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The driver by itself, on the thread of the test. */
@Timeout(value = 60)
final class NioDriverTest {
    private static final long SECOND = 1_000_000_000L;

    private record Told(Operation operation, int result, int flags, Handle handle) {}

    @TempDir
    private Path directory;

    private final List<Told> told = new ArrayList<>();
    private Driver driver;

    @BeforeEach
    void open() throws IOException {
        driver = new NioDriverProvider()
                .open(
                        new DriverOptions(8, 0, 1),
                        (operation, result, flags) ->
                                told.add(new Told(operation, result, flags, operation.resultHandle())));
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private Told run(Operation operation) {
        driver.start(operation);
        return next();
    }

    private Told next() {
        for (int i = 0; i < 30 && told.isEmpty(); i++) {
            driver.poll(SECOND);
        }
        return told.remove(0);
    }

    private Operation operation(OpCode code, Handle handle) {
        return new Operation().opCode(code).handle(handle);
    }

    private record Pair(Handle server, Handle client, Handle accepted) {}

    private Pair pair() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Handle server = run(new Operation().opCode(OpCode.LISTEN).argument(any).flags(5)).handle;
        driver.start(new Operation().opCode(OpCode.CONNECT).argument(driver.localAddress(server)));
        driver.start(operation(OpCode.ACCEPT, server));
        Told one = next();
        Told other = next();
        boolean connectedFirst = one.operation.opCode() == OpCode.CONNECT;
        return new Pair(server, connectedFirst ? one.handle : other.handle, connectedFirst ? other.handle : one.handle);
    }

    @Test
    void nothingIsToldOutsideOfPoll() {
        driver.start(new Operation().opCode(OpCode.NOP));
        assertThat(told).isEmpty();
        assertThat(driver.poll(Long.MAX_VALUE)).isOne();
        assertThat(told).hasSize(1);
    }

    @Test
    void receivesOfOneConnectionAreServedInOrder() throws IOException {
        Pair pair = pair();
        List<Operation> receives = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Operation receive = operation(OpCode.RECEIVE, pair.accepted).memory(ByteBuffer.allocateDirect(2), 0, 2);
            receives.add(receive);
            driver.start(receive);
        }
        driver.cancel(receives.get(1));
        assertThat(next().result).isEqualTo(ResultCodes.CANCELED);
        ByteBuffer eight = ByteBuffer.allocateDirect(8);
        for (int i = 0; i < 8; i++) {
            eight.put(i, (byte) i);
        }
        driver.start(operation(OpCode.SEND, pair.client).memory(eight, 0, 8));
        List<Operation> order = new ArrayList<>();
        while (order.size() < 5) {
            Told each = next();
            order.add(each.operation);
        }
        order.removeIf(each -> each.opCode() == OpCode.SEND);
        assertThat(order).containsExactly(receives.get(0), receives.get(2), receives.get(3), receives.get(4));
        assertThat(Objects.requireNonNull(receives.get(2).memory()).get(0)).isEqualTo((byte) 2);
    }

    @Test
    void severalMultishotAcceptsTakeTurns() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Handle server = run(new Operation().opCode(OpCode.LISTEN).argument(any).flags(5)).handle;
        Operation one = operation(OpCode.ACCEPT_MULTISHOT, server);
        Operation other = operation(OpCode.ACCEPT_MULTISHOT, server);
        driver.start(one);
        driver.start(other);
        List<Operation> order = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            try (SocketChannel client = SocketChannel.open(driver.localAddress(server))) {
                Told accepted = next();
                assertThat(accepted.flags).isEqualTo(CompletionFlags.MORE);
                assertThat(client.isConnected()).isTrue();
                order.add(accepted.operation);
            }
        }
        assertThat(order).containsExactly(one, other, one, other);
        driver.cancel(one);
        Told end = next();
        assertThat(end.operation).isSameAs(one);
        assertThat(end.result).isEqualTo(ResultCodes.CANCELED);
        assertThat(end.flags).isZero();
        assertThat(end.handle).isNull();
    }

    @Test
    void bothEndsHaveNoDelay() throws Exception {
        Pair pair = pair();
        for (Handle each : List.of(pair.client, pair.accepted)) {
            SocketChannel channel =
                    (SocketChannel) ((StreamSocket) Objects.requireNonNull(each.driverState())).channel();
            assertThat(channel.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
        }
    }

    @Test
    void fileCallThatNoHelperHasBegunIsCancelledAndTheOthersTellTheirOwnOutcome() throws IOException {
        Path path = Files.write(directory.resolve("a"), new byte[1 << 20]);
        ByteBuffer memory = ByteBuffer.allocateDirect(1 << 20); // large, so that starting overtakes reading
        Handle file = run(new Operation().opCode(OpCode.OPEN).argument(path).flags(OpenFlags.READ)).handle;
        List<Operation> reads = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Operation read = operation(OpCode.READ, file).memory(memory, 0, 1 << 20);
            reads.add(read);
            driver.start(read);
        }
        reads.forEach(driver::cancel);
        int cancelled = 0;
        for (int i = 0; i < reads.size(); i++) {
            int result = next().result;
            assertThat(result).isIn(ResultCodes.CANCELED, 1 << 20);
            cancelled += result == ResultCodes.CANCELED ? 1 : 0;
        }
        assertThat(cancelled).isPositive();
        driver.poll(0);
        assertThat(told).isEmpty();
    }

    @Test
    void waitsAreRoundedUpAndZeroDoesNotWait() {
        for (long nanos : new long[] {1, 999_999, 1_900_000}) {
            long before = System.nanoTime();
            driver.poll(nanos);
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(nanos);
        }
        assertThat(driver.poll(0)).isZero();
    }

    @Test
    void wakeupEndsTheNextWaitAndIsHarmlessAfterTheEnd() {
        driver.wakeup();
        assertThat(driver.poll(Long.MAX_VALUE)).isZero();
        driver.close();
        driver.wakeup();
        driver.close();
        assertThat(driver.poll(Long.MAX_VALUE)).isZero();
        assertThat(driver.registerBuffer(ByteBuffer.allocateDirect(1))).isEqualTo(-1);
    }

    @Test
    void closingWithOperationsLeftClosesTheirChannels() throws IOException {
        Pair pair = pair();
        driver.start(operation(OpCode.RECEIVE, pair.client).memory(ByteBuffer.allocateDirect(1), 0, 1));
        driver.close(false);
        for (Handle each : List.of(pair.client, pair.accepted, pair.server)) {
            assertThat(((SelectableSocket) Objects.requireNonNull(each.driverState()))
                            .channel()
                            .isOpen())
                    .isFalse();
        }
    }

    @Test
    void shortageIsWorthAnotherTryLater() {
        Operation accept = new Operation().opCode(OpCode.ACCEPT);
        accept.failure(NioFailures.of(accept, new IOException("Too many open files")));
        assertThat(driver.retry(accept, ResultCodes.FAILED)).isEqualTo(Driver.Retry.LATER);
        accept.failure(new IOException("of this test"));
        assertThat(driver.retry(accept, ResultCodes.FAILED)).isEqualTo(Driver.Retry.NEVER);
    }

    /** A JDK has no call for these. */
    private static final Set<OpCode> UNSUPPORTED = EnumSet.of(
            OpCode.OPEN_RESTRICTED,
            OpCode.OPEN_DIRECT,
            OpCode.INSTALL_DESCRIPTOR,
            OpCode.ALLOCATE,
            OpCode.PUNCH_HOLE,
            OpCode.ADVISE,
            OpCode.NEXT_DATA,
            OpCode.NEXT_HOLE,
            OpCode.SPLICE_IN,
            OpCode.SPLICE_OUT,
            OpCode.EXCHANGE,
            OpCode.SEND_ZERO_COPY,
            OpCode.SEND_DESCRIPTORS,
            OpCode.RECEIVE_DESCRIPTORS,
            OpCode.RECEIVE_PACKETS,
            OpCode.PACKET_OVERRUNS,
            OpCode.POLL,
            OpCode.POLL_MULTISHOT,
            OpCode.TICKS,
            OpCode.WAIT_CHILD,
            OpCode.FUTEX_WAIT,
            OpCode.FUTEX_WAKE);

    @Test
    void everythingButWhatAJdkHasNoCallForIsSupportedSomehow() {
        for (OpCode each : OpCode.values()) {
            assertThat(driver.capabilities().support(each) == Support.NONE)
                    .as(each.toString())
                    .isEqualTo(UNSUPPORTED.contains(each));
        }
    }

    @Test
    void memoryIsAlignedAndOfTheSizeAskedFor() {
        for (int alignment : new int[] {1, 8, 64, 4096}) {
            ByteBuffer buffer = driver.memory().allocate(1000, alignment);
            assertThat(buffer.capacity()).isEqualTo(1000);
            assertThat(buffer.alignmentOffset(0, alignment)).isZero();
            assertThat(buffer.order()).isEqualTo(java.nio.ByteOrder.nativeOrder());
        }
    }
}
