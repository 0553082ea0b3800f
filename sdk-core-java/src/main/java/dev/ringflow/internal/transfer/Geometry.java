package dev.ringflow.internal.transfer;

import dev.ringflow.file.TransferException;
import dev.ringflow.file.TransferOptions;

/**
 * How a file is cut into chunks.
 *
 * @param size of the file, in bytes
 * @param chunkSize of each chunk but the last, in bytes
 */
record Geometry(long size, int chunkSize) {
    /** The wished chunk size, or the next larger with which there are not too many. */
    static Geometry of(long size, int wished) throws TransferException {
        int chunkSize = wished;
        while (new Geometry(size, chunkSize).tooMany()) {
            if (chunkSize == TransferOptions.MAX_CHUNK_SIZE) {
                throw new TransferException("A file of " + size + " bytes is too large: more than "
                        + TransferOptions.MAX_CHUNKS + " chunks of " + chunkSize + " bytes");
            }
            chunkSize *= 2;
        }
        return new Geometry(size, chunkSize);
    }

    private boolean tooMany() {
        return (size - 1) / chunkSize + 1 > TransferOptions.MAX_CHUNKS;
    }

    int count() {
        return size == 0 ? 0 : (int) ((size - 1) / chunkSize + 1);
    }

    long offset(int index) {
        return (long) index * chunkSize;
    }

    int length(int index) {
        return (int) Math.min(chunkSize, size - offset(index));
    }

    /** Which chunk a byte is in. */
    int indexOf(long position) {
        return (int) (position / chunkSize);
    }
}
