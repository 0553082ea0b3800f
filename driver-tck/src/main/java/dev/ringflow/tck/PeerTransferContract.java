package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.file.ChunkMismatchException;
import dev.ringflow.file.FileTransfer;
import dev.ringflow.file.HashAlgorithm;
import dev.ringflow.file.SourceChangedException;
import dev.ringflow.file.TransferException;
import dev.ringflow.file.TransferOptions;
import dev.ringflow.file.TransferProgress.Phase;
import dev.ringflow.file.TransferResult;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files sent from one end of a connection to the other, both of them RingFlow. */
public abstract class PeerTransferContract extends DriverContract {
    private static final int CHUNK = 8192;

    private Path inbox = Path.of("");

    /** For subclasses. */
    protected PeerTransferContract() {}

    @BeforeEach
    final void hasAnInbox() throws IOException {
        inbox = Files.createDirectory(directory.resolve("inbox"));
    }

    private static TransferOptions.Builder small() {
        return TransferOptions.builder().chunkSize(CHUNK).depth(4).hash(HashAlgorithm.BLAKE3);
    }

    /** Both ends of a connection on the test's ring. */
    private record Connection(RingSocket sender, RingSocket receiver) {}

    private Connection connect() {
        RingServerSocket server = await(ring().listenAsync(loopback()));
        var accepted = server.acceptAsync();
        RingSocket sender = await(ring().connectAsync(server.localAddress()));
        RingSocket receiver = await(accepted);
        await(server.closeAsync());
        return new Connection(sender, receiver);
    }

    private List<String> received() {
        try (Stream<Path> all = Files.list(inbox)) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TransferOptions.Builder at(long chunks, Runnable task) {
        AtomicBoolean done = new AtomicBoolean();
        return small().listener(progress -> {
            if (progress.phase() == Phase.MOVING
                    && progress.chunksDone() >= chunks
                    && done.compareAndSet(false, true)) {
                task.run();
            }
        });
    }

    @Test
    void everySizeArrivesWholeOverOneConnection() throws IOException {
        Connection connection = connect();
        for (int size : new int[] {0, 1, 4095, 4096, CHUNK - 1, CHUNK, CHUNK + 1, 50 * CHUNK + 17}) {
            for (HashAlgorithm hash : HashAlgorithm.values()) {
                Path source = Bytes.file(directory, "source", size);
                var receiving = FileTransfer.receiveAsync(
                        connection.receiver(), inbox, small().overwrite(true).build());
                var sending = FileTransfer.sendAsync(
                        connection.sender(), source, small().hash(hash).build());
                TransferResult received = await(receiving);
                TransferResult sent = await(sending);
                assertThat(Files.readAllBytes(inbox.resolve("source"))).isEqualTo(Bytes.content(size));
                assertThat(received.hash()).isEqualTo(sent.hash());
                assertThat(received.hash().algorithm()).isEqualTo(hash);
                assertThat(sent.bytesMoved() + sent.bytesSkipped()).isEqualTo(size);
                assertThat(received.bytesMoved()).isEqualTo(sent.bytesMoved());
                assertThat(received()).containsExactly("source");
            }
        }
    }

    @Test
    void defaultsSendMoreThanFitsInFlight() throws IOException {
        Connection connection = connect();
        Path source = Bytes.file(directory, "source", 23_456_789);
        var receiving = FileTransfer.receiveAsync(connection.receiver(), inbox, TransferOptions.defaults());
        var sending = FileTransfer.sendAsync(connection.sender(), source, TransferOptions.defaults());
        await(receiving);
        await(sending);
        assertThat(Files.mismatch(source, inbox.resolve("source"))).isEqualTo(-1);
    }

    @Test
    void directIoOnBothEndsKeepsTheTail() throws IOException {
        Connection connection = connect();
        Path source = Bytes.file(directory, "source", 20 * CHUNK + 17);
        var receiving = FileTransfer.receiveAsync(
                connection.receiver(), inbox, small().directIo(true).build());
        var sending = FileTransfer.sendAsync(
                connection.sender(), source, small().directIo(true).build());
        await(receiving);
        await(sending);
        assertThat(Files.mismatch(source, inbox.resolve("source"))).isEqualTo(-1);
    }

    @Test
    void holesAreNotSent() throws IOException {
        Connection connection = connect();
        long size = (256L << 20) + 5;
        Path source = directory.resolve("source");
        try (RandomAccessFile open = new RandomAccessFile(source.toFile(), "rw")) {
            open.setLength(size);
            open.seek(100 << 20);
            open.write(Bytes.content(50_000));
        }
        var receiving = FileTransfer.receiveAsync(connection.receiver(), inbox, small().build());
        var sending = FileTransfer.sendAsync(connection.sender(), source, TransferOptions.defaults());
        TransferResult received = await(receiving);
        assertThat(await(sending).bytesMoved()).isEqualTo(256 << 10);
        assertThat(received.bytesSkipped()).isEqualTo(size - (256 << 10));
        assertThat(Files.mismatch(source, inbox.resolve("source"))).isEqualTo(-1);
    }

    @Test
    void permissionsAndTimeTravelAlong() throws IOException {
        Assumptions.assumeTrue(hasAttributes("posix"), "files have no POSIX permissions here");
        Connection connection = connect();
        Path source = Bytes.file(directory, "source", 10);
        FileTime time = FileTime.from(Instant.parse("2001-02-03T04:05:06.789Z"));
        Files.setLastModifiedTime(source, time);
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwx---r--"));
        var receiving = FileTransfer.receiveAsync(connection.receiver(), inbox, small().build());
        await(FileTransfer.sendAsync(connection.sender(), source, small().build()));
        Path file = await(receiving).path();
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(time);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rwx---r--");
    }

    @Test
    void refusalReachesTheSender() throws IOException {
        Connection connection = connect();
        Path source = Bytes.file(directory, "source", 50 * CHUNK);
        Files.writeString(inbox.resolve("source"), "precious");
        var receiving = FileTransfer.receiveAsync(connection.receiver(), inbox, small().build());
        var sending = FileTransfer.sendAsync(connection.sender(), source, small().build());
        assertThat(failureOf(receiving)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(failureOf(sending)).isInstanceOf(TransferException.class).hasMessageContaining("FileAlreadyExists");
        assertThat(inbox.resolve("source")).hasContent("precious");
        assertThat(received()).containsExactly("source");
        assertThat(connection.receiver().isOpen()).isFalse();
        eventually("the sender's end is closed", () -> !connection.sender().isOpen());
    }

    @Test
    void nameThatIsTakenMeanwhileIsToldToTheSender() {
        Connection connection = connect();
        Path source = Bytes.file(directory, "source", 5 * CHUNK);
        var late = small().listener(progress -> {
            if (progress.phase() == Phase.FINISHING) {
                Bytes.file(inbox, "source", 3);
            }
        });
        var receiving = FileTransfer.receiveAsync(connection.receiver(), inbox, late.build());
        var sending = FileTransfer.sendAsync(connection.sender(), source, small().build());
        assertThat(failureOf(receiving)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(failureOf(sending)).isInstanceOf(TransferException.class).hasMessageContaining("FileAlreadyExists");
        assertThat(inbox.resolve("source")).hasSize(3);
        assertThat(connection.receiver().isOpen()).isFalse();
    }

    @Test
    void tooLargeAFileIsRefused() {
        Connection connection = connect();
        Path source = Bytes.file(directory, "source", CHUNK);
        var receiving = FileTransfer.receiveAsync(
                connection.receiver(), inbox, small().maxSize(CHUNK - 1).build());
        var sending = FileTransfer.sendAsync(connection.sender(), source, small().build());
        assertThat(failureOf(receiving)).isInstanceOf(TransferException.class).hasMessageContaining("at most 8191");
        assertThat(failureOf(sending)).isInstanceOf(TransferException.class).hasMessageContaining("at most 8191");
        assertThat(received()).isEmpty();
    }

    @Test
    void whatHasArrivedIsNotSentTwice() throws IOException {
        Path source = Bytes.file(directory, "source", 2000 * CHUNK + 5);
        Connection first = connect();
        var receiving = FileTransfer.receiveAsync(
                first.receiver(), inbox, at(100, first.sender()::closeAsync).build());
        assertThat(failureOf(FileTransfer.sendAsync(first.sender(), source, small().build())))
                .isInstanceOf(IOException.class);
        assertThat(failureOf(receiving)).isInstanceOf(TransferException.class).hasMessageContaining("hung up");
        assertThat(received()).hasSize(2).doesNotContain("source");

        Connection second = connect();
        receiving = FileTransfer.receiveAsync(second.receiver(), inbox, small().build());
        TransferResult sent = await(FileTransfer.sendAsync(second.sender(), source, small().build()));
        TransferResult received = await(receiving);
        assertThat(received.bytesKept()).isGreaterThanOrEqualTo(100 * CHUNK).isEqualTo(sent.bytesKept());
        assertThat(sent.bytesMoved() + sent.bytesKept()).isEqualTo(2000 * CHUNK + 5);
        assertThat(Files.mismatch(source, inbox.resolve("source"))).isEqualTo(-1);
        assertThat(received()).containsExactly("source");
    }

    @Test
    void receiverThatCancelsTellsTheSender() {
        Path source = Bytes.file(directory, "source", 400 * CHUNK);
        Connection connection = connect();
        List<CompletableFuture<?>> running = new ArrayList<>();
        var gate = blockLoop(ring());
        var receiving = FileTransfer.receiveAsync(
                connection.receiver(),
                inbox,
                at(10, () -> running.get(0).cancel(false)).build());
        running.add(receiving);
        gate.complete(null);
        var sending = FileTransfer.sendAsync(connection.sender(), source, small().build());
        assertThat(failureOf(receiving)).isInstanceOf(CancellationException.class);
        assertThat(failureOf(sending)).isInstanceOf(TransferException.class);
        await(receiving.released());
        assertThat(received()).doesNotContain("source");
    }

    @Test
    void senderThatCancelsTellsTheReceiver() {
        Path source = Bytes.file(directory, "source", 400 * CHUNK);
        Connection connection = connect();
        List<CompletableFuture<?>> running = new ArrayList<>();
        var gate = blockLoop(ring());
        var receiving = FileTransfer.receiveAsync(connection.receiver(), inbox, small().build());
        var sending = FileTransfer.sendAsync(
                connection.sender(),
                source,
                at(10, () -> running.get(0).cancel(false)).build());
        running.add(sending);
        gate.complete(null);
        assertThat(failureOf(sending)).isInstanceOf(CancellationException.class);
        assertThat(failureOf(receiving)).isInstanceOf(TransferException.class).hasMessageContaining("gave up");
        assertThat(received()).doesNotContain("source");
    }

    @Test
    void sourceThatChangesMeanwhileIsNotDelivered() {
        for (long length : new long[] {500 * CHUNK, 300 * CHUNK + 1, 0}) {
            Path source = Bytes.file(directory, "source", 400 * CHUNK);
            Connection connection = connect();
            var receiving = FileTransfer.receiveAsync(connection.receiver(), inbox, small().build());
            var sending = FileTransfer.sendAsync(
                    connection.sender(),
                    source,
                    at(10, () -> setLength(source, length)).build());
            assertThat(failureOf(sending)).isInstanceOf(SourceChangedException.class);
            assertThat(failureOf(receiving))
                    .isInstanceOf(TransferException.class)
                    .hasMessageContaining("changed while it was read");
            assertThat(received()).doesNotContain("source");
        }
    }

    private static void setLength(Path file, long length) {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void bitThatFlipsOnTheReceiversDiskIsNamedOnBothEnds() {
        Path source = Bytes.file(directory, "source", 40 * CHUNK);
        Connection connection = connect();
        var options = small().listener(progress -> {
            if (progress.phase() == Phase.VERIFYING && progress.chunksDone() == 0) {
                flipFirstBit(7 * CHUNK);
            }
        });
        var receiving = FileTransfer.receiveAsync(connection.receiver(), inbox, options.build());
        var sending = FileTransfer.sendAsync(connection.sender(), source, small().build());
        assertThat(failureOf(receiving))
                .isInstanceOf(ChunkMismatchException.class)
                .hasMessageContaining("Chunk 7");
        assertThat(failureOf(sending)).isInstanceOf(TransferException.class).hasMessageContaining("Chunk 7");
        assertThat(received()).isEmpty();
    }

    private void flipFirstBit(long at) {
        try (Stream<Path> all = Files.list(inbox)) {
            Path part = all.filter(each -> each.toString().endsWith(".part"))
                    .findFirst()
                    .orElseThrow();
            try (RandomAccessFile open = new RandomAccessFile(part.toFile(), "rw")) {
                open.seek(at);
                int was = open.read();
                open.seek(at);
                open.write(was ^ 1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void peersThatSayNothingAreGivenUp() throws IOException {
        var impatient = small().idleTimeout(Duration.ofMillis(300)).build();
        Path source = Bytes.file(directory, "source", CHUNK);
        try (TcpPair pair = TcpPair.accepted(ring())) {
            assertThat(failureOf(FileTransfer.receiveAsync(pair.ours(), inbox, impatient)))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(pair.ours().isOpen()).isFalse();
        }
        try (TcpPair pair = TcpPair.connected(ring())) {
            assertThat(failureOf(FileTransfer.sendAsync(pair.ours(), source, impatient)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void connectionThatEndsBeforeAFileIsTheEnd() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            var receiving = FileTransfer.receiveAsync(pair.ours(), inbox, small().build());
            pair.theirs().shutdownOutput();
            assertThat(failureOf(receiving)).isInstanceOf(EOFException.class);
        }
    }
}
