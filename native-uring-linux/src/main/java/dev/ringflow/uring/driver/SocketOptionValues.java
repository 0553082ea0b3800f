package dev.ringflow.uring.driver;

import dev.ringflow.net.PeerCredentials;
import dev.ringflow.net.TcpInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Values of socket options in the kernel's form. */
final class SocketOptionValues {
    /** Room for any value that is read. */
    static final int ROOM = 256;

    private SocketOptionValues() {}

    /** Writes a value at the beginning of memory; its length. */
    static int write(ByteBuffer memory, SocketOptionKind kind, Object value) {
        switch (kind.form()) {
            case FLAG -> memory.putInt(0, (Boolean) value ? 1 : 0);
            case NUMBER, SIZE -> memory.putInt(0, (Integer) value);
            case LINGER -> {
                int seconds = (Integer) value;
                memory.putInt(0, seconds < 0 ? 0 : 1);
                memory.putInt(Integer.BYTES, Math.max(0, seconds));
                return 2 * Integer.BYTES;
            }
            case TEXT -> {
                byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
                if (text.length >= ROOM) {
                    throw new IllegalArgumentException(kind.option().name() + " is too long: " + value);
                }
                memory.put(0, text);
                memory.put(text.length, (byte) 0);
                return text.length;
            }
            default -> throw new UnsupportedOperationException(kind.option().name() + " cannot be set");
        }
        return Integer.BYTES;
    }

    /** Reads a value from the beginning of memory. */
    static Object read(ByteBuffer memory, SocketOptionKind kind, int length) {
        return switch (kind.form()) {
            case FLAG -> number(memory, length) != 0;
            case NUMBER -> number(memory, length);
            case SIZE -> number(memory, length) / 2;
            case LINGER -> memory.getInt(0) == 0 ? -1 : memory.getInt(Integer.BYTES);
            case TEXT -> text(memory, length);
            case TCP_INFO -> tcpInfo(memory, length);
            case CREDENTIALS ->
                new PeerCredentials(
                        memory.getInt(0),
                        Integer.toUnsignedLong(memory.getInt(Integer.BYTES)),
                        Integer.toUnsignedLong(memory.getInt(2 * Integer.BYTES)),
                        null,
                        null);
        };
    }

    private static int number(ByteBuffer memory, int length) {
        return length == 1 ? Byte.toUnsignedInt(memory.get(0)) : memory.getInt(0);
    }

    private static String text(ByteBuffer memory, int length) {
        int end = 0;
        while (end < Math.min(length, ROOM) && memory.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end];
        memory.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** {@code struct tcp_info} of {@code linux/tcp.h}, which grows at its end: what is not there is 0. */
    private static TcpInfo tcpInfo(ByteBuffer memory, int length) {
        for (int i = length; i < ROOM; i++) {
            memory.put(i, (byte) 0);
        }
        return new TcpInfo(
                memory.get(0),
                nanos(memory, 68),
                nanos(memory, 72),
                nanos(memory, 148),
                nanos(memory, 8),
                memory.getInt(16),
                memory.getInt(60),
                memory.getInt(80),
                memory.getInt(24),
                memory.getInt(32),
                Integer.toUnsignedLong(memory.getInt(100)),
                memory.getLong(120),
                memory.getLong(128),
                Integer.toUnsignedLong(memory.getInt(144)),
                memory.getLong(160));
    }

    private static long nanos(ByteBuffer memory, int offset) {
        return TimeUnit.MICROSECONDS.toNanos(Integer.toUnsignedLong(memory.getInt(offset)));
    }
}
