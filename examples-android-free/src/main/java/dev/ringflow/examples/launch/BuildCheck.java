package dev.ringflow.examples.launch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells {@code ringflow.cmd} by its exit code whether what was built is as new as the sources: a batch file cannot compare
 * times.
 */
public final class BuildCheck {
    /** Exit code: a source is newer than the build. */
    static final int OLD = 3;

    private BuildCheck() {}

    /**
     * Exits with 0 if nothing is newer than the build, and with 3 otherwise.
     *
     * @param arguments the root of the project
     * @throws IOException if the sources cannot be listed
     */
    public static void main(final String[] arguments) throws IOException {
        System.exit(isOld(Path.of(arguments[0])) ? OLD : 0);
    }

    /**
     * Whether a main source or a pom is newer than the last build: than the jar of the command line, the directory of the
     * others, which every build makes anew, and the time at which the script last began to build.
     *
     * @param root the root of the project
     * @return true if it is to be built again
     * @throws IOException if the sources cannot be listed
     */
    public static boolean isOld(final Path root) throws IOException {
        final Path target = root.resolve("examples-android-free").resolve("target");
        final Path stamp = root.resolve("target").resolve("ringflow.built");
        final List<Path> built = new ArrayList<>(List.of(stamp, target.resolve("lib")));
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "ringflow-examples-*.jar")) {
            jars.forEach(built::add);
        }
        FileTime newest = FileTime.fromMillis(0);
        for (final Path each : built) {
            if (Files.exists(each) && Files.getLastModifiedTime(each).compareTo(newest) > 0) {
                newest = Files.getLastModifiedTime(each);
            }
        }
        final Newer newer = new Newer(newest);
        Files.walkFileTree(root, newer);
        return newer.found;
    }

    private static final class Newer extends SimpleFileVisitor<Path> {
        private final FileTime built;
        private boolean found;

        Newer(final FileTime built) {
            this.built = built;
        }

        @Override
        public FileVisitResult preVisitDirectory(final Path directory, final BasicFileAttributes attributes) {
            final Path name = directory.getFileName();
            final boolean test = directory.endsWith(Path.of("src", "test"));
            return test
                            || name != null
                                    && (name.toString().equals("target")
                                            || name.toString().equals(".git"))
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) {
            found = isBuiltFrom(file) && attributes.lastModifiedTime().compareTo(built) > 0;
            return found ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        private static boolean isBuiltFrom(final Path file) {
            final String path = file.toString().replace('\\', '/');
            return path.contains("/src/main/") || path.endsWith("/pom.xml");
        }
    }
}
