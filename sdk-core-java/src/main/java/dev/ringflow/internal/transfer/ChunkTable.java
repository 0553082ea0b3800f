package dev.ringflow.internal.transfer;

import dev.ringflow.file.ChunkRange;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** Which chunks of a file are there, and their hashes. Takes memory only for those that are. Loop thread. */
final class ChunkTable {
    private static final int SEGMENT = 1024;

    private final Geometry geometry;
    private final byte[] @Nullable [][] segments;
    private final BitSet present = new BitSet();
    private int presentCount;

    @SuppressWarnings("NullAway") // segments: filled as chunks come
    ChunkTable(Geometry geometry) {
        this.geometry = geometry;
        this.segments = new byte[(geometry.count() + SEGMENT - 1) / SEGMENT][][];
    }

    Geometry geometry() {
        return geometry;
    }

    boolean has(int index) {
        return present.get(index);
    }

    boolean isEmpty() {
        return presentCount == 0;
    }

    int count() {
        return presentCount;
    }

    /** Bytes of all chunks that are there. */
    long bytes() {
        long all = (long) presentCount * geometry.chunkSize();
        int last = geometry.count() - 1;
        return last >= 0 && has(last) ? all - geometry.chunkSize() + geometry.length(last) : all;
    }

    /** The first chunk from a number on that is there, or -1. */
    int next(int from) {
        return present.nextSetBit(from);
    }

    /** The first chunk from a number on that is not there, or -1. */
    int nextMissing(int from) {
        int index = present.nextClearBit(from);
        return index < geometry.count() ? index : -1;
    }

    boolean isComplete() {
        return presentCount == geometry.count();
    }

    void put(int index, byte[] hash) {
        byte[][] segment = segments[index / SEGMENT];
        if (segment == null) {
            segment = new byte[SEGMENT][];
            segments[index / SEGMENT] = segment;
        }
        segment[index % SEGMENT] = hash;
        if (!present.get(index)) {
            present.set(index);
            presentCount++;
        }
    }

    void remove(int index) {
        if (present.get(index)) {
            present.clear(index);
            presentCount--;
        }
    }

    byte[] hash(int index) {
        byte[][] segment = segments[index / SEGMENT];
        if (segment == null || !present.get(index)) {
            throw new IllegalStateException("Chunk " + index + " is not there");
        }
        return segment[index % SEGMENT];
    }

    /** The hashes of a complete table. */
    List<byte[]> hashes() {
        return new Hashes();
    }

    private final class Hashes extends AbstractList<byte[]> implements RandomAccess {
        @Override
        public byte[] get(int index) {
            java.util.Objects.checkIndex(index, geometry.count());
            return hash(index);
        }

        @Override
        public int size() {
            return geometry.count();
        }
    }

    /** What is not there. */
    List<ChunkRange> missing() {
        List<ChunkRange> ranges = new ArrayList<>();
        int count = geometry.count();
        for (int from = present.nextClearBit(0); from < count; ) {
            int next = present.nextSetBit(from);
            int end = next < 0 ? count : next;
            ranges.add(new ChunkRange(from, end - from));
            from = present.nextClearBit(end);
        }
        return ranges;
    }
}
