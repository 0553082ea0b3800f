package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingException;
import dev.ringflow.file.RingFile;
import dev.ringflow.file.RingOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The ways of opening a file that only a ring has: past the page cache, and directories as such. */
public abstract class OpeningContract extends DriverContract {
    private static final int BLOCK = 4096;

    /** For subclasses. */
    protected OpeningContract() {}

    private static ByteBuffer aligned(int bytes) {
        return ByteBuffer.allocateDirect(bytes + BLOCK).alignedSlice(BLOCK).limit(bytes);
    }

    /** A file past the page cache; where the file system has none of that, the test is skipped with its answer. */
    private RingFile direct(Path path, OpenOption direct, OpenOption... options) {
        OpenOption[] all = java.util.Arrays.copyOf(options, options.length + 1);
        all[options.length] = direct;
        var opening = ring().openFileAsync(path, all);
        outcomeOf(opening).ifPresent(failure -> {
            assertThat(failure)
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("has no direct I/O")
                    .hasMessageContaining(path.toString());
            Assumptions.abort(failure.getMessage());
        });
        return await(opening);
    }

    @Test
    void directReadsAndWritesOfWholeBlocksArrive() throws IOException {
        Path path = directory.resolve("a");
        byte[] content = Bytes.content(3 * BLOCK);
        RingFile file = direct(path, RingOpenOption.DIRECT_IO, READ, WRITE, CREATE_NEW);
        ByteBuffer out = aligned(3 * BLOCK).put(content).flip();
        assertThat(await(file.writeFullyAsync(out, BLOCK))).isEqualTo(3 * BLOCK);
        assertThat(Files.size(path)).isEqualTo(4 * BLOCK);

        ByteBuffer in = aligned(3 * BLOCK);
        assertThat(await(file.readFullyAsync(in, BLOCK))).isEqualTo(3 * BLOCK);
        assertThat(Bytes.filled(in)).isEqualTo(content);
    }

    @Test
    void directReadOfTheTailDeliversWhatThereIs() {
        RingFile file = direct(Bytes.file(directory, "a", BLOCK + 100), RingOpenOption.DIRECT_IO, READ);
        ByteBuffer in = aligned(BLOCK);
        assertThat(await(file.readAsync(in, BLOCK))).isEqualTo(100);
        assertThat(in.get(99)).isEqualTo(Bytes.at(BLOCK + 99));
    }

    @Test
    void directReadThatIsNotAlignedSaysThatAlignmentIsWrong() {
        RingFile file = direct(Bytes.file(directory, "a", 4 * BLOCK), RingOpenOption.DIRECT_IO, READ);
        // the last one, an address in the middle of nothing, is let pass by some devices, and by none at odd numbers
        for (var reading : java.util.List.of(
                file.readAsync(aligned(BLOCK), 1),
                file.readAsync(aligned(BLOCK - 1), 0),
                file.readAsync(aligned(2 * BLOCK).position(1).limit(BLOCK + 1), 0))) {
            var failure = outcomeOf(reading);
            Assumptions.assumeTrue(failure.isPresent(), "This kernel takes any request: it reads by the page cache");
            assertThat(failure.get())
                    .isInstanceOf(RingException.class)
                    .hasMessageContaining("EINVAL")
                    .hasMessageContaining("direct I/O")
                    .hasMessageContaining("multiples");
        }
    }

    @Test
    void directOptionOfTheJdkMeansTheSame() throws ReflectiveOperationException {
        OpenOption ofTheJdk = (OpenOption) Class.forName("com.sun.nio.file.ExtendedOpenOption")
                .getField("DIRECT")
                .get(null);
        RingFile file = direct(Bytes.file(directory, "a", 4 * BLOCK), ofTheJdk, READ);
        ByteBuffer in = aligned(BLOCK);
        assertThat(await(file.readAsync(in, BLOCK))).isEqualTo(BLOCK);
        var unaligned = outcomeOf(file.readAsync(aligned(BLOCK), 1));
        Assumptions.assumeTrue(unaligned.isPresent(), "This kernel takes any request: it reads by the page cache");
        assertThat(unaligned.get()).isInstanceOf(RingException.class);
    }

    @Test
    void otherExtendedOptionsOfTheJdkAreRefused() throws ReflectiveOperationException {
        OpenOption sharing = (OpenOption) Class.forName("com.sun.nio.file.ExtendedOpenOption")
                .getField("NOSHARE_READ")
                .get(null);
        assertThatThrownBy(() -> ring().openFileAsync(directory.resolve("a"), READ, sharing))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("NOSHARE_READ");
    }

    @Test
    void directoryOpensAsSuchAndNothingElseDoes() {
        RingFile opened = await(ring().openFileAsync(directory, RingOpenOption.DIRECTORY));
        await(opened.syncAsync());
        assertThat(await(opened.statAsync()).isDirectory()).isTrue();
        Path file = Bytes.file(directory, "a", 1);
        assertThat(failureOf(ring().openFileAsync(file, READ, RingOpenOption.DIRECTORY)))
                .isInstanceOf(NotDirectoryException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> ring().openFileAsync(directory, WRITE, RingOpenOption.DIRECTORY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
