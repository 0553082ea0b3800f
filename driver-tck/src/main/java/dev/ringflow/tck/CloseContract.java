package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingFuture;
import dev.ringflow.RingTask;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Closing: cancel, wait until the kernel has let go, close; and typed exceptions ever after. */
public abstract class CloseContract extends DriverContract {
    private static final byte CANARY = 0x5A;

    /** For subclasses. */
    protected CloseContract() {}

    // Files and sockets.

    @Test
    void closingASocketEndsAPendingReceiveAndThePeerSeesTheEnd() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingFuture<Integer> receive = pair.ours().receiveAsync(Bytes.direct(8));
            onLoop(ring(), () -> null);
            CompletableFuture<@Nullable Void> closed = pair.ours().closeAsync();
            assertThat(pair.ours().isOpen()).isFalse();
            assertThat(failureOf(receive)).isInstanceOf(AsynchronousCloseException.class);
            await(closed);
            assertThat(pair.theirs().getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void closingASocketEndsAPendingSend() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingFuture<Integer> send = pair.ours().sendFullyAsync(Bytes.direct(64 << 20));
            onLoop(ring(), () -> null);
            await(pair.ours().closeAsync());
            assertThat(failureOf(send)).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    void closingAServerSocketEndsAPendingAccept() {
        RingServerSocket server = await(ring().listenAsync(loopback()));
        RingFuture<RingSocket> accept = server.acceptAsync();
        onLoop(ring(), () -> null);
        await(server.closeAsync());
        assertThat(failureOf(accept)).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void closingAFileWaitsForWhatIsInFlight() {
        for (int i = 0; i < 200; i++) {
            RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a" + i, 4096)));
            List<RingFuture<Integer>> reads = new ArrayList<>();
            for (int k = 0; k < 16; k++) {
                reads.add(file.readAsync(Bytes.direct(4096), 0));
            }
            CompletableFuture<@Nullable Void> closed = file.closeAsync();
            for (RingFuture<Integer> each : reads) {
                outcomeOf(each)
                        .ifPresentOrElse(
                                why -> assertThat(why).isInstanceOf(ClosedChannelException.class),
                                () -> assertThat(each.join()).isEqualTo(4096));
            }
            await(closed);
            assertThat(failureOf(file.readAsync(Bytes.direct(1), 0))).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void closingDuringATransferInPiecesTellsThatItWasClosed() throws IOException {
        for (int i = 0; i < 50; i++) {
            try (TcpPair pair = TcpPair.accepted(ring())) {
                RingFuture<Integer> receive = pair.ours().receiveFullyAsync(ByteBuffer.allocate(1 << 20));
                pair.theirs().getOutputStream().write(new byte[1000]);
                await(pair.ours().closeAsync());
                assertThat(failureOf(receive)).isInstanceOf(ClosedChannelException.class);
            }
        }
    }

    @Test
    void fileClosedInItsOwnCallbackWhileMoreCompletionsOfItWait() {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 4096)));
        List<Recorder<Integer>> reads = new ArrayList<>();
        RingFuture<Integer> first = onLoop(ring(), () -> {
            RingFuture<Integer> one = file.readAsync(Bytes.direct(64), 0);
            one.thenRun(file::closeAsync);
            for (int i = 0; i < 20; i++) {
                Recorder<Integer> another = new Recorder<>();
                file.read(Bytes.direct(64), 0, another);
                reads.add(another);
            }
            return one;
        });
        assertThat(await(first)).isEqualTo(64);
        await(file.closeAsync());
        for (Recorder<Integer> each : reads) {
            outcomeOf(each.outcome()).ifPresent(why -> assertThat(why).isInstanceOf(ClosedChannelException.class));
            assertThat(each.told()).isOne();
        }
        assertThat(await(await(ring().openFileAsync(file.path())).readAsync(Bytes.direct(64), 0)))
                .isEqualTo(64);
    }

    @Test
    void closingAgainHasNoEffectAndWaitsAsWell() {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 1)));
        CompletableFuture<Void> gate = blockLoop(ring());
        CompletableFuture<@Nullable Void> first = file.closeAsync();
        CompletableFuture<@Nullable Void> second = file.closeAsync();
        assertThat(second).isNotDone();
        gate.complete(null);
        await(first);
        await(second);
        file.close();
        await(file.closeAsync());
    }

    @Test
    void whoeverCancelsTheFutureOfAnotherCloserDoesNotUndoClosing() {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 1)));
        file.closeAsync().cancel(false);
        await(file.closeAsync());
        eventually("nothing is open", () -> ring().metrics().openHandles() == 0);
    }

    // Rings.

    @Test
    void closingARingCompletesEveryFutureOnceAndNothingIsWrittenAfterwards() throws IOException {
        for (int round = 0; round < 20; round++) {
            Ring closing = open(options().entries(8));
            TcpPair pair = TcpPair.accepted(closing);
            RingFile file = await(closing.openFileAsync(Bytes.file(directory, "a" + round, 65_536)));
            List<Recorder<Integer>> all = new ArrayList<>();
            List<ByteBuffer> buffers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Recorder<Integer> recorder = new Recorder<>();
                ByteBuffer buffer = Bytes.direct(512);
                if (i % 2 == 0) {
                    pair.ours().receive(buffer, recorder);
                } else {
                    file.read(buffer, i * 512L, recorder);
                }
                buffers.add(buffer);
                all.add(recorder);
            }
            await(closing.closeAsync());
            all.forEach(each -> assertThat(each.told()).isOne());
            buffers.forEach(each -> Bytes.fill(each, CANARY));
            try {
                pair.theirs().getOutputStream().write(Bytes.content(50_000));
                pair.theirs().getOutputStream().write(Bytes.content(50_000));
            } catch (IOException theRingsEndIsClosed) {
                assertThat(theRingsEndIsClosed).isNotNull();
            }
            for (Recorder<Integer> each : all) {
                outcomeOf(each.outcome())
                        .ifPresent(why -> assertThat(why)
                                .isInstanceOfAny(RingClosedException.class, ClosedChannelException.class));
                assertThat(each.told()).isOne();
            }
            buffers.forEach(each -> Bytes.assertAll(each, 0, 512, CANARY));
            pair.theirs().close();
        }
    }

    @Test
    void closingARingClosesItsFilesAndSockets() throws IOException {
        Ring closing = open(options());
        TcpPair pair = TcpPair.accepted(closing);
        RingServerSocket server = await(closing.listenAsync(loopback()));
        RingFile file = await(closing.openFileAsync(Bytes.file(directory, "a", 1)));
        closing.close();
        assertThat(pair.theirs().getInputStream().read()).isEqualTo(-1);
        assertThat(pair.ours().isOpen()).isFalse();
        assertThat(server.isOpen()).isFalse();
        assertThat(file.isOpen()).isFalse();
        assertThat(closing.metrics().openHandles()).isZero();
        await(file.closeAsync());
        pair.close();
        server.close();
    }

    @Test
    void ringCanBeClosedFromItsOwnLoopAndFromManyThreads() {
        Ring closing = open(options());
        RingFuture<RingFile> opened = closing.openFileAsync(Bytes.file(directory, "a", 1));
        await(opened);
        closing.execute(closing::close);
        List<CompletableFuture<Void>> closers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            closers.add(OwnThread.run(closing::close));
        }
        closers.forEach(DriverContract::await);
        await(closing.closeAsync());
        assertThat(closing.metrics().openHandles()).isZero();
    }

    @Test
    void operationsHandedInWhileTheRingClosesAllComplete() {
        for (int round = 0; round < 100; round++) {
            Ring closing = open(options());
            RingFile file = await(closing.openFileAsync(Bytes.file(directory, "a" + round, 64)));
            List<CompletableFuture<Integer>> threads = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                threads.add(OwnThread.supply(() -> handInUntilRefused(file)));
            }
            closing.closeAsync();
            threads.forEach(each -> assertThat(await(each)).isNotNegative());
            await(closing.closeAsync());
        }
    }

    private static int handInUntilRefused(RingFile file) {
        int completed = 0;
        while (true) {
            var why = outcomeOf(file.readAsync(Bytes.direct(8), 0)).orElse(null);
            if (why instanceof RingClosedException) {
                return completed;
            }
            assertThat(why == null || why instanceof ClosedChannelException)
                    .as(String.valueOf(why))
                    .isTrue();
            completed++;
        }
    }

    @Test
    void tasksHandedInWhileTheRingClosesAreRunOrRejected() {
        for (int round = 0; round < 200; round++) {
            Ring closing = open(options());
            AtomicInteger taken = new AtomicInteger();
            AtomicInteger run = new AtomicInteger();
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                threads.add(OwnThread.run(() -> {
                    try {
                        for (int i = 0; i < 2000; i++) {
                            closing.execute(run::incrementAndGet);
                            taken.incrementAndGet();
                        }
                    } catch (RejectedExecutionException closed) {
                        assertThat(closed).hasCauseInstanceOf(RingClosedException.class);
                    }
                }));
            }
            closing.close();
            threads.forEach(DriverContract::await);
            assertThat(run.get()).isEqualTo(taken.get());
        }
    }

    @Test
    void operationsStartedByTasksAtTheVeryEndAreTold() {
        for (int round = 0; round < 200; round++) {
            Ring closing = open(options());
            List<CompletableFuture<RingFuture<RingFile>>> started = new ArrayList<>();
            closing.closeAsync();
            try {
                for (int i = 0; i < 300; i++) {
                    CompletableFuture<RingFuture<RingFile>> one = new CompletableFuture<>();
                    closing.execute(() -> one.complete(closing.openFileAsync(directory.resolve("none"))));
                    started.add(one);
                }
            } catch (RejectedExecutionException closed) {
                assertThat(closed).isNotNull();
            }
            for (CompletableFuture<RingFuture<RingFile>> each : started) {
                assertThat(failureOf(await(each))).isNotNull();
            }
        }
    }

    @Test
    void timersThatWaitAreToldThatTheRingIsClosed() {
        Ring closing = open(options());
        AtomicInteger run = new AtomicInteger();
        CompletableFuture<RingClosedException> told = new CompletableFuture<>();
        closing.schedule(Duration.ofDays(1), run::incrementAndGet);
        closing.schedule(Duration.ofDays(1), new RingTask() {
            @Override
            public void run() {
                run.incrementAndGet();
            }

            @Override
            public void abandoned(RingClosedException why) {
                told.complete(why);
            }
        });
        closing.close();
        assertThat(await(told)).hasMessageContaining("closed");
        assertThat(run).hasValue(0);
    }

    @Test
    void everyPublicMethodOfAClosedRingFailsWithATypedException() throws Exception {
        Ring closed = open(options());
        RingFile file = await(closed.openFileAsync(
                Bytes.file(directory, "a", 10), StandardOpenOption.READ, StandardOpenOption.WRITE));
        RingServerSocket server = await(closed.listenAsync(loopback()));
        TcpPair pair = TcpPair.accepted(closed);
        RingSocket socket = pair.ours();
        BufferPool pool = closed.bufferPool(64, 4);
        RingBuffer lease = pool.acquire();
        RingBuffer returned = pool.acquire();
        returned.close();
        await(closed.closeAsync());
        assertFuturesFail(closed, file, server, socket, lease);
        assertCallsFail(closed, file, server, socket);

        // what asks nothing of the kernel goes on
        assertThat(closed.driver()).isEqualTo(driverName());
        assertThat(closed.capabilities().driver()).isEqualTo(driverName());
        assertThat(closed.metrics().openHandles()).isZero();
        assertThat(closed.isLoopThread()).isFalse();
        assertThat(closed).hasToString(closed.toString());
        assertThat(file.toString() + server + socket + pool + lease).contains("closed");
        closed.close();
        await(file.closeAsync());
        await(server.closeAsync());
        await(socket.closeAsync());
        server.connectionStream().close();
        lease.close();
        assertThat(pool.available()).isEqualTo(4);
        pool.close();
        pair.theirs().close();
    }

    private void assertFuturesFail(
            Ring closed, RingFile file, RingServerSocket server, RingSocket socket, RingBuffer lease) {
        ByteBuffer direct = Bytes.direct(8);
        ByteBuffer heap = ByteBuffer.allocate(8);
        Path path = directory.resolve("b");
        SocketAddress address = server.localAddress();
        Map<String, CompletableFuture<?>> futures = new java.util.LinkedHashMap<>();
        futures.put("openFile", closed.openFileAsync(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
        futures.put("listen", closed.listenAsync(loopback()));
        futures.put("connect", closed.connectAsync(address));
        futures.put("read", file.readAsync(direct, 0));
        futures.put("read heap", file.readAsync(heap, 0));
        futures.put("read lease", file.readAsync(lease, 0));
        futures.put("readFully", file.readFullyAsync(direct, 0));
        futures.put("write", file.writeAsync(direct, 0));
        futures.put("write heap", file.writeAsync(heap, 0));
        futures.put("write lease", file.writeAsync(lease, 0));
        futures.put("writeFully", file.writeFullyAsync(direct, 0));
        futures.put("writeFully lease", file.writeFullyAsync(lease, 0));
        futures.put("sync", file.syncAsync());
        futures.put("syncData", file.syncDataAsync());
        futures.put("stat", file.statAsync());
        futures.put("size", file.sizeAsync());
        futures.put("truncate", file.truncateAsync(0));
        futures.put("accept", server.acceptAsync());
        futures.put("receive", socket.receiveAsync(direct));
        futures.put("receive nothing", socket.receiveAsync(Bytes.direct(0)));
        futures.put("receiveFully", socket.receiveFullyAsync(heap));
        futures.put("send", socket.sendAsync(direct));
        futures.put("sendFully", socket.sendFullyAsync(heap));
        futures.put("shutdownOutput", socket.shutdownOutputAsync());
        Recorder<RingSocket> next = new Recorder<>();
        server.connectionStream().next(next);
        futures.put("next", next.outcome());
        futures.forEach(
                (name, future) -> assertThat(failureOf(future)).as(name).isInstanceOf(RingClosedException.class));
        assertThat(path).doesNotExist();
        assertThat(direct.position()).isZero();
        assertThat(heap.position()).isZero();
    }

    private static void assertCallsFail(Ring closed, RingFile file, RingServerSocket server, RingSocket socket) {
        assertThatThrownBy(() -> closed.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasCauseInstanceOf(RingClosedException.class);
        List<ThrowingCallable> calls = List.of(
                () -> closed.schedule(Duration.ZERO, () -> {}),
                () -> closed.scheduleNanos(0, () -> {}),
                () -> closed.bufferPool(64, 4),
                () -> BufferPool.create(closed, 64, 4));
        calls.forEach(each -> assertThatThrownBy(each).isInstanceOf(RingClosedException.class));
        assertThatThrownBy(socket::localAddress).isInstanceOf(ClosedChannelException.class);
        assertThat(server.localAddress()).isNotNull();
        assertThat(file.isOpen()).isFalse();
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        server.connectionsPublisher().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(1);
            }

            @Override
            public void onNext(RingSocket connection) {
                refused.completeExceptionally(new AssertionError("a connection of a closed ring"));
            }

            @Override
            public void onError(Throwable why) {
                refused.complete(why);
            }

            @Override
            public void onComplete() {
                refused.completeExceptionally(new AssertionError("completed"));
            }
        });
        assertThat(await(refused)).isInstanceOf(RingClosedException.class);
    }

    @Test
    void wakingUpAndRegisteringAfterTheEndReachesNobody() {
        Ring closed = open(options());
        BufferPool pool = closed.bufferPool(64, 4);
        closed.close();
        for (int i = 0; i < 1000; i++) {
            closed.unsafeDriver().wakeup();
        }
        pool.close();
        assertThat(closed.unsafeDriver().fault()).isNull();
    }
}
