package dev.ringflow.spi;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Removes the file of a unix socket that nobody listens on any more. Never one that somebody listens on, and never
 * anything that is no socket. Any thread; quick calls on the file system, of which none waits for another process.
 */
public final class StaleSocketFile {
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private StaleSocketFile() {}

    /**
     * Removes the file if it is stale. First it gets another name, so that a server that takes the path at the same moment
     * cannot lose its own file: what turns out to be another file then, or alive, gets its name back.
     *
     * @param path where a server wants to listen
     * @return true if the path is free now, as far as this is concerned
     * @throws IOException if the file system refuses
     */
    public static boolean remove(Path path) throws IOException {
        Object identity = socketAt(path);
        if (identity == null || !isAbandoned(path)) {
            return false;
        }
        Path aside = path.resolveSibling(
                "." + Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36));
        Files.move(path, aside);
        if (identity.equals(socketAt(aside)) && isAbandoned(aside)) {
            Files.delete(aside);
            return true;
        }
        Files.createLink(
                path, aside); // fails if the path is taken once more, and the server keeps its socket all the same
        Files.delete(aside);
        return false;
    }

    /** What tells the socket at a path from every other; null if there is none. */
    private static @Nullable Object socketAt(Path path) {
        try {
            var attributes = Files.readAttributes(path, "unix:mode,dev,ino", LinkOption.NOFOLLOW_LINKS);
            int mode = (Integer) Objects.requireNonNull(attributes.get("mode"));
            return (mode & TYPE) == SOCKET ? attributes : null;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException notThereOrNotKnown) {
            return null;
        }
    }

    /** Whether the system itself says that nobody listens: every other answer, such as that of a full queue, is life. */
    private static boolean isAbandoned(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (java.net.SocketException anotherKindOfSocket) {
            return false;
        }
    }
}
