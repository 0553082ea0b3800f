package dev.ringflow.benchmarks;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/**
 * An {@link EchoServer} as a process of its own, bound to one processor. The process answers each line of its standard
 * input with what it has counted: bytes of heap taken by all threads, and system calls or -1; and the line "settle" with
 * the bytes of the heap in use.
 */
final class EchoProcess implements AutoCloseable {
    /** The property with the file for what the flight recorder saw; without it nothing is recorded. */
    static final String RECORDING = "ringflow.bench.recording";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final EchoKind kind;
    private final Dialogue dialogue;
    private final int port;

    private EchoProcess(final EchoKind kind, final Dialogue dialogue) {
        this.kind = kind;
        this.dialogue = dialogue;
        port = Integer.parseInt(dialogue.greeting());
    }

    /**
     * Starts a server.
     *
     * @param kind which
     * @param processor where it is to run
     * @param directory where a C program goes
     * @param javaOptions for a Java process, besides those that all have
     * @return the server, listening
     * @throws IOException if it cannot be started
     */
    static EchoProcess start(
            final EchoKind kind, final int processor, final Path directory, final String... javaOptions)
            throws IOException {
        final List<String> command = new ArrayList<>(List.of("taskset", "-c", Integer.toString(processor)));
        if (kind == EchoKind.C) {
            command.add(CProgram.compile("echo", directory).toString());
        } else {
            command.addAll(javaCommand());
            command.addAll(List.of(javaOptions));
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
            command.add(EchoProcess.class.getName());
            command.add(kind.word());
        }
        return new EchoProcess(kind, Dialogue.start(kind.title(), command));
    }

    /** The same for all; Netty goes without its search for leaks, which costs it some. */
    private static List<String> javaCommand() {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms256m",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Dio.netty.leakDetection.level=disabled"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        return command;
    }

    /**
     * The process itself.
     *
     * @param arguments the word of an {@link EchoKind}
     * @throws Exception if the server cannot start
     */
    public static void main(final String[] arguments) throws Exception {
        final Recording recording = System.getProperty(RECORDING) == null ? null : record();
        try (EchoServer server = EchoKind.of(arguments[0]).start();
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("ready " + server.port());
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                System.out.println(line.equals("settle") ? settled() : heap() + " " + server.systemCalls());
            }
            if (recording != null) {
                recording.dump(Path.of(System.getProperty(RECORDING)));
            }
        }
        System.exit(0);
    }

    private static Recording record() throws IOException, ParseException {
        final Recording recording = new Recording(Configuration.getConfiguration("profile"));
        recording.start();
        return recording;
    }

    private static long heap() {
        long sum = 0;
        for (final long each : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, each);
        }
        return sum;
    }

    /** Collects garbage, and what only waits for that. */
    private static String settled() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Long.toString(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    EchoKind kind() {
        return kind;
    }

    int port() {
        return port;
    }

    long pid() {
        return dialogue.pid();
    }

    /** What it has used since it was started. */
    Counters counters() throws IOException {
        final long[] own = dialogue.askNumbers("counters");
        return new Counters(ProcessTime.of(pid()), own[0], own[1]);
    }

    /** What it keeps, when there is nothing to do. */
    Memory memory() throws IOException {
        final long[] own = dialogue.askNumbers("settle");
        return kind == EchoKind.C
                ? new Memory(ProcessTime.residentBytes(pid()), 0)
                : new Memory(ProcessTime.residentBytes(pid()), own[0]);
    }

    /**
     * What a server keeps.
     *
     * @param residentBytes of the process; in a Java process the whole heap is resident from the beginning
     * @param heapBytes of the heap that are in use
     */
    record Memory(long residentBytes, long heapBytes) {}

    /**
     * What a server has used.
     *
     * @param time of the processor
     * @param heapBytes of a Java process
     * @param systemCalls -1 if nobody counts
     */
    record Counters(ProcessTime time, long heapBytes, long systemCalls) {}

    @Override
    public void close() {
        dialogue.close();
    }
}
