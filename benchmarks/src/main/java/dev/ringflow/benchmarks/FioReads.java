package dev.ringflow.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** fio's engine for io_uring, a new process for each round. It measures no latencies and keeps no map of blocks. */
final class FioReads implements FileSide {
    private static final Pattern READS = Pattern.compile(
            "\"read\"\\s*:\\s*\\{.*?\"iops\"\\s*:\\s*([0-9.]+).*?\"runtime\"\\s*:\\s*([0-9]+).*?\"total_ios\"\\s*:\\s*([0-9]+)",
            Pattern.DOTALL);
    private static final Pattern CPU =
            Pattern.compile("\"usr_cpu\"\\s*:\\s*([0-9.]+).*?\"sys_cpu\"\\s*:\\s*([0-9.]+)", Pattern.DOTALL);

    private final String name;
    private final List<String> command;

    FioReads(final String name, final ReadPlan plan, final String... more) {
        this.name = name;
        command = new ArrayList<>(List.of(
                "fio",
                "--name=ringflow",
                "--ioengine=io_uring",
                "--readonly",
                "--rw=randread",
                "--bs=" + ReadPlan.BLOCK,
                "--direct=" + (plan.direct() ? 1 : 0),
                "--iodepth=" + plan.depth(),
                "--time_based",
                "--norandommap",
                "--randrepeat=0",
                "--gtod_reduce=1",
                "--output-format=json"));
        if (plan.registered()) {
            command.addAll(List.of("--fixedbufs", "--registerfiles"));
        }
        command.addAll(List.of(more));
        command.add("--size=" + plan.size());
        command.add("--filename=" + plan.file());
    }

    /** Which fio there is; null, if none. */
    static @org.jspecify.annotations.Nullable String version() {
        try {
            return run(List.of("fio", "--version")).trim();
        } catch (final IOException missing) {
            return null;
        }
    }

    /** Its options, all but file, size and time. */
    String options() {
        return String.join(" ", command.subList(0, command.size() - 2));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FileCost measure(final int millis) throws IOException {
        final List<String> timed = new ArrayList<>(command);
        timed.add("--runtime=" + millis + "ms");
        final String report = run(timed);
        final Matcher reads = READS.matcher(report);
        final Matcher cpu = CPU.matcher(report);
        if (!reads.find() || !cpu.find()) {
            throw new IOException("fio's report is not understood:\n" + report);
        }
        final double share = (Double.parseDouble(cpu.group(1)) + Double.parseDouble(cpu.group(2))) / 100;
        final double nanos = share * Double.parseDouble(reads.group(2)) * 1e6 / Double.parseDouble(reads.group(3));
        return new FileCost(Double.parseDouble(reads.group(1)), nanos, Double.NaN, Double.NaN);
    }

    private static String run(final List<String> words) throws IOException {
        final Process process =
                new ProcessBuilder(words).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", words) + " failed:\n" + output);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while fio runs", e);
        }
        return output;
    }

    @Override
    public void close() {}
}
