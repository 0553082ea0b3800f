package dev.ringflow.internal.transfer;

import dev.ringflow.file.FileHash;
import dev.ringflow.file.HashAlgorithm;
import dev.ringflow.file.HashTree;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Hashes chunks. Slow: for worker threads only, any of them, except where a method says otherwise. */
final class ChunkHasher {
    private static final int BLOCK = 4096;

    private final HashAlgorithm algorithm;
    private final ThreadLocal<HashTree> trees;
    private final Map<Integer, byte[]> zeroHashes = new ConcurrentHashMap<>();

    ChunkHasher(HashAlgorithm algorithm) {
        this.algorithm = algorithm;
        this.trees = ThreadLocal.withInitial(() -> new HashTree(algorithm));
    }

    /** The hash of what remains in a buffer; quick if that is nothing but zeros. */
    byte[] chunk(ByteBuffer bytes, boolean zeros) {
        return zeros ? zeros(bytes.remaining()) : trees.get().chunk(bytes);
    }

    /** The hash of a chunk of zeros; always the same array for the same length, and quick from the second time on. */
    byte[] zeros(int length) {
        return zeroHashes.computeIfAbsent(length, absent -> trees.get().chunk(ByteBuffer.allocate(absent)));
    }

    /** Has {@link #zeros} of all lengths at hand from then on, so that the loop thread may call it. */
    Geometry prepare(Geometry geometry) {
        if (geometry.count() > 0) {
            zeros(geometry.length(0));
            zeros(geometry.length(geometry.count() - 1));
        }
        return geometry;
    }

    /** The hash of a file all of whose chunks are there. */
    FileHash of(ChunkTable table, byte @Nullable [] plain) {
        Geometry geometry = table.geometry();
        return new FileHash(
                algorithm,
                geometry.size(),
                geometry.chunkSize(),
                table.hashes(),
                root(geometry, table.hashes()),
                plain);
    }

    private byte[] root(Geometry geometry, List<byte[]> hashes) {
        return trees.get().root(geometry.size(), geometry.chunkSize(), hashes);
    }

    /** Where in a buffer, in whole blocks from index {@code from}, the first byte other than zero may be; {@code to} if none. */
    static int firstData(ByteBuffer bytes, int from, int to) {
        for (int block = from; block < to; block += BLOCK) {
            if (!isZero(bytes, block, Math.min(to, block + BLOCK))) {
                return block;
            }
        }
        return to;
    }

    /** Where in a buffer, in whole blocks from index {@code from}, nothing but zeros follows. */
    static int endOfData(ByteBuffer bytes, int from, int to) {
        int blocks = (to - from + BLOCK - 1) / BLOCK;
        for (int i = blocks - 1; i >= 0; i--) {
            int block = from + i * BLOCK;
            int end = Math.min(to, block + BLOCK);
            if (!isZero(bytes, block, end)) {
                return end;
            }
        }
        return from;
    }

    private static boolean isZero(ByteBuffer bytes, int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            if (bytes.getLong(at) != 0) {
                return false;
            }
        }
        for (; at < to; at++) {
            if (bytes.get(at) != 0) {
                return false;
            }
        }
        return true;
    }
}
