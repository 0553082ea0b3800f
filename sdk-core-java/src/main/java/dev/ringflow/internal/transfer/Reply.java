package dev.ringflow.internal.transfer;

import dev.ringflow.file.ChunkRange;
import dev.ringflow.file.TransferException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * What a receiver says: kind (1 byte), nothing (1), length of the text (2), number of ranges (4); then the text in UTF-8 or
 * the ranges, each the number of its first chunk (4) and how many (4).
 *
 * @param kind what it says
 * @param textLength bytes of text that follow
 * @param ranges ranges that follow
 */
record Reply(Kind kind, int textLength, int ranges) {
    static final int LENGTH = 8;
    static final int MOST_RANGES = 1 << 16;
    static final int RANGE_LENGTH = 8;

    /** What a reply says. */
    enum Kind {
        /** The file is whole and has its name. */
        DONE,
        /** It came to nothing; the text says why. */
        FAILED,
        /** It takes time; nothing is wrong. */
        WORKING,
        /** The chunks that the receiver lacks. */
        LACKS
    }

    private static final Kind[] KINDS = Kind.values();

    static ByteBuffer simple(Kind kind) {
        return with(kind, new byte[0], 0, 0);
    }

    static ByteBuffer failed(String why) {
        return with(Kind.FAILED, text(why), 0, 0);
    }

    /** Text short enough for the peer. */
    static byte[] text(String why) {
        byte[] text = why.getBytes(StandardCharsets.UTF_8);
        return text.length <= Frame.LONGEST_TEXT ? text : Arrays.copyOf(text, Frame.LONGEST_TEXT);
    }

    /** Too many ranges end in one that asks for more than is missing: the sender is told of what came all the same. */
    static ByteBuffer lacks(List<ChunkRange> ranges) {
        ByteBuffer bytes = with(Kind.LACKS, new byte[0], ranges.size(), ranges.size() * RANGE_LENGTH);
        bytes.position(LENGTH);
        for (ChunkRange each : ranges) {
            bytes.putInt((int) each.first()).putInt((int) each.count());
        }
        return bytes.flip();
    }

    private static ByteBuffer with(Kind kind, byte[] text, int ranges, int more) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(LENGTH + text.length + more);
        bytes.put((byte) kind.ordinal()).put((byte) 0).putShort((short) text.length);
        bytes.putInt(ranges).put(text);
        return more > 0 ? bytes : bytes.flip();
    }

    static Reply decode(ByteBuffer header) throws TransferException {
        int code = header.get(0);
        int text = Short.toUnsignedInt(header.getShort(2));
        int ranges = header.getInt(4);
        boolean sound = code >= 0
                && code < KINDS.length
                && text <= Frame.LONGEST_TEXT
                && ranges >= 0
                && ranges <= MOST_RANGES
                && (ranges == 0 || KINDS[code] == Kind.LACKS)
                && (text == 0 || KINDS[code] == Kind.FAILED);
        if (!sound) {
            throw Hello.broken(
                    "a reply of kind " + code + " with " + text + " bytes of text and " + ranges + " ranges");
        }
        return new Reply(KINDS[code], text, ranges);
    }

    /** Bytes that follow the header. */
    int bodyLength() {
        return textLength + ranges * RANGE_LENGTH;
    }

    static BitSet missing(ByteBuffer body, Geometry geometry) throws TransferException {
        BitSet missing = new BitSet();
        int from = 0;
        while (body.hasRemaining()) {
            int first = body.getInt();
            int count = body.getInt();
            if (first < from || count < 1 || count > geometry.count() - first) {
                throw Hello.broken("a range of " + count + " chunks from " + first);
            }
            from = first + count;
            missing.set(first, from);
        }
        return missing;
    }
}
