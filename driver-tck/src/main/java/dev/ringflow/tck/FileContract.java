package dev.ringflow.tck;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.file.FileStat;
import dev.ringflow.file.RingFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Files: content at positions, sizes, options, and many operations at once. */
public abstract class FileContract extends DriverContract {
    /** For subclasses. */
    protected FileContract() {}

    /**
     * What every file is opened with, beside what its test asks for.
     *
     * @return options, none by default
     */
    protected OpenOption[] alwaysWith() {
        return new OpenOption[0];
    }

    private RingFile file(Path path, OpenOption... options) {
        OpenOption[] all =
                Stream.concat(Stream.of(options), Stream.of(alwaysWith())).toArray(OpenOption[]::new);
        return await(ring().openFileAsync(path, all));
    }

    private RingFile newFile(String name) {
        return file(directory.resolve(name), READ, WRITE, CREATE_NEW);
    }

    // Reading and writing.

    @Test
    void whatIsWrittenAtAPositionIsReadThere() throws IOException {
        RingFile file = newFile("a");
        ByteBuffer out = Bytes.direct(Bytes.content(5000));
        assertThat(await(file.writeAsync(out, 100))).isEqualTo(5000);
        assertThat(out.position()).isEqualTo(5000);

        ByteBuffer in = Bytes.direct(6000);
        assertThat(await(file.readAsync(in, 100))).isEqualTo(5000);
        assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(5000));
        byte[] onDisk = Files.readAllBytes(file.path());
        assertThat(onDisk).hasSize(5100).startsWith(new byte[100]);
    }

    @Test
    void readingAtOrPastTheEndIsMinusOneAndLeavesTheBuffer() {
        RingFile file = file(Bytes.file(directory, "a", 10));
        ByteBuffer in = Bytes.direct(8);
        assertThat(await(file.readAsync(in, 10))).isEqualTo(-1);
        assertThat(await(file.readAsync(in, 1L << 40))).isEqualTo(-1);
        assertThat(in.position()).isZero();
    }

    @Test
    void readingAcrossTheEndDeliversWhatThereIs() {
        RingFile file = file(Bytes.file(directory, "a", 10));
        ByteBuffer in = Bytes.direct(8);
        assertThat(await(file.readAsync(in, 7))).isEqualTo(3);
        assertThat(in.position()).isEqualTo(3);
    }

    @Test
    void emptyBufferMovesNothingAndIsNotTheEnd() {
        RingFile file = newFile("a");
        ByteBuffer empty = Bytes.direct(4).position(4);
        assertThat(await(file.readAsync(empty, 0))).isZero();
        assertThat(await(file.readFullyAsync(empty, 0))).isZero();
        assertThat(await(file.writeAsync(empty, 0))).isZero();
        assertThat(await(file.writeFullyAsync(empty, 0))).isZero();
        assertThat(await(file.sizeAsync())).isZero();
    }

    @Test
    void fullyVariantsGoOnAfterShortTransfers() throws IOException {
        byte[] content = Bytes.content(1_000_003);
        RingFile file = newFile("a");
        // heap buffers are moved in pieces, so each of these takes several transfers
        ByteBuffer out = ByteBuffer.allocate(content.length + 20).position(13);
        out.put(content).flip().position(13);
        assertThat(await(file.writeFullyAsync(out, 5))).isEqualTo(content.length);
        assertThat(out.hasRemaining()).isFalse();

        ByteBuffer in = ByteBuffer.allocate(content.length);
        assertThat(await(file.readFullyAsync(in, 5))).isEqualTo(content.length);
        assertThat(in.array()).isEqualTo(content);
        assertThat(Files.size(file.path())).isEqualTo(content.length + 5);
    }

    @Test
    void readingFullyPastTheEndFailsAndThePositionTellsWhatCame() {
        RingFile file = file(Bytes.file(directory, "a", 300_000));
        for (ByteBuffer in : List.of(ByteBuffer.allocate(400_000), Bytes.direct(400_000))) {
            assertThat(failureOf(file.readFullyAsync(in, 100)))
                    .isInstanceOf(EOFException.class)
                    .hasMessageContaining("299900")
                    .hasMessageContaining(file.path().toString());
            assertThat(in.position()).isEqualTo(299_900);
            assertThat(in.get(0)).isEqualTo(Bytes.at(100));
            assertThat(in.get(299_899)).isEqualTo(Bytes.at(299_999));
        }
    }

    @Test
    void sparseRegionReadsAsZeros() {
        RingFile file = newFile("a");
        await(file.writeFullyAsync(Bytes.direct(Bytes.content(1)), 1 << 20));
        ByteBuffer in = Bytes.direct(4096);
        Bytes.fill(in, (byte) 7);
        await(file.readFullyAsync(in, 4096));
        Bytes.assertAll(in, 0, 4096, (byte) 0);
    }

    @Test
    void positionsBeyondThirtyTwoBitsAreWhole() {
        RingFile file = newFile("a");
        long far = (1L << 33) + 12_345;
        await(file.writeFullyAsync(Bytes.direct(Bytes.content(77)), far));
        assertThat(await(file.sizeAsync())).isEqualTo(far + 77);
        ByteBuffer in = Bytes.direct(77);
        await(file.readFullyAsync(in, far));
        assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(77));
    }

    // Options.

    @Test
    void createNewFailsWhereAFileExists() {
        Path path = Bytes.file(directory, "a", 3);
        assertThat(failureOf(ring().openFileAsync(path, WRITE, CREATE_NEW)))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining(path.toString());
        assertThat(path).hasSize(3);
    }

    @Test
    void createLeavesAnExistingFileAndTruncateCutsIt() {
        Path path = Bytes.file(directory, "a", 3);
        await(file(path, WRITE, CREATE).closeAsync());
        assertThat(path).hasSize(3);
        await(file(path, WRITE, TRUNCATE_EXISTING).closeAsync());
        assertThat(path).hasSize(0);
    }

    @Test
    void readingAloneNeitherCreatesNorCuts() {
        Path path = Bytes.file(directory, "a", 3);
        await(file(path, READ, TRUNCATE_EXISTING, CREATE).closeAsync());
        assertThat(path).hasSize(3);
        assertThat(failureOf(ring().openFileAsync(directory.resolve("b"), READ, CREATE)))
                .isInstanceOf(java.nio.file.NoSuchFileException.class);
    }

    @Test
    void appendingIgnoresThePosition() throws IOException {
        RingFile file = file(Bytes.file(directory, "a", 3), APPEND);
        await(file.writeFullyAsync(Bytes.direct(new byte[] {1, 2}), 0));
        await(file.writeFullyAsync(ByteBuffer.wrap(new byte[] {3}), 1000));
        assertThat(Files.readAllBytes(file.path()))
                .containsExactly(Bytes.at(0), Bytes.at(1), Bytes.at(2), (byte) 1, (byte) 2, (byte) 3);
    }

    @Test
    void fileRefusesWhatItWasNotOpenedFor() {
        RingFile readOnly = file(Bytes.file(directory, "a", 3));
        RingFile writeOnly = file(Bytes.file(directory, "b", 3), WRITE);
        ByteBuffer buffer = Bytes.direct(1);
        assertThatThrownBy(() -> readOnly.writeAsync(buffer, 0)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> readOnly.truncateAsync(0)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> writeOnly.readAsync(buffer, 0)).isInstanceOf(NonReadableChannelException.class);
    }

    @Test
    void symbolicLinkIsFollowedUnlessThatIsUnwanted() throws IOException {
        Path target = Bytes.file(directory, "target", 3);
        SymbolicLinks.assumeIn(directory);
        Path link = Files.createSymbolicLink(directory.resolve("link"), target);
        assertThat(await(file(link).sizeAsync())).isEqualTo(3);
        assertThat(failureOf(ring().openFileAsync(link, READ, NOFOLLOW_LINKS)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(link.toString());
    }

    @Test
    void directoryIsOpenedToBeSyncedAndCannotBeReadAsAFile() {
        RingFile opened = file(directory);
        await(opened.syncAsync());
        assertThat(await(opened.statAsync()).isDirectory()).isTrue();
        assertThat(failureOf(opened.readAsync(Bytes.direct(10), 0)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("irectory");
        assertThat(failureOf(ring().openFileAsync(directory, WRITE)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("irectory");
    }

    @Test
    void nameOutsideAsciiIsOpenedAsItIs() throws IOException {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                System.getProperty("sun.jnu.encoding", "").equalsIgnoreCase("UTF-8"), "file names are not UTF-8 here");
        RingFile file = newFile("zażółć gęślą 日本 \uD83D\uDE80");
        await(file.writeFullyAsync(Bytes.direct(new byte[] {9}), 0));
        assertThat(Files.readAllBytes(file.path())).containsExactly((byte) 9);
    }

    // Size and metadata.

    @Test
    void statTellsWhatTheSystemKnows() throws IOException {
        Instant before = Instant.now().minus(Duration.ofDays(1));
        RingFile file = file(Bytes.file(directory, "a", 12_345));
        FileStat stat = await(file.statAsync());
        assertThat(stat.size()).isEqualTo(12_345);
        assertThat(stat.isRegularFile()).isTrue();
        assertThat(stat.isDirectory()).isFalse();
        assertThat(stat.modified())
                .isAfter(before)
                .isEqualTo(Files.getLastModifiedTime(file.path()).toInstant());
        if (Files.getFileStore(directory).supportsFileAttributeView("unix")) {
            assertThat(stat.inode()).isEqualTo(((Number) Files.getAttribute(file.path(), "unix:ino")).longValue());
            assertThat(stat.links()).isEqualTo(1);
            assertThat(stat.permissions()).isEqualTo((Integer) Files.getAttribute(file.path(), "unix:mode") & 07777);
        }
    }

    @Test
    void statIsOfTheOpenFileAlsoWhenItsNameIsGoneOrAnothers() throws IOException {
        RingFile file = file(Bytes.file(directory, "a", 100));
        Files.delete(file.path());
        assertThat(await(file.sizeAsync())).isEqualTo(100);
        Assumptions.assumeFalse(
                isOfWindows() && java.io.File.separatorChar != '/', "a deleted file that is open may keep its name");
        Instant longAgo = Instant.parse("2001-02-03T04:05:06Z");
        Files.setLastModifiedTime(Bytes.file(directory, "a", 7), FileTime.from(longAgo));
        FileStat stat = await(file.statAsync());
        assertThat(stat.size()).isEqualTo(100);
        assertThat(stat.modified()).as("not that of the other file").isNotEqualTo(longAgo);
    }

    @Test
    void truncateCutsAndExtendsWithZeros() throws IOException {
        RingFile file = file(Bytes.file(directory, "a", 1000), READ, WRITE);
        await(file.truncateAsync(10));
        assertThat(file.path()).hasSize(10);
        await(file.truncateAsync(5000));
        byte[] expected = new byte[5000];
        System.arraycopy(Bytes.content(10), 0, expected, 0, 10);
        assertThat(Files.readAllBytes(file.path())).isEqualTo(expected);
        await(file.truncateAsync(5000));
        assertThat(Files.readAllBytes(file.path())).isEqualTo(expected);
        await(file.truncateAsync(0));
        assertThat(file.path()).isEmptyFile();
    }

    @Test
    void truncateExtendsAFileThatAppends() throws IOException {
        RingFile file = file(Bytes.file(directory, "a", 10), APPEND);
        await(file.truncateAsync(100_000));
        byte[] expected = new byte[100_000];
        System.arraycopy(Bytes.content(10), 0, expected, 0, 10);
        assertThat(Files.readAllBytes(file.path())).isEqualTo(expected);
    }

    @Test
    void syncCompletes() {
        RingFile file = newFile("a");
        await(file.writeFullyAsync(Bytes.direct(Bytes.content(100)), 0));
        await(file.syncAsync());
        await(file.syncDataAsync());
    }

    // Many at once.

    @Test
    void readsStartedInTheCompletionOfTheOneBeforeAreSubmittedBeforeTheLoopSleeps() {
        RingFile file = file(Bytes.file(directory, "a", 65_536));
        int count = 10_000;
        CompletableFuture<Integer> end = new CompletableFuture<>();
        new DependentReads(file, count, end).next();
        assertThat(await(end)).isEqualTo(count);
    }

    /** A chain in which each read is started by the completion of the one before, on the loop thread. */
    private static final class DependentReads implements RingCallback<Integer> {
        private final RingFile file;
        private final int count;
        private final CompletableFuture<Integer> end;
        private final ByteBuffer buffer = Bytes.direct(64);
        private int done;

        DependentReads(RingFile file, int count, CompletableFuture<Integer> end) {
            this.file = file;
            this.count = count;
            this.end = end;
        }

        void next() {
            file.read(buffer.clear(), done % 1024 * 64L, this);
        }

        @Override
        public boolean completed(Integer bytes) {
            if (bytes != 64 || buffer.get(63) != Bytes.at(done % 1024 * 64L + 63)) {
                end.completeExceptionally(new AssertionError("read " + done + " delivered " + bytes + " bytes"));
            } else if (++done == count) {
                end.complete(done);
            } else {
                next();
            }
            return true;
        }

        @Override
        public void failed(Throwable cause) {
            end.completeExceptionally(cause);
        }
    }

    @Test
    void manyMoreOperationsThanQueueEntriesAllComplete() {
        Ring small = open(options().entries(8));
        RingFile file = await(small.openFileAsync(Bytes.file(directory, "a", 65_536)));
        int count = 50_000;
        List<RingFuture<Integer>> reads = new ArrayList<>(count);
        ByteBuffer memory = Bytes.direct(count * 8);
        for (int i = 0; i < count; i++) {
            reads.add(file.readAsync(memory.slice(i * 8, 8), i % 8000 * 8L));
        }
        for (int i = 0; i < count; i++) {
            assertThat(await(reads.get(i))).isEqualTo(8);
            assertThat(memory.get(i * 8 + 3)).isEqualTo(Bytes.at(i % 8000 * 8L + 3));
        }
        await(small.closeAsync());
        assertThat(small.metrics().inFlight()).isZero();
    }

    @Test
    void manyOperationsStartedInOneTurnOfTheLoopAllComplete() {
        Ring small = open(options().entries(8));
        RingFile file = await(small.openFileAsync(Bytes.file(directory, "a", 65_536)));
        int count = 20_000;
        AtomicInteger told = new AtomicInteger();
        CompletableFuture<@Nullable Void> all = new CompletableFuture<>();
        ByteBuffer memory = Bytes.direct(count * 8);
        small.execute(() -> {
            for (int i = 0; i < count; i++) {
                file.readAsync(memory.slice(i * 8, 8), i % 8000 * 8L).whenComplete((bytes, failure) -> {
                    if (failure != null || bytes != 8) {
                        all.completeExceptionally(new AssertionError("delivered " + bytes, failure));
                    } else if (told.incrementAndGet() == count) {
                        all.complete(null);
                    }
                });
            }
        });
        await(all);
        for (int i = 0; i < count; i++) {
            assertThat(memory.get(i * 8 + 3)).isEqualTo(Bytes.at(i % 8000 * 8L + 3));
        }
    }

    @Test
    void manyThreadsWriteAndReadOneFile() throws Exception {
        RingFile file = newFile("a");
        int threads = 8;
        int blocks = 200;
        List<Thread> running = new ArrayList<>();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int t = 0; t < threads; t++) {
            int number = t;
            Thread thread = new Thread(() -> {
                try {
                    writeAndCheckBlocks(file, number, threads, blocks);
                } catch (Throwable e) {
                    failures.add(e);
                }
            });
            running.add(thread);
            thread.start();
        }
        for (Thread each : running) {
            each.join();
        }
        assertThat(failures).isEmpty();
        assertThat(Files.readAllBytes(file.path())).isEqualTo(Bytes.content(threads * blocks * 512));
    }

    private static void writeAndCheckBlocks(RingFile file, int number, int threads, int blocks) {
        byte[] whole = Bytes.content(threads * blocks * 512);
        for (int i = 0; i < blocks; i++) {
            int at = (i * threads + number) * 512;
            await(file.writeFullyAsync(Bytes.direct(java.util.Arrays.copyOfRange(whole, at, at + 512)), at));
            ByteBuffer in = ByteBuffer.allocate(512);
            await(file.readFullyAsync(in, at));
            assertThat(in.array()).isEqualTo(java.util.Arrays.copyOfRange(whole, at, at + 512));
        }
    }
}
