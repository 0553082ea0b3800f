package dev.ringflow.file;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A file opened for direct I/O that takes any buffer, position and length: requests that do not fit the alignment which
 * direct I/O needs are cut into ones that do, through aligned memory of its own. Requests that fit go to the kernel as
 * they are: a direct buffer whose address fits, a position and a length that are multiples of the block.
 *
 * <p><b>Writing</b> a part of a block reads the block, changes it and writes it back, so the file must be open for
 * reading too. Writes that touch the same block come one after the other. This holds within one object of this class:
 * nobody else may write the file meanwhile. Where a file ends within a block, its size is set again after the whole
 * block was written; a crash between the two leaves zeros up to the end of the block.
 *
 * <p><b>Threads and memory.</b> Any thread may use it. A buffer must not be touched until its future has completed.
 * Cancelling a future, or completing it by hand, does not stop the work, and does not give the buffer back earlier: the
 * kernel goes on to use it, and only the end of the file or ring stops that. Futures complete on the loop thread.
 */
public final class DirectFile implements AutoCloseable {
    private static final int LARGEST_PIECE = 256 * 1024;
    private static final int USUAL_BLOCK = 4096;
    private static final int MOST_KEPT = 16;

    private final RingFile file;
    private final DirectIoAlignment alignment;
    private final int block;
    private final BlockRanges ranges = new BlockRanges();
    private final Queue<ByteBuffer> pieces = new ConcurrentLinkedQueue<>();

    /** Where the file ends; only whoever holds the range behind it changes that. */
    private volatile long size;

    /** How many writes have begun that leave the file longer for a while. */
    private volatile int tailsBegun;

    private volatile int tailsEnded;

    private DirectFile(RingFile file, DirectIoAlignment alignment, long size) {
        this.file = file;
        this.alignment = alignment;
        this.block = alignment.isSupported() ? alignment.position() : USUAL_BLOCK;
        this.size = size;
    }

    /**
     * Wraps an open file, whose size and alignment are looked up.
     *
     * @param file a file opened with {@link RingOpenOption#DIRECT_IO}, for reading, and for writing if it is to be
     *     written; another file works as well, only without the advantage. Closing this object closes it
     * @return a future
     */
    public static CompletableFuture<DirectFile> of(RingFile file) {
        return file.directIoAlignmentAsync()
                .thenCombine(file.sizeAsync(), (alignment, size) -> new DirectFile(file, alignment, size));
    }

    /**
     * The file itself. Writing it on one's own breaks what this class keeps.
     *
     * @return the file
     */
    public RingFile file() {
        return file;
    }

    /**
     * What requests are cut for.
     *
     * @return the alignment, in bytes
     */
    public DirectIoAlignment alignment() {
        return alignment;
    }

    /**
     * How long the file is, all writes that have completed included.
     *
     * @return bytes
     */
    public long size() {
        return size;
    }

    /**
     * Reads until nothing remains in the buffer, or up to the end of the file.
     *
     * @param buffer where to, any kind of buffer
     * @param position where from, in bytes from the beginning of the file
     * @return a future of the number of bytes, -1 if {@code position} is at or after the end, 0 if nothing remains in
     *     the buffer; when it fails the buffer's position stays
     * @throws IllegalArgumentException if {@code position} is negative
     * @throws ReadOnlyBufferException if the buffer is read-only
     * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
     */
    public CompletableFuture<Integer> readAsync(ByteBuffer buffer, long position) {
        if (buffer.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        RingFileState.requirePosition(position, buffer.remaining() + (long) block);
        file.requireReadable();
        return new DirectRead(this, buffer, position).start();
    }

    /**
     * Writes all that remains in the buffer.
     *
     * @param buffer where from, any kind of buffer
     * @param position where to, in bytes from the beginning of the file
     * @return a future of the number of bytes; when it fails the buffer's position tells what was written
     * @throws IllegalArgumentException if {@code position} is negative
     * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
     * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
     */
    public CompletableFuture<Integer> writeAsync(ByteBuffer buffer, long position) {
        RingFileState.requirePosition(position, buffer.remaining() + (long) block);
        file.requireReadable();
        file.requireWritable();
        return new DirectWrite(this, buffer, position).start();
    }

    /**
     * Sets the size, after all writes that were asked for before.
     *
     * @param newSize bytes
     * @return a future
     * @throws IllegalArgumentException if {@code newSize} is negative
     * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
     */
    public CompletableFuture<@Nullable Void> truncateAsync(long newSize) {
        RingFileState.requirePosition(newSize, block);
        file.requireWritable();
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        ranges.claim(0, Long.MAX_VALUE)
                .thenAccept(claim -> file.truncateAsync(newSize).whenComplete((nothing, failure) -> {
                    if (failure == null) {
                        size = newSize;
                    }
                    ranges.release(claim);
                    if (failure == null) {
                        done.complete(null);
                    } else {
                        done.completeExceptionally(failure);
                    }
                }));
        return done;
    }

    /**
     * Closes the file; see {@link RingFile#closeAsync}.
     *
     * @return a future that completes when the file is closed
     */
    public CompletableFuture<@Nullable Void> closeAsync() {
        return file.closeAsync();
    }

    /** Does what {@link #closeAsync} does, and waits for it except on the loop thread. */
    @Override
    public void close() {
        file.close();
    }

    @Override
    public String toString() {
        return "DirectFile[" + file + ", blocks of " + block + " bytes]";
    }

    // For the requests on this file.

    int block() {
        return block;
    }

    long blockBefore(long position) {
        return position - position % block;
    }

    long blockAfter(long position) {
        return blockBefore(position + block - 1);
    }

    /** Whether the kernel can use this part of a buffer as it is. */
    boolean fits(ByteBuffer buffer, int index) {
        return buffer.isDirect() && buffer.alignmentOffset(index, Math.max(1, alignment.memory())) == 0;
    }

    BlockRanges ranges() {
        return ranges;
    }

    void size(long newSize) {
        size = newSize;
    }

    /** How much a piece of memory holds: whole blocks. */
    int pieceSize() {
        return Math.max(LARGEST_PIECE, block);
    }

    ByteBuffer takePiece() {
        ByteBuffer kept = pieces.poll();
        if (kept != null) {
            return kept;
        }
        var memory = file.ring().unsafeDriver().memory();
        return memory.allocate(pieceSize(), Math.max(memory.pageSize(), block));
    }

    /** Only when the kernel has let go of it. */
    void giveBackPiece(ByteBuffer piece) {
        if (pieces.size() < MOST_KEPT) {
            pieces.add(piece.clear());
        }
    }

    // A write that leaves the file longer for a while; the holder of the range behind it calls these, one at a time.

    @SuppressWarnings("NonAtomicVolatileUpdate")
    void tailBegins() {
        tailsBegun++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    void tailEnds() {
        tailsEnded++;
    }

    /** How many such writes have ended, to be compared later. */
    int tailsEnded() {
        return tailsEnded;
    }

    /** Whether the file may have looked longer than it is at any time since. */
    boolean hadTailSince(int endedBefore) {
        return tailsBegun != endedBefore;
    }
}
