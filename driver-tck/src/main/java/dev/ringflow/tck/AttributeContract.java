package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingException;
import dev.ringflow.file.RingFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Extended attributes. */
public abstract class AttributeContract extends DriverContract {
    private Path file = Path.of("");

    /** For subclasses. */
    protected AttributeContract() {}

    @BeforeEach
    void needsAFileSystemThatHasThem() throws IOException {
        file = Bytes.file(directory, "file", 1);
        Assumptions.assumeTrue(
                Files.getFileStore(file).supportsFileAttributeView(UserDefinedFileAttributeView.class),
                "The file system has no extended attributes");
    }

    private RingFileSystem files() {
        return ring().fileSystem();
    }

    private Optional<byte[]> get(Path path, String name, LinkOption... options) {
        return await(files().getAttributeAsync(path, name, options));
    }

    private void set(Path path, String name, byte[] value) {
        await(files().setAttributeAsync(path, name, value));
    }

    private Stream<String> userNames(Path path) {
        return await(files().attributesAsync(path)).stream().filter(each -> each.startsWith("user."));
    }

    @Test
    void valueIsReadAsItWasSetAndIsTheJdks() throws IOException {
        set(file, "user.origin", new byte[] {0, 1, -1, 0});
        assertThat(get(file, "user.origin"))
                .hasValueSatisfying(each -> assertThat(each).containsExactly(0, 1, -1, 0));
        assertThat(Files.getAttribute(file, "user:origin")).isEqualTo(new byte[] {0, 1, -1, 0});
        set(file, "user.origin", new byte[] {7});
        assertThat(get(file, "user.origin"))
                .hasValueSatisfying(each -> assertThat(each).containsExactly(7));
        set(file, "user.origin", new byte[0]);
        assertThat(get(file, "user.origin"))
                .hasValueSatisfying(each -> assertThat(each).isEmpty());
    }

    @Test
    void valuesOfEverySizeThatTheFileSystemTakesAreWhole() {
        int largest = 0;
        for (int size : new int[] {1, 127, 128, 129, 511, 512, 513, 2000, 3900, 16_000, 65_536}) {
            byte[] value = Bytes.content(size);
            var failure = outcomeOf(files().setAttributeAsync(file, "user.big", value));
            if (failure.isPresent()) {
                // ext4 has one block for all of them
                assertThat(failure.get()).isInstanceOf(IOException.class);
                break;
            }
            assertThat(get(file, "user.big"))
                    .hasValueSatisfying(each -> assertThat(each).isEqualTo(value));
            largest = size;
        }
        assertThat(largest).isGreaterThanOrEqualTo(2000);
        int lastSet = largest;
        assertThat(get(file, "user.big"))
                .hasValueSatisfying(each -> assertThat(each).hasSize(lastSet));
    }

    @Test
    void missingAttributeIsAnAnswerAndAMissingFileAFailure() {
        assertThat(get(file, "user.none")).isEmpty();
        assertThat(await(files().removeAttributeAsync(file, "user.none"))).isFalse();
        assertThat(userNames(file)).isEmpty();
        Path none = directory.resolve("none");
        for (var each : java.util.List.of(
                files().getAttributeAsync(none, "user.x"),
                files().setAttributeAsync(none, "user.x", new byte[1]),
                files().removeAttributeAsync(none, "user.x"),
                files().attributesAsync(none))) {
            assertThat(failureOf(each)).isInstanceOf(NoSuchFileException.class).hasMessageContaining(none.toString());
        }
    }

    @Test
    void namesAreListedAndRemoved() {
        String[] names = {"user.a", "user.b.c", "user.with space", "user.ümläut"};
        for (String each : names) {
            set(file, each, each.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        assertThat(userNames(file)).containsExactlyInAnyOrder(names);
        assertThat(await(files().removeAttributeAsync(file, "user.b.c"))).isTrue();
        assertThat(get(file, "user.b.c")).isEmpty();
        assertThat(userNames(file)).hasSize(3).doesNotContain("user.b.c");
    }

    @Test
    void directoriesHaveThemAndLinksAreFollowed() throws IOException {
        set(directory, "user.d", new byte[] {1});
        assertThat(get(directory, "user.d")).isPresent();
        SymbolicLinks.assumeIn(directory);
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        set(link, "user.l", new byte[] {2});
        assertThat(get(file, "user.l")).isPresent();
        assertThat(get(link, "user.l")).isPresent();
        // Linux keeps no attributes of this name space for links themselves
        assertThat(outcomeOf(files().setAttributeAsync(link, "user.l", new byte[1], LinkOption.NOFOLLOW_LINKS)))
                .hasValueSatisfying(failure -> assertThat(failure).isInstanceOf(IOException.class));
        assertThat(get(file, "user.l"))
                .hasValueSatisfying(each -> assertThat(each).containsExactly(2));
        assertThat(get(file, "user.l", LinkOption.NOFOLLOW_LINKS)).isPresent();
        assertThat(await(files().removeAttributeAsync(file, "user.l", LinkOption.NOFOLLOW_LINKS)))
                .isTrue();
        assertThat(await(files().attributesAsync(file, LinkOption.NOFOLLOW_LINKS)))
                .doesNotContain("user.l");
    }

    @Test
    void nameSpaceThatNobodyKnowsIsAFailure() {
        Throwable failure = failureOf(files().setAttributeAsync(file, "nobody.x", new byte[1]));
        if (!driverName().equals("uring")) {
            assertThat(failure)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(driverName())
                    .hasMessageContaining("nobody.x");
        } else {
            assertThat(failure).isInstanceOf(RingException.class).hasMessageContaining("EOPNOTSUPP");
        }
    }

    @Test
    void noAnswerOfAHelperThreadIsOverslept() {
        for (int i = 0; i < 2000; i++) {
            var answers = Stream.generate(() -> files().removeAttributeAsync(file, "user.none"))
                    .limit(1 + i % 4)
                    .toList();
            answers.forEach(each -> assertThat(await(each)).isFalse());
        }
    }

    @Test
    void wrongArgumentsAreRefusedAtOnce() {
        assertThatThrownBy(() -> files().getAttributeAsync(file, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files().getAttributeAsync(file, "user.a\0b"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files().removeAttributeAsync(file, "user." + "x".repeat(251)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files().setAttributeAsync(file, "user.x", new byte[65_537]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
