package dev.ringflow.tck;

import static dev.ringflow.file.RingOpenOption.DIRECT_DESCRIPTOR;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.RingException;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.file.FileAdvice;
import dev.ringflow.file.RingFile;
import dev.ringflow.spi.OpCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Files as slots of the ring's own table. */
public abstract class DirectDescriptorContract extends DriverContract {
    /** For subclasses. */
    protected DirectDescriptorContract() {}

    private Ring ringWithTable(int slots) {
        Ring ring = open(options().fileTable(slots));
        assume(ring, OpCode.OPEN_DIRECT);
        return ring;
    }

    private static void assume(Ring ring, OpCode operation) {
        Assumptions.assumeTrue(
                ring.capabilities().support(operation) != Support.NONE,
                () -> "The driver " + ring.driver() + " has no " + operation + " here");
    }

    private static RingFile direct(Ring ring, Path path, OpenOption... options) {
        return await(opening(ring, path, options));
    }

    private static RingFuture<RingFile> opening(Ring ring, Path path, OpenOption... options) {
        OpenOption[] all = java.util.Arrays.copyOf(options, options.length + 1);
        all[options.length] = DIRECT_DESCRIPTOR;
        return ring.openFileAsync(path, all);
    }

    private static int readOne(RingFile file, int position) {
        ByteBuffer in = Bytes.direct(1);
        assertThat(await(file.readAsync(in, position))).isEqualTo(1);
        return in.get(0);
    }

    @Test
    void driverWithoutTableRefusesInsteadOfOpeningAnOrdinaryFile() {
        Ring ring = ring();
        Assumptions.assumeTrue(ring.capabilities().support(OpCode.OPEN_DIRECT) == Support.NONE, "It has a table");
        assertThat(failureOf(opening(ring, Bytes.file(directory, "a", 1), READ)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(ring.driver())
                .hasMessageContaining("OPEN_DIRECT");
        assertThat(ring.metrics().openHandles()).isZero();
    }

    @Test
    void opensFailAsForOrdinaryFiles() {
        Ring ring = ringWithTable(1);
        for (int i = 0; i < 5; i++) {
            assertThat(failureOf(opening(ring, directory.resolve("none"), READ)))
                    .isInstanceOf(NoSuchFileException.class);
        }
        assertThat(direct(ring, Bytes.file(directory, "a", 1), READ).isDirectDescriptor())
                .isTrue();
    }

    @Test
    void descriptorsOfTheProcessAreNeitherTakenNorClosedByThoseOfTheTable() throws IOException {
        Leftovers.assumeVisible();
        Ring ring = ringWithTable(300);
        Path path = Bytes.file(directory, "a", 1000);
        direct(ring, path, READ).close(); // the table is made
        List<FileChannel> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(FileChannel.open(path, READ));
        }
        Leftovers before = Leftovers.now();
        List<RingFile> files = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            files.add(direct(ring, path, READ));
        }
        if (!isOfWindows()) { // whose table holds handles that the process has
            assertThat(Leftovers.now().isNoMoreThan(before)).isTrue();
        }
        for (int i = 0; i < files.size(); i++) {
            assertThat(readOne(files.get(i), i)).isEqualTo(Bytes.at(i));
        }
        // a slot is a small number, as the descriptors of this process are: none of those may be closed instead
        files.forEach(each -> await(each.closeAsync()));
        assertThat(Leftovers.now().isNoMoreThan(before)).isTrue();
        for (FileChannel each : others) {
            assertThat(each.read(ByteBuffer.allocate(10), 0)).isEqualTo(10);
            each.close();
        }
        assertThat(ring.metrics().openHandles()).isZero();
    }

    @Test
    void fullTableSaysSoAndClosingMakesRoom() {
        Ring ring = ringWithTable(4);
        Path path = Bytes.file(directory, "a", 10);
        List<RingFile> files = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            files.add(direct(ring, path, READ));
        }
        for (int round = 0; round < 3; round++) {
            assertThat(failureOf(opening(ring, path, READ)))
                    .isInstanceOf(RingException.class)
                    .hasMessageContaining(codeName("ENFILE"))
                    .hasMessageContaining("fileTable")
                    .hasMessageContaining(path.toString());
            assertThat(await(ring.openFileAsync(path)).isDirectDescriptor())
                    .as("ordinary files need no slot")
                    .isFalse();
            await(files.remove(round).closeAsync());
            files.add(round, direct(ring, path, READ));
            assertThat(readOne(files.get(round), 7)).isEqualTo(Bytes.at(7));
        }
    }

    @Test
    void thousandsOfOpensAndClosesOverASmallTableReadWhatIsTheirsWithReadsInFlight() {
        int slots = 16;
        Ring ring = ringWithTable(slots);
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Path path = directory.resolve("f" + i);
            byte[] content = new byte[4096];
            java.util.Arrays.fill(content, (byte) (i + 1));
            assertThat(catchIo(() -> Files.write(path, content))).isNull();
            paths.add(path);
        }
        Random random = new Random(7);
        ArrayDeque<RingFile> open = new ArrayDeque<>();
        int aborted = 0;
        for (int i = 0; i < 3000; i++) {
            if (open.size() == slots) {
                RingFile oldest = open.remove();
                List<RingFuture<Integer>> reads = new ArrayList<>();
                List<ByteBuffer> buffers = new ArrayList<>();
                for (int j = 0; j < 3; j++) {
                    ByteBuffer buffer = Bytes.direct(512);
                    buffers.add(buffer);
                    reads.add(oldest.readAsync(buffer, random.nextInt(3000)));
                }
                CompletableFuture<Void> closed = oldest.closeAsync();
                byte expected = (byte) (1 + paths.indexOf(oldest.path()));
                for (int j = 0; j < 3; j++) {
                    var failure = outcomeOf(reads.get(j));
                    if (failure.isPresent()) {
                        assertThat(failure.get()).isInstanceOf(AsynchronousCloseException.class);
                        aborted++;
                    } else {
                        Bytes.assertAll(buffers.get(j), 0, buffers.get(j).position(), expected);
                    }
                }
                await(closed);
            }
            RingFile file = direct(ring, paths.get(random.nextInt(paths.size())), READ);
            open.add(file);
            assertThat(readOne(file, random.nextInt(4096))).isEqualTo(1 + paths.indexOf(file.path()));
        }
        assertThat(aborted).as("reads that were called off").isBetween(0, 3 * 3000);
        assertThat(ring.metrics().openHandles()).isEqualTo(slots);
    }

    private interface IoCall {
        void run() throws IOException;
    }

    private static @org.jspecify.annotations.Nullable Throwable catchIo(IoCall call) {
        return org.assertj.core.api.Assertions.catchThrowable(call::run);
    }

    @Test
    void slotIsNotUsedAgainWhileAReadIsInFlightOnIt() throws Exception {
        Assumptions.assumeFalse(isOfWindows(), "Windows' pipes with names are no files of a directory");
        Path fifo = directory.resolve("fifo");
        Process mkfifo;
        try {
            mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).start();
        } catch (IOException noSuchProgram) {
            Assumptions.abort("No mkfifo here");
            return;
        }
        Assumptions.assumeTrue(mkfifo.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && mkfifo.exitValue() == 0);
        Ring ring = ringWithTable(1);
        Path path = Bytes.file(directory, "a", 100);
        for (int i = 0; i < 50; i++) {
            RingFile endless = direct(ring, fifo, READ, WRITE);
            ByteBuffer in = Bytes.direct(64);
            RingFuture<Integer> reading = endless.readAsync(in, 0);
            // until the kernel has let go of the read there is no slot, and so the opening that gets one came after it
            CompletableFuture<Void> closed = endless.closeAsync();
            RingFile next = null;
            while (next == null) {
                RingFuture<RingFile> opening = opening(ring, path, READ);
                var failure = outcomeOf(opening);
                if (failure.isPresent()) {
                    assertThat(failure.get()).isInstanceOf(RingException.class).hasMessageContaining("ENFILE");
                } else {
                    assertThat(reading).isDone();
                    next = await(opening);
                }
            }
            assertThat(failureOf(reading)).isInstanceOf(AsynchronousCloseException.class);
            await(closed);
            assertThat(readOne(next, 50)).isEqualTo(Bytes.at(50));
            assertThat(in.position()).isZero();
            await(next.closeAsync());
        }
    }

    @Test
    void cancellingAnOpenInTheRaceLeaksNoSlot() {
        int slots = 8;
        Ring ring = ringWithTable(slots);
        Path path = Bytes.file(directory, "a", 10);
        for (int i = 0; i < 500; i++) {
            List<RingFuture<RingFile>> openings = new ArrayList<>();
            for (int j = 0; j < slots; j++) {
                openings.add(opening(ring, path, READ));
            }
            for (RingFuture<RingFile> each : openings) {
                if (!each.cancel(true)) {
                    await(each).close(); // it was delivered before
                }
            }
            openings.forEach(each -> await(each.released()));
        }
        eventually(
                "every file that came is closed",
                () -> onLoop(
                        ring,
                        () -> ring.metrics().openHandles() == 0
                                && ring.metrics().inFlight() == 0));
        for (int i = 0; i < slots; i++) {
            assertThat(readOne(direct(ring, path, READ), i)).isEqualTo(Bytes.at(i));
        }
    }

    @Test
    void closingTheRingClosesTheFilesOfItsTable() throws IOException {
        Leftovers.assumeVisible();
        Path path = Bytes.file(directory, "a", 10);
        await(ringWithTable(2).closeAsync()); // whatever is loaded once is loaded
        Leftovers before = Leftovers.now();
        Ring ring = ringWithTable(64);
        List<RingFile> files = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            files.add(direct(ring, path, READ, WRITE));
        }
        await(ring.closeAsync());
        assertThat(files).noneMatch(RingFile::isOpen);
        eventually(
                () -> before + " and then " + Leftovers.now(),
                () -> Leftovers.now().isNoMoreThan(before));
        if (Files.getFileStore(path).supportsFileAttributeView(PosixFileAttributeView.class)) {
            // a file that is open for writing anywhere cannot be run: the kernel has no opener left
            assumeRunnable(path);
        }
    }

    /** A program that somebody has open for writing is ETXTBSY; the kernel closes a table some time after its ring. */
    private static void assumeRunnable(Path path) throws IOException {
        Files.writeString(path, "#!/bin/sh\nexit 0\n");
        assertThat(path.toFile().setExecutable(true)).isTrue();
        eventually("nobody has it open for writing", () -> {
            try {
                new ProcessBuilder(path.toString()).start();
                return true;
            } catch (IOException busy) {
                return false;
            }
        });
    }

    @Test
    void installedDescriptorIsAnOrdinaryOneThatOutlivesTheDirectOne() throws IOException {
        Ring ring = ringWithTable(2);
        RingFile direct = direct(ring, Bytes.file(directory, "a", 100), READ);
        assertThatThrownBy(direct::descriptor)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("installAsync");
        if (ring.capabilities().support(OpCode.INSTALL_DESCRIPTOR) == Support.NONE) {
            assertThat(failureOf(direct.installAsync()))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("INSTALL_DESCRIPTOR")
                    .hasMessageContaining(ring.driver());
            if (!isOfWindows()) { // where an index of the table is beside a handle, which takes all operations
                assertThat(failureOf(direct.statAsync())).isInstanceOf(UnsupportedOperationException.class);
            }
            return;
        }
        RingFile installed = await(direct.installAsync());
        assertThat(installed.isDirectDescriptor()).isFalse();
        assertThat(installed.path()).isEqualTo(direct.path());
        await(direct.closeAsync());
        assertThat(readOne(installed, 42)).isEqualTo(Bytes.at(42));
        Path number = Path.of("/proc/self/fd/" + installed.descriptor());
        assertThat(Files.readSymbolicLink(number)).isEqualTo(installed.path().toRealPath());
        assertThatThrownBy(installed::installAsync).isInstanceOf(IllegalStateException.class);
        await(installed.closeAsync());
        assertThat(number)
                .satisfiesAnyOf(
                        gone -> assertThat(gone).doesNotExist(),
                        others -> assertThat(Files.readSymbolicLink(others))
                                .isNotEqualTo(installed.path().toRealPath()));
        assertThatThrownBy(installed::descriptor).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void descriptorOfAnOrdinaryFileIsItsNumberWhereTheDriverKnowsOne() throws IOException {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 10)));
        if (!driverName().equals("uring")) {
            assertThatThrownBy(file::descriptor)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(driverName());
        } else {
            assertThat(Files.readAllBytes(Path.of("/proc/self/fd/" + file.descriptor())))
                    .isEqualTo(Bytes.content(10));
        }
    }

    @Test
    void everyOtherOperationOnFilesTakesADirectDescriptor() throws IOException {
        Ring ring = ringWithTable(8);
        RingFile file = direct(ring, directory.resolve("a"), READ, WRITE, CREATE_NEW);
        ByteBuffer[] out = {Bytes.direct(Bytes.content(1000)), Bytes.direct(Bytes.content(24))};
        assertThat(await(file.writeFullyAsync(out, 0))).isEqualTo(1024);
        ByteBuffer[] in = {Bytes.direct(24), Bytes.direct(1000)};
        assertThat(await(file.readFullyAsync(in, 0))).isEqualTo(1024);
        assertThat(in[1].get(0)).isEqualTo(Bytes.at(24));
        assertThat(await(file.appendAsync(Bytes.direct(Bytes.content(10))))).isEqualTo(10);
        assertThat(await(file.writeAsync(Bytes.direct(Bytes.content(3))))).isEqualTo(3);
        if (ring.capabilities().support(OpCode.ALLOCATE) != Support.NONE) {
            await(file.allocateAsync(0, 8192));
            await(file.punchHoleAsync(0, 4096));
            await(file.adviseAsync(0, 8192, FileAdvice.SEQUENTIAL));
            assertThat(Files.size(file.path())).isEqualTo(8192);
        }
        await(file.syncRangeAsync(0, 8192));
        await(file.syncDataAsync());
        long size = Files.size(file.path());

        RingFile source = direct(ring, Bytes.file(directory, "b", 300_000), READ);
        RingFile target = direct(ring, directory.resolve("c"), READ, WRITE, CREATE_NEW);
        assertThat(await(source.copyToAsync(0, 300_000, target, 0))).isEqualTo(300_000);
        assertThat(Files.readAllBytes(target.path())).isEqualTo(Files.readAllBytes(source.path()));
        try (var pool = ring.bufferPool(4096, 2)) {
            var lease = pool.acquire();
            assertThat(await(source.readAsync(lease, 100))).isEqualTo(4096);
            assertThat(lease.byteBuffer().get(0)).isEqualTo(Bytes.at(100));
            lease.close();
        }
        if (!isOfWindows()) {
            assume(ring, OpCode.INSTALL_DESCRIPTOR);
        }
        assertThat(await(file.sizeAsync())).isEqualTo(size);
        await(file.truncateAsync(100));
        assertThat(await(file.statAsync()).size()).isEqualTo(100);
        Leftovers before = Leftovers.now();
        for (int i = 0; i < 50; i++) {
            RingFuture<Long> asked = file.sizeAsync();
            asked.cancel(true);
            await(asked.released());
        }
        assertThat(Leftovers.now().isNoMoreThan(before)).isTrue();
    }
}
