package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** Programs of the tests in a JVM of their own, also with the rights and limits of an ordinary user. */
final class ChildJvm {
    private static final long PATIENCE_SECONDS = 150;
    /** A user for each process: locked memory is charged to the user, and given back late. */
    private static final AtomicLong ORDINARY_USER =
            new AtomicLong(20_000 + ProcessHandle.current().pid() % 40_000);

    private static final Pattern TEST_TOOLS = Pattern.compile("byte-buddy|assertj|junit|abi-tools|kotlin");

    private ChildJvm() {}

    /** Runs a program as this user; answers what it printed. */
    static String run(Class<?> program, String argument) throws Exception {
        return run(List.of(), classPath(), program, argument);
    }

    /** Runs a program as a user without privileges, who may lock so many bytes of memory. */
    static String runAsOrdinaryUser(String lockedBytes, Path directory, Class<?> program, String argument)
            throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "to become an ordinary user takes root");
        long user = ORDINARY_USER.getAndIncrement();
        List<String> becoming = List.of(
                "prlimit",
                "--memlock=" + lockedBytes,
                "setpriv",
                "--reuid=" + user,
                "--regid=" + user,
                "--clear-groups");
        List<String> trial = new ArrayList<>(becoming);
        trial.addAll(List.of("test", "-x", java()));
        assumeTrue(succeeds(trial), () -> "cannot be run here: " + String.join(" ", trial));
        return run(becoming, readableClassPath(directory), program, argument);
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchTool) {
            return false;
        }
    }

    private static String run(List<String> prefix, String classPath, Class<?> program, String argument)
            throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                classPath,
                program.getName(),
                argument));
        Process child = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(new File("/"))
                .start();
        child.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).exceptionally(late -> child.destroyForcibly());
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(output).isZero();
        return output;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> absolute = new ArrayList<>();
        for (String each : all.split(File.pathSeparator)) {
            absolute.add(Path.of(each).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, absolute);
    }

    /** The class path, copied to where everybody may read: a home directory is often closed to others. */
    private static String readableClassPath(Path directory) throws IOException {
        Path copiesOfAll = directory.resolve("classes");
        boolean already = Files.exists(copiesOfAll);
        if (!already) {
            Files.createDirectory(copiesOfAll);
        }
        Files.setPosixFilePermissions(copiesOfAll, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> copies = new ArrayList<>();
        for (String each : classPath().split(File.pathSeparator)) {
            Path original = Path.of(each);
            if (Files.exists(original)
                    && !TEST_TOOLS.matcher(original.getFileName().toString()).lookingAt()) {
                Path copy = copiesOfAll.resolve(copies.size() + "-" + original.getFileName());
                if (!already) {
                    copyTree(original, copy);
                }
                copies.add(copy.toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                copy(folder, "rwxr-xr-x");
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                copy(file, "rw-r--r--");
                return FileVisitResult.CONTINUE;
            }

            private void copy(Path each, String permissions) throws IOException {
                Path target = each.equals(from)
                        ? to
                        : to.resolve(from.relativize(each).toString());
                Files.copy(each, target);
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(permissions));
            }
        });
    }
}
