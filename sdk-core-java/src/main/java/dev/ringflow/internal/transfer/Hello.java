package dev.ringflow.internal.transfer;

import dev.ringflow.file.HashAlgorithm;
import dev.ringflow.file.TransferException;
import dev.ringflow.file.TransferOptions;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * What a sender says first: magic number (4 bytes), version (2), length of the name (2), hash (1), nothing (3), chunk size
 * (4), size (8), time of modification in seconds (8) and nanoseconds (4), permissions or -1 (4), inode or -1 (8), what
 * stands for the path (32); then the name in UTF-8. Numbers have their most significant byte first.
 *
 * @param identity the file, how it is cut and hashed
 * @param permissions its permission bits, or -1
 * @param name what the receiver may call it
 */
record Hello(Identity identity, int permissions, String name) {
    static final int LENGTH = 80;
    static final int VERSION = 1;

    private static final int MAGIC = 0x52464C58; // "RFLX"
    private static final int NAME_LENGTH_AT = 6;
    private static final int LONGEST_NAME = 1024;
    private static final int PERMISSIONS = 0777;

    ByteBuffer encode() {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        Geometry geometry = identity.geometry();
        ByteBuffer bytes = ByteBuffer.allocateDirect(LENGTH + text.length);
        bytes.putInt(MAGIC).putShort((short) VERSION).putShort((short) text.length);
        bytes.put((byte) identity.algorithm().ordinal()).put(new byte[3]);
        bytes.putInt(geometry.chunkSize()).putLong(geometry.size());
        bytes.putLong(identity.modifiedSeconds()).putInt(identity.modifiedNanos());
        bytes.putInt(permissions).putLong(identity.inode());
        return bytes.put(identity.key()).put(text).flip();
    }

    /** Checks what can be checked before the name, and delivers how long that is. */
    static int nameLength(ByteBuffer fixed) throws TransferException {
        if (fixed.getInt(0) != MAGIC) {
            throw new TransferException("The peer does not speak this protocol: it began with "
                    + Integer.toHexString(fixed.getInt(0)) + ". Connect a sender of RingFlow.");
        }
        int version = Short.toUnsignedInt(fixed.getShort(4));
        if (version != VERSION) {
            throw new TransferException("The peer speaks version " + version + " of the protocol, this is version "
                    + VERSION + ". Use the same release of RingFlow on both ends.");
        }
        int length = Short.toUnsignedInt(fixed.getShort(NAME_LENGTH_AT));
        if (length < 1 || length > LONGEST_NAME) {
            throw broken("a name of " + length + " bytes");
        }
        return length;
    }

    /** Reads all of it; nothing in it is believed without a check. */
    static Hello decode(ByteBuffer fixed, ByteBuffer text, long maxSize) throws TransferException {
        ByteBuffer bytes = fixed.duplicate().clear().position(8);
        int hash = bytes.get();
        HashAlgorithm[] known = HashAlgorithm.values();
        if (hash < 0 || hash >= known.length) {
            throw broken("hash " + hash);
        }
        bytes.position(bytes.position() + 3);
        Geometry geometry = geometry(bytes.getInt(), bytes.getLong(), maxSize);
        long seconds = bytes.getLong();
        int nanos = bytes.getInt();
        if (seconds < Instant.MIN.getEpochSecond()
                || seconds > Instant.MAX.getEpochSecond()
                || nanos < 0
                || nanos >= 1_000_000_000) {
            throw broken("a time of " + seconds + " seconds");
        }
        int permissions = bytes.getInt();
        long inode = bytes.getLong();
        byte[] key = new byte[Identity.KEY_LENGTH];
        bytes.get(key);
        Identity identity = new Identity(geometry, known[hash], seconds, nanos, inode, key);
        return new Hello(identity, permissions < 0 ? -1 : permissions & PERMISSIONS, name(text));
    }

    private static Geometry geometry(int chunkSize, long size, long maxSize) throws TransferException {
        boolean sound = chunkSize >= TransferOptions.MIN_CHUNK_SIZE
                && chunkSize <= TransferOptions.MAX_CHUNK_SIZE
                && Integer.bitCount(chunkSize) == 1;
        if (!sound || size < 0) {
            throw broken("a file of " + size + " bytes in chunks of " + chunkSize);
        }
        if (size > maxSize) {
            throw new TransferException(
                    "The peer offers a file of " + size + " bytes; at most " + maxSize + " are taken here");
        }
        Geometry geometry = Geometry.of(size, chunkSize);
        if (geometry.chunkSize() != chunkSize) {
            throw broken("a file of " + size + " bytes in too many chunks of " + chunkSize);
        }
        return geometry;
    }

    /** A plain name and nothing that leads anywhere else. */
    private static String name(ByteBuffer text) throws TransferException {
        String name;
        try {
            name = StandardCharsets.UTF_8.newDecoder().decode(text.duplicate()).toString();
        } catch (CharacterCodingException e) {
            throw broken("a name that is no text");
        }
        boolean leads = name.equals(".")
                || name.equals("..")
                || name.chars().anyMatch(each -> each == '/' || each == '\\' || Character.isISOControl(each));
        if (leads || !isOnePlainName(name)) {
            throw new TransferException("The peer calls its file \"" + name.replaceAll("\\p{Cntrl}", "?")
                    + "\", which is not a plain name. It was not received.");
        }
        return name;
    }

    private static boolean isOnePlainName(String name) {
        try {
            Path path = Path.of(name);
            return !path.isAbsolute()
                    && path.getNameCount() == 1
                    && path.toString().equals(name);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    static TransferException broken(String what) {
        return new TransferException("The peer breaks the protocol: it sent " + what);
    }

    Instant modified() {
        return Instant.ofEpochSecond(identity.modifiedSeconds(), identity.modifiedNanos());
    }
}
