package dev.ringflow.uring.event;

import dev.ringflow.RingException;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;

/**
 * Tells changes of files and directories; see inotify(7). Reading delivers whole {@link InotifyEvent}s, as many as the
 * buffer has room for; give it at least {@value #SMALLEST_BUFFER} bytes.
 */
public final class Inotify extends EventDescriptor {
    /** What the longest event takes, in bytes. */
    public static final int SMALLEST_BUFFER = 16 + 255 + 1;

    /** Was read. */
    public static final int IN_ACCESS = 0x001;
    /** Was written or truncated. */
    public static final int IN_MODIFY = 0x002;
    /** Its permissions, times or owner changed. */
    public static final int IN_ATTRIB = 0x004;
    /** Was open for writing, and was closed. */
    public static final int IN_CLOSE_WRITE = 0x008;
    /** Was renamed away from the directory. */
    public static final int IN_MOVED_FROM = 0x040;
    /** Was renamed into the directory. */
    public static final int IN_MOVED_TO = 0x080;
    /** Was created in the directory. */
    public static final int IN_CREATE = 0x100;
    /** Was deleted from the directory. */
    public static final int IN_DELETE = 0x200;
    /** The watched file or directory itself was deleted. */
    public static final int IN_DELETE_SELF = 0x400;
    /** The watched file or directory itself was renamed. */
    public static final int IN_MOVE_SELF = 0x800;
    /** Told only: changes were lost, since nobody read them. */
    public static final int IN_Q_OVERFLOW = 0x4000;
    /** Told only: the watch has ended, because it was taken back, or because what it watched is gone. */
    public static final int IN_IGNORED = 0x8000;
    /** For {@link #watch}: fail unless it is a directory. */
    public static final int IN_ONLYDIR = 0x0100_0000;
    /** Told only: it is about a directory. */
    public static final int IN_ISDIR = 0x4000_0000;

    private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private Inotify(final int number) {
        super(number);
    }

    /**
     * Opens one that watches nothing yet.
     *
     * @return it, for the caller to close
     * @throws RingException if the system refuses
     */
    public static Inotify open() throws RingException {
        return new Inotify(checked("inotify_init1", LibC.inotify_init1(UringConstants.O_CLOEXEC)));
    }

    /**
     * Watches a file, or a directory and what is directly in it.
     *
     * @param path what to watch
     * @param mask {@code IN_} events; they take the place of those that the same file was watched for before
     * @return the watch's number, which its events carry
     * @throws RingException if there is no such file ({@code ENOENT}), or the system refuses
     * @throws IllegalStateException if it is closed
     */
    public int watch(final Path path, final int mask) throws RingException {
        requireOpen();
        final byte[] name = path.toString().getBytes(NAMES);
        final ByteBuffer memory = Memory.allocate(name.length + 1, Long.BYTES);
        memory.put(0, name);
        final int watch = LibC.inotify_add_watch(number(), Memory.address(memory), mask);
        Reference.reachabilityFence(memory);
        return checked("inotify_add_watch of " + path, watch);
    }

    /**
     * Takes a watch back. Its last event is {@link #IN_IGNORED}.
     *
     * @param watch its number
     * @throws RingException if there is no such watch
     * @throws IllegalStateException if it is closed
     */
    public void forget(final int watch) throws RingException {
        requireOpen();
        checked("inotify_rm_watch of " + watch, LibC.inotify_rm_watch(number(), watch));
    }
}
