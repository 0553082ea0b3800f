package dev.ringflow.uring.event;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/**
 * A change that an {@link Inotify} has told; see inotify(7).
 *
 * @param watch which watch, as {@link Inotify#watch} numbered it; -1 when changes were lost
 * @param mask what happened: {@code IN_} events of {@link Inotify}
 * @param cookie the same number for both halves of a renaming, otherwise 0
 * @param name the name in the watched directory, empty for the watched file itself
 */
public record InotifyEvent(int watch, int mask, int cookie, String name) {
    private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    private static final int HEAD = 16;

    /**
     * Takes what was read from an {@link Inotify} apart.
     *
     * @param buffer what was read between position and limit, in native byte order; the position moves to the end
     * @return the changes in their order
     */
    public static List<InotifyEvent> takeFrom(final ByteBuffer buffer) {
        final List<InotifyEvent> events = new ArrayList<>();
        while (buffer.remaining() >= HEAD) {
            final int watch = buffer.getInt();
            final int mask = buffer.getInt();
            final int cookie = buffer.getInt();
            final byte[] name = new byte[buffer.getInt()];
            buffer.get(name);
            int length = 0;
            while (length < name.length && name[length] != 0) {
                length++;
            }
            events.add(new InotifyEvent(watch, mask, cookie, new String(name, 0, length, NAMES)));
        }
        return events;
    }

    /**
     * Whether something happened.
     *
     * @param event an {@code IN_} event
     * @return true if it is in the mask
     */
    public boolean has(final int event) {
        return (mask & event) != 0;
    }
}
