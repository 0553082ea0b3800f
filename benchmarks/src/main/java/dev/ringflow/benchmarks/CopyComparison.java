package dev.ringflow.benchmarks;

import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import dev.ringflow.benchmarks.CopySide.CopyPlan;
import dev.ringflow.file.FileTransfer;
import dev.ringflow.file.HashAlgorithm;
import dev.ringflow.file.RingFile;
import dev.ringflow.file.RingOpenOption;
import dev.ringflow.file.TransferOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Copies of one file, one after the other: cp(1) and the JDK against a ring. Once from the page cache into the page
 * cache, once from the disk to the disk with fsync(2) at the end.
 *
 * <p>Arguments, all optional: {@code --size=1g --rounds=7 --depth=32 --only=cached,cold --directory=target --check
 * --quick}. With
 * {@code --check} the exit code is 1 when the best way on a ring is slower than cp or Files.copy, from disk to disk.
 */
public final class CopyComparison {
    private final Arguments arguments;
    private final PrintStream out;
    private final int rounds;
    private final int depth;
    private final Findings findings;
    private boolean reached = true;

    private CopyComparison(final Arguments arguments, final PrintStream out) throws IOException {
        this.arguments = arguments;
        this.out = out;
        rounds = arguments.number("rounds", 7, 3);
        depth = arguments.number("depth", 32);
        findings = new Findings("copy", arguments);
    }

    /**
     * Runs the comparison.
     *
     * @param args see the class
     * @throws Exception if a copy fails
     */
    public static void main(final String[] args) throws Exception {
        final Set<String> known = Set.of("size", "rounds", "depth", "only", "directory", "check");
        final Arguments arguments = new Arguments("./ringflow bench copy", known, args);
        System.exit(new CopyComparison(arguments, System.out).run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        final Path directory = arguments.directory();
        final List<String> only = arguments.list("only", "cached,cold");
        final Path copies = Files.createTempDirectory(directory, "ringflow-bench");
        final Path target = copies.resolve("copy.bin");
        try (TestFile file = TestFile.write(directory, arguments.size("size", arguments.isQuick() ? "64m" : "1g"))) {
            out.println(arguments.command());
            out.printf(
                    "%s; a file of %d MiB; medians of %d rounds in turns; load %s%n",
                    Surroundings.line(directory), file.size() >> 20, rounds, Surroundings.load());
            if (only.contains("cached")) {
                out.printf("%nFrom the page cache into the page cache: the memory is the limit%n");
                compare("copy, from memory to memory", new CopyPlan(file.path(), target, file.size(), false));
            }
            if (only.contains("cold")) {
                out.printf("%nFrom the disk to the disk, fsync at the end: the disk is the limit%n");
                reached &= compare("copy, from disk to disk", new CopyPlan(file.path(), target, file.size(), true));
            }
        } finally {
            deleteAll(copies);
        }
        out.printf(
                "%nSpread: distance of the quartiles. CPU: of the process and of cp, without the kernel's own threads. load at"
                        + " the end: %s%n",
                Surroundings.load());
        findings.write(out);
        return reached || !arguments.isSet("check");
    }

    /** The copy, and what a transfer that failed left for another try. */
    private static void deleteAll(final Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (final Path each : files) {
                Files.delete(each);
            }
        }
        Files.delete(directory);
    }

    private static Ring ring() {
        return Ring.open(RingOptions.builder().driver("uring").build());
    }

    private boolean compare(final String benchmark, final CopyPlan plan) throws Exception {
        final FileRounds table = new FileRounds();
        final List<AutoCloseable> resources = new ArrayList<>();
        try {
            final Ring ring = ring();
            resources.add(ring);
            final PipelinedCopy buffered = new PipelinedCopy(ring(), depth);
            resources.add(buffered);
            final PipelinedCopy direct = new PipelinedCopy(ring(), depth, RingOpenOption.DIRECT_IO);
            resources.add(direct);
            final FileSide cp = table.add(new CopySide("cp", plan, CopyComparison::cp));
            final FileSide jdk = table.add(new CopySide("Files.copy", plan, Files::copy), cp, 0);
            table.add(new CopySide("FileChannel.transferTo", plan, CopyComparison::transferTo), cp, 0);
            final List<FileSide> ours = List.of(
                    table.add(
                            new CopySide("RingFile.copyToAsync (splice)", plan, (from, to) -> splice(ring, from, to)),
                            cp,
                            0),
                    table.add(
                            new CopySide(
                                    "RingFile, read and write, " + depth + " in flight",
                                    plan,
                                    (from, to) -> buffered.copy(from, to, plan.size())),
                            cp,
                            0),
                    table.add(
                            new CopySide(
                                    "RingFile, the same with direct I/O",
                                    plan,
                                    (from, to) -> direct.copy(from, to, plan.size())),
                            cp,
                            0),
                    table.add(
                            new CopySide(
                                    "FileTransfer.copyAsync, verified",
                                    plan,
                                    (from, to) -> FileTransfer.copyAsync(ring, from, to, options(false))
                                            .join()),
                            cp,
                            0),
                    table.add(
                            new CopySide(
                                    "FileTransfer.copyAsync, verified by SHA-256",
                                    plan,
                                    (from, to) -> FileTransfer.copyAsync(
                                                    ring,
                                                    from,
                                                    to,
                                                    TransferOptions.builder()
                                                            .hash(HashAlgorithm.SHA_256)
                                                            .build())
                                            .join()),
                            cp,
                            0),
                    table.add(
                            new CopySide(
                                    "FileTransfer.copyAsync, verified, direct I/O",
                                    plan,
                                    (from, to) -> FileTransfer.copyAsync(ring, from, to, options(true))
                                            .join()),
                            cp,
                            0));
            table.run(1, rounds, 0);
            table.printCopies(out, "of cp");
            table.reportCopies(findings, benchmark);
            boolean fastest = false;
            for (final FileSide each : ours) {
                fastest |= table.share(each, cp) >= 1 && table.share(each, jdk) >= 1;
            }
            out.println(
                    fastest
                            ? "At least as fast as cp and Files.copy: reached"
                            : "At least as fast as cp and Files.copy: not reached");
            return fastest;
        } finally {
            for (final AutoCloseable each : resources) {
                each.close();
            }
        }
    }

    private static TransferOptions options(final boolean direct) {
        return TransferOptions.builder().directIo(direct).build();
    }

    private static void cp(final Path source, final Path target) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder("cp", source.toString(), target.toString())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("cp failed");
        }
    }

    private static void transferTo(final Path source, final Path target) throws IOException {
        try (FileChannel from = FileChannel.open(source);
                FileChannel to = FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            final long size = from.size();
            for (long done = 0; done < size; ) {
                done += from.transferTo(done, size - done, to);
            }
        }
    }

    private static void splice(final Ring ring, final Path source, final Path target) throws IOException {
        try (RingFile from = ring.openFileAsync(source, StandardOpenOption.READ).join();
                RingFile to = ring.openFileAsync(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)
                        .join()) {
            final long size = Files.size(source);
            for (long done = 0; done < size; ) {
                done += from.copyToAsync(done, size - done, to, done).join();
            }
        }
    }
}
