package dev.ringflow.benchmarks;

import dev.ringflow.benchmarks.report.Figure;
import dev.ringflow.benchmarks.report.Metric;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What 10,000 connections cost a server that has nothing to do: each has sent messages and got them back, and is idle
 * now. One server after the other; the servers and the clients are those of {@link EchoComparison}. The kernel's own
 * memory for a connection is the same for all and is not counted.
 *
 * <p>Arguments, all optional: {@code --connections=10000 --server-cpu=0 --client-cpu=1 --only=c,streams,...
 * --directory=target --quick}. The system must allow as many open files: {@code ulimit -n}.
 */
public final class IdleComparison {
    private static final int MESSAGE = 64;
    private static final int MILLIS = 300;
    private static final int FEW = 16;
    private static final int WARM_UPS = 3;
    private static final String BENCHMARK = "idle, memory of a connection";
    /** Memory comes in pages: less than this a connection says nothing. */
    private static final double FLOOR = 64;

    private final Arguments arguments;
    private final PrintStream out;
    private final int connections;
    private final Findings findings;
    private final Map<String, Figure> references = new HashMap<>();

    private IdleComparison(final Arguments arguments, final PrintStream out) throws IOException {
        this.arguments = arguments;
        this.out = out;
        findings = new Findings("idle", arguments);
        findings.fact("Netty", NettyEchoServer.version());
        connections = arguments.number("connections", 10_000, 2000);
    }

    /**
     * Runs the comparison.
     *
     * @param args see the class
     * @throws Exception if a server fails
     */
    public static void main(final String[] args) throws Exception {
        final Set<String> known = Set.of("connections", "server-cpu", "client-cpu", "only", "directory");
        new IdleComparison(new Arguments("./ringflow bench idle", known, args), System.out).run();
        System.exit(0);
    }

    private void run() throws Exception {
        final Path directory = arguments.directory();
        out.println(arguments.command());
        out.printf("%s; %d connections%n%n", Surroundings.line(directory), connections);
        out.printf("%-36s %14s %14s %14s%n", "bytes for each idle connection", "heap", "outside", "together");
        for (final String word : arguments.list("only", String.join(",", EchoKind.words()))) {
            final EchoKind kind = EchoKind.of(word);
            try {
                measure(kind, directory);
            } catch (final IOException e) {
                if (kind.isOurs()) {
                    throw e;
                }
                out.println(kind.title() + " is not measured: " + e.getMessage());
                findings.absent(BENCHMARK, kind.title(), String.valueOf(e.getMessage()));
            }
        }
        out.printf(
                "%nOutside: what the process has in memory besides the heap, which is in memory from the beginning.%n");
        findings.write(out);
    }

    private void measure(final EchoKind kind, final Path directory) throws IOException {
        try (LoadGenerator clients = LoadGenerator.start(arguments.number("client-cpu", 1), directory);
                EchoProcess server =
                        EchoProcess.start(kind, arguments.number("server-cpu", 0), directory, "-XX:+AlwaysPreTouch")) {
            clients.open(0, server.port(), FEW);
            for (int i = 0; i < WARM_UPS; i++) {
                clients.run(0, MILLIS, MESSAGE);
                server.memory();
            }
            final EchoProcess.Memory before = server.memory();
            clients.open(1, server.port(), connections);
            clients.run(1, MILLIS, MESSAGE);
            final EchoProcess.Memory after = server.memory();
            final double heap = (double) (after.heapBytes() - before.heapBytes()) / connections;
            final double outside = (double) (after.residentBytes() - before.residentBytes()) / connections;
            out.printf(Locale.ROOT, "%-36s %14.0f %14.0f %14.0f%n", kind.title(), heap, outside, heap + outside);
            add(kind, "memory together", heap + outside);
            add(kind, "memory on the heap", heap);
            add(kind, "memory outside", outside);
        }
    }

    private void add(final EchoKind kind, final String name, final double bytes) {
        final Metric metric = Metric.counted(name, "bytes/connection", FLOOR);
        final Figure figure = Figure.alone(BENCHMARK, kind.title(), kind.isOurs(), metric, List.of(bytes));
        if (kind == EchoKind.C) {
            references.put(name, figure);
            findings.add(figure);
        } else {
            final Figure reference = references.get(name);
            findings.add(reference == null || reference.spread().median() <= 0 ? figure : figure.over(reference));
        }
    }
}
