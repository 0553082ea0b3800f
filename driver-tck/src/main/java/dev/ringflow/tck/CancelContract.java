package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.file.RingFile;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Cancelling is a request: the operation's own completion is the truth, and memory is the kernel's until then. */
public abstract class CancelContract extends DriverContract {
    private static final byte CANARY = (byte) 0xA5;

    /** For subclasses. */
    protected CancelContract() {}

    private static ByteBuffer canary(int length) {
        ByteBuffer buffer = Bytes.direct(length);
        Bytes.fill(buffer, CANARY);
        return buffer;
    }

    /** After 128 wake-ups for nothing the kernel lets a worker thread wait, and a cancellation can miss that one. */
    @Test
    void receiveThatWasWokenAgainAndAgainForNothingIsCancelled() throws IOException {
        for (int round = 0; round < 30; round++) {
            try (TcpPair pair = TcpPair.accepted(ring())) {
                RingFuture<Integer> starved = pair.ours().receiveAsync(Bytes.direct(1));
                for (int i = 0; i < 130 && !starved.isDone(); i++) {
                    RingFuture<Integer> fed = pair.ours().receiveAsync(Bytes.direct(1));
                    pair.theirs().getOutputStream().write(1);
                    await(CompletableFuture.anyOf(fed, starved));
                }
                starved.cancel(false);
                await(starved.released());
            }
        }
    }

    @Test
    void cancelledReceiveLetsGoOfItsBufferAndLeavesTheBytesForTheNext() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            for (int i = 0; i < 100; i++) {
                ByteBuffer abandoned = canary(64);
                RingFuture<Integer> receive = pair.ours().receiveAsync(abandoned);
                assertThat(receive.cancel(false)).isTrue();
                assertThat(receive).isCancelled();
                await(receive.released());

                pair.theirs().getOutputStream().write(Bytes.content(64));
                assertThat(await(pair.ours().receiveFullyAsync(Bytes.direct(64))))
                        .isEqualTo(64);
                Bytes.assertAll(abandoned, 0, 64, CANARY);
                assertThat(abandoned.position()).isZero();
            }
        }
    }

    @Test
    void callbackOfACancelledOperationIsToldOnceAndAfterTheKernelLetGo() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Recorder<Integer> receive = new Recorder<>();
            pair.ours().receive(canary(8), receive);
            receive.cancel(ring());
            receive.cancel(ring());
            assertThat(failureOf(receive.outcome())).isInstanceOf(CancellationException.class);
            receive.cancel(ring());
            onLoop(ring(), () -> null);
            assertThat(receive.told()).isOne();
        }
    }

    @Test
    void cancelRacingCompletionDeliversExactlyOneResultAndLosesNoByte() throws Exception {
        Random random = new Random(26);
        int rounds = 2000;
        try (TcpPair pair = TcpPair.accepted(ring())) {
            CompletableFuture<Void> sender = OwnThread.run(() -> trickle(pair, rounds * 16, new Random(7)));
            int received = 0;
            while (received < rounds * 16) {
                ByteBuffer buffer = canary(32 + 16);
                buffer.position(8).limit(8 + 1 + random.nextInt(32));
                Recorder<Integer> receive = new Recorder<>();
                pair.ours().receive(buffer, receive);
                spin(random.nextInt(20_000));
                receive.cancel(ring());
                Optional<Throwable> failure = outcomeOf(receive.outcome());
                int bytes = failure.isPresent() ? 0 : receive.outcome().join();
                failure.ifPresent(why -> assertThat(why).isInstanceOf(CancellationException.class));
                assertThat(receive.told()).isOne();
                assertThat(bytes).isNotNegative();
                assertThat(buffer.position()).isEqualTo(8 + bytes);
                for (int i = 0; i < bytes; i++) {
                    assertThat(buffer.get(8 + i)).isEqualTo(Bytes.at(received + i));
                }
                Bytes.assertAll(buffer, 0, 8, CANARY);
                Bytes.assertAll(buffer, 8 + bytes, buffer.capacity(), CANARY);
                received += bytes;
            }
            await(sender);
        }
    }

    private static void trickle(TcpPair pair, int total, Random random) {
        try {
            for (int sent = 0; sent < total; ) {
                int next = Math.min(total - sent, 1 + random.nextInt(40));
                byte[] piece = new byte[next];
                for (int i = 0; i < next; i++) {
                    piece[i] = Bytes.at(sent + i);
                }
                pair.theirs().getOutputStream().write(piece);
                sent += next;
                spin(random.nextInt(20_000));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void spin(int nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void memoryIsNotTouchedAfterItWasReleased() throws IOException {
        Random random = new Random(733);
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 1 << 20)));
        for (int i = 0; i < 500; i++) {
            List<ByteBuffer> buffers = new ArrayList<>();
            List<RingFuture<Integer>> reads = new ArrayList<>();
            for (int k = 0; k < 8; k++) {
                ByteBuffer buffer = Bytes.direct(16_384);
                buffers.add(buffer);
                reads.add(file.readAsync(buffer, random.nextInt(1 << 20)));
            }
            spin(random.nextInt(50_000));
            reads.forEach(each -> each.cancel(false));
            reads.forEach(each -> await(each.released()));
            buffers.forEach(each -> Bytes.fill(each, CANARY));
            await(file.readAsync(Bytes.direct(16_384), 0));
            buffers.forEach(each -> Bytes.assertAll(each, 0, each.capacity(), CANARY));
        }
    }

    @Test
    void operationCancelledBeforeItWasHandedInNeverReachesTheKernel() throws IOException {
        RingFile file = await(
                ring().openFileAsync(Bytes.file(directory, "a", 8), StandardOpenOption.READ, StandardOpenOption.WRITE));
        ByteBuffer untouched = canary(8);
        Recorder<Integer> read = cancelledAtOnce();
        Recorder<Integer> write = cancelledAtOnce();
        Recorder<RingFile> open = cancelledAtOnce();
        file.read(untouched, 0, read);
        onLoop(ring(), () -> {
            file.write(canary(8), 0, write);
            RingFile.open(ring(), file.path(), open);
            return null;
        });
        for (Recorder<?> each : List.of(read, write, open)) {
            assertThat(failureOf(each.outcome())).isInstanceOf(CancellationException.class);
            assertThat(each.told()).isOne();
        }
        Bytes.assertAll(untouched, 0, 8, CANARY);
        assertThat(file.path()).hasBinaryContent(Bytes.content(8));
        assertThat(ring().metrics().openHandles()).isOne();
    }

    private static <T> Recorder<T> cancelledAtOnce() {
        return new Recorder<>() {
            @Override
            public void submitted(Ring ring, Operation operation, int activation) {
                ring.cancel(operation, activation);
            }
        };
    }

    @Test
    void operationsCancelledWhileTheyWaitForTheLoopEndEitherWay() throws IOException {
        Path path = Bytes.file(directory, "a", 8);
        RingFile file = await(ring().openFileAsync(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        CompletableFuture<Void> gate = blockLoop(ring());
        List<RingFuture<?>> cancelled = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            cancelled.add(file.writeAsync(Bytes.direct(Bytes.content(8)), 0));
            cancelled.add(file.readAsync(canary(8), 0));
            cancelled.add(ring().openFileAsync(path));
        }
        cancelled.forEach(each -> each.cancel(true));
        gate.complete(null);
        cancelled.forEach(each -> await(each.released()));
        assertThat(path).hasBinaryContent(Bytes.content(8));
        eventually("one file is open", () -> ring().metrics().openHandles() == 1);
    }

    @Test
    void staleCancelOfARecycledOperationHitsNobody() throws IOException {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 8)));
        try (TcpPair pair = TcpPair.accepted(ring())) {
            for (int i = 0; i < 300; i++) {
                List<Recorder<Integer>> ended = new ArrayList<>();
                Recorder<Integer> waiting = new Recorder<>();
                onLoop(ring(), () -> {
                    for (int k = 0; k < 8; k++) {
                        Recorder<Integer> read = new Recorder<>();
                        file.read(Bytes.direct(8), 0, read);
                        ended.add(read);
                    }
                    return null;
                });
                ended.forEach(each -> await(each.outcome()));
                onLoop(ring(), () -> {
                    pair.ours().receive(Bytes.direct(1), waiting); // in a recycled object
                    ended.forEach(each -> each.cancel(ring()));
                    return null;
                });
                ended.forEach(each -> each.cancel(ring()));
                pair.theirs().getOutputStream().write(1);
                assertThat(await(waiting.outcome())).isEqualTo(1);
            }
        }
    }

    @Test
    void cancellingGetsThroughWhenTheQueuesAreFull() throws IOException {
        Ring small = open(options().entries(4).completionEntries(8));
        try (TcpPair pair = TcpPair.accepted(small)) {
            List<RingFuture<Integer>> receives = new ArrayList<>();
            CompletableFuture<Void> gate = blockLoop(small);
            ByteBuffer memory = canary(3000);
            for (int i = 0; i < 3000; i++) {
                receives.add(pair.ours().receiveAsync(memory.slice(i, 1)));
            }
            receives.forEach(each -> each.cancel(false));
            gate.complete(null);
            receives.forEach(each -> await(each.released()));
            pair.theirs().getOutputStream().write(new byte[100]);
            await(pair.ours().receiveFullyAsync(Bytes.direct(100)));
            Bytes.assertAll(memory, 0, 3000, CANARY);
        }
    }

    @Test
    void cancellingManyReceivesInFlightReleasesAll() throws IOException {
        Ring small = open(options().entries(8));
        try (TcpPair pair = TcpPair.accepted(small)) {
            List<RingFuture<Integer>> receives = new ArrayList<>();
            ByteBuffer memory = canary(2000);
            for (int i = 0; i < 2000; i++) {
                receives.add(pair.ours().receiveAsync(memory.slice(i, 1)));
            }
            onLoop(small, () -> null);
            small.execute(() -> receives.forEach(each -> each.cancel(false)));
            receives.forEach(each -> await(each.released()));
            assertThat(small.metrics().inFlight()).isZero();
        }
    }

    // A future that somebody else completed.

    @Test
    void futureCompletedByHandIsReleasedOnlyWhenTheKernelLetsGo() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            ByteBuffer buffer = canary(8);
            RingFuture<Integer> receive = pair.ours().receiveAsync(buffer);
            receive.complete(42);
            onLoop(ring(), () -> null);
            assertThat(receive.released()).isNotDone();
            pair.theirs().getOutputStream().write(Bytes.content(3));
            await(receive.released());
            assertThat(receive.join()).isEqualTo(42);
            assertThat(Bytes.filled(buffer)).isEqualTo(Bytes.content(3));
        }
    }

    @Test
    void futureThatTimedOutIsNotReleasedBeforeTheKernelLetsGo() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingFuture<Integer> receive = pair.ours().receiveAsync(canary(8));
            receive.orTimeout(1, TimeUnit.MILLISECONDS);
            assertThat(failureOf(receive)).isInstanceOf(TimeoutException.class);
            onLoop(ring(), () -> null);
            assertThat(receive.released()).isNotDone();
            await(pair.ours().closeAsync());
            await(receive.released());
        }
    }

    @Test
    void fileOpenedForNobodyIsClosed() {
        Path path = Bytes.file(directory, "a", 8);
        for (int i = 0; i < 300; i++) {
            RingFuture<RingFile> open = ring().openFileAsync(path);
            boolean unwanted =
                    i % 2 == 0 ? open.cancel(false) : open.completeExceptionally(new CancellationException());
            await(open.released());
            if (!unwanted) {
                await(open.join().closeAsync());
            }
        }
        eventually("nothing is left open", () -> ring().metrics().openHandles() == 0);
    }

    @Test
    void connectionMadeForNobodyIsClosed() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 200; i++) {
                var connect = ring().connectAsync((InetSocketAddress) server.getLocalSocketAddress());
                boolean unwanted = connect.completeExceptionally(new CancellationException());
                await(connect.released());
                try (Socket peer = server.accept()) {
                    peer.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
                    if (!unwanted) {
                        await(connect.join().closeAsync());
                    }
                    assertThat(peer.getInputStream().read()).isEqualTo(-1);
                }
            }
        }
        eventually("nothing is left open", () -> ring().metrics().openHandles() == 0);
    }

    @Test
    void connectThatHangsCanBeCancelled() throws IOException {
        // a server that never accepts: when its backlog is full, the kernel leaves further connections waiting
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<RingFuture<RingSocket>> connects = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                connects.add(ring().connectAsync((InetSocketAddress) server.getLocalSocketAddress()));
            }
            for (RingFuture<RingSocket> each : connects) {
                if (!each.cancel(false)) {
                    await(each.join().closeAsync());
                }
                await(each.released());
            }
        }
        eventually("nothing is left open", () -> ring().metrics().openHandles() == 0);
    }

    @Test
    void everyKindOfOperationOnSocketsCanBeCancelled() throws IOException {
        RingServerSocket server = await(ring().listenAsync(loopback()));
        RingFuture<RingSocket> accept = server.acceptAsync();
        try (TcpPair pair = TcpPair.connected(ring())) {
            RingFuture<Integer> receive = pair.ours().receiveFullyAsync(Bytes.direct(10));
            RingFuture<Integer> send = pair.ours().sendFullyAsync(Bytes.direct(64 << 20));
            for (RingFuture<?> each : List.of(accept, receive, send)) {
                onLoop(ring(), () -> null);
                assertThat(each.cancel(false)).isTrue();
                await(each.released());
            }
        }
    }
}
