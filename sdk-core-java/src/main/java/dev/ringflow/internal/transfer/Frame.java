package dev.ringflow.internal.transfer;

import dev.ringflow.file.HashAlgorithm;
import dev.ringflow.file.TransferException;
import java.nio.ByteBuffer;

/**
 * The header of everything that a sender says after its {@link Hello}: kind (1 byte), nothing (3), the chunk's number (4),
 * its length (4), its hash (32). Only {@link Kind#CHUNK} and {@link Kind#ABORT} are followed by that many bytes.
 *
 * @param kind what follows
 * @param index the chunk's number; for {@link Kind#END} the number of chunks
 * @param length bytes of the chunk, or of the text of {@link Kind#ABORT}
 * @param hash of the chunk; for {@link Kind#END} the root
 */
record Frame(Kind kind, int index, int length, byte[] hash) {
    static final int LENGTH = 12 + HashAlgorithm.LENGTH;
    static final int LONGEST_TEXT = 1024;

    /** What a frame says. */
    enum Kind {
        /** A chunk that the receiver lacks, with its bytes. */
        CHUNK,
        /** A chunk that the receiver lacks and that is nothing but zeros. */
        HOLE,
        /** The hash of a chunk that the receiver has. */
        KEPT,
        /** All chunks were sent. */
        END,
        /** The sender gives up, and says why. */
        ABORT
    }

    private static final Kind[] KINDS = Kind.values();

    /** Writes a header where a buffer's position is. */
    static void put(ByteBuffer to, Kind kind, int index, int length, byte[] hash) {
        to.put((byte) kind.ordinal()).put(new byte[3]);
        to.putInt(index).putInt(length).put(hash);
    }

    /** Reads a header; the numbers are checked against the file. */
    static Frame decode(ByteBuffer header, Geometry geometry) throws TransferException {
        ByteBuffer bytes = header.duplicate().clear();
        int code = bytes.get();
        if (code < 0 || code >= KINDS.length) {
            throw Hello.broken("a frame of kind " + code);
        }
        Kind kind = KINDS[code];
        int index = bytes.position(4).getInt();
        int length = bytes.getInt();
        byte[] hash = new byte[HashAlgorithm.LENGTH];
        bytes.get(hash);
        boolean sound = switch (kind) {
            case CHUNK, HOLE, KEPT -> index >= 0 && index < geometry.count() && length == geometry.length(index);
            case END -> index == geometry.count() && length == 0;
            case ABORT -> length >= 0 && length <= LONGEST_TEXT;
        };
        if (!sound) {
            throw Hello.broken("a frame " + kind + " of chunk " + index + " with " + length + " bytes");
        }
        return new Frame(kind, index, length, hash);
    }
}
