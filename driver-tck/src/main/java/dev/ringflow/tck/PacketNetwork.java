package dev.ringflow.tck;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/**
 * Two network namespaces joined by a pair of veth interfaces, made for one test and removed by {@link #close}. Nothing
 * leads out of them. Needs root and iproute2.
 */
final class PacketNetwork implements AutoCloseable {
    static final String NEAR = "vnear";
    static final String FAR = "vfar";

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int PATIENCE_SECONDS = 20;

    private final String name = "rfp" + ProcessHandle.current().pid() + "n" + NUMBER.incrementAndGet();

    private PacketNetwork() {}

    /** Makes the network; skips the test where that cannot be had. */
    static PacketNetwork open() {
        PacketNetwork network = new PacketNetwork();
        try {
            assumeDone("ip", "netns", "add", network.near());
            assumeDone("ip", "netns", "add", network.far());
            assumeDone(
                    "ip",
                    "link",
                    "add",
                    NEAR,
                    "netns",
                    network.near(),
                    "type",
                    "veth",
                    "peer",
                    "name",
                    FAR,
                    "netns",
                    network.far());
            network.setUp(network.near(), NEAR, 1);
            network.setUp(network.far(), FAR, 2);
            return network;
        } catch (RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    private void setUp(String namespace, String link, int host) {
        done("ip", "-n", namespace, "addr", "add", "198.51.100." + host + "/30", "dev", link);
        done("ip", "-n", namespace, "link", "set", link, "up");
        done("ip", "-n", namespace, "link", "set", "lo", "up");
        // of no importance where there is no IPv6
        run(List.of("ip", "-n", namespace, "addr", "add", "fd00:52::" + host + "/64", "dev", link, "nodad"));
    }

    private String near() {
        return name + "a";
    }

    private String far() {
        return name + "b";
    }

    Path nearNamespace() {
        return Path.of("/run/netns", near());
    }

    Path farNamespace() {
        return Path.of("/run/netns", far());
    }

    static InetAddress nearAddress() {
        return address("198.51.100.1");
    }

    static InetAddress farAddress() {
        return address("198.51.100.2");
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What {@code ip} tells of the far interface. */
    String farLink() {
        return done("ip", "-n", far(), "-d", "link", "show", "dev", FAR);
    }

    void farLink(String state) {
        done("ip", "-n", far(), "link", "set", FAR, state);
    }

    /**
     * Has packets from near to far lost: by netem, or where the kernel has none by too narrow a queue.
     *
     * @return how
     */
    String loseSome() {
        List<String> netem = qdisc("netem", "loss", "20%", "delay", "3ms");
        if (run(netem).code == 0) {
            return "netem";
        }
        Outcome narrow = run(qdisc("tbf", "rate", "8mbit", "burst", "2000", "limit", "6000"));
        Assumptions.assumeTrue(narrow.code == 0, "no queueing discipline that loses packets here: " + narrow.text);
        return "tbf";
    }

    private List<String> qdisc(String... what) {
        List<String> command = new java.util.ArrayList<>(
                List.of("ip", "netns", "exec", near(), "tc", "qdisc", "add", "dev", NEAR, "root"));
        command.addAll(List.of(what));
        return command;
    }

    private static void assumeDone(String... command) {
        Outcome outcome = run(List.of(command));
        Assumptions.assumeTrue(
                outcome.code == 0,
                () -> String.join(" ", List.of(command).subList(0, 3)) + " … answers: " + outcome.text);
    }

    private static String done(String... command) {
        Outcome outcome = run(List.of(command));
        if (outcome.code != 0) {
            throw new AssertionError(String.join(" ", command) + " answers " + outcome.code + ": " + outcome.text);
        }
        return outcome.text;
    }

    private record Outcome(int code, String text) {}

    private static Outcome run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Outcome(-1, "it does not end");
            }
            return new Outcome(process.exitValue(), text.strip());
        } catch (IOException e) {
            return new Outcome(-1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Removes both namespaces, and the interfaces with them. */
    @Override
    public void close() {
        for (Path each : List.of(nearNamespace(), farNamespace())) {
            if (Files.exists(each)) {
                run(List.of("ip", "netns", "del", each.getFileName().toString()));
            }
        }
    }
}
