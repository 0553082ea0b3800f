package dev.ringflow.file;

import org.jspecify.annotations.Nullable;

/** The content of a chunk is not what its hash says: at least one bit of it changed on the way. */
public final class ChunkMismatchException extends TransferException {
    private static final long serialVersionUID = 1L;

    private final long index;
    private final long offset;
    private final int length;

    /**
     * Names the chunk.
     *
     * @param where the file that holds it, or whom it came from
     * @param index the chunk's number, from 0
     * @param offset where it begins in the file, in bytes
     * @param length bytes of the chunk
     * @param expected its hash where it came from, in hexadecimal; null if only that it differs is known
     * @param actual its hash as it is now, in hexadecimal; null if it is not known
     */
    public ChunkMismatchException(
            Object where, long index, long offset, int length, @Nullable String expected, @Nullable String actual) {
        super("Chunk " + index + " of " + where + " (" + length + " bytes from byte " + offset
                + ") is not what was read from the source: its hash should be "
                + (expected == null ? "another" : expected)
                + (actual == null ? "" : " and is " + actual)
                + ". Nothing was put under the target's name. If it happens again, suspect memory, disk or network.");
        this.index = index;
        this.offset = offset;
        this.length = length;
    }

    /**
     * Which chunk.
     *
     * @return its number, from 0
     */
    public long index() {
        return index;
    }

    /**
     * Where it begins.
     *
     * @return bytes from the beginning of the file
     */
    public long offset() {
        return offset;
    }

    /**
     * How long it is.
     *
     * @return bytes
     */
    public int length() {
        return length;
    }
}
