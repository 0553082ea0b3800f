package dev.ringflow.internal.transfer;

import dev.ringflow.file.TransferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file that is not finished, hidden next to where it will be, and the list of what is in it. All of it blocks: worker
 * threads, one at a time.
 */
final class Partial {
    private static final int KEY_BYTES = 8;
    private static final int LONGEST_NAME = 200;
    private static final PosixFilePermission[] PERMISSIONS = {
        PosixFilePermission.OTHERS_EXECUTE,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ
    };

    /** Those of this process: a second opening of the same list would give up the lock of the first with its end. */
    private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

    private final Target target;
    private final Path part;
    private final Path state;
    private final ChunkTable listed;
    private @Nullable Journal journal;

    private Partial(Target target, String key, Geometry geometry) {
        this.target = target;
        String name = shortened(String.valueOf(target.path().getFileName()));
        String hidden = "." + name + ".ringflow-" + key;
        this.part = target.path().resolveSibling(hidden + ".part");
        this.state = target.path().resolveSibling(hidden + ".state");
        this.listed = new ChunkTable(geometry);
    }

    private static String shortened(String name) {
        String rest = name;
        while (rest.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            rest = rest.substring(0, rest.offsetByCodePoints(rest.length(), -1));
        }
        return rest;
    }

    private static String hex(byte[] key) {
        return HexFormat.of().formatHex(key, 0, KEY_BYTES);
    }

    /** One that a later run can go on with, or what an earlier one has left. */
    static Partial resumable(Target target, Identity identity, boolean hidden) throws IOException {
        Partial partial = new Partial(target, hex(identity.key()), identity.geometry());
        if (!IN_USE.add(partial.state)) {
            throw partial.busy();
        }
        try {
            partial.takeOver(identity, hidden);
        } catch (IOException | RuntimeException e) {
            partial.letGo();
            throw e;
        }
        return partial;
    }

    private void takeOver(Identity identity, boolean hidden) throws IOException {
        if (!Files.exists(state, LinkOption.NOFOLLOW_LINKS)) {
            create(state, hidden);
        }
        Journal opened = Journal.open(state, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
        if (opened == null) {
            throw busy();
        }
        journal = opened;
        boolean goesOn = opened.read(identity, listed) && Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS);
        if (!goesOn) {
            Files.deleteIfExists(part);
            create(part, hidden);
            opened.begin(identity);
        } else if (hidden) {
            hide(part); // fails if it is somebody else's
        }
        size(part, identity.geometry().size());
    }

    /** Cuts or extends it; what it is extended by is a hole. */
    private static void size(Path file, long size) throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try (FileChannel channel = FileChannel.open(file, options)) {
            channel.truncate(size);
            if (channel.size() < size) {
                channel.write(ByteBuffer.allocate(1), size - 1);
            }
        }
    }

    private TransferException busy() {
        return new TransferException("Another transfer from the same source to " + target.path()
                + " is under way. Wait for it, or choose another target.");
    }

    /** One for this run alone. */
    static Partial fresh(Target target, Geometry geometry, boolean hidden) throws IOException {
        Partial partial = new Partial(
                target, "%016x".formatted(ThreadLocalRandom.current().nextLong()), geometry);
        create(partial.part, hidden);
        try {
            size(partial.part, geometry.size());
        } catch (IOException | RuntimeException e) {
            Files.delete(partial.part);
            throw e;
        }
        return partial;
    }

    /** What an earlier run has left of a source, only to look at; null if nothing. */
    static @Nullable Partial left(Target target, Identity identity) throws IOException {
        Partial partial = new Partial(target, hex(identity.key()), identity.geometry());
        if (!Files.exists(partial.state, LinkOption.NOFOLLOW_LINKS) || !Files.exists(partial.part)) {
            return null;
        }
        if (!IN_USE.add(partial.state)) {
            throw partial.busy();
        }
        try (Journal opened = Journal.open(partial.state, Set.of(StandardOpenOption.READ))) {
            return opened != null && opened.read(identity, partial.listed) ? partial : null;
        } finally {
            IN_USE.remove(partial.state);
        }
    }

    private static void create(Path file, boolean hidden) throws IOException {
        FileAttribute<?>[] attributes = hidden && hasPermissions(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Files.createFile(file, attributes);
    }

    private static void hide(Path file) throws IOException {
        if (hasPermissions(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static boolean hasPermissions(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    Path part() {
        return part;
    }

    Target target() {
        return target;
    }

    /** What an earlier run says it has written; that is not to be believed without a look. */
    ChunkTable listed() {
        return listed;
    }

    /** Adds chunks to the list, if there is one. */
    void written(List<Journal.Entry> entries, boolean durable) throws IOException {
        if (journal != null) {
            journal.append(entries, durable);
        }
    }

    boolean isResumable() {
        return journal != null;
    }

    /** Gives it the permissions, if known, and the time of the source. */
    void adopt(int permissions, Instant modified) throws IOException {
        if (permissions >= 0 && hasPermissions(part)) {
            Set<PosixFilePermission> granted = EnumSet.noneOf(PosixFilePermission.class);
            for (int bit = 0; bit < PERMISSIONS.length; bit++) {
                if ((permissions & 1 << bit) != 0) {
                    granted.add(PERMISSIONS[bit]);
                }
            }
            Files.getFileAttributeView(part, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setPermissions(granted);
        }
        Files.setLastModifiedTime(part, FileTime.from(modified));
    }

    /** Gives it its name; what it was called before is gone then. */
    void publish() throws IOException {
        target.give(part);
    }

    /** After publishing, or when it is of no use to anybody. */
    void delete() throws IOException {
        Files.deleteIfExists(part);
        if (journal != null) {
            Files.deleteIfExists(state);
        }
        letGo();
    }

    /** Keeps it for a later run. */
    void letGo() {
        Journal open = journal;
        journal = null;
        IN_USE.remove(state);
        if (open != null) {
            try {
                open.close();
            } catch (IOException nothingIsLost) {
                // what was not written will be moved again
            }
        }
    }
}
