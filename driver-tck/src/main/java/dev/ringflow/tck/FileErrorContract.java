package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.RingException;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.file.RingFile;
import dev.ringflow.spi.OpCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What files fail with when disks are full, broken or read-only, and what is kept of a transfer then. */
public abstract class FileErrorContract extends DriverContract {
    private static final int SMALL_DISK = 256 * 1024;

    private final List<Runnable> undo = new ArrayList<>();

    /** For subclasses. */
    protected FileErrorContract() {}

    @AfterEach
    void undoesWhatItDidToTheSystem() {
        for (int i = undo.size() - 1; i >= 0; i--) {
            undo.get(i).run();
        }
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError("The test ran out of time", e);
        }
    }

    /** A file system of its own, which only root can have. */
    private Path smallDisk() {
        try {
            Path mounted = Files.createDirectory(directory.resolve("disk"));
            boolean mountable =
                    succeeds("mount", "-t", "tmpfs", "-o", "size=" + SMALL_DISK, "ringflow-tck", mounted.toString());
            Assumptions.assumeTrue(mountable, "file systems can only be mounted by root");
            undo.add(() -> {
                await(ring().closeAsync());
                succeeds("umount", mounted.toString());
            });
            return mounted;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void assertFails(RingFuture<?> future, String errno, RingFile file) {
        Throwable failure = failureOf(future);
        assertThat(failure)
                .isInstanceOf(RingException.class)
                .hasMessageContaining(file.path().toString());
        assertThat(((RingException) failure).codeName()).isEqualTo(codeName(errno));
        assertThat(((RingException) failure).advice()).isNotEmpty();
    }

    @Test
    void fullDiskIsNamedAndThePositionTellsWhatWasWritten() throws IOException {
        Path disk = smallDisk();
        RingFile file = await(ring().openFileAsync(disk.resolve("a"), READ, WRITE, CREATE));
        for (ByteBuffer out : List.of(Bytes.direct(Bytes.content(1 << 20)), ByteBuffer.wrap(Bytes.content(1 << 20)))) {
            assertFails(file.writeFullyAsync(out, 0), "ENOSPC", file);
            int written = out.position();
            assertThat(written).isPositive().isLessThanOrEqualTo(SMALL_DISK);
            assertThat(Files.size(file.path())).isEqualTo(written);
            byte[] onDisk = Files.readAllBytes(file.path());
            assertThat(onDisk).isEqualTo(Bytes.content(written));
            await(file.truncateAsync(0));
        }
    }

    @Test
    void writeThatFitsOnlyPartlyIsShortAndTheNextOneFails() {
        RingFile file = await(ring().openFileAsync(smallDisk().resolve("a"), READ, WRITE, CREATE));
        ByteBuffer out = Bytes.direct(1 << 20);
        int written = await(file.writeAsync(out, 0));
        assertThat(written).isEqualTo(out.position()).isLessThanOrEqualTo(SMALL_DISK);
        assertFails(file.writeAsync(out, written), "ENOSPC", file);
        assertThat(out.position()).isEqualTo(written);
    }

    @Test
    void everyWayToWriteTellsThatTheDiskIsFull() {
        Path disk = smallDisk();
        RingFile full = await(ring().openFileAsync(disk.resolve("full"), READ, WRITE, CREATE));
        assertFails(full.writeFullyAsync(Bytes.direct(1 << 20), 0), "ENOSPC", full);
        RingFile file = await(ring().openFileAsync(disk.resolve("b"), READ, WRITE, CREATE));
        RingFile source = await(ring().openFileAsync(Bytes.file(directory, "source", 300_000)));
        assertFails(file.writeAsync(Bytes.direct(8192), 0), "ENOSPC", file);
        assertFails(file.writeAsync(Bytes.direct(8192)), "ENOSPC", file);
        assertFails(file.appendAsync(Bytes.direct(8192)), "ENOSPC", file);
        ByteBuffer[] several = {Bytes.direct(8192), ByteBuffer.allocate(100)};
        assertFails(file.writeAsync(several, 0), "ENOSPC", file);
        assertFails(file.writeFullyAsync(several, 0), "ENOSPC", file);
        assertThat(several).allMatch(each -> each.position() == 0);
        assertFails(source.copyToAsync(0, 300_000, file, 0), "ENOSPC", file);
        if (ring().capabilities().support(OpCode.ALLOCATE) != Support.NONE) {
            assertFails(file.allocateAsync(0, 1 << 20), "ENOSPC", file);
        }
        assertThat(ring().metrics().inFlight()).isZero();
    }

    @Test
    void deviceThatIsAlwaysFullFailsEveryWay() {
        Path device = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.isWritable(device), "no " + device);
        RingFile file = await(ring().openFileAsync(device, WRITE));
        assertFails(file.writeAsync(Bytes.direct(10), 0), "ENOSPC", file);
        assertFails(file.writeFullyAsync(Bytes.direct(10)), "ENOSPC", file);
        assertFails(file.writeFullyAsync(ByteBuffer.allocate(10), 5), "ENOSPC", file);
        assertFails(file.writeAsync(new ByteBuffer[] {Bytes.direct(10)}, 0), "ENOSPC", file);
        RingFile source = await(ring().openFileAsync(Bytes.file(directory, "source", 10)));
        assertFails(source.copyToAsync(0, 10, file, 0), "ENOSPC", file);
    }

    @Test
    void readOnlyFileSystemCannotBeWrittenAndCanBeRead() throws IOException {
        Path disk = smallDisk();
        Path path = Bytes.file(disk, "a", 100);
        Assumptions.assumeTrue(succeeds("mount", "-o", "remount,ro", disk.toString()), "it cannot be made read-only");
        for (RingFuture<RingFile> each :
                List.of(ring().openFileAsync(path, WRITE), ring().openFileAsync(disk.resolve("new"), WRITE, CREATE))) {
            assertThat(failureOf(each))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining(disk.toString())
                    .hasMessageContaining("ead-only");
        }
        RingFile file = await(ring().openFileAsync(path));
        assertThat(await(file.readAsync(Bytes.direct(200), 0))).isEqualTo(100);
        await(file.syncAsync());
    }

    /** The memory of this process as a file: nothing is at address 0. */
    @Test
    void errorOfTheDeviceIsNamed() {
        Path memory = Path.of("/proc/self/mem");
        Assumptions.assumeTrue(Files.isReadable(memory) && java.io.File.separatorChar == '/', "no " + memory);
        RingFile file = await(ring().openFileAsync(memory));
        ByteBuffer in = Bytes.direct(10);
        assertFails(file.readAsync(in, 0), "EIO", file);
        assertFails(file.readFullyAsync(ByteBuffer.allocate(10), 0), "EIO", file);
        assertFails(file.readAsync(new ByteBuffer[] {in, Bytes.direct(3)}, 0), "EIO", file);
        assertFails(file.readAsync(in), "EIO", file);
        RingFile target = await(ring().openFileAsync(directory.resolve("target"), WRITE, CREATE));
        assertFails(file.copyToAsync(0, 10, target, 0), "EIO", file);
        assertThat(in.position()).isZero();
    }

    /** A disk on a file that was cut afterwards: what lies behind is lost. */
    @Test
    void errorOfADiskIsNamedAndWhatIsWholeIsStillRead() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Files.isDirectory(Path.of("/dev")) && java.io.File.separatorChar == '/', "no loop devices here");
        Path image = directory.resolve("image");
        Files.write(image, Bytes.content(1 << 20));
        Process losetup = new ProcessBuilder("losetup", "--direct-io=on", "--find", "--show", image.toString()).start();
        String device = new String(losetup.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        Assumptions.assumeTrue(
                losetup.waitFor() == 0 && !device.isEmpty(),
                "loop devices can only be made by root, where there are any");
        undo.add(() -> {
            await(ring().closeAsync());
            succeeds("losetup", "--detach", device);
        });
        try (var cut = java.nio.channels.FileChannel.open(image, WRITE)) {
            cut.truncate(512 * 1024);
        }
        RingFile file = await(ring().openFileAsync(Path.of(device)));
        ByteBuffer in = Bytes.direct(4096);
        Throwable failure = outcomeOf(file.readAsync(in, 768 * 1024)).orElse(null);
        Assumptions.assumeTrue(failure != null, "this kernel's loop device reads zeros behind the end");
        assertFails(file.readAsync(in.clear(), 800 * 1024), "EIO", file);
        assertFails(file.readAsync(new ByteBuffer[] {in, Bytes.direct(4096)}, 800 * 1024), "EIO", file);
        await(file.readFullyAsync(in.clear(), 4096));
        assertThat(in.get(0)).isEqualTo(Bytes.at(4096));
    }

    @Test
    void directoryCannotBeReadInAnyWay() {
        RingFile folder = await(ring().openFileAsync(directory));
        for (RingFuture<?> each : List.of(
                folder.readAsync(Bytes.direct(10)),
                folder.readFullyAsync(ByteBuffer.allocate(10)),
                folder.readAsync(new ByteBuffer[] {Bytes.direct(10), Bytes.direct(10)}, 0))) {
            assertThat(failureOf(each))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("irectory");
        }
    }

    @Test
    void limitOfTheProcessIsNamedAndWhatFitsIsWritten() throws Exception {
        Assumptions.assumeFalse(isOfWindows(), "Windows has no such limit");
        Process child = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f 512 && exec \"$@\"",
                        "with small files",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SmallFiles.class.getName(),
                        driverName(),
                        directory.resolve("a").toString())
                .redirectErrorStream(true)
                .start();
        child.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).exceptionally(late -> child.destroyForcibly());
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines().filter(line -> line.startsWith("> ")))
                .as(said)
                .containsExactly(
                        "> write: RingException EFBIG, " + SmallFiles.LIMIT + " bytes written",
                        "> heap: RingException EFBIG, " + SmallFiles.LIMIT + " bytes written",
                        "> several: RingException EFBIG, " + SmallFiles.LIMIT + " bytes written",
                        "> append: RingException EFBIG, 0 bytes written",
                        "> copy: RingException EFBIG, " + SmallFiles.LIMIT + " bytes written",
                        "> truncate: RingException EFBIG, 0 bytes written");
        assertThat(child.exitValue()).as(said).isZero();
    }
}
