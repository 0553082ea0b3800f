package dev.ringflow.benchmarks;

import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import dev.ringflow.Support;
import dev.ringflow.benchmarks.report.Better;
import dev.ringflow.benchmarks.report.Figure;
import dev.ringflow.benchmarks.report.Metric;
import dev.ringflow.spi.OpCode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * From which size on a send that does not copy is cheaper than one that does. Messages of each size are sent to a
 * program that throws them away unread, so that the sender's own work is all there is. The ways take turns.
 *
 * <p>Over the loopback interface, and over veth(4) between two network namespaces, the kernel copies either way. The curve
 * of a real network is measured by a sink on another machine: {@code sink}, of {@code src/main/c}, and its address.
 *
 * <p>Arguments, all optional: {@code --sizes=1k,2k,...,1m --connections=4 --rounds=7 --millis=200 --sink=HOST:PORT
 * --server-cpu=0 --client-cpu=1 --directory=target --quick}.
 */
public final class ZeroCopyComparison {
    private static final int WARM_UPS = 2;
    private static final double MEBIBYTE = 1 << 20;
    private static final Metric CPU = Metric.timed("CPU time", "µs/send", Better.LOWER);

    private final Arguments arguments;
    private final PrintStream out;
    private final int rounds;
    private final int millis;
    private final Findings findings;

    private ZeroCopyComparison(final Arguments arguments, final PrintStream out) throws IOException {
        this.arguments = arguments;
        this.out = out;
        rounds = arguments.number("rounds", 7, 3);
        millis = arguments.number("millis", 200, 100);
        findings = new Findings("zerocopy", arguments);
    }

    /**
     * Runs the comparison.
     *
     * @param args see the class
     * @throws Exception if a send fails
     */
    public static void main(final String[] args) throws Exception {
        final Set<String> known =
                Set.of("sizes", "connections", "rounds", "millis", "sink", "server-cpu", "client-cpu", "directory");
        new ZeroCopyComparison(new Arguments("./ringflow bench zerocopy", known, args), System.out).run();
        System.exit(0);
    }

    private void run() throws Exception {
        final Path directory = arguments.directory();
        out.println(arguments.command());
        out.printf(
                "%s; load %s%n%d connections with one send each; medians of %d rounds of %d ms in turns%n",
                Surroundings.line(directory), Surroundings.load(), arguments.number("connections", 4), rounds, millis);
        bind(arguments.number("server-cpu", 0));
        final String elsewhere = arguments.text("sink", "");
        if (!elsewhere.isEmpty()) {
            final int colon = elsewhere.lastIndexOf(':');
            measure(new InetSocketAddress(
                    elsewhere.substring(0, colon), Integer.parseInt(elsewhere.substring(colon + 1))));
            return;
        }
        final Path program = CProgram.compile("sink", directory);
        try (Dialogue sink = Dialogue.start(
                "The sink",
                List.of("taskset", "-c", Integer.toString(arguments.number("client-cpu", 1)), program.toString()))) {
            measure(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(sink.greeting())));
        }
    }

    /** All threads that are there now, and with them those that they start. */
    private static void bind(final int processor) throws IOException, InterruptedException {
        final Process taskset = new ProcessBuilder(
                        "taskset",
                        "-a",
                        "-c",
                        "-p",
                        Integer.toString(processor),
                        Long.toString(ProcessHandle.current().pid()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (taskset.waitFor() != 0) {
            throw new IOException("taskset failed");
        }
    }

    private void measure(final InetSocketAddress sink) throws Exception {
        try (Ring ring = Ring.open(RingOptions.builder().driver("uring").build())) {
            if (ring.capabilities().support(OpCode.SEND_ZERO_COPY) == Support.NONE) {
                final String reason = "This kernel cannot send without copying: Linux 6.0 or later can.";
                out.println(reason);
                findings.absent("zerocopy", SocketSends.Way.ZERO_COPY.title(), reason);
                findings.write(out);
                return;
            }
        }
        out.printf(
                "%n%8s  %10s %9s  %10s %9s %7s  %10s %9s %7s%n",
                "", "copied", "", "zero-copy", "", "", "registered", "", "");
        out.printf(
                "%8s  %10s %9s  %10s %9s %7s  %10s %9s %7s%n",
                "bytes", "MiB/s", "CPU us", "MiB/s", "CPU us", "of copy", "MiB/s", "CPU us", "of copy");
        for (final String each : arguments.list("sizes", defaultSizes())) {
            measure(sink, (int) new Arguments("", Set.of("size"), "--size=" + each).size("size", each));
        }
        out.printf(
                "%nCPU: of the sender for each send; of copy: over that of a copied one, round by round. load at the end:"
                        + " %s%n",
                Surroundings.load());
        findings.write(out);
    }

    private String defaultSizes() {
        return arguments.isQuick() ? "4k,64k,1m" : "1k,2k,4k,8k,16k,32k,64k,128k,256k,512k,1m";
    }

    private void measure(final InetSocketAddress sink, final int size) throws Exception {
        final List<SocketSends> ways = new ArrayList<>();
        final List<List<FileCost>> costs = new ArrayList<>();
        try {
            for (final SocketSends.Way way : SocketSends.Way.values()) {
                final Ring ring =
                        Ring.open(RingOptions.builder().driver("uring").build());
                ways.add(new SocketSends(ring, sink, arguments.number("connections", 4), size, way));
                costs.add(new ArrayList<>());
            }
            for (int round = -WARM_UPS; round < rounds; round++) {
                for (int k = 0; k < ways.size(); k++) {
                    final int i = Math.floorMod(round + k, ways.size());
                    final FileCost cost = ways.get(i).measure(millis);
                    if (round >= 0) {
                        costs.get(i).add(cost);
                    }
                }
            }
        } finally {
            ways.forEach(SocketSends::close);
        }
        print(size, costs);
        report(size, costs);
    }

    private void report(final int size, final List<List<FileCost>> costs) {
        report(size, costs, Metric.THROUGHPUT, each -> each.perSecond() * size / MEBIBYTE);
        report(size, costs, CPU, each -> each.cpuNanos() / 1000);
    }

    private void report(
            final int size,
            final List<List<FileCost>> costs,
            final Metric metric,
            final ToDoubleFunction<FileCost> value) {
        final String benchmark = "zerocopy, sends of " + size + " bytes";
        final List<Figure> figures = new ArrayList<>();
        for (final SocketSends.Way way : SocketSends.Way.values()) {
            final List<Double> rounded =
                    costs.get(way.ordinal()).stream().mapToDouble(value).boxed().toList();
            final Figure figure = Figure.alone(benchmark, way.title(), true, metric, rounded);
            figures.add(figures.isEmpty() ? figure : figure.over(figures.get(0)));
        }
        figures.forEach(findings::add);
    }

    private void print(final int size, final List<List<FileCost>> costs) {
        out.printf("%8d", size);
        for (int way = 0; way < costs.size(); way++) {
            final Samples speeds = new Samples(rounds);
            final Samples cpu = new Samples(rounds);
            final Samples shares = new Samples(rounds);
            for (int round = 0; round < rounds; round++) {
                final FileCost cost = costs.get(way).get(round);
                speeds.add(cost.perSecond() * size / MEBIBYTE);
                cpu.add(cost.cpuNanos() / 1000);
                shares.add(cost.cpuNanos() / costs.get(0).get(round).cpuNanos());
            }
            out.printf(Locale.ROOT, "  %10.0f %9.2f", speeds.median(), cpu.median());
            if (way > 0) {
                out.printf(Locale.ROOT, " %7.2f", shares.median());
            }
        }
        out.println();
    }
}
