package dev.ringflow.benchmarks;

import dev.ringflow.benchmarks.report.Better;
import dev.ringflow.benchmarks.report.Metric;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How fast servers take connections: each is made, has one byte sent back, and is reset by the client. Servers and
 * clients are those of {@link EchoComparison}, and take turns.
 *
 * <p>Arguments, all optional: {@code --width=64 --rounds=9 --millis=1000 --warmup=3 --server-cpu=0 --client-cpu=1
 * --only=c,streams,... --directory=target --quick}. The width is how many connections the clients begin before they wait for the
 * first.
 */
public final class AcceptComparison {
    private static final Metric CONNECTIONS = Metric.timed("speed", "connections/s", Better.HIGHER);
    private static final Metric CPU = Metric.timed("CPU time", "µs/connection", Better.LOWER);

    private final Arguments arguments;
    private final PrintStream out;
    private final int width;
    private final int rounds;
    private final int millis;

    private AcceptComparison(final Arguments arguments, final PrintStream out) {
        this.arguments = arguments;
        this.out = out;
        width = arguments.number("width", 64);
        rounds = arguments.number("rounds", 9, 3);
        millis = arguments.number("millis", 1000, 300);
    }

    /**
     * Runs the comparison.
     *
     * @param args see the class
     * @throws Exception if a server fails
     */
    public static void main(final String[] args) throws Exception {
        final Set<String> known =
                Set.of("width", "rounds", "millis", "warmup", "server-cpu", "client-cpu", "only", "directory");
        new AcceptComparison(new Arguments("./ringflow bench accept", known, args), System.out).run();
        System.exit(0);
    }

    private void run() throws Exception {
        final Path directory = arguments.directory();
        final EchoRounds table = new EchoRounds();
        final List<EchoProcess> servers = new ArrayList<>();
        out.println(arguments.command());
        out.printf(
                "%s; load %s%n%d connections begun together; medians of %d rounds of %d ms in turns%n",
                Surroundings.line(directory), Surroundings.load(), width, rounds, millis);
        try (LoadGenerator clients = LoadGenerator.start(arguments.number("client-cpu", 1), directory)) {
            for (final String word : arguments.list("only", "c,streams,netty-uring,netty-epoll,selector")) {
                servers.add(EchoProcess.start(EchoKind.of(word), arguments.number("server-cpu", 0), directory));
            }
            for (int round = -arguments.number("warmup", 3, 1); round < rounds; round++) {
                for (int k = 0; k < servers.size(); k++) {
                    final EchoProcess server = servers.get(Math.floorMod(round + k, servers.size()));
                    final EchoProcess.Counters before = server.counters();
                    final LoadGenerator.Load load = clients.rush(0, server.port(), millis, width);
                    if (round >= 0) {
                        table.add(server.kind(), EchoCost.of(load, before, server.counters()));
                    }
                }
            }
        } finally {
            servers.forEach(EchoProcess::close);
        }
        print(table, servers);
        final Findings findings = new Findings("accept", arguments);
        findings.fact("Netty", NettyEchoServer.version());
        final String benchmark = "accept, connections taken";
        table.report(findings, benchmark, CONNECTIONS, EchoCost::perSecond);
        table.report(findings, benchmark, CPU, each -> each.cpuNanos() / 1000);
        table.report(findings, benchmark, Metric.HEAP, EchoCost::heapBytes);
        findings.write(out);
    }

    private void print(final EchoRounds table, final List<EchoProcess> servers) {
        out.printf(
                "%-36s %14s %6s %8s %6s %8s %8s%n", "", "connections/s", "of C", "CPU us", "of C", "heap B", "clients");
        for (final EchoProcess server : servers) {
            final EchoKind kind = server.kind();
            final boolean compared = table.has(EchoKind.C);
            out.printf(
                    Locale.ROOT,
                    "%-36s %14.0f %6.2f %8.2f %6.2f %8.0f %7.0f%%%n",
                    kind.title(),
                    table.median(kind, EchoCost::perSecond),
                    compared ? table.ratio(kind, EchoKind.C, EchoCost::perSecond) : Double.NaN,
                    table.median(kind, EchoCost::cpuNanos) / 1000,
                    compared ? table.ratio(kind, EchoKind.C, EchoCost::cpuNanos) : Double.NaN,
                    table.median(kind, EchoCost::heapBytes),
                    100 * table.median(kind, EchoCost::clientsBusy));
        }
        out.printf(
                "%nCPU: of the server's whole process for each connection; of C: over that of C, round by round. heap: bytes"
                        + " for each connection. clients: how busy they were. load at the end: %s%n",
                Surroundings.load());
    }
}
