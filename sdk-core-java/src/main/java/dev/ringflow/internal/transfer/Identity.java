package dev.ringflow.internal.transfer;

import dev.ringflow.file.HashAlgorithm;
import java.nio.ByteBuffer;

/**
 * Tells a source, and how it is cut and hashed: what was written of one identity is of no use for another.
 *
 * @param inode of the source, or -1
 * @param key 32 bytes that stand for its path
 */
record Identity(
        Geometry geometry, HashAlgorithm algorithm, long modifiedSeconds, int modifiedNanos, long inode, byte[] key) {
    static final int KEY_LENGTH = 32;
    static final int ENCODED_LENGTH = 8 + 4 + 1 + 8 + 4 + 8 + KEY_LENGTH;

    void encode(ByteBuffer to) {
        to.putLong(geometry.size())
                .putInt(geometry.chunkSize())
                .put((byte) algorithm.ordinal())
                .putLong(modifiedSeconds)
                .putInt(modifiedNanos)
                .putLong(inode)
                .put(key);
    }
}
