package dev.ringflow.file;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a file: the root of a {@link HashTree}, the hashes of the chunks below it, and if it was asked for the
 * plain hash of the whole content. Two are equal if algorithm, size, chunk size and root are.
 */
public final class FileHash {
    private final HashAlgorithm algorithm;
    private final long size;
    private final int chunkSize;
    private final List<byte[]> chunks;
    private final byte[] root;
    private final byte @Nullable [] plain;

    /**
     * Puts it together.
     *
     * @param algorithm the hash
     * @param size of the file, in bytes
     * @param chunkSize of each chunk but the last, in bytes
     * @param chunks their hashes, in order; kept as it is, so it must not change
     * @param root the root over them
     * @param plain the hash of the content as one, or null
     */
    public FileHash(
            HashAlgorithm algorithm,
            long size,
            int chunkSize,
            List<byte[]> chunks,
            byte[] root,
            byte @Nullable [] plain) {
        this.algorithm = Objects.requireNonNull(algorithm, "algorithm");
        this.size = size;
        this.chunkSize = chunkSize;
        this.chunks = Objects.requireNonNull(chunks, "chunks");
        this.root = root.clone();
        this.plain = plain == null ? null : plain.clone();
    }

    /**
     * Which hash it is.
     *
     * @return the algorithm
     */
    public HashAlgorithm algorithm() {
        return algorithm;
    }

    /**
     * The size of the file.
     *
     * @return bytes
     */
    public long size() {
        return size;
    }

    /**
     * The size of each chunk but the last.
     *
     * @return bytes
     */
    public int chunkSize() {
        return chunkSize;
    }

    /**
     * How many chunks there are.
     *
     * @return the number, 0 for a file without content
     */
    public int chunkCount() {
        return chunks.size();
    }

    /**
     * The hash of a chunk.
     *
     * @param index its number, from 0
     * @return 32 bytes of its own for each caller
     * @throws IndexOutOfBoundsException if there is no such chunk
     */
    public byte[] chunk(int index) {
        return chunks.get(index).clone();
    }

    /**
     * The root of the tree.
     *
     * @return 32 bytes of its own for each caller
     */
    public byte[] root() {
        return root.clone();
    }

    /**
     * The root of the tree as text.
     *
     * @return 64 lower-case hexadecimal digits
     */
    public String rootHex() {
        return HexFormat.of().formatHex(root);
    }

    /**
     * The plain hash of the whole content, as {@code b3sum} or {@code sha256sum} print it.
     *
     * @return 64 lower-case hexadecimal digits, or null if {@link TransferOptions#plainHash()} was not asked for
     */
    public @Nullable String plainHex() {
        return plain == null ? null : HexFormat.of().formatHex(plain);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FileHash that
                && algorithm == that.algorithm
                && size == that.size
                && chunkSize == that.chunkSize
                && Arrays.equals(root, that.root);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(root);
    }

    @Override
    public String toString() {
        return algorithm + " " + rootHex() + " of " + size + " bytes in chunks of " + chunkSize;
    }
}
