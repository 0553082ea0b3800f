package dev.ringflow.windows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.BufferPoolOptions;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.net.RingSocket;
import dev.ringflow.spi.OpCode;
import dev.ringflow.tck.DriverContract;
import dev.ringflow.windows.Simulators;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Registered I/O sends from and receives into without copying, and that it comes back in every case. */
@ExtendWith(Simulators.class)
final class WindowsRegisteredMemoryTest extends DriverContract {
    private static final int PIECE = 256 * 1024;

    /** A connection of the ring's whose peer is a socket of the JDK's. */
    private record Pair(RingSocket ours, Socket theirs) implements AutoCloseable {
        static Pair of(Ring ring) throws IOException {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                RingFuture<RingSocket> connect = ring.connectAsync(server.getLocalSocketAddress());
                Socket theirs = server.accept();
                theirs.setSoTimeout(30_000);
                RingSocket ours = await(connect);
                ours.zeroCopyThreshold(16 * 1024);
                return new Pair(ours, theirs);
            }
        }

        void reset() throws IOException {
            theirs.setSoLinger(true, 0);
            theirs.close();
        }

        @Override
        public void close() throws IOException {
            theirs.close();
            await(ours.closeAsync());
        }
    }

    @Override
    protected String driverName() {
        return "windows";
    }

    private static BufferPool pool(Ring ring) {
        return ring.bufferPool(BufferPoolOptions.builder()
                .bufferSize(PIECE)
                .slabSize(8)
                .initialSlabs(1)
                .maxSlabs(1)
                .registered(true)
                .build());
    }

    private static byte[] content(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static RingBuffer filled(BufferPool pool, byte[] content) {
        RingBuffer lease = pool.acquire();
        lease.byteBuffer().clear().put(content).flip();
        return lease;
    }

    private long copied() {
        return ring().metrics().zeroCopiesCopied();
    }

    /** Sends to a peer that takes nothing, until the kernel keeps some. */
    private static List<RingFuture<Integer>> fill(RingSocket socket, BufferPool pool, byte[] content) {
        List<RingFuture<Integer>> sends = new ArrayList<>();
        for (int i = 0; i < pool.count(); i++) {
            try (RingBuffer lease = filled(pool, content)) {
                sends.add(socket.sendFullyAsync(lease));
            }
        }
        return sends;
    }

    @Test
    void pooledMemoryIsRegisteredOnceAndGivenBackWithThePool() throws IOException {
        byte[] content = content(PIECE);
        try (Pair pair = Pair.of(ring())) {
            await(pair.ours().sendFullyAsync(ByteBuffer.allocateDirect(1)));
            assertThat(pair.theirs().getInputStream().read()).isZero();
            LiveSockets before = LiveSockets.now();
            BufferPool pool = pool(ring());
            for (int i = 0; i < 20; i++) {
                try (RingBuffer lease = filled(pool, content)) {
                    RingFuture<Integer> send = pair.ours().sendFullyAsync(lease);
                    assertThat(Arrays.equals(pair.theirs().getInputStream().readNBytes(PIECE), content))
                            .isTrue();
                    await(send.released());
                }
                assertThat(LiveSockets.now().buffers()).isEqualTo(before.buffers() + 1);
            }
            assertThat(copied()).isZero();
            pool.close();
            eventually(
                    "the memory is not registered any more",
                    () -> LiveSockets.now().equals(before));
        }
    }

    @Test
    void otherMemoryIsRegisteredForItsSendAlone() throws IOException {
        byte[] content = content(3 * PIECE);
        try (Pair pair = Pair.of(ring())) {
            int before = LiveSockets.now().buffers();
            for (int i = 0; i < 10; i++) {
                ByteBuffer out = ByteBuffer.allocateDirect(content.length + 7).position(7);
                RingFuture<Integer> send =
                        pair.ours().sendFullyAsync(out.put(content).position(7));
                assertThat(Arrays.equals(pair.theirs().getInputStream().readNBytes(content.length), content))
                        .isTrue();
                await(send.released());
            }
            assertThat(copied()).isZero();
            assertThat(LiveSockets.now().buffers()).isEqualTo(before);
        }
    }

    /** Windows forbids two requests with the same memory: the simulator ends the process. */
    @Test
    void memoryThatIsSentAlreadyIsCopiedForAnotherSend() throws IOException {
        byte[] content = content(PIECE);
        try (BufferPool pool = pool(ring());
                Pair first = Pair.of(ring());
                Pair second = Pair.of(ring())) {
            List<RingFuture<Integer>> sends = new ArrayList<>();
            ByteBuffer same = ByteBuffer.allocateDirect(PIECE).put(content).flip();
            for (int i = 0; i < 40; i++) {
                sends.add(first.ours().sendFullyAsync(same.duplicate()));
                sends.add(second.ours().sendFullyAsync(same.duplicate()));
            }
            for (int i = 0; i < 40; i++) {
                assertThat(Arrays.equals(first.theirs().getInputStream().readNBytes(PIECE), content))
                        .isTrue();
                assertThat(Arrays.equals(second.theirs().getInputStream().readNBytes(PIECE), content))
                        .isTrue();
            }
            for (RingFuture<Integer> each : sends) {
                assertThat(await(each)).isEqualTo(PIECE);
                await(each.released());
            }
            assertThat(copied()).isPositive();
        }
    }

    @Test
    void largeReceivesGoStraightIntoPooledBuffers() throws IOException {
        byte[] content = content(24 * PIECE);
        try (BufferPool pool = pool(ring());
                Pair pair = Pair.of(ring())) {
            Thread writer = new Thread(() -> {
                try {
                    pair.theirs().getOutputStream().write(content);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            writer.start();
            int largest = 0;
            for (int at = 0; at < content.length; ) {
                try (RingBuffer lease = pool.acquire()) {
                    lease.byteBuffer().clear();
                    int bytes = await(pair.ours().receiveAsync(lease));
                    byte[] got = new byte[bytes];
                    lease.byteBuffer().get(0, got);
                    assertThat(got).isEqualTo(Arrays.copyOfRange(content, at, at + bytes));
                    largest = Math.max(largest, bytes);
                    at += bytes;
                }
            }
            assertThat(largest)
                    .as("more than a piece of the driver's own holds")
                    .isGreaterThan(Piece.LARGE);
            RingFuture<Integer> waiting = pair.ours().receiveAsync(pool.acquire());
            waiting.cancel(false);
            await(waiting.released());
            assertThat(waiting.isCancelled()).isTrue();
        }
    }

    @Test
    void closedConnectionSendsWhatItToldWasSent() throws IOException {
        byte[] content = content(PIECE);
        LiveSockets before = LiveSockets.now();
        Ring own = open(options());
        try (BufferPool pool = pool(own);
                Pair pair = Pair.of(own)) {
            List<RingFuture<Integer>> sends = fill(pair.ours(), pool, content);
            await(sends.get(0));
            await(pair.ours().closeAsync());
            long told = 0;
            for (RingFuture<Integer> each : sends) {
                told += outcomeOf(each).isEmpty() ? await(each) : 0;
            }
            assertThat(told).isPositive();
            byte[] all = pair.theirs().getInputStream().readAllBytes();
            assertThat(all.length).isGreaterThanOrEqualTo((int) told);
            for (int at = 0; at + PIECE <= told; at += PIECE) {
                assertThat(Arrays.equals(all, at, at + PIECE, content, 0, PIECE))
                        .isTrue();
            }
            for (RingFuture<Integer> each : sends) {
                await(each.released());
            }
            assertThat(pool.available()).isEqualTo(pool.count());
        }
        await(own.closeAsync());
        eventually(
                () -> "there are " + LiveSockets.now(), () -> LiveSockets.now().equals(before));
    }

    @Test
    void ringClosedWithZeroCopySendsInTheKernelLeavesNothingRegistered() throws IOException {
        LiveSockets before = LiveSockets.now();
        for (boolean closedBefore : new boolean[] {false, true}) {
            Ring own = open(options().closeTimeout(Duration.ofMillis(100)));
            BufferPool pool = pool(own);
            Pair pair = Pair.of(own);
            List<RingFuture<Integer>> sends = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                sends.addAll(fill(pair.ours(), pool, content(PIECE)));
                sends.add(pair.ours().sendFullyAsync(ByteBuffer.allocateDirect(5 * PIECE)));
                if (pool.available() == 0) {
                    break;
                }
            }
            if (closedBefore) {
                await(sends.get(0));
                await(pair.ours().closeAsync());
            }
            await(own.closeAsync());
            assertThat(sends).allMatch(RingFuture::isDone);
            pair.theirs().close();
        }
        eventually(
                () -> "there are " + LiveSockets.now(), () -> LiveSockets.now().equals(before));
    }

    @Test
    void resetGivesPooledMemoryBackWhileTheConnectionLingers() throws IOException {
        try (BufferPool pool = pool(ring());
                Pair pair = Pair.of(ring())) {
            List<RingFuture<Integer>> sends = fill(pair.ours(), pool, content(PIECE));
            await(sends.get(0));
            await(pair.ours().closeAsync());
            pair.reset();
            for (RingFuture<Integer> each : sends) {
                await(each.released());
                outcomeOf(each)
                        .ifPresent(why -> assertThat(why)
                                .isInstanceOfAny(
                                        SocketException.class,
                                        ClosedChannelException.class,
                                        CancellationException.class));
            }
            assertThat(pool.available()).isEqualTo(pool.count());
        }
    }

    @Test
    void capabilitiesSayThatZeroCopySendsAreTheSystemsOwn() {
        assertThat(ring().capabilities().support(OpCode.SEND_ZERO_COPY)).isEqualTo(Support.NATIVE);
    }
}
