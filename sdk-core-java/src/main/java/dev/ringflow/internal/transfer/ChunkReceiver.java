package dev.ringflow.internal.transfer;

import dev.ringflow.file.ChunkMismatchException;
import dev.ringflow.file.ChunkRange;
import dev.ringflow.file.TransferException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a sender sends, frame by frame, in whatever order the chunks come. No frame is read before there is room for
 * its chunk, so that a sender that is faster than the disk has to wait. Loop thread.
 */
final class ChunkReceiver {
    private final TransferRun<?> run;
    private final PeerSocket peer;
    private final Landing landing;
    private final Geometry geometry;
    private final ChunkHasher hasher;
    private final @Nullable ChunkSlots slots;
    private final BitSet asked = new BitSet();
    private final BitSet confirmed = new BitSet();
    private final ByteBuffer header = ByteBuffer.allocateDirect(Frame.LENGTH);
    private final CompletableFuture<byte[]> finished = new CompletableFuture<>();
    private @Nullable Frame waiting;
    private @Nullable Frame end;
    private boolean receiving;
    private long bytesMoved;
    private long bytesSkipped;

    ChunkReceiver(
            TransferRun<?> run, PeerSocket peer, Landing landing, ChunkHasher hasher, @Nullable ChunkSlots slots) {
        this.run = run;
        this.peer = peer;
        this.landing = landing;
        this.geometry = landing.table().geometry();
        this.hasher = hasher;
        this.slots = slots;
    }

    long bytesMoved() {
        return bytesMoved;
    }

    long bytesSkipped() {
        return bytesSkipped;
    }

    /** Begins; the future delivers the root that the sender says, when all chunks are written. */
    CompletableFuture<byte[]> start(List<ChunkRange> ranges) {
        ranges.forEach(each -> asked.set((int) each.first(), (int) each.end()));
        if (slots != null) {
            slots.whenReleased(this::goOn);
        }
        next();
        return finished;
    }

    private void next() {
        receiving = true;
        peer.receive(header.clear()).whenComplete((bytes, failure) -> {
            receiving = false;
            if (failure != null) {
                fail(lost(TransferRun.cause(failure)));
                return;
            }
            try {
                take(Frame.decode(bytes, geometry));
            } catch (TransferException e) {
                fail(e);
            } catch (RuntimeException e) {
                fail(e);
            }
        });
    }

    private void fail(Throwable reason) {
        run.fail(reason);
        goOn();
    }

    private static TransferException lost(Throwable reason) {
        return new TransferException(
                "The sender hung up before the file was whole. What has come is kept: it will not be sent twice.",
                reason);
    }

    private void take(Frame frame) throws TransferException {
        if (run.hasFailed()) {
            goOn();
            return;
        }
        switch (frame.kind()) {
            case CHUNK -> {
                requireAsked(frame);
                waiting = frame;
                goOn();
            }
            case HOLE -> takeHole(frame);
            case KEPT -> confirm(frame);
            case END -> {
                if (!asked.isEmpty()) {
                    throw Hello.broken("the end before chunk " + asked.nextSetBit(0));
                }
                end = frame;
                goOn();
            }
            case ABORT -> takeAbort(frame);
        }
    }

    private void requireAsked(Frame frame) throws TransferException {
        if (!asked.get(frame.index())) {
            throw Hello.broken("chunk " + frame.index() + ", which is not missing");
        }
        asked.clear(frame.index());
    }

    private void takeHole(Frame frame) throws TransferException {
        requireAsked(frame);
        requireSame(frame, hasher.zeros(frame.length()), frame.hash());
        if (landing.hole(frame.index())) {
            bytesSkipped += frame.length();
            run.meter().done(frame.length(), 1);
            next();
        } else {
            waiting = frame;
            goOn();
        }
    }

    private void confirm(Frame frame) throws TransferException {
        int index = frame.index();
        if (!landing.table().has(index) || confirmed.get(index)) {
            throw Hello.broken("the hash of chunk " + index + " and no chunk");
        }
        confirmed.set(index);
        if (!Arrays.equals(frame.hash(), landing.table().hash(index))) {
            landing.spoiled();
            requireSame(frame, landing.table().hash(index), frame.hash());
        }
        next();
    }

    private void requireSame(Frame frame, byte[] actual, byte[] expected) throws ChunkMismatchException {
        if (!Arrays.equals(actual, expected)) {
            throw mismatch(frame.index(), actual, expected);
        }
    }

    private ChunkMismatchException mismatch(int index, byte[] actual, byte[] expected) {
        HexFormat hex = HexFormat.of();
        return new ChunkMismatchException(
                "what the peer sent for " + landing.path(),
                index,
                geometry.offset(index),
                geometry.length(index),
                hex.formatHex(expected),
                hex.formatHex(actual));
    }

    private void takeAbort(Frame frame) {
        receiving = true;
        peer.receive(ByteBuffer.allocateDirect(frame.length())).whenComplete((text, failure) -> {
            receiving = false;
            String why = failure == null ? StandardCharsets.UTF_8.decode(text).toString() : "it did not say why";
            fail(new TransferException("The sender gave up: " + why));
        });
    }

    private void goOn() {
        if (run.hasFailed() || end != null) {
            finishIfQuiet();
            return;
        }
        Frame frame = waiting;
        ChunkSlot slot = frame == null ? null : Objects.requireNonNull(slots).take();
        if (frame == null || slot == null) {
            return;
        }
        waiting = null;
        slot.begin(geometry, frame.index());
        slot.expect(frame.hash());
        if (frame.kind() == Frame.Kind.HOLE) {
            slot.zeroFrom(0);
            slot.hash(hasher, this::arrived);
            next();
        } else {
            receiving = true;
            slot.receive(peer.socket(), this::received, this::lost);
        }
    }

    private void received(ChunkSlot slot) {
        receiving = false;
        peer.touch();
        slot.hash(hasher, this::arrived);
        next();
    }

    private void lost(ChunkSlot slot, Throwable reason) {
        receiving = false;
        slot.comeToNothing(lost(reason));
    }

    private void arrived(ChunkSlot slot) throws Exception {
        if (!Arrays.equals(slot.hash(), slot.expected())) {
            throw mismatch(slot.index(), slot.hash(), slot.expected());
        }
        int length = slot.length();
        if (landing.write(slot, written -> written.done(1))) {
            bytesMoved += length;
        } else {
            bytesSkipped += length;
        }
    }

    private void finishIfQuiet() {
        if (receiving || slots != null && !slots.allIdle()) {
            return;
        }
        Throwable failure = run.failure();
        if (failure != null) {
            finished.completeExceptionally(failure);
        } else if (end != null) {
            finished.complete(end.hash());
        }
    }
}
