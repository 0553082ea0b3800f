package dev.ringflow.event;

import java.util.StringJoiner;

/**
 * What can happen to a file descriptor: a set of events, as poll(2) knows them.
 *
 * @param bits the bits of poll(2)
 */
public record PollEvents(int bits) {
    /** There is something to read: {@code POLLIN}. A timer, an eventfd or a pidfd becomes readable when it fires. */
    public static final PollEvents READABLE = new PollEvents(0x001);

    /** There is something urgent to read: {@code POLLPRI}. Files of sysfs and cgroups tell a change by it. */
    public static final PollEvents PRIORITY = new PollEvents(0x002);

    /** Writing would take at least one byte: {@code POLLOUT}. */
    public static final PollEvents WRITABLE = new PollEvents(0x004);

    /** Something is wrong, such as a pipe that nobody reads: {@code POLLERR}. Told always, without being asked for. */
    public static final PollEvents ERROR = new PollEvents(0x008);

    /** The other side has gone: {@code POLLHUP}. Told always, without being asked for. */
    public static final PollEvents HANG_UP = new PollEvents(0x010);

    /** The descriptor cannot be waited for: {@code POLLNVAL}. Told always, without being asked for. */
    public static final PollEvents INVALID = new PollEvents(0x020);

    /** The peer of a connection has shut its side down: {@code POLLRDHUP}. */
    public static final PollEvents PEER_HANG_UP = new PollEvents(0x2000);

    private static final PollEvents[] NAMED = {READABLE, PRIORITY, WRITABLE, ERROR, HANG_UP, INVALID, PEER_HANG_UP};
    private static final String[] NAMES = {
        "READABLE", "PRIORITY", "WRITABLE", "ERROR", "HANG_UP", "INVALID", "PEER_HANG_UP"
    };

    /**
     * These events and others.
     *
     * @param others what to add
     * @return the union
     */
    public PollEvents and(PollEvents others) {
        return new PollEvents(bits | others.bits);
    }

    /**
     * Whether all of some events are among these.
     *
     * @param events what to look for
     * @return true if each of them is
     */
    public boolean has(PollEvents events) {
        return (bits & events.bits) == events.bits;
    }

    /**
     * Whether the descriptor has come to an end: after such an event a stream of events is complete.
     *
     * @return true with {@link #ERROR}, {@link #HANG_UP} or {@link #INVALID} among these
     */
    public boolean isLast() {
        return (bits & (ERROR.bits | HANG_UP.bits | INVALID.bits)) != 0;
    }

    @Override
    public String toString() {
        StringJoiner names = new StringJoiner("|", "PollEvents[", "]");
        int unnamed = bits;
        for (int i = 0; i < NAMED.length; i++) {
            if (has(NAMED[i])) {
                names.add(NAMES[i]);
                unnamed &= ~NAMED[i].bits;
            }
        }
        return (unnamed == 0 ? names : names.add("0x" + Integer.toHexString(unnamed))).toString();
    }
}
