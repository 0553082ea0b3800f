package dev.ringflow.tck;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What goes over each connection: its number, and then bytes that only it has. Every byte is known by connection and
 * position, so that one of another connection, or at another place, is found.
 */
final class ManyConnectionsContent {
    private static final int UNKNOWN = -1;

    private int connection;
    private int position;
    private int told;

    private ManyConnectionsContent(int connection) {
        this.connection = connection;
    }

    static ManyConnectionsContent of(int connection) {
        return new ManyConnectionsContent(connection);
    }

    /** Of a connection that tells its number with the first bytes. */
    static ManyConnectionsContent unknown() {
        return new ManyConnectionsContent(UNKNOWN);
    }

    boolean isKnown() {
        return connection != UNKNOWN;
    }

    int connection() {
        return connection;
    }

    /** How many bytes there were. */
    int position() {
        return position;
    }

    private byte next() {
        int at = position++;
        if (at < Integer.BYTES) {
            return (byte) (connection >>> (Byte.SIZE * at));
        }
        int mixed = (connection * 0x9E3779B9) ^ (at * 0x85EBCA6B);
        mixed = (mixed ^ mixed >>> 15) * 0x2C1B3C6D;
        return (byte) (mixed >>> 24);
    }

    /** Puts the next bytes into a buffer until it is full. */
    ByteBuffer fill(ByteBuffer to) {
        while (to.hasRemaining()) {
            to.put(next());
        }
        return to;
    }

    /** Compares the next bytes with what came; answers what is wrong, or null. */
    @Nullable
    String mismatch(ByteBuffer came) {
        ByteBuffer bytes = came.duplicate();
        while (bytes.hasRemaining()) {
            int at = position;
            byte found = bytes.get();
            if (connection == UNKNOWN) {
                told |= (found & 0xFF) << (Byte.SIZE * position++);
                connection = position == Integer.BYTES ? told : UNKNOWN;
            } else {
                byte expected = next();
                if (found != expected) {
                    return "byte " + at + " of connection " + connection + " is " + found + " instead of " + expected;
                }
            }
        }
        return null;
    }
}
