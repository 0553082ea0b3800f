package dev.ringflow.file;

import dev.ringflow.internal.transfer.StreamHash;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/**
 * The tree of hashes over the chunks of a file, so that one hash of 32 bytes stands for the file and each chunk can be
 * checked by itself.
 *
 * <p>With {@code H} the hash of {@link HashAlgorithm}, {@code ‖} for one after the other, and numbers written with the
 * most significant byte first:
 *
 * <ul>
 *   <li>The file is cut into chunks of {@code chunkSize} bytes from its beginning; the last may be shorter. A file of 0
 *       bytes has no chunks.
 *   <li>The hash of a chunk is {@code H(0x00 ‖ its bytes)}.
 *   <li>Each level of the tree pairs the hashes of the level below from the left: {@code H(0x01 ‖ left ‖ right)}. A hash
 *       that is left over at the end of a level goes up as it is. The level with one hash is the top.
 *   <li>The root is {@code H(0x02 ‖ size of the file, 8 bytes ‖ chunkSize, 4 bytes ‖ top)}; without chunks nothing
 *       stands for the top.
 * </ul>
 *
 * <p>The first byte keeps chunks, pairs and roots apart, so that none can be passed off as another. Holes of a sparse
 * file count as the zeros that they read as.
 */
public final class HashTree {
    private static final byte CHUNK = 0;
    private static final byte PAIR = 1;
    private static final byte ROOT = 2;

    private final StreamHash digest;

    /**
     * Makes a computer of hashes, for one thread at a time.
     *
     * @param algorithm the hash
     */
    public HashTree(HashAlgorithm algorithm) {
        this.digest = StreamHash.of(Objects.requireNonNull(algorithm, "algorithm"));
    }

    /**
     * The hash of a chunk. It takes about a millisecond for each MiB: not for a loop thread.
     *
     * @param bytes what remains in it is the chunk; its position is left as it is
     * @return 32 bytes
     */
    public byte[] chunk(ByteBuffer bytes) {
        digest.update(CHUNK);
        digest.update(bytes);
        return digest.finish();
    }

    /**
     * The root over the hashes of all chunks.
     *
     * @param size of the file, in bytes
     * @param chunkSize of each chunk but the last, in bytes
     * @param chunkHashes one for each chunk, in order
     * @return 32 bytes
     * @throws IllegalArgumentException if their number does not go with the sizes
     */
    public byte[] root(long size, int chunkSize, List<byte[]> chunkHashes) {
        if (size < 0 || chunkSize < 1 || (size + chunkSize - 1) / chunkSize != chunkHashes.size()) {
            throw new IllegalArgumentException("A file of " + size + " bytes in chunks of " + chunkSize
                    + " does not have " + chunkHashes.size() + " hashes");
        }
        byte[][] level = chunkHashes.toArray(new byte[0][]);
        int count = level.length;
        while (count > 1) {
            int pairs = count / 2;
            for (int i = 0; i < pairs; i++) {
                level[i] = pair(level[2 * i], level[2 * i + 1]);
            }
            if (count % 2 == 1) {
                level[pairs] = level[count - 1];
            }
            count = (count + 1) / 2;
        }
        byte[] sizes = ByteBuffer.allocate(12).putLong(size).putInt(chunkSize).array();
        digest.update(ROOT);
        digest.update(sizes, sizes.length);
        if (count == 1) {
            digest.update(level[0], HashAlgorithm.LENGTH);
        }
        return digest.finish();
    }

    private byte[] pair(byte[] left, byte[] right) {
        digest.update(PAIR);
        digest.update(left, HashAlgorithm.LENGTH);
        digest.update(right, HashAlgorithm.LENGTH);
        return digest.finish();
    }
}
