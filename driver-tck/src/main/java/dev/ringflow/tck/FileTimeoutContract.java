package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.OperationTimeoutException;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.file.RingFile;
import dev.ringflow.spi.OpCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Views of files whose operations may take only so long. */
public abstract class FileTimeoutContract extends DriverContract {
    private static final Duration SHORT = Duration.ofMillis(50);

    /** For subclasses. */
    protected FileTimeoutContract() {}

    /** A pipe with a name, open at both ends so that opening it waits for nobody. */
    private RingFile pipe() throws IOException, InterruptedException {
        Path path = directory.resolve("pipe");
        Process mkfifo;
        try {
            mkfifo = new ProcessBuilder("mkfifo", path.toString()).start();
        } catch (IOException noSuchProgram) {
            return Assumptions.abort("no mkfifo here");
        }
        assertThat(mkfifo.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return await(ring().openFileAsync(path, READ, WRITE));
    }

    @Test
    void readThatNothingComesForTimesOutAndTheFileGoesOn() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                ring().capabilities().support(OpCode.READ) == Support.NATIVE,
                "a helper thread's call that has begun cannot be cancelled");
        Assumptions.assumeFalse(isOfWindows(), "Windows has no pipes among its files");
        RingFile pipe = pipe();
        ByteBuffer in = Bytes.direct(8);
        Bytes.fill(in, (byte) 7);
        RingFuture<Integer> read = pipe.withTimeout(SHORT).readAsync(in);
        assertThat(failureOf(read))
                .isInstanceOf(OperationTimeoutException.class)
                .hasMessageContaining("pipe");
        await(pipe.writeFullyAsync(Bytes.direct(new byte[] {1, 2, 3})));
        Bytes.assertAll(in, 0, 8, (byte) 7);
        assertThat(await(pipe.readAsync(in))).isEqualTo(3);
        assertThat(in.get(0)).isEqualTo((byte) 1);
        RingFile patient = pipe.withTimeout(Duration.ofSeconds(PATIENCE_SECONDS));
        RingFuture<Integer> inTime = patient.readAsync(in.clear());
        await(pipe.writeFullyAsync(Bytes.direct(new byte[] {4})));
        assertThat(await(inTime)).isEqualTo(1);
    }

    @Test
    void copyThatTheOtherSideDoesNotTakeTimesOutAndLeavesNothing() throws IOException {
        Leftovers.assumeVisible();
        RingFile source = await(ring().openFileAsync(directory.resolve("long"), READ, WRITE, CREATE));
        await(source.truncateAsync(1L << 30));
        try (TcpPair first = TcpPair.accepted(ring())) {
            await(source.copyToAsync(0, 1, first.ours()));
        }
        int before = Leftovers.now().descriptorCount();
        for (int i = 0; i < 3; i++) {
            try (TcpPair pair = TcpPair.accepted(ring())) {
                assertThat(failureOf(source.withTimeout(SHORT).copyToAsync(0, 1L << 30, pair.ours())))
                        .isInstanceOf(OperationTimeoutException.class);
            }
        }
        eventually(
                () -> "left open: " + Leftovers.now().descriptors(),
                () -> Leftovers.now().descriptorCount() <= before);
        assertThat(ring().metrics().inFlight()).isZero();
    }

    @Test
    void everyOperationWorksWithATimeThatSuffices() {
        RingFile file = await(ring().openFileAsync(directory.resolve("a"), READ, WRITE, CREATE))
                .withTimeout(Duration.ofHours(1));
        byte[] content = Bytes.content(500_000);
        assertThat(await(file.writeFullyAsync(ByteBuffer.wrap(content), 0))).isEqualTo(content.length);
        await(file.appendAsync(Bytes.direct(new byte[] {1})));
        await(file.syncAsync());
        await(file.syncRangeAsync(0, 4096));
        assertThat(await(file.sizeAsync())).isEqualTo(content.length + 1);
        await(file.truncateAsync(content.length));
        ByteBuffer[] several = {ByteBuffer.allocate(200_000), Bytes.direct(300_000)};
        await(file.readFullyAsync(several, 0));
        assertThat(several[1].get(299_999)).isEqualTo(Bytes.at(499_999));
        RingFile target = await(ring().openFileAsync(directory.resolve("b"), READ, WRITE, CREATE));
        assertThat(await(file.copyToAsync(0, 500_000, target, 0))).isEqualTo(500_000);
        assertThat(await(file.directIoAlignmentAsync())).isNotNull();
    }

    @Test
    void viewAndFileAreOneOpenFile() throws IOException {
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "a", 10), READ, WRITE));
        RingFile view = file.withTimeout(Duration.ofDays(365_000));
        assertThat(view.path()).isEqualTo(file.path());
        await(view.readFullyAsync(Bytes.direct(4)));
        ByteBuffer next = Bytes.direct(1);
        await(file.readFullyAsync(next));
        assertThat(next.get(0)).isEqualTo(Bytes.at(4));
        await(view.closeAsync());
        assertThat(file.isOpen()).isFalse();
        assertThat(ring().metrics().openHandles()).isZero();
        for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofNanos(-1)}) {
            assertThatThrownBy(() -> file.withTimeout(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
