package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingClosedException;
import dev.ringflow.Support;
import dev.ringflow.file.FileStat;
import dev.ringflow.file.RenameOption;
import dev.ringflow.file.RingFileSystem;
import dev.ringflow.spi.OpCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Names: renaming, deleting, creating, linking, and what is known of files by their names. */
public abstract class FileSystemContract extends DriverContract {
    /** For subclasses. */
    protected FileSystemContract() {}

    private RingFileSystem files() {
        return ring().fileSystem();
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    /** A symbolic link that leads nowhere, or a directory where there are no links. */
    private Future<Void> createSomething(Path path, Path target) {
        return SymbolicLinks.areMadeIn(directory)
                ? files().createSymbolicLinkAsync(path, target)
                : files().createDirectoryAsync(path);
    }

    private static <T extends Throwable> T failure(Future<? extends @Nullable Object> future, Class<T> kind) {
        Throwable thrown = failureOf(future);
        assertThat(thrown).isExactlyInstanceOf(kind);
        return kind.cast(thrown);
    }

    // Renaming.

    @Test
    void renamingReplacesAFileThatHasTheName() throws IOException {
        Path from = write("from", "new");
        Path to = write("to", "old");
        await(files().renameAsync(from, to));
        assertThat(from).doesNotExist();
        assertThat(to).hasContent("new");
    }

    @Test
    void renamingReplacesAnEmptyDirectoryAndNoOther() throws IOException {
        Path from = Files.createDirectory(directory.resolve("from"));
        Path empty = Files.createDirectory(directory.resolve("empty"));
        Path full = Files.createDirectory(directory.resolve("full"));
        Files.writeString(full.resolve("x"), "x");
        DirectoryNotEmptyException refused = failure(files().renameAsync(from, full), DirectoryNotEmptyException.class);
        assertThat(refused.getFile()).isEqualTo(full.toString());
        await(files().renameAsync(from, empty));
        assertThat(from).doesNotExist();
        assertThat(empty).isDirectory();
    }

    @Test
    void renamingKeepsWhatIsThereWhenAskedTo() throws IOException {
        Path file = write("file", "file");
        Path other = write("other", "other");
        Path folder = Files.createDirectory(directory.resolve("folder"));
        Path otherFolder = Files.createDirectory(directory.resolve("otherFolder"));
        Path link = directory.resolve("link");
        await(createSomething(link, Path.of("nowhere")));
        for (Path from : List.of(file, folder, link)) {
            for (Path to : List.of(other, otherFolder, link, file)) {
                if (from != to) {
                    FileAlreadyExistsException refused = failure(
                            files().renameAsync(from, to, RenameOption.NO_REPLACE), FileAlreadyExistsException.class);
                    assertThat(refused.getFile()).isEqualTo(to.toString());
                }
            }
        }
        assertThat(file).hasContent("file");
        assertThat(other).hasContent("other");
        for (Path from : List.of(file, folder, link)) {
            Path to = directory.resolve("free-" + from.getFileName());
            await(files().renameAsync(from, to, RenameOption.NO_REPLACE));
            assertThat(Files.exists(from, LinkOption.NOFOLLOW_LINKS)).isFalse();
            assertThat(Files.exists(to, LinkOption.NOFOLLOW_LINKS)).isTrue();
        }
        assertThat(directory.resolve("free-file")).hasContent("file");
    }

    @Test
    void renamingWhatIsNotThereSaysSo() {
        Path from = directory.resolve("none");
        assertThat(failure(files().renameAsync(from, directory.resolve("to")), NoSuchFileException.class))
                .hasMessageContaining(from.toString());
        failure(files().renameAsync(from, directory.resolve("to"), RenameOption.NO_REPLACE), NoSuchFileException.class);
    }

    @Test
    void renamingADirectoryIntoItselfOrOverAFileFails() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("folder"));
        Path file = write("file", "x");
        failure(files().renameAsync(folder, folder.resolve("in")), FileSystemException.class);
        failure(files().renameAsync(folder, file), FileSystemException.class);
        failure(files().renameAsync(file, folder), FileSystemException.class);
        assertThat(file).hasContent("x");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void renamingBetweenFileSystemsIsRefusedAndCopiesNothing() throws IOException {
        Path memory = Path.of("/dev/shm");
        Assumptions.assumeTrue(
                Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(directory)),
                "There is no second file system here");
        Path from = write("from", "x");
        Path to = memory.resolve("ringflow-" + ProcessHandle.current().pid() + "-" + driverName());
        failure(files().renameAsync(from, to), AtomicMoveNotSupportedException.class);
        failure(files().renameAsync(from, to, RenameOption.NO_REPLACE), AtomicMoveNotSupportedException.class);
        failure(files().createLinkAsync(to, from), FileSystemException.class);
        assertThat(to).doesNotExist();
        assertThat(from).hasContent("x");
    }

    @Test
    void exchangingSwapsFileAndDirectoryOrSaysWhoCannot() throws IOException {
        Path file = write("file", "x");
        Path folder = Files.createDirectory(directory.resolve("folder"));
        if (ring().capabilities().support(OpCode.EXCHANGE) == Support.NONE) {
            assertThat(failure(files().exchangeAsync(file, folder), UnsupportedOperationException.class))
                    .hasMessageContaining(driverName())
                    .hasMessageContaining("EXCHANGE");
            return;
        }
        await(files().exchangeAsync(file, folder));
        assertThat(file).isEmptyDirectory();
        assertThat(folder).hasContent("x");
        failure(files().exchangeAsync(file, directory.resolve("none")), NoSuchFileException.class);
    }

    // Deleting.

    @Test
    void deletingTakesTheLinkAndNotWhatItPointsAt() throws IOException {
        SymbolicLinks.assumeIn(directory);
        Path file = write("file", "x");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        await(files().deleteAsync(link));
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
        await(files().deleteAsync(file));
        assertThat(file).doesNotExist();
        assertThat(failure(files().deleteAsync(file), NoSuchFileException.class).getFile())
                .isEqualTo(file.toString());
    }

    @Test
    void deletingAFileRefusesDirectoriesAndTheOtherWayRound() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("folder"));
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThat(failure(files().deleteAsync(folder), FileSystemException.class))
                .hasMessageContaining("Is a directory");
        failure(files().deleteIfExistsAsync(folder), FileSystemException.class);
        failure(files().deleteDirectoryAsync(file), NotDirectoryException.class);
        if (SymbolicLinks.areMadeIn(directory)) {
            Path link = Files.createSymbolicLink(directory.resolve("link"), folder);
            failure(files().deleteDirectoryAsync(link), NotDirectoryException.class);
        }
        failure(files().deleteDirectoryAsync(folder), DirectoryNotEmptyException.class);
        failure(files().deleteDirectoryAsync(directory.resolve("none")), NoSuchFileException.class);
        await(files().deleteAsync(file));
        await(files().deleteDirectoryAsync(folder));
        assertThat(folder).doesNotExist();
    }

    @Test
    void deletingIfThereTellsWhetherItWas() throws IOException {
        Path file = write("file", "x");
        assertThat(await(files().deleteIfExistsAsync(file))).isTrue();
        assertThat(await(files().deleteIfExistsAsync(file))).isFalse();
        failure(files().deleteIfExistsAsync(write("f", "x").resolve("in")), NotDirectoryException.class);
    }

    // Creating.

    @Test
    void directoryIsCreatedOnceAndWhereItsParentIs() throws IOException {
        Path folder = directory.resolve("folder");
        await(files().createDirectoryAsync(folder));
        assertThat(folder).isEmptyDirectory();
        if (Files.getFileStore(directory).supportsFileAttributeView(PosixFileAttributeView.class)) {
            assertThat(Files.getPosixFilePermissions(folder))
                    .isEqualTo(Files.getPosixFilePermissions(Files.createDirectory(directory.resolve("ofTheJdk"))));
        }
        failure(files().createDirectoryAsync(folder), FileAlreadyExistsException.class);
        failure(files().createDirectoryAsync(directory.resolve("none/folder")), NoSuchFileException.class);
        failure(files().createDirectoryAsync(write("f", "x").resolve("in")), NotDirectoryException.class);
    }

    @Test
    void directoriesAreCreatedWithAllAboveThemAlsoByManyAtOnce() throws IOException {
        Path deep = directory.resolve("a/b/c/d/e/f");
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(files().createDirectoriesAsync(deep.resolve("g" + i % 5)));
        }
        all.forEach(DriverContract::await);
        try (var made = Files.list(deep)) {
            assertThat(made).hasSize(5);
        }
        await(files().createDirectoriesAsync(deep));
        Path file = write("file", "x");
        failure(files().createDirectoriesAsync(file), FileAlreadyExistsException.class);
        failure(files().createDirectoriesAsync(file.resolve("in")), NotDirectoryException.class);
    }

    @Test
    void directoriesAreCreatedBelowALinkToOneAndNotInThePlaceOfALinkToNothing() throws IOException {
        SymbolicLinks.assumeIn(directory);
        Path deep = Files.createDirectories(directory.resolve("a/b"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), deep);
        await(files().createDirectoriesAsync(link));
        await(files().createDirectoriesAsync(link.resolve("below")));
        assertThat(deep.resolve("below")).isDirectory();
        Path nowhere = Files.createSymbolicLink(directory.resolve("nowhere"), Path.of("none"));
        failure(files().createDirectoriesAsync(nowhere), FileAlreadyExistsException.class);
    }

    @Test
    void symbolicLinkSaysWhatItWasGiven() throws IOException {
        SymbolicLinks.assumeIn(directory);
        for (Path target : List.of(Path.of("relative/../x y"), directory.resolve("absolute"), Path.of("."))) {
            Path link = directory.resolve("link-" + target.toString().length());
            await(files().createSymbolicLinkAsync(link, target));
            assertThat(Files.readSymbolicLink(link)).isEqualTo(target);
            assertThat(await(files().readSymbolicLinkAsync(link))).isEqualTo(target);
            failure(files().createSymbolicLinkAsync(link, target), FileAlreadyExistsException.class);
        }
        failure(files().createSymbolicLinkAsync(directory.resolve("a/b"), Path.of("x")), NoSuchFileException.class);
        failure(files().readSymbolicLinkAsync(directory), NotLinkException.class);
        failure(files().readSymbolicLinkAsync(directory.resolve("none")), NoSuchFileException.class);
    }

    @Test
    void linkIsOneMoreNameOfTheSameFile() throws IOException {
        Path file = write("file", "x");
        Path link = directory.resolve("link");
        await(files().createLinkAsync(link, file));
        assertThat(Files.isSameFile(link, file)).isTrue();
        assertThat(await(files().statAsync(link)).links()).isEqualTo(2);
        failure(files().createLinkAsync(link, file), FileAlreadyExistsException.class);
        failure(files().createLinkAsync(directory.resolve("l"), directory.resolve("none")), NoSuchFileException.class);
        failure(files().createLinkAsync(directory.resolve("l"), directory), AccessDeniedException.class);
    }

    // Asking.

    @Test
    void statOfAPathIsThatOfTheOpenFile() throws IOException {
        Path file = write("file", "content");
        FileStat stat = await(files().statAsync(file));
        assertThat(stat.size()).isEqualTo(7);
        assertThat(stat).isEqualTo(await(await(ring().openFileAsync(file)).statAsync()));
        assertThat(await(files().statAsync(directory)).isDirectory()).isTrue();
        failure(files().statAsync(directory.resolve("none")), NoSuchFileException.class);
        failure(files().statAsync(file.resolve("in")), NotDirectoryException.class);
    }

    @Test
    void statOfALinkIsThatOfWhatItPointsAtUnlessItIsNotFollowed() throws IOException {
        SymbolicLinks.assumeIn(directory);
        Path file = write("file", "content");
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
        assertThat(await(files().statAsync(link))).isEqualTo(await(files().statAsync(file)));
        FileStat ofLink = await(files().statAsync(link, LinkOption.NOFOLLOW_LINKS));
        assertThat(ofLink.type()).isEqualTo(FileStat.Type.SYMBOLIC_LINK);
        assertThat(ofLink.size()).isIn(4L, 0L);
    }

    @Test
    void linksInACircleAreAFailure() throws IOException {
        SymbolicLinks.assumeIn(directory);
        Path circle = Files.createSymbolicLink(directory.resolve("circle"), Path.of("circle"));
        failure(files().statAsync(circle), FileSystemException.class);
        failure(files().statAsync(circle.resolve("in")), FileSystemException.class);
    }

    @Test
    void directoryIsSyncedAndNothingElseIs() throws IOException {
        await(files().syncDirectoryAsync(directory));
        failure(files().syncDirectoryAsync(write("file", "x")), NotDirectoryException.class);
        failure(files().syncDirectoryAsync(directory.resolve("none")), NoSuchFileException.class);
        eventually(
                "the directory is closed",
                () -> onLoop(ring(), () -> ring().metrics().openHandles() == 0));
    }

    // Names.

    @Test
    void oddNamesAreTakenAsTheyAre() throws IOException {
        List<String> names = new ArrayList<>(List.of(" ", "a b", "line\nbreak", "\t", "%41", "-rf", "'\"$x\\", "~"));
        if (System.getProperty("sun.jnu.encoding", "").equals("UTF-8")) {
            names.addAll(List.of("ümläut", "日本語", "\uD83D\uDE00", "e\u0301"));
        }
        names.removeIf(name -> !isNameHere(name));
        assertThat(names).contains("a b", "-rf", "~");
        boolean links = SymbolicLinks.areMadeIn(directory);
        for (String name : names) {
            Path folder = directory.resolve(name);
            await(files().createDirectoryAsync(folder));
            Path moved = folder.resolve(name + "2");
            if (links) {
                await(files().createSymbolicLinkAsync(folder.resolve(name), Path.of(name)));
            } else {
                Files.createFile(folder.resolve(name));
            }
            await(files().renameAsync(folder.resolve(name), moved));
            assertThat(await(files().statAsync(moved, LinkOption.NOFOLLOW_LINKS))
                            .type())
                    .isEqualTo(links ? FileStat.Type.SYMBOLIC_LINK : FileStat.Type.REGULAR);
            assertThat(await(files().listAsync(folder))).containsExactly(moved);
            if (links) {
                assertThat(Files.readSymbolicLink(moved)).isEqualTo(Path.of(name));
            }
            await(files().deleteAsync(moved));
            await(files().deleteDirectoryAsync(folder));
            assertThat(directory).isEmptyDirectory();
        }
    }

    private static boolean isNameHere(String name) {
        try {
            return Path.of(name).toString().equals(name);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    @Test
    void namesWhoseBytesAreNoCharactersAreReachedThroughTheirListing() throws Exception {
        Assumptions.assumeFalse(isOfWindows(), "Windows' names are characters");
        Process shell;
        try {
            shell = new ProcessBuilder("sh", "-c", ": > \"$(printf 'a\\377b')\"; : > \"$(printf 'c\\376d')\"")
                    .directory(directory.toFile())
                    .start();
        } catch (IOException e) {
            Assumptions.abort("No shell here");
            return;
        }
        Assumptions.assumeTrue(shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && shell.exitValue() == 0);
        List<Path> listed = await(files().listAsync(directory));
        assertThat(listed).hasSize(2);
        for (Path each : listed) {
            assertThat(await(files().statAsync(each)).size()).isZero();
            await(await(ring().openFileAsync(each)).closeAsync());
            await(files().deleteAsync(each));
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void namesThatAreTooLongAreAFailure() {
        String longest = "x".repeat(255);
        await(files().createDirectoryAsync(directory.resolve(longest)));
        assertThat(directory.resolve(longest)).isDirectory();
        failure(files().createDirectoryAsync(directory.resolve(longest + "x")), FileSystemException.class);
        assertThat(failureOf(files().statAsync(directory.resolve("x/".repeat(3000)))))
                .as("too long on Linux; on Windows merely not there")
                .isInstanceOf(FileSystemException.class);
        failure(
                files().createLinkAsync(directory.resolve(longest + "x"), directory.resolve(longest)),
                FileSystemException.class);
    }

    @Test
    void emptyPathIsTheWorkingDirectory() throws IOException {
        FileStat stat = await(files().statAsync(Path.of("")));
        Path absolute = Path.of("").toAbsolutePath();
        assertThat(stat.inode()).isEqualTo(await(files().statAsync(absolute)).inode());
        if (hasAttributes("unix")) {
            assertThat(stat.inode()).isEqualTo(Files.getAttribute(absolute, "unix:ino"));
        }
        failure(files().createDirectoryAsync(Path.of("")), FileAlreadyExistsException.class);
    }

    @Test
    void pathsOfOtherFileSystemsAreRefusedAtOnce() throws IOException {
        URI archive = URI.create("jar:" + directory.resolve("a.zip").toUri());
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path inside = zip.getPath("/x");
            Path outside = directory.resolve("x");
            List<Runnable> calls = List.of(
                    () -> files().renameAsync(inside, outside),
                    () -> files().renameAsync(outside, inside),
                    () -> files().deleteAsync(inside),
                    () -> files().createDirectoriesAsync(inside),
                    () -> files().statAsync(inside),
                    () -> files().attributesAsync(inside),
                    () -> files().listAsync(inside),
                    () -> files().walkPublisher(inside, 1),
                    () -> files().syncDirectoryAsync(inside),
                    () -> files().openAsync(inside, java.util.Set.of()));
            for (Runnable each : calls) {
                assertThatThrownBy(each::run).isInstanceOf(ProviderMismatchException.class);
            }
        }
    }

    @Test
    void closedRingRefusesNames() {
        RingFileSystem files = files();
        await(ring().closeAsync());
        failure(files.deleteAsync(directory.resolve("x")), RingClosedException.class);
        failure(files.statAsync(directory), RingClosedException.class);
        failure(files.createDirectoriesAsync(directory.resolve("x")), RingClosedException.class);
        failure(files.syncDirectoryAsync(directory), RingClosedException.class);
        failure(files.listAsync(directory), RingClosedException.class);
        failure(files.attributesAsync(directory), RingClosedException.class);
    }

    private Future<Boolean> deleteDirectoryIfExists(Path path) {
        return files().deleteDirectoryAsync(path).handle((done, failure) -> failure == null);
    }

    @Test
    void manyOperationsOnNamesAtOnceAllDoTheirs() throws IOException {
        int count = 500;
        boolean links = SymbolicLinks.areMadeIn(directory);
        List<Future<Void>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(
                    links
                            ? files().createSymbolicLinkAsync(directory.resolve("l" + i), Path.of("t" + i))
                            : files().createDirectoryAsync(directory.resolve("l" + i)));
        }
        all.forEach(DriverContract::await);
        all.clear();
        for (int i = 0; i < count; i++) {
            all.add(files().renameAsync(directory.resolve("l" + i), directory.resolve("m" + i)));
        }
        all.forEach(DriverContract::await);
        assertThat(await(files().listAsync(directory))).hasSize(count);
        List<Future<Boolean>> deleted = new ArrayList<>();
        for (int i = 0; i < 2 * count; i++) {
            Path path = directory.resolve("m" + i);
            deleted.add(links ? files().deleteIfExistsAsync(path) : deleteDirectoryIfExists(path));
        }
        assertThat(deleted.stream().filter(each -> await(each))).hasSize(count);
        assertThat(directory).isEmptyDirectory();
    }
}
