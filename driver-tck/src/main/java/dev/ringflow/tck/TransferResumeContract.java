package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.RingException;
import dev.ringflow.file.ChunkRange;
import dev.ringflow.file.FileTransfer;
import dev.ringflow.file.HashAlgorithm;
import dev.ringflow.file.TransferException;
import dev.ringflow.file.TransferFuture;
import dev.ringflow.file.TransferOptions;
import dev.ringflow.file.TransferProgress.Phase;
import dev.ringflow.file.TransferResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Transfers that were interrupted: the next one moves what is missing, and no more, and ends verified all the same. */
public abstract class TransferResumeContract extends DriverContract {
    private static final int CHUNK = 8192;
    private static final int CHUNKS = 400;
    private static final int SIZE = (CHUNKS - 1) * CHUNK + 5;
    private static final int KILLS = 6;

    /** For subclasses. */
    protected TransferResumeContract() {}

    private static TransferOptions.Builder small() {
        return TransferOptions.builder()
                .chunkSize(CHUNK)
                .depth(4)
                .hash(HashAlgorithm.BLAKE3)
                .checkpoint(4 * CHUNK);
    }

    private Path source() {
        return directory.resolve("source");
    }

    private Path target() {
        return directory.resolve("target");
    }

    private List<String> names() {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path ending(String with) {
        return names().stream()
                .filter(each -> each.endsWith(with))
                .map(directory::resolve)
                .findFirst()
                .orElseThrow();
    }

    /** Copies until so many chunks are done, and leaves the rest. */
    private void interruptAfter(int chunks) {
        List<TransferFuture<TransferResult>> running = new ArrayList<>();
        var options = small().listener(progress -> {
            if (progress.phase() == Phase.MOVING && progress.chunksDone() >= chunks) {
                running.get(0).cancel(false);
            }
        });
        var gate = blockLoop(ring());
        running.add(FileTransfer.copyAsync(ring(), source(), target(), options.build()));
        gate.complete(null);
        await(running.get(0).released());
        assertThat(running.get(0)).isCancelled();
    }

    private TransferResult finish(TransferOptions.Builder options) throws IOException {
        TransferResult result = await(FileTransfer.copyAsync(ring(), source(), target(), options.build()));
        assertThat(Files.mismatch(source(), target())).isEqualTo(-1);
        assertThat(result.bytesMoved() + result.bytesKept() + result.bytesSkipped())
                .isEqualTo(Files.size(source()));
        assertThat(result.hash()).isEqualTo(await(FileTransfer.hashAsync(ring(), source(), options.build())));
        assertThat(names()).containsExactly("source", "target");
        return result;
    }

    private List<ChunkRange> missing() {
        return await(FileTransfer.missingChunksAsync(ring(), source(), target(), small().build()));
    }

    private static long count(List<ChunkRange> ranges) {
        return ranges.stream().mapToLong(ChunkRange::count).sum();
    }

    @Test
    void onlyWhatIsMissingIsMoved() throws IOException {
        Bytes.file(directory, "source", SIZE);
        assertThat(missing()).containsExactly(new ChunkRange(0, CHUNKS));
        interruptAfter(150);
        long missing = count(missing());
        assertThat(missing).isBetween(CHUNKS - 170L, CHUNKS - 150L);
        TransferResult result = finish(small());
        assertThat(result.bytesKept()).isEqualTo((CHUNKS - missing) * CHUNK);
        assertThat(result.bytesMoved()).isEqualTo(SIZE - result.bytesKept());
    }

    @Test
    void chunksThatWentBadMeanwhileAreMovedAgain() throws IOException {
        Bytes.file(directory, "source", SIZE);
        interruptAfter(100);
        List<ChunkRange> before = missing();
        try (RandomAccessFile part = new RandomAccessFile(ending(".part").toFile(), "rw")) {
            part.seek(20 * CHUNK + 7);
            part.write(0xEE);
            part.seek(21 * CHUNK);
            part.write(new byte[CHUNK]);
        }
        assertThat(count(missing())).isEqualTo(count(before) + 2);
        assertThat(missing()).contains(new ChunkRange(20, 2));
        assertThat(finish(small()).bytesKept()).isEqualTo((CHUNKS - count(before) - 2) * CHUNK);
    }

    @Test
    void garbageInThePartWhereHolesBelongIsOverwritten() throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(source().toFile(), "rw")) {
            sparse.write(Bytes.content(100 * CHUNK));
            sparse.setLength(SIZE);
        }
        interruptAfter(50);
        try (RandomAccessFile part = new RandomAccessFile(ending(".part").toFile(), "rw")) {
            for (int chunk = 40; chunk < CHUNKS - 1; chunk += 3) {
                part.seek((long) chunk * CHUNK + 100);
                part.write(new byte[] {1, 2, 3});
            }
        }
        finish(small());
    }

    @Test
    void tornListCountsUpToWhereItIsTorn() throws IOException {
        Bytes.file(directory, "source", SIZE);
        for (int cut : new int[] {1, 40, 700}) {
            interruptAfter(200);
            long missing = count(missing());
            Path state = ending(".state");
            long length = Files.size(state);
            try (RandomAccessFile open = new RandomAccessFile(state.toFile(), "rw")) {
                open.setLength(length - cut);
            }
            assertThat(count(missing())).isGreaterThan(missing).isLessThan(CHUNKS);
            try (RandomAccessFile open = new RandomAccessFile(state.toFile(), "rw")) {
                open.seek(length / 2);
                open.write(new byte[] {9, 9, 9, 9, 9, 9, 9});
            }
            assertThat(count(missing())).isGreaterThan(missing).isLessThan(CHUNKS);
            finish(small());
            Files.delete(target());
        }
    }

    @Test
    void listThatIsNoListIsNotBelieved() throws IOException {
        Bytes.file(directory, "source", SIZE);
        for (byte[] content : new byte[][] {{}, new byte[10_000], Bytes.content(10_000)}) {
            interruptAfter(100);
            Files.write(ending(".state"), content);
            assertThat(missing()).containsExactly(new ChunkRange(0, CHUNKS));
            assertThat(finish(small()).bytesKept()).isZero();
            Files.delete(target());
        }
    }

    @Test
    void changedSourceIsMovedAnew() throws IOException {
        Bytes.file(directory, "source", SIZE);
        interruptAfter(100);
        Files.write(source(), new byte[] {7}, StandardOpenOption.WRITE);
        Files.setLastModifiedTime(source(), FileTime.from(Instant.now().plusSeconds(7)));
        assertThat(missing()).containsExactly(new ChunkRange(0, CHUNKS));
        assertThat(finish(small()).bytesKept()).isZero();

        Files.delete(target());
        interruptAfter(100);
        Path other = Files.copy(source(), directory.resolve("other"));
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(source()));
        Files.move(other, source(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(finish(small()).bytesKept()).isZero();
    }

    @Test
    void otherChunksOrHashesAreMovedAnew() throws IOException {
        Bytes.file(directory, "source", SIZE);
        interruptAfter(100);
        assertThat(finish(small().chunkSize(2 * CHUNK)).bytesKept()).isZero();
        Files.delete(target());
        interruptAfter(100);
        assertThat(finish(small().hash(HashAlgorithm.SHA_256)).bytesKept()).isZero();
        Files.delete(target());
        interruptAfter(100);
        assertThat(finish(small().directIo(true)).bytesKept()).isPositive();
    }

    @Test
    void partThatIsGoneIsMovedAnew() throws IOException {
        Bytes.file(directory, "source", SIZE);
        interruptAfter(100);
        Files.delete(ending(".part"));
        assertThat(missing()).containsExactly(new ChunkRange(0, CHUNKS));
        assertThat(finish(small()).bytesKept()).isZero();
    }

    @Test
    void twoAtOnceDoNotShareAPart() throws IOException {
        Bytes.file(directory, "source", SIZE);
        var options = small().overwrite(true).build();
        var one = FileTransfer.copyAsync(ring(), source(), target(), options);
        var two = FileTransfer.copyAsync(ring(), source(), target(), options);
        var failures =
                Stream.of(one, two).flatMap(each -> outcomeOf(each).stream()).toList();
        assertThat(failures)
                .hasSizeLessThanOrEqualTo(1)
                .allSatisfy(each ->
                        assertThat(each).isInstanceOf(TransferException.class).hasMessageContaining("under way"));
        assertThat(Files.mismatch(source(), target())).isEqualTo(-1);
        assertThat(names()).containsExactly("source", "target");
    }

    private static boolean mountsAMegabyte(Path at) throws InterruptedException {
        try {
            return new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m", "none", at.toString())
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    @Test
    void fullDiskFailsAndGoesOnWhenThereIsRoom() throws Exception {
        Path full = Files.createDirectory(directory.resolve("full"));
        Assumptions.assumeTrue(mountsAMegabyte(full), "no file system of one's own can be mounted here");
        try {
            Path source = Bytes.file(directory, "source", 3 << 20);
            Path copy = full.resolve("copy");
            Throwable failure = failureOf(FileTransfer.copyAsync(ring(), source, copy, small().build()));
            assertThat(failure).isInstanceOfAny(RingException.class, FileSystemException.class, IOException.class);
            assertThat(failure.toString()).containsIgnoringCase("space");
            assertThat(copy).doesNotExist();
            new ProcessBuilder("mount", "-o", "remount,size=16m", full.toString())
                    .start()
                    .waitFor();
            TransferResult result = await(FileTransfer.copyAsync(ring(), source, copy, small().build()));
            assertThat(result.bytesKept()).isPositive();
            assertThat(Files.mismatch(source, copy)).isEqualTo(-1);
        } finally {
            new ProcessBuilder("umount", full.toString()).start().waitFor();
        }
    }

    // kill -9.

    private Process child(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                TransferProgram.class.getName(),
                driverName()));
        command.addAll(1, driverProperties());
        command.addAll(List.of(arguments));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        child.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).exceptionally(late -> child.destroyForcibly());
        return child;
    }

    /** Kills it, the hard way, when it says that it has come so far. */
    private static String killAt(Process child, int chunks) throws Exception {
        StringBuilder said = new StringBuilder();
        try (BufferedReader output = child.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said.append(line).append('\n');
                if (line.equals("moved " + chunks)) {
                    child.toHandle().destroyForcibly(); // leaves the output open
                }
            }
        }
        assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return said.toString();
    }

    @Test
    void copiesThatAreKilledAgainAndAgainEndVerified() throws Exception {
        Bytes.file(directory, "source", SIZE);
        long missing = CHUNKS;
        for (int round = 0; round < KILLS; round++) {
            Process child = child("copy", source().toString(), target().toString());
            String said = killAt(child, 40);
            assertThat(child.exitValue()).as(said).isNotZero();
            assertThat(target()).doesNotExist();
            long now = count(missing());
            assertThat(now).as("missing after round %d", round).isLessThanOrEqualTo(missing);
            missing = now;
        }
        assertThat(missing).isLessThan(CHUNKS);
        TransferResult result = finish(small());
        assertThat(result.bytesMoved()).isLessThanOrEqualTo(missing * CHUNK);
        assertThat(result.bytesKept()).isGreaterThanOrEqualTo((CHUNKS - missing - 1) * (long) CHUNK);
    }

    @Test
    void receiversThatAreKilledAgainAndAgainEndVerified() throws Exception {
        Bytes.file(directory, "source", SIZE);
        Path inbox = Files.createDirectory(directory.resolve("inbox"));
        for (int round = 0; round < KILLS; round++) {
            Process child = child("receive", inbox.toString());
            BufferedReader output = child.inputReader();
            String said = output.readLine();
            while (!said.startsWith("port ")) { // the virtual machine may warn of native access first
                said = output.readLine();
            }
            int port = Integer.parseInt(said.replace("port ", ""));
            var socket = await(ring().connectAsync(
                            new java.net.InetSocketAddress(loopback().getAddress(), port)));
            var sending = FileTransfer.sendAsync(socket, source(), small().build());
            if (round < KILLS - 1) {
                killAt(child, 40);
                Throwable failure = failureOf(sending);
                if (failure instanceof SocketTimeoutException) {
                    PlainReset.require(); // the end of the other process was not told
                }
                assertThat(failure).isInstanceOf(TransferException.class).hasMessageContaining("hung up");
                assertThat(inbox.resolve("source")).doesNotExist();
            } else {
                TransferResult sent = await(sending);
                assertThat(sent.bytesKept()).isPositive();
                assertThat(sent.bytesMoved() + sent.bytesKept()).isEqualTo(SIZE);
                assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            }
            await(socket.closeAsync());
        }
        assertThat(Files.mismatch(source(), inbox.resolve("source"))).isEqualTo(-1);
        try (Stream<Path> all = Files.list(inbox)) {
            assertThat(all).containsExactly(inbox.resolve("source"));
        }
    }
}
