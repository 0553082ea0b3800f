package dev.ringflow.tck;

import static dev.ringflow.file.ResolveOption.BENEATH;
import static dev.ringflow.file.ResolveOption.IN_ROOT;
import static dev.ringflow.file.ResolveOption.NO_MOUNTS;
import static dev.ringflow.file.ResolveOption.NO_SYMLINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.Support;
import dev.ringflow.file.ResolveOption;
import dev.ringflow.file.RingFile;
import dev.ringflow.file.RingFileSystem;
import dev.ringflow.file.RingOpenOption;
import dev.ringflow.spi.OpCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Opening on a restricted way: whoever names the path does not get out of where he may be. */
public abstract class RestrictedOpenContract extends DriverContract {
    private Path in = Path.of("");

    /** For subclasses. */
    protected RestrictedOpenContract() {}

    @BeforeEach
    void makesATreeWithAWayOut() throws IOException {
        in = Files.createDirectory(directory.resolve("in"));
        Files.writeString(directory.resolve("secret"), "secret");
        Files.writeString(in.resolve("file"), "file");
        Files.createDirectory(in.resolve("folder"));
        if (!SymbolicLinks.areMadeIn(directory)) {
            return;
        }
        Files.createSymbolicLink(in.resolve("inside"), Path.of("folder/../file"));
        Files.createSymbolicLink(in.resolve("up"), Path.of("../secret"));
        Files.createSymbolicLink(in.resolve("absolute"), directory.resolve("secret"));
        Files.createSymbolicLink(in.resolve("parent"), Path.of(".."));
        Files.createSymbolicLink(in.resolve("root"), Path.of("/file"));
    }

    private RingFileSystem restricted() {
        Assumptions.assumeTrue(
                ring().capabilities().support(OpCode.OPEN_RESTRICTED) != Support.NONE,
                () -> "The driver " + driverName() + " has no OPEN_RESTRICTED");
        return ring().fileSystem();
    }

    private RingFile opened(Path path) {
        return await(ring().openFileAsync(path, RingOpenOption.DIRECTORY));
    }

    private static String content(RingFile file) {
        ByteBuffer bytes = ByteBuffer.allocate(100);
        await(file.readAsync(bytes, 0));
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    private String read(RingFile start, String path, ResolveOption... how) {
        return content(await(restricted().openAsync(start, Path.of(path), Set.of(how), READ)));
    }

    private Throwable refusal(RingFile start, String path, ResolveOption... how) {
        return failureOf(restricted().openAsync(start, Path.of(path), Set.of(how), READ));
    }

    @Test
    void driverThatCannotRestrictRefusesInsteadOfOpening() {
        RingFileSystem files = ring().fileSystem();
        Assumptions.assumeTrue(ring().capabilities().support(OpCode.OPEN_RESTRICTED) == Support.NONE, "It can");
        for (ResolveOption each : ResolveOption.values()) {
            assertThat(failureOf(files.openAsync(in.resolve("file"), Set.of(each), READ)))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(driverName())
                    .hasMessageContaining("OPEN_RESTRICTED");
        }
        assertThat(content(await(files.openAsync(in.resolve("file"), Set.of(), READ))))
                .isEqualTo("file");
    }

    @Test
    void relativePathStartsFromTheOpenDirectoryWhereverThatIsByNow() throws IOException {
        RingFile start = opened(in);
        assertThat(read(start, "file")).isEqualTo("file");
        assertThat(read(start, "../secret")).isEqualTo("secret");
        Files.move(in, directory.resolve("moved"));
        assertThat(read(start, "file")).isEqualTo("file");
        assertThat(read(start, "file", BENEATH)).isEqualTo("file");
        assertThat(refusal(start, "none", BENEATH)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void nothingLeadsOutFromBeneath() {
        RingFile start = opened(in);
        assertThat(read(start, "file", BENEATH)).isEqualTo("file");
        assertThat(read(start, "folder/../file", BENEATH)).isEqualTo("file");
        assertThat(read(start, "inside", BENEATH)).isEqualTo("file");
        for (String way : new String[] {
            "../secret",
            "folder/../../secret",
            "up",
            "absolute",
            "parent/secret",
            "parent/in/file",
            "/etc/passwd",
            directory.resolve("in/file").toString(),
            ".."
        }) {
            assertThat(refusal(start, way, BENEATH))
                    .as(way)
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining(way)
                    .hasMessageContaining("out of");
        }
    }

    @Test
    void rootIsAsFarUpAsItGoes() {
        RingFile start = opened(in);
        for (String way :
                new String[] {"file", "/file", "../file", "../../../file", "/../file", "parent/file", "root", "inside"
                }) {
            assertThat(read(start, way, IN_ROOT)).as(way).isEqualTo("file");
        }
        for (String way : new String[] {"../secret", "up", "absolute", "parent/secret", "/in/file"}) {
            assertThat(refusal(start, way, IN_ROOT)).as(way).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void linksAreRefusedWhereverTheyAreInThePath() throws IOException {
        RingFile start = opened(in);
        Files.createSymbolicLink(in.resolve("folder/self"), Path.of("."));
        assertThat(read(start, "folder/../file", NO_SYMLINKS)).isEqualTo("file");
        for (String way : new String[] {"inside", "up", "parent/in/file", "folder/self/../file"}) {
            assertThat(refusal(start, way, NO_SYMLINKS))
                    .as(way)
                    .isExactlyInstanceOf(FileSystemException.class)
                    .hasMessageContaining("symbolic link");
        }
    }

    @Test
    void magicLinksAreNeverFollowed() {
        restricted();
        RingFile root = opened(Path.of("/"));
        RingFile file = await(ring().openFileAsync(in.resolve("file")));
        String magic = "proc/self/fd/" + file.descriptor();
        assertThat(read(root, magic)).isEqualTo("file");
        for (ResolveOption each : ResolveOption.values()) {
            assertThat(refusal(root, magic, each)).as(each.name()).isInstanceOf(FileSystemException.class);
        }
        assertThat(refusal(root, "proc/self/cwd/.", BENEATH)).isInstanceOf(FileSystemException.class);
        assertThat(refusal(root, "proc/self/root/" + directory.resolve("secret"), IN_ROOT))
                .isInstanceOf(FileSystemException.class);
    }

    @Test
    void otherFileSystemsAreRefused() {
        RingFile root = opened(Path.of("/"));
        assertThat(read(root, "proc/self/comm")).isNotEmpty();
        assertThat(refusal(root, "proc/self/comm", NO_MOUNTS))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("another file system");
        assertThat(read(opened(in), "file", NO_MOUNTS, BENEATH)).isEqualTo("file");
    }

    @Test
    void restrictionsHoldForWhatIsCreated() {
        RingFile start = opened(in);
        RingFileSystem files = restricted();
        RingFile made = await(files.openAsync(start, Path.of("new"), Set.of(BENEATH), WRITE, CREATE_NEW));
        await(made.writeFullyAsync(ByteBuffer.wrap(new byte[] {1}), 0));
        assertThat(in.resolve("new")).hasSize(1);
        assertThat(failureOf(files.openAsync(start, Path.of("new"), Set.of(BENEATH), WRITE, CREATE_NEW)))
                .isInstanceOf(FileAlreadyExistsException.class);
        OpenOption[] create = {WRITE, CREATE_NEW};
        assertThat(failureOf(files.openAsync(start, Path.of("../new"), Set.of(BENEATH), create)))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(failureOf(files.openAsync(start, Path.of("parent/new"), Set.of(BENEATH), create)))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(directory.resolve("new")).doesNotExist();
        await(files.openAsync(start, Path.of("/../new2"), Set.of(IN_ROOT), create));
        assertThat(in.resolve("new2")).exists();
    }

    @Test
    void withoutADirectoryTheWayStartsFromTheWorkingDirectory() throws IOException {
        RingFileSystem files = restricted();
        assertThat(failureOf(files.openAsync(in.resolve("file"), Set.of(BENEATH), READ)))
                .isInstanceOf(AccessDeniedException.class);
        Path file = in.toRealPath().resolve("file");
        assertThat(content(await(files.openAsync(file, Set.of(NO_SYMLINKS), READ))))
                .isEqualTo("file");
        assertThat(await(files.openAsync(Path.of("."), Set.of(BENEATH), RingOpenOption.DIRECTORY))
                        .isOpen())
                .isTrue();
    }

    @Test
    void directoryThatIsNoneOrClosedOrAnotherRingsIsRefused() {
        RingFileSystem files = restricted();
        RingFile file = await(ring().openFileAsync(in.resolve("file")));
        assertThat(refusal(file, "x")).isInstanceOf(NotDirectoryException.class);
        RingFile start = opened(in);
        await(start.closeAsync());
        assertThat(refusal(start, "file", BENEATH)).isInstanceOf(ClosedChannelException.class);
        Ring other = open(options());
        RingFile others = await(other.openFileAsync(in, RingOpenOption.DIRECTORY));
        assertThatThrownBy(() -> files.openAsync(others, Path.of("file"), Set.of(), READ))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another ring");
    }

    @Test
    void contradictionsAreRefusedAtOnce() {
        RingFileSystem files = ring().fileSystem();
        assertThatThrownBy(() -> files.openAsync(in, Set.of(BENEATH, IN_ROOT), READ))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void restrictedFileCanBeADirectDescriptorAndAnOpenDirectoryCannot() {
        RingFileSystem files = restricted();
        Assumptions.assumeTrue(ring().capabilities().support(OpCode.OPEN_DIRECT) != Support.NONE, "There is no table");
        RingFile start = opened(in);
        RingFile file =
                await(files.openAsync(start, Path.of("file"), Set.of(BENEATH), READ, RingOpenOption.DIRECT_DESCRIPTOR));
        assertThat(file.isDirectDescriptor()).isTrue();
        assertThat(content(file)).isEqualTo("file");
        RingFile direct = await(ring().openFileAsync(in, RingOpenOption.DIRECTORY, RingOpenOption.DIRECT_DESCRIPTOR));
        assertThatThrownBy(() -> files.openAsync(direct, Path.of("file"), Set.of(), READ))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("direct descriptor");
    }
}
