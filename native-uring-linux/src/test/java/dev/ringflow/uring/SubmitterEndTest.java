package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** S16, X11. Threads and processes that end with requests in flight. */
@Timeout(120)
class SubmitterEndTest {
    private static final int WRITES = 8;
    private static final int LENGTH = 4096;

    @Test
    void shouldAnswerEveryRequestOfAThreadThatEnded(@TempDir final Path folder) throws Exception {
        final Path path = folder.resolve("file");
        final int file = Native.open(path);
        final int[] pipe = Native.pipe();
        final ByteBuffer memory = Memory.allocate(LENGTH, 8);
        for (int i = 0; i < LENGTH; i++) {
            memory.put(i, (byte) i);
        }
        final ByteBuffer in = Memory.allocate(64, 8);
        try (Uring ring = Uring.open(UringParams.of(32).withWishedFlags(0))) { // for any thread
            final Thread submitter = new Thread(() -> {
                for (int i = 0; i < WRITES; i++) {
                    final Sqe write = ring.getSqe();
                    write.prepWrite(file, Memory.address(memory), LENGTH, (long) i * LENGTH);
                    write.setFlags(i % 2 == 0 ? 0 : IOSQE_ASYNC);
                    write.setData64(i);
                }
                final Sqe read = ring.getSqe();
                read.prepRead(pipe[0], Memory.address(in), 8, 0);
                read.setData64(100);
                ring.submit();
            });
            submitter.start();
            submitter.join();
            Native.write(pipe[1], "x");

            final List<Completion> completions = Completion.awaitSorted(ring, WRITES + 1);

            assertThat(completions).extracting(Completion::userData).doesNotHaveDuplicates();
            for (int i = 0; i < WRITES; i++) {
                // What waited for a worker may be cancelled with its thread; what began is written.
                assertThat(completions.get(i).res()).isIn(LENGTH, -Errno.ECANCELED, -Errno.EINTR);
                if (i % 2 == 0) {
                    assertThat(completions.get(i).res())
                            .as("begun at the submission")
                            .isEqualTo(LENGTH);
                }
            }
            assertThat(completions.get(WRITES).res())
                    .as("a read that nobody is there to go on with")
                    .isIn(1, -Errno.ECANCELED, -Errno.EINTR, -Errno.EFAULT);
            ring.getSqe().prepNop();
            assertThat(Completion.awaitResult(ring)).as("the ring goes on").isZero();
        } finally {
            Native.close(file, pipe[0], pipe[1]);
        }
        final byte[] written = Files.readAllBytes(path);
        for (int i = 0; i < LENGTH; i++) {
            assertThat(written[i]).isEqualTo((byte) i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "halt", "return", "thread"})
    void shouldLetTheProcessEndWithEverythingArmed(final String end) throws Exception {
        final Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ArmedExit.class.getName(),
                        end)
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("the process ends")
                    .isTrue();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(output).contains("armed");
            assertThat(process.exitValue()).as(output).isEqualTo(end.equals("return") ? 0 : ArmedExit.EXIT_CODE);
            assertThat(new File("/proc/" + process.pid()))
                    .as("no worker is left")
                    .doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }
}
