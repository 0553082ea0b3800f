package dev.ringflow.benchmarks;

import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Random reads of 4 KiB from one file: past the page cache against fio's engine for io_uring and jasyncfio, from the page
 * cache against the JDK's channels and jasyncfio, and one at a time against pread(2). All sides of a table take turns on
 * the same file.
 *
 * <p>Arguments, all optional: {@code --size=1g --rounds=9 --millis=1000 --depth=32 --only=direct,cached,single
 * --directory=target --check --quick}. The directory must be on a disk whose file system has direct I/O. With {@code --check}
 * the exit code is 1 when a target is missed.
 */
public final class FileComparison {
    private static final int WARM_UPS = 2;

    private final Arguments arguments;
    private final PrintStream out;
    private final int rounds;
    private final int millis;
    private final int depth;
    private final Findings findings;
    private boolean reached = true;

    private FileComparison(final Arguments arguments, final PrintStream out) throws IOException {
        this.arguments = arguments;
        this.out = out;
        rounds = arguments.number("rounds", 9, 3);
        millis = arguments.number("millis", 1000, 250);
        depth = arguments.number("depth", 32);
        findings = new Findings("files", arguments);
    }

    /**
     * Runs the comparison.
     *
     * @param args see the class
     * @throws Exception if a side fails
     */
    public static void main(final String[] args) throws Exception {
        final Set<String> known = Set.of("size", "rounds", "millis", "depth", "only", "directory", "check");
        final Arguments arguments = new Arguments("./ringflow bench files", known, args);
        System.exit(new FileComparison(arguments, System.out).run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        final Path directory = arguments.directory();
        final List<String> only = arguments.list("only", "direct,cached,single");
        try (TestFile file = TestFile.write(directory, arguments.size("size", arguments.isQuick() ? "256m" : "1g"))) {
            out.println(arguments.command());
            out.printf(
                    "%s; a file of %d MiB; medians of %d rounds of %d ms in turns; load %s%n",
                    Surroundings.line(directory), file.size() >> 20, rounds, millis, Surroundings.load());
            if (only.contains("direct")) {
                direct(new ReadPlan(file.path(), file.size(), depth, true, false));
            }
            file.readAll();
            if (only.contains("cached")) {
                cached(new ReadPlan(file.path(), file.size(), depth, false, false));
            }
            if (only.contains("single")) {
                single(new ReadPlan(file.path(), file.size(), 1, false, false));
            }
        }
        out.printf(
                "%nSpread: distance of the quartiles. CPU: of the whole process for each request. calls: system calls for each"
                        + " request. heap: bytes for each request, all threads. load at the end: %s%n",
                Surroundings.load());
        findings.write(out);
        return reached || !arguments.isSet("check");
    }

    private static Ring ring() {
        return Ring.open(RingOptions.builder().driver("uring").build());
    }

    private void direct(final ReadPlan plan) throws Exception {
        final ReadPlan registered = plan.registered(true);
        final FileRounds table = new FileRounds();
        final String version = FioReads.version();
        out.printf("%nRandom reads of 4 KiB past the page cache (O_DIRECT), %d in flight%n", depth);
        FioReads fio = null;
        FioReads fioRegistered = null;
        if (version == null) {
            out.println(
                    "Without fio, which is not installed: apt-get install fio. So there is nothing to compare with.");
            findings.absent("file, past the page cache", "fio", "not installed: apt-get install fio");
        } else {
            fio = table.add(new FioReads(version, plan));
            fioRegistered = table.add(new FioReads(version + ", registered", registered));
            table.add(
                    new FioReads(
                            version + ", in batches",
                            plan,
                            "--iodepth_batch_submit=" + depth,
                            "--iodepth_batch_complete_min=1",
                            "--iodepth_batch_complete_max=" + depth),
                    fio,
                    0);
            out.println(fio.options());
        }
        addPeers(table, plan, fio);
        final Sides plain = addSides(table, plan, fio);
        final Sides pooled = addSides(table, registered, fioRegistered);
        measure(table, "of fio", "file, past the page cache");
        out.printf(
                java.util.Locale.ROOT,
                "Registered over plain: raw ring %.3f, callbacks %.3f, futures %.3f, suspend %.3f%n",
                table.share(pooled.raw, plain.raw),
                table.share(pooled.callbacks, plain.callbacks),
                table.share(pooled.futures, plain.futures),
                table.share(pooled.suspending, plain.suspending));
    }

    /** Other libraries for io_uring on the JVM. */
    private static void addPeers(final FileRounds table, final ReadPlan plan, final @Nullable FileSide base) {
        table.addPeer(JasyncfioReads.NAME, () -> new JasyncfioReads(plan), base);
        table.addPeer(NioUring.NAME, NioUring::startReads, base);
    }

    private record Sides(FileSide raw, FileSide callbacks, FileSide futures, FileSide suspending) {}

    private static Sides addSides(final FileRounds table, final ReadPlan plan, final @Nullable FileSide base)
            throws IOException {
        return new Sides(
                table.add(new RawFileReads(plan), base, 0.95),
                table.add(RingFileReads.callbacks(plan, ring()), base, 0.90),
                table.add(RingFileReads.futures(plan, ring()), base, 0.90),
                table.add(new SuspendingFileReads(plan, ring()), base, 0.90));
    }

    private void cached(final ReadPlan plan) throws Exception {
        out.printf("%nThe same from the page cache, %d in flight; FileChannel has one thread%n", depth);
        final FileRounds table = new FileRounds();
        final FileSide channel = table.add(new ChannelReads(plan));
        final FileSide asynchronous = table.add(new AsynchronousChannelReads(plan), channel, 0);
        addPeers(table, plan, channel);
        addUntargeted(table, plan, channel);
        final Sides pooled = addUntargeted(table, plan.registered(true), channel);
        measure(table, "of pread", "file, from the page cache");
        out.printf(
                java.util.Locale.ROOT,
                "Over AsynchronousFileChannel: raw ring %.2f, callbacks %.2f, futures %.2f, suspend %.2f (registered)%n",
                table.share(pooled.raw, asynchronous),
                table.share(pooled.callbacks, asynchronous),
                table.share(pooled.futures, asynchronous),
                table.share(pooled.suspending, asynchronous));
    }

    private void single(final ReadPlan plan) throws Exception {
        out.printf("%nThe same from the page cache, one at a time: the case that a ring loses%n");
        final FileRounds table = new FileRounds();
        addUntargeted(table, plan, table.add(new ChannelReads(plan)));
        measure(table, "of pread", "file, from the page cache, one at a time");
    }

    private static Sides addUntargeted(final FileRounds table, final ReadPlan plan, final FileSide base)
            throws IOException {
        return new Sides(
                table.add(new RawFileReads(plan), base, 0),
                table.add(RingFileReads.callbacks(plan, ring()), base, 0),
                table.add(RingFileReads.futures(plan, ring()), base, 0),
                table.add(new SuspendingFileReads(plan, ring()), base, 0));
    }

    private void measure(final FileRounds table, final String shareOf, final String benchmark) throws Exception {
        try {
            table.run(WARM_UPS, rounds, millis);
            table.print(out, shareOf);
            table.report(findings, benchmark);
            reached &= table.isReached();
        } finally {
            table.close();
        }
    }
}
