package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingException;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.event.RingPipe;
import dev.ringflow.file.RingFile;
import dev.ringflow.spi.OpCode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Pipes: bytes in order, ends, and moving bytes without copying them. */
public abstract class PipeContract extends DriverContract {
    private static final int USUAL = 65_536;

    /** For subclasses. */
    protected PipeContract() {}

    private RingPipe pipe() {
        return await(ring().pipeAsync());
    }

    private void needsSplicing() {
        Assumptions.assumeTrue(
                ring().capabilities().support(OpCode.SPLICE_IN) != Support.NONE,
                () -> "the driver " + driverName() + " does not splice");
    }

    @Test
    void bytesComeOutInTheOrderInWhichTheyWentIn() {
        RingPipe pipe = pipe();
        byte[] content = Bytes.content(10_000);
        for (ByteBuffer out : List.of(Bytes.direct(content), ByteBuffer.wrap(content))) {
            for (ByteBuffer in : List.of(Bytes.direct(10_000), ByteBuffer.allocate(10_000))) {
                assertThat(await(pipe.sink().writeFullyAsync(out.clear()))).isEqualTo(10_000);
                assertThat(await(pipe.source().readFullyAsync(in))).isEqualTo(10_000);
                assertThat(Bytes.filled(in)).isEqualTo(content);
            }
        }
    }

    @Test
    void readerWaitsForBytesAndTakesWhatThereIs() {
        RingPipe pipe = pipe();
        RingFuture<Integer> read = pipe.source().readAsync(Bytes.direct(4096));
        onLoop(ring(), () -> null);
        assertThat(read).isNotDone();
        await(pipe.sink().writeAsync(Bytes.direct(Bytes.content(3))));
        assertThat(await(read)).isEqualTo(3);
    }

    @Test
    void emptyBuffersWaitForNothing() {
        RingPipe pipe = pipe();
        ByteBuffer empty = Bytes.direct(4).position(4);
        assertThat(await(pipe.source().readAsync(empty))).isZero();
        assertThat(await(pipe.source().readFullyAsync(empty))).isZero();
        assertThat(await(pipe.sink().writeAsync(empty))).isZero();
    }

    @Test
    void writerWaitsForRoom() {
        RingPipe pipe = pipe();
        byte[] content = Bytes.content(20 * USUAL + 7);
        RingFuture<Integer> write = pipe.sink().writeFullyAsync(Bytes.direct(content));
        onLoop(ring(), () -> null);
        assertThat(write).isNotDone();
        ByteBuffer in = Bytes.direct(content.length);
        assertThat(await(pipe.source().readFullyAsync(in))).isEqualTo(content.length);
        assertThat(await(write)).isEqualTo(content.length);
        assertThat(Bytes.filled(in)).isEqualTo(content);
    }

    @Test
    void capacityIsAWish() {
        int wanted = 8 * USUAL;
        RingPipe pipe = await(ring().pipeAsync(wanted));
        if (ring().capabilities().support(OpCode.SPLICE_IN) != Support.NONE) {
            assertThat(await(pipe.sink().writeFullyAsync(Bytes.direct(wanted)))).isEqualTo(wanted);
        }
        assertThatThrownBy(() -> ring().pipeAsync(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readerComesToTheEndWhenTheWriterCloses() {
        RingPipe pipe = pipe();
        await(pipe.sink().writeAsync(Bytes.direct(Bytes.content(3))));
        await(pipe.sink().closeAsync());
        ByteBuffer in = Bytes.direct(10);
        assertThat(await(pipe.source().readAsync(in))).isEqualTo(3);
        assertThat(await(pipe.source().readAsync(in))).isEqualTo(-1);
        assertThat(await(pipe.source().readAsync(in))).isEqualTo(-1);
    }

    @Test
    void waitingReaderIsToldOfTheEnd() {
        RingPipe pipe = pipe();
        RingFuture<Integer> read = pipe.source().readAsync(Bytes.direct(10));
        onLoop(ring(), () -> null);
        await(pipe.sink().closeAsync());
        assertThat(await(read)).isEqualTo(-1);
    }

    @Test
    void readingFullyPastTheEndFailsAndThePositionTellsWhatCame() {
        RingPipe pipe = pipe();
        ByteBuffer in = ByteBuffer.allocate(10);
        RingFuture<Integer> read = pipe.source().readFullyAsync(in);
        await(pipe.sink().writeAsync(Bytes.direct(Bytes.content(7))));
        await(pipe.sink().closeAsync());
        assertThat(failureOf(read)).isInstanceOf(EOFException.class).hasMessageContaining("7 of 10");
        assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(7));
    }

    @Test
    void writerFailsWhenNobodyReadsAndRaisesNoSignal() {
        RingPipe pipe = pipe();
        await(pipe.source().closeAsync());
        assertThat(failureOf(pipe.sink().writeAsync(Bytes.direct(1))))
                .isInstanceOf(RingException.class)
                .hasMessageContaining(codeName("EPIPE"));
    }

    @Test
    void waitingWriterFailsWhenTheReaderCloses() {
        RingPipe pipe = pipe();
        RingFuture<Integer> write = pipe.sink().writeFullyAsync(Bytes.direct(3 * USUAL));
        onLoop(ring(), () -> null);
        await(pipe.source().closeAsync());
        assertThat(failureOf(write)).isInstanceOf(RingException.class).hasMessageContaining(codeName("EPIPE"));
    }

    @Test
    void cancelledReadTakesNothing() {
        RingPipe pipe = pipe();
        RingFuture<Integer> read = pipe.source().readAsync(Bytes.direct(10));
        onLoop(ring(), () -> null);
        read.cancel(false);
        await(read.released());
        await(pipe.sink().writeAsync(Bytes.direct(Bytes.content(3))));
        ByteBuffer in = Bytes.direct(3);
        await(pipe.source().readFullyAsync(in));
        assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(3));
    }

    @Test
    void closingEndsWhatIsInFlight() {
        RingPipe pipe = pipe();
        RingFuture<Integer> read = pipe.source().readAsync(Bytes.direct(10));
        onLoop(ring(), () -> null);
        await(pipe.closeAsync());
        assertThat(failureOf(read)).isInstanceOf(AsynchronousCloseException.class);
        assertThat(pipe.source().isOpen()).isFalse();
        assertThat(failureOf(pipe.sink().writeAsync(Bytes.direct(1)))).isInstanceOf(ClosedChannelException.class);
        assertThat(ring().metrics().openHandles()).isZero();
        pipe.close();
    }

    @Test
    void pipeThatNobodyWantsAnyMoreIsClosed() {
        var gate = blockLoop(ring());
        RingFuture<RingPipe> opening = ring().pipeAsync();
        opening.cancel(false);
        RingFuture<RingPipe> completed = ring().pipeAsync();
        completed.completeExceptionally(new IOException("by the test"));
        gate.complete(null);
        await(completed.released());
        eventually("no end is open", () -> ring().metrics().openHandles() == 0);
    }

    // Splicing.

    @Test
    void bytesAreMovedBetweenFilesThroughThePipe() throws IOException {
        needsSplicing();
        Path from = Bytes.file(directory, "from", 30_000);
        Path to = directory.resolve("to");
        RingPipe pipe = pipe();
        try (RingFile source = await(ring().openFileAsync(from, StandardOpenOption.READ));
                RingFile target =
                        await(ring().openFileAsync(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE))) {
            long moved = 0;
            for (int in = await(pipe.sink().spliceFromAsync(source, 0, USUAL)); in > 0; ) {
                for (int left = in; left > 0; ) {
                    int out = await(pipe.source().spliceToAsync(target, moved, left));
                    left -= out;
                    moved += out;
                }
                in = await(pipe.sink().spliceFromAsync(source, moved, USUAL));
            }
            assertThat(moved).isEqualTo(30_000);
            assertThatThrownBy(() -> pipe.sink().spliceFromAsync(source, -1, 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> pipe.source().spliceToAsync(target, 0, 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Files.readAllBytes(to)).isEqualTo(Bytes.content(30_000));
    }

    @Test
    void bytesAreMovedBetweenAConnectionAndThePipe() throws IOException {
        needsSplicing();
        RingPipe pipe = pipe();
        try (TcpPair pair = TcpPair.accepted(ring())) {
            pair.theirs().getOutputStream().write(Bytes.content(100));
            assertThat(await(pipe.sink().spliceFromAsync(pair.ours(), 100))).isEqualTo(100);
            assertThat(await(pipe.source().spliceToAsync(pair.ours(), 100))).isEqualTo(100);
            assertThat(pair.theirs().getInputStream().readNBytes(100)).isEqualTo(Bytes.content(100));
        }
    }

    @Test
    void driverThatDoesNotSpliceSaysSo() {
        Assumptions.assumeTrue(
                ring().capabilities().support(OpCode.SPLICE_IN) == Support.NONE,
                () -> "the driver " + driverName() + " splices");
        RingPipe pipe = pipe();
        RingFile file = await(ring().openFileAsync(Bytes.file(directory, "file", 10)));
        assertThat(failureOf(pipe.sink().spliceFromAsync(file, 0, 10)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(driverName());
    }

    // Pipes with names.

    @Test
    void pipesWithNamesAreFiles() throws Exception {
        Assumptions.assumeFalse(isOfWindows(), "Windows' pipes with names are no files of a directory");
        Path fifo = directory.resolve("fifo");
        Process made = new ProcessBuilder("mkfifo", fifo.toString()).start();
        Assumptions.assumeTrue(made.waitFor() == 0, "mkfifo cannot make one here");
        RingFuture<RingFile> reading = ring().openFileAsync(fifo, StandardOpenOption.READ);
        onLoop(ring(), () -> null); // whose opening waits, on some drivers, for a writer
        RingFile sink = await(ring().openFileAsync(fifo, StandardOpenOption.WRITE));
        RingFile source = await(reading);
        RingFuture<Integer> read = source.readFullyAsync(Bytes.direct(100));
        await(sink.writeFullyAsync(Bytes.direct(Bytes.content(50))));
        await(sink.writeFullyAsync(Bytes.direct(Bytes.content(50))));
        assertThat(await(read)).isEqualTo(100);
        await(sink.closeAsync());
        assertThat(await(source.readAsync(Bytes.direct(1)))).isEqualTo(-1);
        await(source.closeAsync());
    }
}
