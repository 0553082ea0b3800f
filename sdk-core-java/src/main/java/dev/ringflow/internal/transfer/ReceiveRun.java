package dev.ringflow.internal.transfer;

import dev.ringflow.RingCallback;
import dev.ringflow.file.ChunkRange;
import dev.ringflow.file.FileHash;
import dev.ringflow.file.TransferException;
import dev.ringflow.file.TransferOptions;
import dev.ringflow.file.TransferProgress.Phase;
import dev.ringflow.file.TransferResult;
import dev.ringflow.net.RingSocket;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Receives a file from a peer that is not trusted. */
public final class ReceiveRun extends TransferRun<TransferResult> {
    private static final long BUDGET = 64L << 20;

    private final Path requested;
    private final PeerSocket peer;
    private boolean greeted;
    private boolean said;
    private @Nullable Hello hello;
    private @Nullable ChunkHasher hasher;
    private @Nullable Landing landing;
    private @Nullable ChunkSlots slots;
    private @Nullable ChunkReceiver chunks;

    /**
     * Prepares it.
     *
     * @param socket to the peer
     * @param target name or directory
     * @param options how
     * @param callback whom to tell
     */
    public ReceiveRun(RingSocket socket, Path target, TransferOptions options, RingCallback<TransferResult> callback) {
        super(socket.ring(), options, callback);
        this.requested = Objects.requireNonNull(target, "target");
        this.peer = new PeerSocket(this, socket);
    }

    @Override
    CompletableFuture<TransferResult> work() {
        peer.watch();
        CompletableFuture<Hello> offered = greet();
        CompletableFuture<Target> chosen = then(offered, offer -> {
            hello = offer;
            peer.beginBeats();
            return slowly(() -> Target.choose(
                    null, requested, Path.of(offer.name()), options().overwrite()));
        });
        CompletableFuture<@Nullable Void> landed = then(chosen, target -> {
            ChunkHasher by = new ChunkHasher(hello().identity().algorithm());
            Landing made = new Landing(this, by);
            hasher = by;
            landing = made;
            return made.open(target, hello().identity());
        });
        CompletableFuture<@Nullable Void> checked = then(landed, nothing -> check());
        CompletableFuture<byte[]> received = then(checked, nothing -> receive());
        CompletableFuture<FileHash> hashed = then(received, this::compareRoots);
        return then(
                hashed,
                hash -> landing()
                        .finish(slots, hello().permissions(), hello().modified())
                        .thenCompose(durable -> {
                            said = true;
                            peer.endBeats();
                            TransferResult result = new TransferResult(
                                    landing().path(),
                                    hash,
                                    chunks().bytesMoved(),
                                    landing().bytesKept(),
                                    chunks().bytesSkipped(),
                                    durable,
                                    meter().elapsed());
                            return peer.send(Reply.simple(Reply.Kind.DONE)).handle((nothing, lost) -> result);
                        }));
    }

    private Hello hello() {
        return Objects.requireNonNull(hello);
    }

    private Landing landing() {
        return Objects.requireNonNull(landing);
    }

    private ChunkReceiver chunks() {
        return Objects.requireNonNull(chunks);
    }

    private CompletableFuture<Hello> greet() {
        ByteBuffer fixed = ByteBuffer.allocateDirect(Hello.LENGTH);
        CompletableFuture<ByteBuffer> begun = peer.receive(fixed).exceptionallyCompose(failure -> {
            Throwable reason = cause(failure);
            boolean nothingCame = reason instanceof EOFException && fixed.position() == 0;
            return CompletableFuture.failedFuture(
                    nothingCame || !(reason instanceof EOFException)
                            ? reason
                            : new TransferException("The sender hung up before it had said what it sends", reason));
        });
        return then(begun, bytes -> {
                    greeted = true;
                    try {
                        return peer.receive(ByteBuffer.allocateDirect(Hello.nameLength(bytes)));
                    } catch (TransferException e) {
                        return CompletableFuture.failedFuture(e);
                    }
                })
                .thenCompose(name -> {
                    try {
                        return CompletableFuture.completedFuture(
                                Hello.decode(fixed, name, options().maxSize()));
                    } catch (TransferException e) {
                        return CompletableFuture.failedFuture(e);
                    }
                });
    }

    private CompletableFuture<@Nullable Void> check() {
        Geometry geometry = hello().identity().geometry();
        if (geometry.count() == 0) {
            return done();
        }
        ChunkSlots made = new ChunkSlots(
                this, ring(), geometry.length(0), geometry.count(), options().depth(), BUDGET, 0);
        slots = made;
        return landing().check(made);
    }

    private CompletableFuture<byte[]> receive() {
        peer.endBeats();
        List<ChunkRange> ranges = landing().lacks(Reply.MOST_RANGES);
        ChunkTable table = landing().table();
        Geometry geometry = table.geometry();
        meter().begin(Phase.MOVING, geometry.size() - table.bytes(), geometry.count() - table.count());
        ChunkReceiver receiver = new ChunkReceiver(this, peer, landing(), Objects.requireNonNull(hasher), slots);
        chunks = receiver;
        return then(peer.send(Reply.lacks(ranges)), nothing -> receiver.start(ranges));
    }

    private CompletableFuture<FileHash> compareRoots(byte[] root) {
        peer.beginBeats();
        ChunkHasher by = Objects.requireNonNull(hasher);
        return slowly(() -> by.of(landing().table(), null)).thenCompose(hash -> {
            if (Arrays.equals(hash.root(), root)) {
                return CompletableFuture.completedFuture(hash);
            }
            landing().spoiled();
            return CompletableFuture.failedFuture(
                    new TransferException(
                            "All chunks of " + landing().path()
                                    + " came as they should, but the root of their hashes is not what the sender says. Send it again."));
        });
    }

    @Override
    void interrupt() {
        if (landing != null) {
            landing.interrupt();
        }
        peer.endBeats();
        if (!greeted || said) {
            peer.close();
            return;
        }
        said = true;
        peer.closeSoon();
        Throwable reason = failure();
        String text = reason instanceof java.util.concurrent.CancellationException
                ? "it was cancelled"
                : String.valueOf(reason);
        peer.send(Reply.failed(text)).whenComplete((nothing, lost) -> peer.close());
    }

    @Override
    CompletableFuture<@Nullable Void> release(@Nullable Throwable reason) {
        if (slots != null) {
            slots.close();
        }
        peer.rest();
        return (landing == null ? done() : landing.release(reason))
                .thenCompose(nothing -> reason == null ? done() : peer.closed());
    }

    @Override
    void abandon() {
        if (landing != null) {
            landing.abandon();
        }
    }

    @Override
    public String toString() {
        return "Receiving into " + requested;
    }
}
