package dev.ringflow.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Echo servers side by side: messages of 64 bytes on 256 connections, each of which sends the next when it has the last
 * one back; and then the same at a rate that all of them can carry (see {@link FixedLoad}). Every server is a process of
 * its own on one processor, and one and the same C program on another plays the clients of all of them. All are started
 * and warmed up, and then take turns.
 *
 * <p>Arguments, all optional: {@code --connections=256 --bytes=64 --rounds=9 --millis=1000 --warmup=3 --server-cpu=0
 * --client-cpu=1 --only=c,callbacks,... --load=closed,fixed --rate=0 --trace=true --profile --directory=target --check
 * --quick}. A rate of 0 is half of what the slowest server can do. With {@code --profile} only RingFlow's server of
 * multishot receives runs, and what it did with its time is printed. With {@code --check} the exit code is 1 when a target
 * is missed.
 */
public final class EchoComparison {
    private static final int TRACED_MILLIS = 500;
    private static final String BENCHMARK = "echo, as fast as it goes";

    private final Arguments arguments;
    private final PrintStream out;
    private final Findings findings;
    private final Path directory;
    private final int connections;
    private final int bytes;
    private final int rounds;
    private final int millis;
    private final EchoRounds table = new EchoRounds();
    private final List<EchoProcess> servers = new ArrayList<>();
    private final List<Double> warmSpeeds = new ArrayList<>();

    private EchoComparison(final Arguments arguments, final PrintStream out) throws IOException {
        this.arguments = arguments;
        this.out = out;
        findings = new Findings("echo", arguments);
        findings.fact("Netty", NettyEchoServer.version());
        directory = arguments.directory();
        connections = arguments.number("connections", 256);
        bytes = arguments.number("bytes", 64);
        rounds = arguments.number("rounds", 9, 3);
        millis = arguments.number("millis", 1000, 400);
    }

    /**
     * Runs the comparison.
     *
     * @param args see the class
     * @throws Exception if a server fails, or sends other bytes back than it got
     */
    public static void main(final String[] args) throws Exception {
        final Set<String> known = Set.of(
                "connections",
                "bytes",
                "rounds",
                "millis",
                "warmup",
                "server-cpu",
                "client-cpu",
                "only",
                "load",
                "rate",
                "trace",
                "profile",
                "directory",
                "check");
        final Arguments arguments = new Arguments("./ringflow bench echo", known, args);
        if (arguments.isSet("profile")) {
            EchoProfile.run(arguments, System.out);
            System.exit(0);
        }
        System.exit(new EchoComparison(arguments, System.out).run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        out.println(arguments.command());
        out.printf(
                "%s; load %s%n%d connections, %d bytes; servers on processor %d, clients on %d; medians of %d rounds of"
                        + " %d ms in turns%n",
                Surroundings.line(directory),
                Surroundings.load(),
                connections,
                bytes,
                serverCpu(),
                clientCpu(),
                rounds,
                millis);
        LoadGenerator clients = null;
        try {
            for (final String word : arguments.list("only", String.join(",", EchoKind.words()))) {
                start(EchoKind.of(word));
            }
            while (clients == null) {
                clients = warmUp();
            }
            measure(clients);
        } finally {
            servers.forEach(EchoProcess::close);
            if (clients != null) {
                clients.close();
            }
        }
        findings.write(out);
        final boolean reached = !table.has(EchoKind.STREAMS) && !table.has(EchoKind.FLOWS)
                || new EchoTargets(table, out).check(EchoKind.STREAMS, EchoKind.FLOWS);
        return reached || !arguments.isSet("check");
    }

    private int serverCpu() {
        return arguments.number("server-cpu", 0);
    }

    private int clientCpu() {
        return arguments.number("client-cpu", 1);
    }

    private void start(final EchoKind kind) throws IOException {
        try {
            servers.add(EchoProcess.start(kind, serverCpu(), directory));
        } catch (final IOException e) {
            if (kind.isOurs()) {
                throw e;
            }
            leaveOut(kind, e);
        }
    }

    private void leaveOut(final EchoKind kind, final IOException failure) {
        final String reason = String.valueOf(failure.getMessage());
        out.println(kind.title() + " is not measured: " + reason);
        findings.absent(BENCHMARK, kind.title(), reason);
    }

    /** Connects to all servers and warms them up; null if a peer failed, which is left out then. */
    private @Nullable LoadGenerator warmUp() throws IOException {
        final LoadGenerator clients = LoadGenerator.start(clientCpu(), directory);
        warmSpeeds.clear();
        for (int i = 0; i < servers.size(); i++) {
            final EchoProcess server = servers.get(i);
            try {
                clients.open(i, server.port(), connections);
                double speed = 0;
                for (int round = 0; round < Math.max(1, arguments.number("warmup", 3, 2)); round++) {
                    speed = clients.run(i, millis, bytes).perSecond();
                    server.counters();
                }
                warmSpeeds.add(speed);
            } catch (final IOException e) {
                clients.close();
                if (server.kind().isOurs()) {
                    throw e;
                }
                leaveOut(server.kind(), e);
                server.close();
                servers.remove(i);
                return null;
            }
        }
        return clients;
    }

    private void measure(final LoadGenerator clients) throws Exception {
        final List<String> loads = arguments.list("load", "closed,fixed");
        final boolean traces = arguments.text("trace", "true").equals("true") && CallTrace.isPossible();
        if (loads.contains("closed")) {
            measureClosed(clients);
            if (traces) {
                trace(clients);
            }
            table.print(out);
            table.report(findings, BENCHMARK);
        }
        if (loads.contains("fixed")) {
            final int wanted = arguments.number("rate", 0);
            final FixedLoad fixed =
                    new FixedLoad(wanted > 0 ? wanted : FixedLoad.rate(warmSpeeds), millis, bytes, directory);
            fixed.measure(servers, clients, rounds);
            if (traces) {
                fixed.countCalls(servers, clients, directory);
            }
            fixed.print(out);
            fixed.report(findings);
        }
        out.printf(
                "%nSpread: distance of the quartiles. CPU: of the server's whole process for each request; of C, of N: over"
                        + " that of C and of Netty io_uring, round by round; kernel: the kernel's share of it. calls: system"
                        + " calls for each request, with ~ counted by strace in a round of its own. heap: bytes for each"
                        + " request, all threads. clients: how busy they were. load at the end: %s%n%n",
                Surroundings.load());
    }

    private void measureClosed(final LoadGenerator clients) throws IOException {
        for (int round = 0; round < rounds; round++) {
            for (int k = 0; k < servers.size(); k++) {
                final int i = (round + k) % servers.size();
                final EchoProcess server = servers.get(i);
                final EchoProcess.Counters before = server.counters();
                final LoadGenerator.Load load = clients.run(i, millis, bytes);
                table.add(server.kind(), EchoCost.of(load, before, server.counters()));
            }
        }
    }

    private void trace(final LoadGenerator clients) throws Exception {
        for (int i = 0; i < servers.size(); i++) {
            final EchoProcess server = servers.get(i);
            if (server.counters().systemCalls() < 0) {
                final CallTrace trace = CallTrace.begin(server.pid(), directory);
                final LoadGenerator.Load load = clients.run(i, TRACED_MILLIS, bytes);
                table.traced(server.kind(), (double) trace.end() / load.requests());
            }
        }
    }
}
