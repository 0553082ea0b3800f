package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingFuture;
import dev.ringflow.file.Chain;
import dev.ringflow.file.ChainException;
import dev.ringflow.file.ChainMember.Outcome;
import dev.ringflow.file.ChainResult;
import dev.ringflow.file.RingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

final class UringChainTest extends ChainContract {
    @Override
    protected String driverName() {
        return "uring";
    }

    private RingFile open(Ring on, Path path) {
        return await(on.openFileAsync(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** A file that a read waits for. */
    private RingFile pipe(Ring on) {
        Path path = directory.resolve("pipe");
        try {
            assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                    .isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
        return open(on, path);
    }

    private static ByteBuffer bytes(int count) {
        return Bytes.direct(Bytes.content(count));
    }

    @Test
    void allMembersAreInTheKernelTogether() {
        RingFile file = open(ring(), Bytes.file(directory, "a", 0));
        RingFuture<ChainResult> chain = onLoop(ring(), () -> {
            RingFuture<ChainResult> started = ring().linkAsync(members -> {
                for (int i = 0; i < 50; i++) {
                    members.write(file, bytes(1), i);
                }
            });
            assertThat(ring().metrics().inFlight()).isEqualTo(51);
            return started;
        });
        assertThat(await(chain).members()).hasSize(50);
    }

    @Test
    void chainThatWaitsIsCancelledAndNothingComesAfterIt() {
        RingFile file = open(ring(), Bytes.file(directory, "a", 0));
        RingFile pipe = pipe(ring());
        for (int i = 0; i < 50; i++) {
            Recorder<ChainResult> recorder = new Recorder<>();
            Chain.link(
                    ring(),
                    chain -> chain.write(file, bytes(4), 0)
                            .read(pipe, Bytes.direct(8), 0)
                            .write(file, bytes(8), 0)
                            .sync(file),
                    recorder);
            if (i % 3 > 0) {
                onLoop(ring(), () -> null);
            }
            if (i % 3 > 1) {
                eventually("the first member is done", () -> ring().metrics().inFlight() == 4);
            }
            recorder.cancel(ring());
            Throwable thrown = failureOf(recorder.outcome());
            assertThat(thrown).isInstanceOf(CancellationException.class);
            if (thrown.getCause() instanceof ChainException why && why.failedIndex() > 0) {
                assertThat(why.failedIndex()).isOne();
                assertThat(why.members().get(3).outcome()).isEqualTo(Outcome.CANCELLED);
            }
            assertThat(recorder.told()).isOne();
        }
        assertThat(file.path()).hasSize(4);
        assertThat(ring().metrics().inFlight()).isZero();
    }

    @Test
    void cancellingFindsAMemberWhoseTurnComesInThatMoment() throws IOException {
        RingFile pipe = pipe(ring());
        for (int i = 0; i < 200; i++) {
            Recorder<ChainResult> recorder = new Recorder<>();
            Chain.link(
                    ring(),
                    chain -> chain.read(pipe, Bytes.direct(1), 0)
                            .read(pipe, Bytes.direct(1), 0)
                            .read(pipe, Bytes.direct(1), 0),
                    recorder);
            Files.write(pipe.path(), Bytes.content(1 + i % 2));
            recorder.cancel(ring());
            outcomeOf(recorder.outcome());
            assertThat(recorder.told()).isOne();
            RingFuture<Integer> rest = pipe.readAsync(Bytes.direct(8), 0);
            Files.write(pipe.path(), Bytes.content(1));
            await(rest);
        }
        assertThat(ring().metrics().inFlight()).isZero();
    }

    @Test
    void fileOfALaterMemberIsClosedAlthoughTheChainWaits() {
        RingFile file = open(ring(), Bytes.file(directory, "a", 4));
        RingFile pipe = pipe(ring());
        RingFuture<ChainResult> chain = ring().linkAsync(
                        members -> members.read(pipe, Bytes.direct(8), 0).write(file, bytes(8), 0));
        onLoop(ring(), () -> null);
        await(file.closeAsync());
        assertThat(failureOf(chain))
                .isInstanceOfSatisfying(
                        ChainException.class,
                        thrown -> assertThat(thrown.failedIndex()).isZero());
        assertThat(file.path()).hasSize(4);
        await(pipe.closeAsync());
        assertThat(ring().metrics().openHandles()).isZero();
    }

    @Test
    void ringClosesAlthoughAChainWaits() {
        Ring another = open(options());
        RingFile pipe = pipe(another);
        RingFuture<ChainResult> chain = another.linkAsync(
                members -> members.read(pipe, Bytes.direct(8), 0).read(pipe, Bytes.direct(8), 0));
        onLoop(another, () -> null);
        await(another.closeAsync());
        Throwable thrown = failureOf(chain);
        assertThat(thrown).isInstanceOf(ChainException.class);
        assertThat(thrown.getCause())
                .isInstanceOfAny(RingClosedException.class, java.nio.channels.ClosedChannelException.class);
    }
}
