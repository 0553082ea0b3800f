package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.BufferPoolOptions;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.net.RingSocket;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sends without copying: that the bytes are right, that the memory is the kernel's until it says so, and that it comes back
 * in every case. Where the driver copies, all of it holds just as well.
 */
public abstract class SendingZeroCopyContract extends DriverContract {
    private static final int PIECE = 256 * 1024;
    /** More than any socket holds. */
    private static final int HUGE = 24_000_000;

    /** For subclasses. */
    protected SendingZeroCopyContract() {}

    private boolean isNative() {
        return ring().capabilities().support(OpCode.SEND_ZERO_COPY) == Support.NATIVE;
    }

    private void needsZeroCopy() {
        Assumptions.assumeTrue(isNative(), () -> "no zero-copy send by " + ring().driver() + " here");
    }

    private TcpPair pair() throws IOException {
        TcpPair pair = TcpPair.accepted(ring());
        pair.ours().zeroCopyThreshold(16 * 1024);
        return pair;
    }

    private BufferPool pool(boolean registered) {
        return ring().bufferPool(BufferPoolOptions.builder()
                .bufferSize(PIECE)
                .slabSize(4)
                .initialSlabs(4)
                .maxSlabs(4)
                .registered(registered)
                .build());
    }

    /** Sends until one is on its way whose memory is still the kernel's, because the peer takes nothing. */
    private static List<RingFuture<Integer>> fill(RingSocket socket) {
        List<RingFuture<Integer>> sends = new ArrayList<>();
        while (sends.size() < 500) {
            RingFuture<Integer> send = socket.sendAsync(Bytes.direct(Bytes.content(PIECE)));
            sends.add(send);
            if (!isSentSoon(send)) {
                break; // the peer takes no more
            }
        }
        return sends;
    }

    private static boolean isSentSoon(RingFuture<Integer> send) {
        try {
            send.get(1, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest(name = "registered: {0}")
    @ValueSource(booleans = {true, false})
    void bytesArriveFromPooledMemory(boolean registered) throws Exception {
        try (TcpPair pair = pair();
                BufferPool pool = pool(registered)) {
            long before = ring().metrics().zeroCopySends();
            for (int i = 0; i < 40; i++) {
                try (RingBuffer lease = pool.acquire()) {
                    lease.byteBuffer().clear().put(Bytes.content(PIECE)).flip();
                    RingFuture<Integer> send = pair.ours().sendFullyAsync(lease);
                    assertThat(Arrays.equals(pair.theirs().getInputStream().readNBytes(PIECE), Bytes.content(PIECE)))
                            .isTrue();
                    assertThat(await(send)).isEqualTo(PIECE);
                    await(send.released());
                }
            }
            assertThat(pool.available()).isEqualTo(pool.count());
            assertThat(ring().metrics().zeroCopySends() - before).isEqualTo(isNative() ? 40 : 0);
            assertThat(ring().metrics().zeroCopiesCopied())
                    .isLessThanOrEqualTo(ring().metrics().zeroCopySends());
        }
    }

    @Test
    void onlyLargeDirectSendsLeaveTheCopyingOut() throws Exception {
        try (TcpPair pair = pair()) {
            assertThat(pair.ours().zeroCopyThreshold()).isEqualTo(16 * 1024);
            assertThatThrownBy(() -> pair.ours().zeroCopyThreshold(-1)).isInstanceOf(IllegalArgumentException.class);
            long before = ring().metrics().zeroCopySends();
            await(pair.ours().sendFullyAsync(Bytes.direct(16 * 1024 - 1)));
            await(pair.ours().sendFullyAsync(ByteBuffer.allocate(16 * 1024)));
            await(pair.ours().sendFullyAsync(Bytes.direct(16 * 1024), Bytes.direct(16 * 1024)));
            assertThat(ring().metrics().zeroCopySends()).isEqualTo(before);
            await(pair.ours().sendFullyAsync(Bytes.direct(16 * 1024)));
            assertThat(ring().metrics().zeroCopySends()).isEqualTo(before + (isNative() ? 1 : 0));
            pair.ours().zeroCopyThreshold(0);
            await(pair.ours().sendFullyAsync(Bytes.direct(16 * 1024)));
            assertThat(ring().metrics().zeroCopySends()).isEqualTo(before + (isNative() ? 1 : 0));
        }
    }

    @Test
    void memoryIsTheKernelsUntilTheSecondCompletion() throws Exception {
        needsZeroCopy();
        try (TcpPair pair = pair()) {
            List<RingFuture<Integer>> sends = fill(pair.ours());
            List<RingFuture<Integer>> held =
                    sends.stream().filter(each -> !each.released().isDone()).toList();
            assertThat(held).as("the peer has not taken all").isNotEmpty();
            assertThat(held).as("some are sent and not free").anyMatch(RingFuture::isDone);
            await(onLoop(ring(), () -> pair.ours().shutdownOutputAsync()));
            long expected = 0;
            var reader = OwnThread.supply(pair::readToEnd);
            for (RingFuture<Integer> each : sends) {
                await(each.released());
                expected += outcomeOf(each).isEmpty() ? await(each) : 0;
            }
            assertThat(await(reader)).isEqualTo(expected);
        }
    }

    @Test
    void callbackIsToldTwiceAndInOrder() throws Exception {
        try (TcpPair pair = pair()) {
            List<String> told = new ArrayList<>();
            Recorder<Integer> recorder = new Recorder<>() {
                @Override
                public void sent(Integer bytes) {
                    told.add("sent " + bytes);
                }

                @Override
                public boolean completed(Integer bytes) {
                    told.add("completed " + bytes);
                    return super.completed(bytes);
                }
            };
            pair.ours().sendFully(Bytes.direct(PIECE), recorder);
            pair.theirs().getInputStream().readNBytes(PIECE);
            await(recorder.outcome());
            assertThat(told.get(told.size() - 1)).isEqualTo("completed " + PIECE);
            assertThat(told).hasSize(isNative() ? 2 : 1);
            assertThat(told.get(0)).isEqualTo((isNative() ? "sent " : "completed ") + PIECE);
        }
    }

    @Test
    void hugeSendIsWholeAndInOrder() throws Exception {
        byte[] content = Bytes.content(HUGE);
        try (TcpPair pair = pair()) {
            List<RingFuture<Integer>> sends = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                sends.add(pair.ours().sendFullyAsync(Bytes.direct(content)));
                sends.add(pair.ours().sendFullyAsync(Bytes.direct(100)));
            }
            for (int i = 0; i < 2; i++) {
                byte[] received = pair.theirs().getInputStream().readNBytes(HUGE);
                assertThat(Arrays.equals(received, content)).isTrue();
                assertThat(pair.theirs().getInputStream().readNBytes(100)).containsOnly(0);
            }
            for (RingFuture<Integer> each : sends) {
                await(each);
                await(each.released());
            }
        }
    }

    @Test
    void cancellingInTheMiddleGivesTheMemoryBackOnceAndCutsTheStream() throws Exception {
        try (TcpPair pair = pair()) {
            ByteBuffer out = Bytes.direct(Bytes.content(HUGE));
            Recorder<Integer> first = new Recorder<>();
            pair.ours().sendFully(out, first);
            RingFuture<Integer> behind = pair.ours().sendFullyAsync(Bytes.direct(PIECE));
            pair.theirs().getInputStream().readNBytes(1);
            first.cancel(ring());
            assertThat(failureOf(behind)).isInstanceOf(SocketException.class).hasMessageContaining("cut");
            await(pair.ours().shutdownOutputAsync());
            long read = 1 + pair.readToEnd();
            assertThat(outcomeOf(first.outcome())).isPresent();
            assertThat(first.told()).isOne();
            assertThat(read).isEqualTo(out.position());
        }
    }

    @Test
    void resetInTheMiddleGivesAllMemoryBack() throws Exception {
        Random random = new Random(3);
        try (BufferPool pool = pool(true)) {
            for (int round = 0; round < 12; round++) {
                try (TcpPair pair = pair()) {
                    List<Recorder<Integer>> sends = new ArrayList<>();
                    for (int i = 0; i < pool.count(); i++) {
                        try (RingBuffer lease = pool.acquire()) {
                            Recorder<Integer> send = new Recorder<>();
                            if (i % 3 == 0) {
                                pair.ours().send(lease, send);
                            } else {
                                pair.ours().sendFully(lease, send);
                            }
                            sends.add(send);
                        }
                    }
                    pair.theirs().getInputStream().readNBytes(random.nextInt(2 * PIECE));
                    sends.get(random.nextInt(sends.size())).cancel(ring());
                    pair.reset();
                    for (Recorder<Integer> each : sends) {
                        outcomeOf(each.outcome());
                        assertThat(each.told()).isOne();
                    }
                }
                eventually(() -> "all are back: " + pool, () -> pool.available() == pool.count());
            }
        }
    }

    @Test
    void closingTheConnectionDoesNotWaitForAPeerThatTakesNothing() throws Exception {
        needsZeroCopy();
        try (TcpPair pair = pair()) {
            List<RingFuture<Integer>> sends = fill(pair.ours());
            assertThat(sends).anyMatch(each -> each.isDone() && !each.released().isDone());
            await(pair.ours().closeAsync());
            List<RingFuture<Integer>> held =
                    sends.stream().filter(each -> !each.released().isDone()).toList();
            assertThat(held).as("memory that the peer has not taken").isNotEmpty();
            pair.reset();
            for (RingFuture<Integer> each : sends) {
                await(each.released());
                outcomeOf(each).ifPresent(why -> assertThat(why).isInstanceOf(AsynchronousCloseException.class));
            }
        }
    }

    @Test
    void closingTheConnectionInTheMiddleOfAHugeSendDoesNotWaitForThePeer() throws Exception {
        try (TcpPair pair = pair()) {
            Recorder<Integer> send = new Recorder<>();
            pair.ours().sendFully(Bytes.direct(HUGE), send);
            pair.theirs().getInputStream().readNBytes(1);
            await(pair.ours().closeAsync());
            pair.reset();
            assertThat(failureOf(send.outcome())).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    void ringThatIsClosedKeepsWhatThePeerHasNotTaken() throws Exception {
        needsZeroCopy();
        Ring own = open(options().closeTimeout(Duration.ofMillis(300)));
        TcpPair pair = TcpPair.accepted(own);
        pair.ours().zeroCopyThreshold(PIECE);
        List<RingFuture<Integer>> sends = fill(pair.ours());
        await(own.closeAsync());
        assertThat(sends).allMatch(RingFuture::isDone);
        assertThat(sends).anyMatch(each -> !each.released().isDone());
        pair.theirs().close();
    }

    @Test
    void operationIsToldAtTheFirstCompletionAndAtTheLast() throws Exception {
        needsZeroCopy();
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Told told = Told.by(zeroCopySend(pair.ours(), Bytes.direct(PIECE)));
            pair.theirs().getInputStream().readNBytes(PIECE);
            assertThat(told.result()).isEqualTo(PIECE);
            assertThat(told.others()).isOne();
            assertThat(told.ends()).isOne();
            await(pair.ours().shutdownOutputAsync());
            Told failed = Told.by(zeroCopySend(pair.ours(), Bytes.direct(PIECE)));
            assertThat(failed.failure()).isInstanceOf(SocketException.class).hasMessageContaining("Broken pipe");
            assertThat(failed.others()).isZero();
            assertThat(failed.ends()).isOne();
        }
    }

    private static Operation zeroCopySend(RingSocket socket, ByteBuffer memory) {
        return socket.ring()
                .operation()
                .opCode(OpCode.SEND_ZERO_COPY)
                .handle(socket.unsafeHandle())
                .memory(memory, 0, memory.capacity());
    }
}
