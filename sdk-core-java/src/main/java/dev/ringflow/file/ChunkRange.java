package dev.ringflow.file;

/**
 * Chunks that follow each other.
 *
 * @param first the number of the first, from 0
 * @param count how many, at least 1
 */
public record ChunkRange(long first, long count) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if {@code first} is negative, {@code count} is less than 1, or their sum is
     *     beyond 2^63
     */
    public ChunkRange {
        if (first < 0 || count < 1 || first > Long.MAX_VALUE - count) {
            throw new IllegalArgumentException(
                    "A range needs a first chunk of 0 or more and at least 1 chunk; got " + count + " from " + first);
        }
    }

    /**
     * The chunk after the last.
     *
     * @return its number
     */
    public long end() {
        return first + count;
    }
}
