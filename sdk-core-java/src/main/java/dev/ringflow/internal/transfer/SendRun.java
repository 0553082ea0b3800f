package dev.ringflow.internal.transfer;

import dev.ringflow.RingCallback;
import dev.ringflow.RingClosedException;
import dev.ringflow.file.HashAlgorithm;
import dev.ringflow.file.SourceChangedException;
import dev.ringflow.file.TransferException;
import dev.ringflow.file.TransferOptions;
import dev.ringflow.file.TransferProgress.Phase;
import dev.ringflow.file.TransferResult;
import dev.ringflow.net.RingSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sends a file to a peer. */
public final class SendRun extends TransferRun<TransferResult> {
    private static final long BUDGET = 256L << 20;
    private static final long LAST_WORDS_NANOS = 2_000_000_000L;
    private static final int HEADERS_AT_ONCE = 512;

    private final Path source;
    private final Origin origin;
    private final ChunkHasher hasher;
    private final PeerSocket peer;
    private final PeerReplies replies;
    private final ArrayDeque<ChunkSlot> ready = new ArrayDeque<>();
    private boolean sending;
    private boolean said;
    private boolean greeted;
    private BitSet missing = new BitSet();
    private @Nullable ChunkTable table;
    private @Nullable ChunkSlots slots;
    private long bytesMoved;
    private long bytesKept;
    private long bytesSkipped;

    /**
     * Prepares it.
     *
     * @param socket to the peer
     * @param source what is sent
     * @param options how
     * @param callback whom to tell
     */
    public SendRun(RingSocket socket, Path source, TransferOptions options, RingCallback<TransferResult> callback) {
        super(socket.ring(), options, callback);
        this.source = Objects.requireNonNull(source, "source");
        this.origin = new Origin(this, source);
        this.hasher = new ChunkHasher(options.hash());
        this.peer = new PeerSocket(this, socket);
        this.replies = new PeerReplies(this, peer);
    }

    @Override
    CompletableFuture<TransferResult> work() {
        CompletableFuture<@Nullable Void> opened = origin.open(options().sparse());
        CompletableFuture<Geometry> prepared = then(opened, nothing -> slowly(() -> hasher.prepare(origin.geometry())));
        CompletableFuture<BitSet> asked = then(prepared, geometry -> {
            peer.watch();
            greeted = true;
            String name = String.valueOf(source.getFileName());
            Hello hello = new Hello(origin.identity(), origin.stat().permissions(), name);
            return peer.send(hello.encode()).thenCompose(nothing -> replies.start(geometry));
        });
        CompletableFuture<@Nullable Void> sent = then(asked, lacking -> {
            missing = lacking;
            return sendChunks();
        });
        CompletableFuture<@Nullable Void> unchanged = then(sent, nothing -> origin.requireUnchanged());
        return then(
                unchanged,
                nothing -> slowly(() -> hasher.of(table(), null)).thenCompose(hash -> {
                    ByteBuffer end = ByteBuffer.allocateDirect(Frame.LENGTH);
                    Frame.put(end, Frame.Kind.END, table().geometry().count(), 0, hash.root());
                    said = true;
                    meter().begin(Phase.FINISHING, hash.size(), hash.chunkCount());
                    return peer.send(end.flip())
                            .handle((ok, lost) -> replies.outcome()) // what the peer says counts, also when it hung up
                            .thenCompose(outcome -> outcome)
                            .thenApply(done -> new TransferResult(
                                    source, hash, bytesMoved, bytesKept, bytesSkipped, true, meter().elapsed()));
                }));
    }

    private ChunkTable table() {
        return Objects.requireNonNull(table);
    }

    private CompletableFuture<@Nullable Void> sendChunks() {
        Geometry geometry = origin.geometry();
        ChunkTable sent = new ChunkTable(geometry);
        table = sent;
        meter().begin(Phase.MOVING, geometry.size(), geometry.count());
        if (geometry.count() == 0) {
            return done();
        }
        ChunkSlots made = new ChunkSlots(
                this, ring(), geometry.length(0), geometry.count(), options().depth(), BUDGET, ChunkSlot.BLOCK);
        slots = made;
        CompletableFuture<@Nullable Void> holes = sendHoles(0);
        return then(
                holes,
                nothing -> new ChunkPump(
                                this,
                                made,
                                geometry,
                                sent::nextMissing,
                                slot -> origin.readAndHash(slot, hasher, this::enqueue))
                        .start());
    }

    /** The headers of holes, which need no reading. */
    private CompletableFuture<@Nullable Void> sendHoles(int from) {
        Geometry geometry = table().geometry();
        ByteBuffer headers = ByteBuffer.allocateDirect(HEADERS_AT_ONCE * Frame.LENGTH);
        long bytes = 0;
        int index = from;
        for (; index < geometry.count() && headers.hasRemaining(); index++) {
            if (origin.isHole(index)) {
                int length = geometry.length(index);
                byte[] hash = hasher.zeros(length);
                boolean lacks = missing.get(index);
                Frame.put(headers, lacks ? Frame.Kind.HOLE : Frame.Kind.KEPT, index, length, hash);
                table().put(index, hash);
                bytes += length;
                bytesKept += lacks ? 0 : length;
                bytesSkipped += lacks ? length : 0;
            }
        }
        int count = headers.position() / Frame.LENGTH;
        if (count == 0) {
            return done();
        }
        int next = index;
        long sent = bytes;
        return then(peer.send(headers.flip()), nothing -> {
            meter().done(sent, count);
            return sendHoles(next);
        });
    }

    private void enqueue(ChunkSlot slot) {
        ready.add(slot);
        sendNext();
    }

    private void sendNext() {
        if (sending) {
            return;
        }
        ChunkSlot slot = ready.poll();
        if (slot == null) {
            return;
        }
        if (hasFailed()) {
            slot.abandon();
            sendNext();
            return;
        }
        boolean lacks = missing.get(slot.index());
        boolean zeros = slot.isZero() && options().sparse();
        Frame.Kind kind = !lacks ? Frame.Kind.KEPT : zeros ? Frame.Kind.HOLE : Frame.Kind.CHUNK;
        table().put(slot.index(), slot.hash());
        if (kind == Frame.Kind.CHUNK) {
            bytesMoved += slot.length();
        } else if (kind == Frame.Kind.HOLE) {
            bytesSkipped += slot.length();
        } else {
            bytesKept += slot.length();
        }
        ByteBuffer header = slot.header(Frame.LENGTH);
        Frame.put(header, kind, slot.index(), slot.length(), slot.hash());
        sending = true;
        slot.send(peer.socket(), Frame.LENGTH, kind == Frame.Kind.CHUNK, this::sent, this::lost);
    }

    private void sent(ChunkSlot slot) {
        sending = false;
        if (hasFailed()) {
            abort();
        }
        peer.touch();
        slot.done(1);
        sendNext();
    }

    /** The peer may have said why it hung up: that is waited for, but not long. */
    private void lost(ChunkSlot slot, Throwable reason) {
        sending = false;
        if (!hasFailed() && replies.isListening() && !(reason instanceof RingClosedException)) {
            ring().scheduleNanos(LAST_WORDS_NANOS, () -> fail(lost(reason)));
            replies.outcome().whenComplete((done, why) -> {
                fail(why == null ? lost(reason) : cause(why));
                slot.abandon();
                sendNext();
            });
            return;
        }
        slot.comeToNothing(lost(reason));
        sendNext();
    }

    private TransferException lost(Throwable reason) {
        return new TransferException(
                "The peer " + peer.socket() + " hung up while " + source + " was being sent. Send it again: what has "
                        + "arrived will not be sent twice.",
                reason);
    }

    @Override
    void interrupt() {
        origin.close();
        if (!greeted || said) {
            peer.close();
            return;
        }
        said = true;
        peer.closeSoon();
        if (!sending) {
            abort();
        }
    }

    /** Tells the peer why nothing more comes; not into the middle of a chunk. */
    private void abort() {
        byte[] text = Reply.text(reasonForPeer());
        ByteBuffer abort = ByteBuffer.allocateDirect(Frame.LENGTH + text.length);
        Frame.put(abort, Frame.Kind.ABORT, 0, text.length, new byte[HashAlgorithm.LENGTH]);
        peer.send(abort.put(text).flip()).whenComplete((nothing, lost) -> peer.close());
    }

    private String reasonForPeer() {
        return failure() instanceof SourceChangedException changed
                ? String.valueOf(changed.getMessage())
                : "The sender gave up: " + failure();
    }

    @Override
    CompletableFuture<@Nullable Void> release(@Nullable Throwable reason) {
        if (slots != null) {
            slots.close();
        }
        peer.rest();
        return origin.close()
                .handle((nothing, ignored) -> reason == null ? done() : peer.closed())
                .thenCompose(closed -> closed);
    }

    @Override
    public String toString() {
        return "Sending " + source;
    }
}
