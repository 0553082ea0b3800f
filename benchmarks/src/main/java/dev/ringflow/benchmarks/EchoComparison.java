package dev.ringflow.benchmarks;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Echo servers side by side: messages of 64 bytes on 256 connections, each of which sends the next when it has the last
 * one back. Every server is a process of its own on one processor, and one and the same C program on another plays the
 * clients of all of them. All are started and warmed up, and then take turns.
 *
 * <p>Arguments, all optional: {@code --connections=256 --bytes=64 --rounds=9 --millis=1000 --warmup=3 --server-cpu=0
 * --client-cpu=1 --only=c,callbacks,... --trace=true --directory=target --check}. With {@code --check} the exit code is
 * 1 when a target is missed.
 */
public final class EchoComparison {
    private static final int TRACED_MILLIS = 500;

    private final Arguments arguments;
    private final PrintStream out;
    private final int connections;
    private final int bytes;
    private final int rounds;
    private final int millis;
    private final EchoRounds table = new EchoRounds();

    private EchoComparison(final Arguments arguments, final PrintStream out) {
        this.arguments = arguments;
        this.out = out;
        connections = arguments.number("connections", 256);
        bytes = arguments.number("bytes", 64);
        rounds = arguments.number("rounds", 9);
        millis = arguments.number("millis", 1000);
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
                "trace",
                "directory",
                "check");
        final Arguments arguments = new Arguments("./ringflow bench echo", known, args);
        System.exit(new EchoComparison(arguments, System.out).run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        final Path directory = Files.createDirectories(Path.of(
                arguments.text("directory", Surroundings.defaultDirectory().toString())));
        final int serverCpu = arguments.number("server-cpu", 0);
        final int clientCpu = arguments.number("client-cpu", 1);
        final List<EchoProcess> servers = new ArrayList<>();
        out.println(arguments.command());
        out.printf(
                "%s; load %s%n%d connections, %d bytes; servers on processor %d, clients on %d; medians of %d rounds of"
                        + " %d ms in turns%n",
                Surroundings.line(directory),
                Surroundings.load(),
                connections,
                bytes,
                serverCpu,
                clientCpu,
                rounds,
                millis);
        try (LoadGenerator clients = LoadGenerator.start(clientCpu, directory)) {
            for (final String word : arguments.list("only", String.join(",", EchoKind.words()))) {
                servers.add(EchoProcess.start(EchoKind.of(word), serverCpu, directory));
            }
            measure(servers, clients);
            if (arguments.text("trace", "true").equals("true") && CallTrace.isPossible()) {
                trace(servers, clients, directory);
            }
        } finally {
            servers.forEach(EchoProcess::close);
        }
        table.print(out);
        out.printf(
                "%nSpread: distance of the quartiles. CPU: of the server's whole process for each request; of C, of N: over"
                        + " that of C and of Netty io_uring, round by round; kernel: the kernel's share of it. calls: system"
                        + " calls for each request, with ~ counted by strace in a round of its own. heap: bytes for each"
                        + " request, all threads. clients: how busy they were. load at the end: %s%n%n",
                Surroundings.load());
        final boolean reached = new EchoTargets(table, out).check(EchoKind.STREAMS, EchoKind.FLOWS);
        return reached || !arguments.isSet("check");
    }

    private void measure(final List<EchoProcess> servers, final LoadGenerator clients) throws Exception {
        for (int i = 0; i < servers.size(); i++) {
            clients.open(i, servers.get(i).port(), connections);
        }
        for (int round = 0; round < arguments.number("warmup", 3); round++) {
            for (int i = 0; i < servers.size(); i++) {
                clients.run(i, millis, bytes);
                servers.get(i).counters();
            }
        }
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

    private void trace(final List<EchoProcess> servers, final LoadGenerator clients, final Path directory)
            throws Exception {
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
