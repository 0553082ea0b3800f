package dev.ringflow.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Symbolic links, which some file systems do not have, and which Windows lets few users make. */
final class SymbolicLinks {
    private SymbolicLinks() {}

    /** Whether they can be made in a directory; leaves nothing there. */
    static boolean areMadeIn(Path directory) {
        Path link = directory.resolve("symbolic-link-to-nowhere");
        try {
            Files.createSymbolicLink(link, Path.of("nowhere"));
            boolean isLink = Files.isSymbolicLink(link);
            Files.deleteIfExists(link);
            return isLink;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Skips the test where they cannot be made. */
    static void assumeIn(Path directory) {
        Assumptions.assumeTrue(areMadeIn(directory), "no symbolic links can be made here");
    }
}
