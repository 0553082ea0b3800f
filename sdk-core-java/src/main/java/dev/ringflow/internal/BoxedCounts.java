package dev.ringflow.internal;

/**
 * Byte counts as objects, without a new one for each. Callbacks take objects, and the same few counts come again and
 * again: whole blocks.
 */
final class BoxedCounts {
    private static final int BITS = 8;
    private static final int GOLDEN_RATIO = 0x9E3779B9;
    /** Read and written by all loops without order between them, which immutable objects allow. */
    private static final Integer[] RECENT = new Integer[1 << BITS];

    static {
        java.util.Arrays.fill(RECENT, 0);
    }

    private BoxedCounts() {}

    static Integer of(int count) {
        int place = count * GOLDEN_RATIO >>> Integer.SIZE - BITS;
        Integer recent = RECENT[place];
        if (recent == count) {
            return recent;
        }
        Integer boxed = count;
        RECENT[place] = boxed;
        return boxed;
    }
}
