package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.Support;
import dev.ringflow.file.ChunkMismatchException;
import dev.ringflow.file.FileHash;
import dev.ringflow.file.FileTransfer;
import dev.ringflow.file.HashAlgorithm;
import dev.ringflow.file.HashTree;
import dev.ringflow.file.SourceChangedException;
import dev.ringflow.file.TransferFuture;
import dev.ringflow.file.TransferOptions;
import dev.ringflow.file.TransferProgress;
import dev.ringflow.file.TransferProgress.Phase;
import dev.ringflow.file.TransferResult;
import dev.ringflow.spi.OpCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Verified copies: content, hashes, names, and that nothing half-done is ever seen. */
public abstract class TransferContract extends DriverContract {
    private static final int CHUNK = 8192;

    /** For subclasses. */
    protected TransferContract() {}

    private static TransferOptions.Builder small() {
        return TransferOptions.builder().chunkSize(CHUNK).depth(4).hash(HashAlgorithm.BLAKE3);
    }

    private TransferResult copy(Path source, Path target, TransferOptions.Builder options) {
        return await(FileTransfer.copyAsync(ring(), source, target, options.build()));
    }

    private Path target() {
        return directory.resolve("target");
    }

    /** Names in the directory. */
    private List<String> names() {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<byte[]> chunkHashes(byte[] content, int chunkSize, HashAlgorithm algorithm) {
        HashTree tree = new HashTree(algorithm);
        List<byte[]> hashes = new ArrayList<>();
        for (int from = 0; from < content.length; from += chunkSize) {
            hashes.add(tree.chunk(ByteBuffer.wrap(content, from, Math.min(chunkSize, content.length - from))));
        }
        return hashes;
    }

    private static String root(byte[] content, int chunkSize, HashAlgorithm algorithm) {
        byte[] root =
                new HashTree(algorithm).root(content.length, chunkSize, chunkHashes(content, chunkSize, algorithm));
        return HexFormat.of().formatHex(root);
    }

    // Content.

    @Test
    void everySizeArrivesWhole() throws IOException {
        int[] sizes = {0, 1, 4095, 4096, 4097, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 9 * CHUNK + 4096, 20 * CHUNK + 17
        };
        for (boolean direct : new boolean[] {false, true}) {
            for (int size : sizes) {
                Path source = Bytes.file(directory, "source", size);
                TransferResult result = copy(source, target(), small().directIo(direct));
                assertThat(Files.readAllBytes(target()))
                        .as("%d bytes, direct %s", size, direct)
                        .isEqualTo(Bytes.content(size));
                assertThat(result.path()).isEqualTo(target());
                assertThat(result.size()).isEqualTo(size);
                assertThat(result.bytesMoved() + result.bytesSkipped()).isEqualTo(size);
                assertThat(result.durable()).isTrue();
                assertThat(result.hash().rootHex()).isEqualTo(root(Bytes.content(size), CHUNK, HashAlgorithm.BLAKE3));
                assertThat(names()).containsExactly("source", "target");
                Files.delete(target());
            }
        }
    }

    @Test
    void defaultsCopyMoreThanFitsInFlight() throws IOException {
        Path source = Bytes.file(directory, "source", 12_345_678);
        TransferResult result = await(FileTransfer.copyAsync(ring(), source, target(), TransferOptions.defaults()));
        assertThat(Files.mismatch(source, target())).isEqualTo(-1);
        assertThat(result.hash().chunkCount()).isEqualTo(48);
        assertThat(names()).containsExactly("source", "target");
    }

    @Test
    void plainHashIsWhatTheJdkComputes() throws Exception {
        for (int size : new int[] {0, 1, CHUNK, 30 * CHUNK + 5}) {
            Path file = Bytes.file(directory, "source", size);
            FileHash hash = await(FileTransfer.hashAsync(
                    ring(),
                    file,
                    small().hash(HashAlgorithm.SHA_256).plainHash(true).build()));
            byte[] expected = MessageDigest.getInstance("SHA-256").digest(Bytes.content(size));
            assertThat(hash.plainHex()).isEqualTo(HexFormat.of().formatHex(expected));
            assertThat(hash.rootHex()).isEqualTo(root(Bytes.content(size), CHUNK, HashAlgorithm.SHA_256));
            assertThat(hash.size()).isEqualTo(size);
        }
    }

    @Test
    void plainBlake3IsThatOfItsAuthors() throws IOException {
        Path file = directory.resolve("empty");
        Files.createFile(file);
        FileHash hash = await(
                FileTransfer.hashAsync(ring(), file, small().plainHash(true).build()));
        assertThat(hash.plainHex()).isEqualTo("af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
    }

    @Test
    void treeIsAsItIsWrittenDown() throws Exception {
        byte[] content = Bytes.content(2 * CHUNK + 1);
        Path file = Bytes.file(directory, "source", content.length);
        FileHash hash = await(FileTransfer.hashAsync(
                ring(), file, small().hash(HashAlgorithm.SHA_256).build()));
        byte[] a = sha(0, Bytes.content(CHUNK));
        byte[] b = sha(0, java.util.Arrays.copyOfRange(content, CHUNK, 2 * CHUNK));
        byte[] c = sha(0, java.util.Arrays.copyOfRange(content, 2 * CHUNK, content.length));
        byte[] top = sha(1, sha(1, a, b), c);
        byte[] sizes =
                ByteBuffer.allocate(12).putLong(content.length).putInt(CHUNK).array();
        assertThat(hash.root()).isEqualTo(sha(2, sizes, top));
        assertThat(hash.chunk(1)).isEqualTo(b);
        assertThat(hash.plainHex()).isNull();
    }

    private static byte[] sha(int first, byte[]... parts) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update((byte) first);
        for (byte[] each : parts) {
            digest.update(each);
        }
        return digest.digest();
    }

    // Holes.

    private Path sparse(long size, long... dataAt) throws IOException {
        Path file = directory.resolve("sparse");
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(size);
            for (long at : dataAt) {
                open.seek(at);
                open.write(Bytes.content(100));
            }
        }
        return file;
    }

    private long allocated(Path file) {
        try (var open = await(ring().openFileAsync(file))) {
            return await(open.statAsync()).allocated();
        }
    }

    @Test
    void holesStayHoles() throws IOException {
        long size = (256L << 20) + 5;
        Path source = sparse(size, 1 << 20, (100L << 20) + 12_345, size - 100);
        TransferResult result = await(FileTransfer.copyAsync(ring(), source, target(), TransferOptions.defaults()));
        assertThat(Files.mismatch(source, target())).isEqualTo(-1);
        assertThat(result.bytesSkipped()).isGreaterThan(250L << 20);
        assertThat(result.bytesMoved() + result.bytesSkipped()).isEqualTo(size);
        Assumptions.assumeTrue(allocated(source) >= 0 && allocated(source) < size, "no holes can be seen here");
        assertThat(allocated(target())).isLessThan(4 << 20);

        await(FileTransfer.copyAsync(
                ring(),
                source,
                target(),
                small().overwrite(true).chunkSize(1 << 20).sparse(false).build()));
        assertThat(allocated(target())).isGreaterThanOrEqualTo(size - (1 << 20));
    }

    @Test
    void hugeHolesAreNotEvenRead() throws IOException {
        Assumptions.assumeTrue(
                ring().capabilities().support(OpCode.NEXT_DATA) != Support.NONE, "the driver cannot tell holes");
        long size = 10L << 30;
        Path source = sparse(size, 5L << 30);
        Assumptions.assumeTrue(allocated(source) < size, "the file system has no holes");
        TransferResult result = await(FileTransfer.copyAsync(ring(), source, target(), TransferOptions.defaults()));
        assertThat(result.bytesMoved()).isEqualTo(256 << 10);
        assertThat(target()).hasSize(size);
        FileHash hash = await(FileTransfer.hashAsync(ring(), target(), TransferOptions.defaults()));
        assertThat(hash).isEqualTo(result.hash());
    }

    // Names and attributes.

    @Test
    void existingTargetStaysUnlessItMayBeReplaced() throws IOException {
        Path source = Bytes.file(directory, "source", 3 * CHUNK);
        Path target = Files.writeString(target(), "precious");
        assertThat(failureOf(FileTransfer.copyAsync(ring(), source, target, small().build())))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining(target.toString());
        assertThat(target).hasContent("precious");
        assertThat(names()).containsExactly("source", "target");

        copy(source, target, small().overwrite(true));
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void targetThatAppearsMeanwhileStays() throws IOException {
        Path source = Bytes.file(directory, "source", 3 * CHUNK);
        var late = small().listener(progress -> {
            if (progress.phase() == Phase.FINISHING) {
                write(target(), "precious");
            }
        });
        assertThat(failureOf(FileTransfer.copyAsync(ring(), source, target(), late.build())))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(target()).hasContent("precious");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void directoryAsTargetGivesTheSameName() throws IOException {
        Path source = Bytes.file(directory, "source", 10);
        Path other = Files.createDirectory(directory.resolve("other"));
        assertThat(copy(source, other, small()).path()).isEqualTo(other.resolve("source"));
        assertThat(other.resolve("source")).hasSize(10);
    }

    @Test
    void sourceOntoItselfIsRefused() {
        Path source = Bytes.file(directory, "source", 10);
        assertThat(failureOf(FileTransfer.copyAsync(
                        ring(), source, source, small().overwrite(true).build())))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("same file");
        assertThat(source).hasSize(10);
    }

    @Test
    void permissionsAndTimeAreThoseOfTheSource() throws IOException {
        Path source = Bytes.file(directory, "source", 10);
        FileTime time = FileTime.from(Instant.parse("2001-02-03T04:05:06.789Z"));
        if (hasAttributes("posix")) {
            Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("r-x---r--"));
        }
        Files.setLastModifiedTime(source, time);
        copy(source, target(), small());
        if (hasAttributes("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target())))
                    .isEqualTo("r-x---r--");
        }
        assertThat(Files.getLastModifiedTime(target())).isEqualTo(time);

        copy(source, target(), small().overwrite(true).preserve(false));
        if (hasAttributes("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target())))
                    .startsWith("rw-");
        }
        assertThat(Files.getLastModifiedTime(target())).isNotEqualTo(time);
    }

    @Test
    void unreadableAndMissingSourcesAreNamed() throws IOException {
        Path missing = directory.resolve("missing");
        assertThat(failureOf(FileTransfer.copyAsync(ring(), missing, target(), small().build())))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(missing.toString());
        assertThat(failureOf(FileTransfer.hashAsync(ring(), directory, small().build())))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("not a regular file");
        Path source = Bytes.file(directory, "source", 10);
        assertThat(failureOf(FileTransfer.copyAsync(ring(), source, missing.resolve("x"), small().build())))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(names()).containsExactly("source");
        Assumptions.assumeTrue(hasAttributes("posix"), "files have no permissions here that could be taken away");
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(source), "root reads everything");
        assertThat(failureOf(FileTransfer.copyAsync(ring(), source, target(), small().build())))
                .isInstanceOf(AccessDeniedException.class);
    }

    // What must not happen.

    /** Does something once, when a phase has come to a number of chunks. */
    private static TransferOptions.Builder at(Phase phase, long chunks, IoTask task) {
        AtomicBoolean done = new AtomicBoolean();
        return small().listener(progress -> {
            if (progress.phase() == phase && progress.chunksDone() >= chunks && done.compareAndSet(false, true)) {
                try {
                    task.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    private interface IoTask {
        void run() throws IOException;
    }

    private static void setLength(Path file, long length) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(length);
        }
    }

    @Test
    void sourceThatGrowsShrinksOrIsWrittenToLeavesNothing() {
        for (boolean direct : new boolean[] {false, true}) {
            Path source = Bytes.file(directory, "source", 40 * CHUNK + 9);
            List<IoTask> changes = List.of(
                    () -> setLength(source, 50 * CHUNK),
                    () -> setLength(source, 20 * CHUNK + 77),
                    () -> setLength(source, 0),
                    () -> {
                        Files.writeString(source, "x", java.nio.file.StandardOpenOption.WRITE);
                        Files.setLastModifiedTime(
                                source, FileTime.from(Instant.now().plusSeconds(5)));
                    });
            for (IoTask change : changes) {
                Bytes.file(directory, "source", 40 * CHUNK + 9);
                assertThat(failureOf(FileTransfer.copyAsync(
                                ring(),
                                source,
                                target(),
                                at(Phase.MOVING, 5, change).directIo(direct).build())))
                        .isInstanceOf(SourceChangedException.class)
                        .hasMessageContaining(source.toString());
                assertThat(names()).containsExactly("source");
            }
        }
    }

    @Test
    void flippedBitIsNamedByItsChunk() {
        for (boolean direct : new boolean[] {false, true}) {
            Path source = Bytes.file(directory, "source", 10 * CHUNK + 9);
            var options = at(Phase.VERIFYING, 0, () -> {
                        try (RandomAccessFile part = new RandomAccessFile(part().toFile(), "rw")) {
                            part.seek(6 * CHUNK + 1234);
                            int was = part.read();
                            part.seek(6 * CHUNK + 1234);
                            part.write(was ^ 4);
                        }
                    })
                    .directIo(direct);
            Throwable failure = failureOf(FileTransfer.copyAsync(ring(), source, target(), options.build()));
            assertThat(failure).isInstanceOf(ChunkMismatchException.class).hasMessageContaining("Chunk 6");
            ChunkMismatchException mismatch = (ChunkMismatchException) failure;
            assertThat(mismatch.index()).isEqualTo(6);
            assertThat(mismatch.offset()).isEqualTo(6 * CHUNK);
            assertThat(mismatch.length()).isEqualTo(CHUNK);
            assertThat(names()).containsExactly("source");
        }
    }

    private Path part() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(each -> each.toString().endsWith(".part"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void partThatIsCutBehindItsBackIsNoticed() {
        Path source = Bytes.file(directory, "source", 10 * CHUNK);
        var options = at(Phase.VERIFYING, 0, () -> setLength(part(), 9 * CHUNK + 10));
        assertThat(failureOf(FileTransfer.copyAsync(ring(), source, target(), options.build())))
                .isInstanceOf(ChunkMismatchException.class)
                .hasMessageContaining("Chunk 9");
    }

    @Test
    void listenerThatThrowsEndsTheTransfer() {
        Path source = Bytes.file(directory, "source", 40 * CHUNK);
        IllegalStateException thrown = new IllegalStateException("enough");
        var options = small().resume(false).listener(progress -> {
            if (progress.chunksDone() == 3) {
                throw thrown;
            }
        });
        assertThat(failureOf(FileTransfer.copyAsync(ring(), source, target(), options.build())))
                .isSameAs(thrown);
        assertThat(names()).containsExactly("source");
    }

    @Test
    void cancellingLeavesNothingUnderTheTargetsName() {
        Path source = Bytes.file(directory, "source", 400 * CHUNK);
        for (boolean resume : new boolean[] {false, true}) {
            List<TransferFuture<TransferResult>> running = new ArrayList<>();
            var options =
                    at(Phase.MOVING, 5, () -> running.get(0).cancel(false)).resume(resume);
            var gate = blockLoop(ring());
            running.add(FileTransfer.copyAsync(ring(), source, target(), options.build()));
            gate.complete(null);
            assertThat(failureOf(running.get(0))).isInstanceOf(CancellationException.class);
            await(running.get(0).released());
            assertThat(names()).hasSize(resume ? 3 : 1).doesNotContain("target");
        }
        copy(source, target(), small());
        assertThat(names()).containsExactly("source", "target");
    }

    @Test
    void progressCountsEveryPhaseToItsEnd() {
        Path source = Bytes.file(directory, "source", 10 * CHUNK + 1);
        List<TransferProgress> told = new ArrayList<>();
        copy(source, target(), small().listener(told::add));
        assertThat(told)
                .extracting(TransferProgress::phase)
                .containsSubsequence(Phase.MOVING, Phase.VERIFYING, Phase.FINISHING);
        for (Phase phase : List.of(Phase.MOVING, Phase.VERIFYING)) {
            List<TransferProgress> of =
                    told.stream().filter(each -> each.phase() == phase).toList();
            assertThat(of.get(0).bytesDone()).isZero();
            TransferProgress last = of.get(of.size() - 1);
            assertThat(last.bytesDone()).isEqualTo(10 * CHUNK + 1).isEqualTo(last.bytesTotal());
            assertThat(last.chunksDone()).isEqualTo(11).isEqualTo(last.chunksTotal());
            assertThat(last.fraction()).isEqualTo(1);
        }
    }

    @Test
    void ringThatClosesEndsTransfersAndLeaksNothing() {
        Leftovers.assumeVisible();
        Path source = Bytes.file(directory, "source", 400 * CHUNK);
        copy(source, target(), small());
        Leftovers before = Leftovers.now();
        for (int round = 0; round < 10; round++) {
            Ring closing = Ring.open(options().build());
            int chunks = round * 30;
            var options = at(Phase.MOVING, chunks, closing::closeAsync).overwrite(true);
            var copying = FileTransfer.copyAsync(closing, source, target(), options.build());
            assertThat(outcomeOf(copying).orElse(new RingClosedException("finished in time")))
                    .isInstanceOfAny(RingClosedException.class, java.nio.channels.ClosedChannelException.class);
            await(closing.closeAsync());
            eventually(
                    () -> "before " + before + ", after " + Leftovers.now(),
                    () -> Leftovers.now().isNoMoreThan(before));
            await(copying.released());
        }
        eventually(
                "its threads are gone",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(each -> each.getName().startsWith("ringflow transfer")));
    }

    @Test
    void optionsThatCanNeverBeRightAreRefused() {
        TransferOptions.Builder builder = TransferOptions.builder();
        assertThatThrownBy(() -> builder.chunkSize(5000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.chunkSize(2048)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.chunkSize(1 << 30)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.depth(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.maxSize(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
