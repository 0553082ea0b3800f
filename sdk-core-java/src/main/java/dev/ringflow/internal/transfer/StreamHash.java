package dev.ringflow.internal.transfer;

import dev.ringflow.file.HashAlgorithm;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.commons.codec.digest.Blake3;

/** One hash function that is fed piece by piece, and can be used again. One thread at a time. */
public abstract class StreamHash {
    private static final int PIECE = 16 * 1024;

    private final byte[] piece = new byte[PIECE];

    StreamHash() {}

    /**
     * Makes one.
     *
     * @param algorithm which
     * @return an empty one
     */
    public static StreamHash of(HashAlgorithm algorithm) {
        return algorithm == HashAlgorithm.BLAKE3 ? new Blake() : new Sha();
    }

    /**
     * Takes one byte.
     *
     * @param single the byte
     */
    public final void update(byte single) {
        piece[0] = single;
        update(piece, 1);
    }

    /**
     * Takes what remains in a buffer, and leaves its position as it is.
     *
     * @param bytes the buffer
     */
    public final void update(ByteBuffer bytes) {
        ByteBuffer rest = bytes.duplicate();
        while (rest.hasRemaining()) {
            int length = Math.min(PIECE, rest.remaining());
            rest.get(piece, 0, length);
            update(piece, length);
        }
    }

    /**
     * Takes the first bytes of an array.
     *
     * @param bytes the array
     * @param length how many
     */
    public abstract void update(byte[] bytes, int length);

    /**
     * Ends it, and begins anew.
     *
     * @return {@link HashAlgorithm#LENGTH} bytes
     */
    public abstract byte[] finish();

    private static final class Blake extends StreamHash {
        private final Blake3 hash = Blake3.initHash();

        @Override
        public void update(byte[] bytes, int length) {
            hash.update(bytes, 0, length);
        }

        @Override
        public byte[] finish() {
            byte[] result = hash.doFinalize(HashAlgorithm.LENGTH);
            hash.reset();
            return result;
        }
    }

    private static final class Sha extends StreamHash {
        private final MessageDigest hash;

        Sha() {
            try {
                hash = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("Every JDK has SHA-256", e);
            }
        }

        @Override
        public void update(byte[] bytes, int length) {
            hash.update(bytes, 0, length);
        }

        @Override
        public byte[] finish() {
            return hash.digest();
        }
    }
}
