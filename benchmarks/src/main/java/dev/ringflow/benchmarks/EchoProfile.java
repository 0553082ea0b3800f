package dev.ringflow.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of RingFlow's echo server goes: samples that the JVM's flight recorder takes of the server under load.
 * Samples in native code are those in which a thread was in a system call; how much of that was work and how much sleep
 * is told by the processor's time in user mode and in the kernel.
 */
final class EchoProfile {
    private static final int SHOWN = 20;
    private static final int MESSAGE = 64;
    private static final int WARM_UP_MILLIS = 2000;

    private EchoProfile() {}

    static void run(final Arguments arguments, final PrintStream out) throws IOException {
        final Path directory = arguments.directory();
        final Path recording = directory
                .resolve("echo-" + ProcessHandle.current().pid() + ".jfr")
                .toAbsolutePath();
        final List<String> kinds = arguments.list("only", EchoKind.STREAMS.word());
        out.println(arguments.command());
        for (final String word : kinds) {
            final EchoKind kind = EchoKind.of(word);
            try {
                record(arguments, kind, recording, out);
                print(recording, out);
            } finally {
                Files.deleteIfExists(recording);
            }
        }
    }

    private static void record(
            final Arguments arguments, final EchoKind kind, final Path recording, final PrintStream out)
            throws IOException {
        final Path directory = arguments.directory();
        try (LoadGenerator clients = LoadGenerator.start(arguments.number("client-cpu", 1), directory);
                EchoProcess server = EchoProcess.start(
                        kind,
                        arguments.number("server-cpu", 0),
                        directory,
                        "-D" + EchoProcess.RECORDING + "=" + recording,
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:+DebugNonSafepoints")) {
            clients.open(0, server.port(), arguments.number("connections", 256));
            clients.run(0, WARM_UP_MILLIS, arguments.number("bytes", MESSAGE));
            final EchoProcess.Counters before = server.counters();
            final LoadGenerator.Load load =
                    clients.run(0, arguments.number("millis", 10_000, 3000), arguments.number("bytes", MESSAGE));
            final EchoCost cost = EchoCost.of(load, before, server.counters());
            out.printf(
                    Locale.ROOT,
                    "%n%s: %.0f requests/s, %.2f us of the processor for each, %.0f %% of that in the kernel%n",
                    kind.title(),
                    cost.perSecond(),
                    cost.cpuNanos() / 1000,
                    100 * cost.kernelShare());
        }
    }

    private static void print(final Path recording, final PrintStream out) throws IOException {
        final Map<String, Integer> methods = new HashMap<>();
        final Map<String, Integer> packages = new HashMap<>();
        int samples = 0;
        int nativeSamples = 0;
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                final RecordedEvent event = file.readEvent();
                final boolean inNative = event.getEventType().getName().equals("jdk.NativeMethodSample");
                if (inNative || event.getEventType().getName().equals("jdk.ExecutionSample")) {
                    final RecordedFrame top = top(event);
                    if (top != null) {
                        samples++;
                        nativeSamples += inNative ? 1 : 0;
                        methods.merge(name(top), 1, Integer::sum);
                        packages.merge(packageOf(top), 1, Integer::sum);
                    }
                }
            }
        }
        out.printf("%d samples, %d of them in native code%n", samples, nativeSamples);
        print("method at the top", methods, samples, out);
        print("package at the top", packages, samples, out);
    }

    /** Of a thread of the server; the main one waits for questions only. */
    private static @Nullable RecordedFrame top(final RecordedEvent event) {
        final RecordedThread thread = event.getThread("sampledThread");
        final boolean isServer = thread != null
                && thread.getJavaName() != null
                && !thread.getJavaName().equals("main")
                && !thread.getJavaName().startsWith("JFR");
        return !isServer
                        || event.getStackTrace() == null
                        || event.getStackTrace().getFrames().isEmpty()
                ? null
                : event.getStackTrace().getFrames().get(0);
    }

    private static String name(final RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private static String packageOf(final RecordedFrame frame) {
        final String type = frame.getMethod().getType().getName();
        return type.substring(0, Math.max(0, type.lastIndexOf('.')));
    }

    private static void print(
            final String title, final Map<String, Integer> counts, final int total, final PrintStream out) {
        out.printf("%n%8s  %s%n", "share", title);
        final Function<Map.Entry<String, Integer>, Integer> count = Map.Entry::getValue;
        counts.entrySet().stream()
                .sorted(Comparator.comparing(count).reversed())
                .limit(SHOWN)
                .forEach(each -> out.printf(
                        Locale.ROOT, "%7.1f%%  %s%n", 100.0 * each.getValue() / Math.max(1, total), each.getKey()));
    }
}
