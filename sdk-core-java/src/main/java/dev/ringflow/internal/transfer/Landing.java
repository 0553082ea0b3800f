package dev.ringflow.internal.transfer;

import dev.ringflow.file.ChunkMismatchException;
import dev.ringflow.file.ChunkRange;
import dev.ringflow.file.RingFile;
import dev.ringflow.file.SourceChangedException;
import dev.ringflow.file.TransferProgress.Phase;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The file that is written: from what an earlier run has left to its name. Loop thread. */
final class Landing {
    private static final long CHECKPOINT_NANOS = 1_000_000_000L;

    private final TransferRun<?> run;
    private final ChunkHasher hasher;
    private @Nullable Partial partial;
    private @Nullable RingFile file;
    private boolean direct;
    private @Nullable ChunkTable table;
    private @Nullable BitSet dirty;
    private boolean resumed;
    private boolean published;
    private boolean spoiled;

    private List<Journal.Entry> unlisted = new ArrayList<>();
    private CompletableFuture<@Nullable Void> listing = TransferRun.done();
    private boolean isListing;
    private long bytesUnlisted;
    private long lastListed = System.nanoTime();
    private long bytesKept;

    Landing(TransferRun<?> run, ChunkHasher hasher) {
        this.run = run;
        this.hasher = hasher;
    }

    // Opening.

    /** Takes over what an earlier run has left, or begins anew. */
    CompletableFuture<@Nullable Void> open(Target target, Identity identity) {
        Geometry geometry = identity.geometry();
        boolean resume = run.options().resume();
        boolean hidden = run.options().preserve();
        CompletableFuture<Partial> prepared = run.slowly(() -> {
                    hasher.prepare(geometry);
                    return resume
                            ? Partial.resumable(target, identity, hidden)
                            : Partial.fresh(target, geometry, hidden);
                })
                .thenApply(found -> {
                    partial = found;
                    table = new ChunkTable(geometry);
                    resumed = !found.listed().isEmpty();
                    return found;
                });
        CompletableFuture<Opening> opened = run.then(
                        prepared,
                        found -> Opening.of(
                                run.ring(),
                                found.part(),
                                run.options().directIo(),
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS))
                .thenApply(opening -> {
                    file = opening.file();
                    direct = opening.direct();
                    return opening;
                });
        return run.then(opened, opening -> resumed ? findDirty() : TransferRun.done());
    }

    /** Instead of {@link #open}: what an earlier run has left is only to be looked at. */
    void lookAt(Partial left, Opening opening) {
        partial = left;
        table = new ChunkTable(left.listed().geometry());
        file = opening.file();
        direct = opening.direct();
    }

    /** Whatever is no hole in a file that is gone on with may be anything. */
    private CompletableFuture<@Nullable Void> findDirty() {
        return Extents.scan(file(), geometry()).thenApply(data -> {
            if (data == null) {
                dirty = new BitSet();
                dirty.set(0, geometry().count());
            } else {
                dirty = data;
            }
            return null;
        });
    }

    private Partial partial() {
        return Objects.requireNonNull(partial);
    }

    private RingFile file() {
        return Objects.requireNonNull(file);
    }

    ChunkTable table() {
        return Objects.requireNonNull(table);
    }

    private Geometry geometry() {
        return table().geometry();
    }

    Path path() {
        return partial().target().path();
    }

    long bytesKept() {
        return bytesKept;
    }

    // What an earlier run has left.

    /** Reads the chunks that are listed, and keeps those that are right. */
    CompletableFuture<@Nullable Void> check(ChunkSlots slots) {
        ChunkTable listed = partial().listed();
        if (listed.isEmpty()) {
            return TransferRun.done();
        }
        run.meter().begin(Phase.CHECKING, listed.bytes(), listed.count());
        return new ChunkPump(run, slots, geometry(), listed::next, slot -> readBack(slot, this::keepIfRight)).start();
    }

    private void keepIfRight(ChunkSlot slot) {
        byte[] hash = partial().listed().hash(slot.index());
        if (slot.moved() >= slot.length() && Arrays.equals(hash, slot.hash())) {
            table().put(slot.index(), hash);
            bytesKept += slot.length();
        }
        slot.done(1);
    }

    /** Reads a chunk of what was written, unless it is a hole, and hashes it. */
    private void readBack(ChunkSlot slot, ChunkSlot.Step then) {
        slot.read(file(), direct, read -> {
            if (read.moved() < read.length()) {
                read.zeroFrom(Math.max(0, read.moved())); // it was cut behind our back: its hash tells
            }
            read.hash(hasher, then);
        });
    }

    /** What is missing, as at most so many ranges; then some of what is there is given up again. */
    List<ChunkRange> lacks(int most) {
        List<ChunkRange> ranges = table().missing();
        if (ranges.size() <= most) {
            return ranges;
        }
        int first = (int) ranges.get(most - 1).first();
        for (int i = first; i < geometry().count(); i++) {
            if (table().has(i)) {
                table().remove(i);
                bytesKept -= geometry().length(i);
            }
        }
        List<ChunkRange> fewer = new ArrayList<>(ranges.subList(0, most - 1));
        fewer.add(new ChunkRange(first, geometry().count() - first));
        return fewer;
    }

    /** What is there is of no use for a later run. */
    void spoiled() {
        spoiled = true;
    }

    // What comes.

    /** Takes a chunk of zeros without writing it; false if zeros must be written there. */
    boolean hole(int index) {
        if (mustWriteAll(index)) {
            return false;
        }
        arrived(index, hasher.zeros(geometry().length(index)), 0);
        return true;
    }

    private boolean mustWriteAll(int index) {
        return !run.options().sparse() || dirty != null && dirty.get(index);
    }

    /** Takes a chunk that was hashed; false if it is nothing but zeros and needs no writing. */
    boolean write(ChunkSlot slot, ChunkSlot.Step then) throws Exception {
        boolean all = mustWriteAll(slot.index());
        if (!all && slot.isZero()) {
            arrived(slot.index(), slot.hash(), 0);
            then.take(slot);
            return false;
        }
        slot.write(file(), direct, all, written -> {
            arrived(written.index(), written.hash(), written.length());
            then.take(written);
        });
        return true;
    }

    private void arrived(int index, byte[] hash, long bytes) {
        table().put(index, hash);
        if (!partial().isResumable()) {
            return;
        }
        unlisted.add(new Journal.Entry(index, hash));
        bytesUnlisted += bytes;
        boolean due = bytesUnlisted >= run.options().checkpoint()
                || bytesUnlisted > 0 && System.nanoTime() - lastListed >= CHECKPOINT_NANOS;
        if (due && !isListing) {
            list();
        }
    }

    /** What is listed was written before, and is durable before if anything has to be. */
    private void list() {
        List<Journal.Entry> entries = unlisted;
        unlisted = new ArrayList<>();
        bytesUnlisted = 0;
        lastListed = System.nanoTime();
        isListing = true;
        boolean durable = run.options().sync();
        CompletableFuture<@Nullable Void> synced = durable ? file().syncDataAsync() : TransferRun.done();
        listing = synced.thenCompose(nothing -> run.slowly((Callable<@Nullable Void>) () -> {
                    partial().written(entries, durable);
                    return null;
                }))
                .handle((nothing, failure) -> {
                    isListing = false;
                    if (failure != null) { // such as a sync that an interruption called off: they are listed at the end
                        entries.addAll(unlisted);
                        unlisted = entries;
                        run.fail(TransferRun.cause(failure));
                    }
                    return null;
                });
    }

    // The end.

    /** Reads everything back and compares, makes it durable, and gives it its name. */
    CompletableFuture<Boolean> finish(@Nullable ChunkSlots slots, int permissions, Instant modified) {
        boolean sync = run.options().sync();
        CompletableFuture<@Nullable Void> listed = listing;
        CompletableFuture<@Nullable Void> cut = run.then(
                listed, nothing -> direct ? file().truncateAsync(geometry().size()) : TransferRun.done());
        CompletableFuture<@Nullable Void> verified = run.then(cut, nothing -> verify(slots));
        CompletableFuture<@Nullable Void> adopted = run.then(verified, nothing -> {
            run.meter().begin(Phase.FINISHING, geometry().size(), geometry().count());
            return run.options().preserve() ? slowly(() -> partial().adopt(permissions, modified)) : TransferRun.done();
        });
        CompletableFuture<@Nullable Void> synced =
                run.then(adopted, nothing -> sync ? file().syncAsync() : TransferRun.done());
        CompletableFuture<@Nullable Void> closed = run.then(synced, nothing -> file().closeAsync());
        CompletableFuture<@Nullable Void> named = run.then(closed, nothing -> {
            run.irrevocable();
            return slowly(() -> partial().publish());
        });
        return named.thenCompose(nothing -> {
                    published = true;
                    return sync ? syncDirectory() : CompletableFuture.completedFuture(false);
                })
                .thenCompose(durable -> slowly(() -> partial().delete()).handle((nothing, ignored) -> durable));
    }

    private CompletableFuture<@Nullable Void> verify(@Nullable ChunkSlots slots) {
        if (!run.options().verify() || slots == null) { // no chunks, no slots
            return TransferRun.done();
        }
        Geometry geometry = geometry();
        CompletableFuture<@Nullable BitSet> scanned =
                run.options().sparse() ? Extents.scan(file(), geometry) : CompletableFuture.completedFuture(null);
        return run.then(scanned, data -> {
            run.meter().begin(Phase.VERIFYING, geometry.size(), geometry.count());
            return new ChunkPump(
                            run, slots, geometry, from -> nextData(data, from), slot -> readBack(slot, this::compare))
                    .start();
        });
    }

    /** The next chunk to read back; holes before it are compared without reading. */
    private int nextData(@Nullable BitSet data, int from) {
        int count = geometry().count();
        if (data == null) {
            return from < count ? from : -1;
        }
        int next = data.nextSetBit(from);
        int end = next < 0 ? count : next;
        long bytes = 0;
        for (int index = from; index < end; index++) {
            requireSame(index, hasher.zeros(geometry().length(index)));
            bytes += geometry().length(index);
        }
        if (end > from) {
            run.meter().done(bytes, end - from);
        }
        return next;
    }

    private void compare(ChunkSlot slot) {
        requireSame(slot.index(), slot.hash());
        slot.done(1);
    }

    private void requireSame(int index, byte[] hash) {
        byte[] expected = table().hash(index);
        if (expected != hash && !Arrays.equals(expected, hash)) {
            HexFormat hex = HexFormat.of();
            spoiled = true;
            run.fail(new ChunkMismatchException(
                    path(),
                    index,
                    geometry().offset(index),
                    geometry().length(index),
                    hex.formatHex(expected),
                    hex.formatHex(hash)));
        }
    }

    /** False where the file system cannot sync a directory. */
    private CompletableFuture<Boolean> syncDirectory() {
        Path directory = Objects.requireNonNull(path().getParent());
        return run.ring()
                .openFileAsync(directory, StandardOpenOption.READ)
                .thenCompose(opened -> opened.syncAsync()
                        .handle((nothing, failure) -> failure == null)
                        .thenCompose(durable -> opened.closeAsync().handle((nothing, ignored) -> durable)))
                .exceptionally(cannot -> false);
    }

    private interface Call {
        void run() throws IOException;
    }

    private CompletableFuture<@Nullable Void> slowly(Call call) {
        return run.slowly((Callable<@Nullable Void>) () -> {
            call.run();
            return null;
        });
    }

    // Letting go.

    void interrupt() {
        if (file != null) {
            file.closeAsync();
        }
    }

    /** Closes it, and leaves everything as it is. */
    CompletableFuture<@Nullable Void> closeAlone() {
        return file == null ? TransferRun.done() : file.closeAsync();
    }

    /** Closes it, and keeps what a later run can go on with. */
    CompletableFuture<@Nullable Void> release(@Nullable Throwable reason) {
        return closeAlone()
                .handle((nothing, ignored) -> listing)
                .thenCompose(pending -> pending)
                .thenCompose(nothing -> partial == null || published ? TransferRun.done() : leave(reason));
    }

    private CompletableFuture<@Nullable Void> leave(@Nullable Throwable reason) {
        Partial left = partial();
        boolean useless = spoiled || reason instanceof SourceChangedException;
        boolean keeps = left.isResumable()
                && !useless
                && !(table().isEmpty() && left.listed().isEmpty());
        List<Journal.Entry> entries = unlisted;
        return slowly(() -> {
                    if (keeps) {
                        left.written(entries, false); // whoever goes on looks at the chunks, so that is enough
                        left.letGo();
                    } else {
                        left.delete();
                    }
                })
                .exceptionally(failed -> {
                    left.letGo();
                    return null;
                });
    }

    /** For the end of the ring: any thread. */
    void abandon() {
        Partial left = partial;
        if (left != null) {
            left.letGo();
        }
    }
}
