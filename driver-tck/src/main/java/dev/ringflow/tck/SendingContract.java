package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import dev.ringflow.net.RingSocket;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Sends that keep their order, several buffers at once, and what a stream is after a send that ended in the middle. */
public abstract class SendingContract extends DriverContract {
    /** More than any socket holds. */
    private static final int HUGE = 24_000_000;

    private static final int HEAD = 12;

    /** For subclasses. */
    protected SendingContract() {}

    // Order.

    /** A message that tells who sent it, as which, and how long it is; and no two bytes of different messages are alike. */
    private static byte[] message(int sender, int number, int length) {
        ByteBuffer message = ByteBuffer.allocate(HEAD + length);
        message.putInt(sender).putInt(number).putInt(length);
        Arrays.fill(message.array(), HEAD, HEAD + length, mark(sender, number));
        return message.array();
    }

    private static byte mark(int sender, int number) {
        return (byte) (sender * 31 + number);
    }

    /** Reads whole messages; answers how many came from each sender, whose numbers have to be in order. */
    private static int[] readMessages(TcpPair pair, int senders, int count) {
        int[] next = new int[senders];
        try {
            DataInputStream in = new DataInputStream(pair.theirs().getInputStream());
            for (int i = 0; i < count; i++) {
                int sender = in.readInt();
                int number = in.readInt();
                byte[] rest = in.readNBytes(in.readInt());
                assertThat(number).as("number of sender %d", sender).isEqualTo(next[sender]++);
                for (byte each : rest) {
                    if (each != mark(sender, number)) {
                        assertThat(each)
                                .as("in message %d of %d", number, sender)
                                .isEqualTo(mark(sender, number));
                    }
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return next;
    }

    @Test
    void concurrentSendersDoNotMixTheirBytes() throws Exception {
        int senders = 6;
        int each = 12;
        try (TcpPair pair = TcpPair.accepted(ring());
                BufferPool pool = ring().bufferPool(300_000, senders * each)) {
            var reader = OwnThread.supply(() -> readMessages(pair, senders, senders * each));
            List<CompletableFuture<?>> threads = new ArrayList<>();
            for (int i = 0; i < senders; i++) {
                int sender = i;
                Runnable sending = () -> sendMessages(pair.ours(), pool, sender, each);
                threads.add(i == 0 ? CompletableFuture.runAsync(sending, ring()) : OwnThread.run(sending));
            }
            threads.forEach(DriverContract::await);
            assertThat(await(reader)).containsOnly(each);
            eventually("all leases are back", () -> pool.available() == pool.count());
        }
    }

    private void sendMessages(RingSocket socket, BufferPool pool, int sender, int count) {
        List<Future<?>> sent = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            byte[] message = message(sender, number, 3_000 + 70_000 * (number % 5) + sender);
            switch ((number + sender) % 4) {
                case 0 -> sent.add(socket.sendFullyAsync(Bytes.direct(message)));
                case 1 -> sent.add(socket.sendFullyAsync(ByteBuffer.wrap(message)));
                case 2 ->
                    sent.add(socket.sendFullyAsync(
                            ByteBuffer.wrap(message, 0, 5),
                            Bytes.direct(Arrays.copyOfRange(message, 5, message.length))));
                default -> {
                    try (RingBuffer lease = pool.acquire()) {
                        lease.byteBuffer().clear().put(message).flip();
                        sent.add(socket.sendFullyAsync(lease));
                    }
                }
            }
        }
        if (!ring().isLoopThread()) {
            sent.forEach(DriverContract::await);
        }
    }

    @Test
    void oneThatWaitsIsTakenOutByCancellingIt() throws Exception {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingFuture<Integer> first = pair.ours().sendFullyAsync(Bytes.direct(message(0, 0, HUGE)));
            Recorder<Integer> second = new Recorder<>();
            pair.ours().sendFully(Bytes.direct(message(0, 99, 10)), second);
            Recorder<Long> third = new Recorder<>();
            pair.ours().sendFully(new ByteBuffer[] {Bytes.direct(message(0, 98, 10))}, third);
            RingFuture<Integer> fourth = pair.ours().sendFullyAsync(Bytes.direct(message(0, 1, 10)));
            second.cancel(ring());
            third.cancel(ring());
            assertThat(failureOf(second.outcome())).isInstanceOf(CancellationException.class);
            assertThat(failureOf(third.outcome())).isInstanceOf(CancellationException.class);
            assertThat(first).isNotDone();
            assertThat(readMessages(pair, 1, 2)).containsExactly(2);
            assertThat(await(first)).isEqualTo(HUGE + HEAD);
            assertThat(await(fourth)).isEqualTo(10 + HEAD);
            assertThat(second.told()).isOne();
        }
    }

    @Test
    void cutStreamTakesNothingMore() throws Exception {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            ByteBuffer out = Bytes.direct(Bytes.content(HUGE));
            Recorder<Integer> first = new Recorder<>();
            pair.ours().sendFully(out, first);
            List<RingFuture<?>> behind = List.of(
                    pair.ours().sendFullyAsync(Bytes.direct(100)),
                    pair.ours().sendFullyAsync(ByteBuffer.allocate(100), Bytes.direct(1)),
                    pair.ours().sendFullyAsync(ByteBuffer.allocate(100)));
            assertThat(pair.theirs().getInputStream().readNBytes(1)).isEqualTo(Bytes.content(1));
            first.cancel(ring());
            assertThat(failureOf(first.outcome())).isInstanceOf(CancellationException.class);
            assertThat(out.position()).isPositive();
            for (RingFuture<?> each : behind) {
                assertThat(failureOf(each))
                        .isInstanceOf(SocketException.class)
                        .hasMessageContaining("cut")
                        .hasCauseInstanceOf(CancellationException.class);
            }
            assertThat(failureOf(pair.ours().sendFullyAsync(Bytes.direct(100))))
                    .hasMessageContaining(out.position() + " of " + HUGE);
            await(pair.ours().shutdownOutputAsync());
            assertThat(pair.readToEnd() + 1).isEqualTo(out.position());
        }
    }

    @Test
    void oneThatIsCancelledBeforeItsFirstByteCutsNothing() throws Exception {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            var gate = blockLoop(ring());
            Recorder<Integer> first = new Recorder<>();
            pair.ours().sendFully(Bytes.direct(message(0, 99, 10)), first);
            first.cancel(ring());
            RingFuture<Integer> second = pair.ours().sendFullyAsync(Bytes.direct(message(0, 0, 10)));
            gate.complete(null);
            boolean sent = outcomeOf(first.outcome()).isEmpty();
            await(second);
            if (!sent) {
                assertThat(readMessages(pair, 1, 1)).containsExactly(1);
            }
        }
    }

    @Test
    void closingFailsAllThatWait() throws Exception {
        try (TcpPair pair = TcpPair.accepted(ring());
                BufferPool pool = ring().bufferPool(1000, 50)) {
            List<RingFuture<Integer>> all = new ArrayList<>();
            all.add(pair.ours().sendFullyAsync(Bytes.direct(HUGE)));
            for (int i = 0; i < 50; i++) {
                try (RingBuffer lease = pool.acquire()) {
                    all.add(pair.ours().sendFullyAsync(lease));
                }
            }
            await(pair.ours().closeAsync());
            for (RingFuture<Integer> each : all) {
                assertThat(each).isDone();
                assertThat(failureOf(each)).isInstanceOf(AsynchronousCloseException.class);
                await(each.released());
            }
            assertThat(pool.available()).isEqualTo(50);
            assertThat(failureOf(pair.ours().sendFullyAsync(Bytes.direct(1))))
                    .isInstanceOf(java.nio.channels.ClosedChannelException.class);
        }
    }

    @Test
    void closingTheRingFailsAllThatWait() throws Exception {
        Ring own = open(options());
        TcpPair pair = TcpPair.accepted(own);
        List<RingFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(pair.ours().sendFullyAsync(Bytes.direct(HUGE / 10)));
        }
        onLoop(own, () -> null);
        await(own.closeAsync());
        List<Throwable> failures = new ArrayList<>();
        for (RingFuture<Integer> each : all) {
            assertThat(each).isDone();
            outcomeOf(each).ifPresent(failures::add);
            await(each.released());
        }
        assertThat(failures)
                .hasSizeGreaterThan(5)
                .allMatch(each -> each instanceof RingClosedException || each instanceof AsynchronousCloseException);
        pair.theirs().close();
    }

    @Test
    void peerThatResetsFailsAllThatWait() throws Exception {
        try (TcpPair pair = TcpPair.accepted(ring());
                BufferPool pool = ring().bufferPool(1000, 50)) {
            List<RingFuture<Integer>> all = new ArrayList<>();
            all.add(pair.ours().sendFullyAsync(Bytes.direct(HUGE)));
            for (int i = 0; i < 50; i++) {
                try (RingBuffer lease = pool.acquire()) {
                    all.add(pair.ours().sendFullyAsync(lease));
                }
            }
            pair.theirs().getInputStream().readNBytes(1);
            pair.reset();
            for (RingFuture<Integer> each : all) {
                assertThat(failureOf(each)).isInstanceOf(SocketException.class);
                await(each.released());
            }
            eventually("all leases are back", () -> pool.available() == 50);
        }
    }

    @Test
    void fileCopyTakesItsTurn() throws Exception {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 3_000_000)));
        try (TcpPair pair = TcpPair.accepted(ring())) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(pair.ours().sendFullyAsync(Bytes.direct(Bytes.content(2_000_000))));
                all.add(file.copyToAsync(0, 3_000_000, pair.ours()));
                all.add(pair.ours().sendFullyAsync(ByteBuffer.wrap(Bytes.content(10))));
            }
            for (int i = 0; i < 3; i++) {
                for (int length : new int[] {2_000_000, 3_000_000, 10}) {
                    assertThat(Arrays.equals(pair.theirs().getInputStream().readNBytes(length), Bytes.content(length)))
                            .as("%d bytes of round %d", length, i)
                            .isTrue();
                }
            }
            all.forEach(DriverContract::await);
        }
    }

    // Several buffers.

    @Test
    void severalBuffersGoOutOneAfterTheOther() throws Exception {
        byte[] content = Bytes.content(500_000);
        try (TcpPair pair = TcpPair.accepted(ring())) {
            ByteBuffer[] parts = {
                Bytes.direct(Arrays.copyOfRange(content, 0, 7)),
                ByteBuffer.allocate(0),
                ByteBuffer.wrap(content, 7, 200_000 - 7),
                ByteBuffer.wrap(content).asReadOnlyBuffer().position(200_000).limit(300_001),
                Bytes.direct(content).position(300_001),
            };
            RingFuture<Long> send = pair.ours().sendFullyAsync(parts);
            assertThat(Arrays.equals(pair.theirs().getInputStream().readNBytes(content.length), content))
                    .isTrue();
            assertThat(await(send)).isEqualTo(content.length);
            assertThat(parts).noneMatch(ByteBuffer::hasRemaining);
        }
    }

    @Test
    void thousandsOfBuffersAreSentWhole() throws Exception {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            ByteBuffer[] parts = new ByteBuffer[5000];
            for (int i = 0; i < parts.length; i++) {
                byte[] part = {Bytes.at(2 * i), Bytes.at(2 * i + 1)};
                parts[i] = i % 2 == 0 ? ByteBuffer.wrap(part) : Bytes.direct(part);
            }
            RingFuture<Long> send = pair.ours().sendFullyAsync(parts);
            assertThat(pair.theirs().getInputStream().readNBytes(10_000)).isEqualTo(Bytes.content(10_000));
            assertThat(await(send)).isEqualTo(10_000);
        }
    }

    @Test
    void oneSendOfSeveralBuffersTellsHowMuchWentOut() throws Exception {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            assertThat(await(pair.ours().sendAsync())).isZero();
            assertThat(await(pair.ours().sendAsync(ByteBuffer.allocate(0), Bytes.direct(0))))
                    .isZero();
            long total = 0;
            while (true) { // until a send has to wait, and is cut short or cancelled
                ByteBuffer first = Bytes.direct(Bytes.content(1_000_000));
                ByteBuffer second = Bytes.direct(Bytes.content(1_000_000));
                Recorder<Long> send = new Recorder<>();
                pair.ours().send(new ByteBuffer[] {first, second}, send);
                onLoop(ring(), () -> null);
                onLoop(ring(), () -> null);
                send.cancel(ring());
                if (outcomeOf(send.outcome()).isPresent()) {
                    assertThat(first.position() + second.position()).isZero();
                    break;
                }
                long bytes = await(send.outcome());
                assertThat(bytes).isPositive();
                assertThat(first.position()).isEqualTo((int) Math.min(bytes, 1_000_000));
                assertThat(second.position()).isEqualTo((int) Math.max(0, bytes - 1_000_000));
                total += bytes;
            }
            await(pair.ours().shutdownOutputAsync());
            assertThat(pair.readToEnd()).isEqualTo(total);
        }
    }
}
