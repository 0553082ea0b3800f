package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import dev.ringflow.net.ConnectionStream;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What a ring takes of its process, and gives back: descriptors, threads, mappings; and what children inherit. */
public abstract class ProcessContract extends DriverContract {
    private static final int CLOSE_ON_EXEC = 02_000_000;

    /** For subclasses. */
    protected ProcessContract() {}

    /**
     * How many rings the soak opens and closes.
     *
     * @return the number, more of them with {@code -Dringflow.soak=true}
     */
    protected int soakRounds() {
        return Boolean.getBoolean("ringflow.soak") ? 20_000 : 2000;
    }

    /**
     * Whether the driver opens descriptors itself, and so has to mark them close-on-exec. The JDK does not mark those of
     * its channels, and closes them in the children that it starts.
     *
     * @return true unless a subclass says otherwise
     */
    protected boolean opensDescriptorsItself() {
        return true;
    }

    @Test
    void everyDescriptorIsCloseOnExec() throws IOException {
        Leftovers.assumeVisible();
        Assumptions.assumeTrue(opensDescriptorsItself(), "the JDK opens its descriptors");
        Set<String> before = descriptors().keySet();
        Ring opened = open(options());
        RingFile file = await(opened.openFileAsync(Bytes.file(directory, "marked", 10)));
        RingServerSocket server = await(opened.listenAsync(loopback()));
        var single = server.acceptAsync();
        RingSocket client = await(opened.connectAsync(server.localAddress()));
        RingSocket accepted = await(single);
        try (ConnectionStream stream = server.connectionStream()) {
            Recorder<RingSocket> multishot = new Recorder<>();
            stream.next(multishot);
            RingSocket another = await(opened.connectAsync(server.localAddress()));
            assertThat(await(multishot.outcome()).isOpen()).isTrue();
            assertThat(client.isOpen() && accepted.isOpen() && another.isOpen() && file.isOpen())
                    .isTrue();

            Map<String, String> ours = descriptors();
            ours.keySet().removeAll(before);
            ours.values().removeIf(target -> !isOurs(target));
            assertThat(ours).hasSizeGreaterThanOrEqualTo(8);
            for (Map.Entry<String, String> each : ours.entrySet()) {
                String info = Files.readString(Path.of("/proc/self/fdinfo", each.getKey()));
                String flags = info.lines()
                        .filter(line -> line.startsWith("flags:"))
                        .findFirst()
                        .orElseThrow()
                        .substring("flags:".length())
                        .trim();
                assertThat(Integer.parseInt(flags, 8) & CLOSE_ON_EXEC)
                        .as("flags %s of %s", flags, each)
                        .isNotZero();
            }
        }
    }

    private static boolean isOurs(String target) {
        return target.startsWith("socket:") || target.startsWith("anon_inode:") || target.endsWith("marked");
    }

    /** Where each open descriptor leads to. */
    private static Map<String, String> descriptors() throws IOException {
        Map<String, String> found = new HashMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : all) {
                try {
                    String target = Files.readSymbolicLink(each).toString();
                    if (!target.startsWith("/proc/")) { // this very listing
                        found.put(each.getFileName().toString(), target);
                    }
                } catch (NoSuchFileException closedMeanwhile) {
                    // not ours
                }
            }
        }
        return found;
    }

    @Test
    void childProcessInheritsNothing() throws Exception {
        Leftovers.assumeVisible();
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "open-in-the-parent", 10)));
        try (TcpPair accepted = TcpPair.accepted(ring());
                TcpPair connected = TcpPair.connected(ring())) {
            Process child = new ProcessBuilder("ls", "-l", "/proc/self/fd")
                    .redirectErrorStream(true)
                    .start();
            String listing = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(listing).contains("0 -> ").doesNotContain("open-in-the-parent");
            for (String kind : List.of("socket:", "io_uring", "eventfd", "eventpoll")) {
                assertThat(listing).doesNotContain(kind);
            }
            assertThat(accepted.ours().isOpen() && connected.ours().isOpen()).isTrue();
        }
        await(file.closeAsync());
    }

    @Test
    void ringsThatAreOpenedUsedCancelledAndClosedLeaveNothing() {
        Leftovers.assumeVisible();
        Path path = Bytes.file(directory, "a", 4096);
        for (int i = 0; i < 20; i++) {
            useOneRing(path, i); // classes, caches and pools are filled once
        }
        System.gc();
        Leftovers before = Leftovers.now();
        for (int i = 0; i < soakRounds(); i++) {
            useOneRing(path, i);
        }
        System.gc();
        eventually(
                () -> "descriptors before " + before.descriptors() + ", after "
                        + Leftovers.now().descriptors(),
                () -> Leftovers.now().isNoMoreThan(before));
        eventually(
                () -> "threads before " + before.threads() + ", after "
                        + Leftovers.now().threads(),
                () -> Leftovers.now().threads() <= before.threads() + 2); // the JVM has threads of its own
        eventually( // the watchdog of all rings goes some seconds after the last of them
                () -> "threads of rings: " + ringThreads(), () -> ringThreads().isEmpty());
        eventually(
                () -> "mappings before " + before.mappings() + ", after "
                        + Leftovers.now().mappings(),
                () -> {
                    System.gc();
                    return Leftovers.now().mappings() <= before.mappings() + 40;
                });
    }

    private static List<String> ringThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("ringflow"))
                .toList();
    }

    /** Different things are still in flight, depending on the round, when the ring is closed. */
    private void useOneRing(Path path, int round) {
        Ring used = Ring.open(options().entries(8).build());
        RingFile file = await(used.openFileAsync(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        await(file.writeFullyAsync(Bytes.direct(Bytes.content(512)), 0));
        ByteBuffer in = Bytes.direct(512);
        await(file.readFullyAsync(in, 0));
        assertThat(in.get(511)).isEqualTo(Bytes.at(511));
        try (BufferPool pool = used.bufferPool(4096, 2);
                RingBuffer buffer = pool.acquire()) {
            assertThat(await(file.readAsync(buffer, 0))).isEqualTo(4096);
        }
        RingServerSocket server = await(used.listenAsync(loopback()));
        var accept = server.acceptAsync();
        RingSocket client = await(used.connectAsync(server.localAddress()));
        RingSocket accepted = await(accept);
        await(client.sendFullyAsync(Bytes.direct(Bytes.content(64))));
        ByteBuffer echo = Bytes.direct(64);
        await(accepted.receiveFullyAsync(echo));
        await(accepted.sendFullyAsync(echo.flip()));
        await(client.receiveFullyAsync(Bytes.direct(64)));
        CompletableFuture<@Nullable Void> timer = new CompletableFuture<>();
        used.scheduleNanos(10_000, () -> timer.complete(null));
        await(timer);

        var receive = client.receiveAsync(Bytes.direct(16));
        var receiveHeap = accepted.receiveAsync(ByteBuffer.allocate(16));
        var another = server.acceptAsync();
        used.schedule(Duration.ofHours(1), () -> {});
        if (round % 2 == 0) {
            receive.cancel(false);
            await(receive.released());
            another.cancel(false);
        }
        if (round % 3 == 0) {
            await(file.closeAsync());
            await(client.closeAsync());
            await(accepted.receiveAsync(Bytes.direct(0)).handle((bytes, failure) -> null));
        }
        await(used.closeAsync());
        assertThat(receiveHeap).isDone();
        assertThat(used.metrics().openHandles()).isZero();
    }

    @Test
    void acceptThatRunsOutOfDescriptorsGoesOnWhenThereAreSomeAgain() throws Exception {
        Leftovers.assumeVisible();
        int connections = 150;
        List<String> command = new ArrayList<>(List.of(
                "bash",
                "-c",
                "ulimit -n 100 && exec \"$@\"",
                "with few descriptors",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:-MaxFDLimit",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                FewDescriptors.class.getName(),
                driverName(),
                String.valueOf(connections)));
        command.addAll(5, driverProperties());
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        child.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).exceptionally(late -> child.destroyForcibly());
        List<Socket> clients = new ArrayList<>();
        StringBuilder said = new StringBuilder();
        try (BufferedReader output = child.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said.append(line).append('\n');
                if (line.startsWith("port ")) {
                    int port = Integer.parseInt(line.substring(5));
                    for (int i = 0; i < connections; i++) {
                        clients.add(new Socket(InetAddress.getLoopbackAddress(), port));
                    }
                }
            }
            assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
            for (Socket each : clients) {
                each.close();
            }
        }
        assertThat(said.toString()).contains("ran out").contains("accepted " + connections);
        assertThat(child.exitValue()).as(said.toString()).isZero();
    }

    @Test
    void descriptorIsGivenBackWhenClosingCompletes() throws IOException {
        Leftovers.assumeVisible();
        Path path = Bytes.file(directory, "a", 1);
        try (TcpPair warm = TcpPair.accepted(ring())) {
            assertThat(warm.ours().isOpen()).isTrue();
        }
        Leftovers before = Leftovers.now();
        for (int i = 0; i < 50; i++) {
            RingFile file = await(ring().openFileAsync(path));
            RingServerSocket server = await(ring().listenAsync(loopback()));
            var accept = server.acceptAsync();
            RingSocket client = await(ring().connectAsync(server.localAddress()));
            RingSocket accepted = await(accept);
            var receive = client.receiveAsync(Bytes.direct(1));
            await(accepted.closeAsync());
            assertThat(await(receive)).isEqualTo(-1);
            await(client.closeAsync());
            await(server.closeAsync());
            await(file.closeAsync());
            assertThat(Leftovers.now().isNoMoreThan(before))
                    .as(() -> "before " + before + ", after " + Leftovers.now())
                    .isTrue();
        }
    }
}
