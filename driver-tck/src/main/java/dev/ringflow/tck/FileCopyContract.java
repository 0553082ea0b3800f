package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.file.RingFile;
import dev.ringflow.spi.OpCode;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Copies to files and connections, and what is left behind when they fail. */
public abstract class FileCopyContract extends DriverContract {
    private static final int LARGE = 5_000_003;

    /** For subclasses. */
    protected FileCopyContract() {}

    private RingFile source(int length) {
        return await(ring().openFileAsync(Bytes.file(directory, "source", length)));
    }

    private RingFile target() {
        return await(ring().openFileAsync(directory.resolve("target"), READ, WRITE, CREATE));
    }

    private static byte[] onDisk(RingFile file) {
        try {
            return Files.readAllBytes(file.path());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void wholeFileArrivesInAnother() {
        RingFile target = target();
        assertThat(await(source(LARGE).copyToAsync(0, LARGE, target, 0))).isEqualTo(LARGE);
        assertThat(onDisk(target)).isEqualTo(Bytes.content(LARGE));
    }

    @Test
    void partGoesToItsPositionAndNothingBesideIsTouched() throws IOException {
        RingFile target = target();
        Files.write(target.path(), new byte[100_000]);
        assertThat(await(source(100_000).copyToAsync(777, 50_001, target, 4099)))
                .isEqualTo(50_001);
        byte[] expected = new byte[100_000];
        System.arraycopy(Bytes.content(100_000), 777, expected, 4099, 50_001);
        assertThat(onDisk(target)).isEqualTo(expected);
    }

    @Test
    void endOfTheFileEndsTheCopy() {
        RingFile source = source(300_000);
        RingFile target = target();
        assertThat(await(source.copyToAsync(299_990, 1L << 40, target, 0))).isEqualTo(10);
        assertThat(await(source.copyToAsync(300_000, 5, target, 0))).isZero();
        assertThat(await(source.copyToAsync(1L << 40, 5, target, 0))).isZero();
        assertThat(await(source.copyToAsync(0, 0, target, 0))).isZero();
        assertThat(onDisk(target)).isEqualTo(Arrays.copyOfRange(Bytes.content(300_000), 299_990, 300_000));
    }

    @Test
    void fileThatAppendsGetsItAtItsEnd() throws IOException {
        RingFile target = await(ring().openFileAsync(Bytes.file(directory, "a", 3), APPEND));
        assertThat(await(source(300_000).copyToAsync(0, 300_000, target, 0))).isEqualTo(300_000);
        assertThat(onDisk(target)).hasSize(300_003).startsWith(Bytes.content(3)).endsWith(Bytes.at(299_999));
    }

    @Test
    void ownPositionsStayWhereTheyAre() {
        RingFile source = source(100);
        RingFile target = target();
        await(source.readFullyAsync(Bytes.direct(10)));
        await(source.copyToAsync(50, 50, target, 0));
        ByteBuffer next = Bytes.direct(1);
        await(source.readFullyAsync(next));
        assertThat(next.get(0)).isEqualTo(Bytes.at(10));
        await(target.readFullyAsync(next.clear()));
        assertThat(next.get(0)).isEqualTo(Bytes.at(50));
    }

    /** A ring keeps so many pipes at most. */
    private static final int KEPT_PIPES = 16;

    @Test
    void manyCopiesAtOnceDoNotMixAndKeepNoMorePipesThanWillBeUsed() {
        Leftovers.assumeVisible();
        RingFile source = source(2_000_000);
        RingFile target = target();
        await(source.copyToAsync(0, 1, target, 0));
        int before = Leftovers.now().descriptorCount();
        List<RingFuture<Long>> copies = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            copies.add(source.copyToAsync(i * 100_000L, 100_000, target, i * 100_000L));
        }
        copies.forEach(each -> assertThat(await(each)).isEqualTo(100_000));
        assertThat(onDisk(target)).isEqualTo(Bytes.content(2_000_000));
        eventually(
                () -> "more than a few pipes were kept: " + Leftovers.now().descriptors(),
                () -> Leftovers.now().descriptorCount() <= before + 2 * KEPT_PIPES);
    }

    @Test
    void copiesOneAfterTheOtherUseOnePipe() {
        Leftovers.assumeVisible();
        RingFile source = source(100_000);
        RingFile target = target();
        await(source.copyToAsync(0, 100_000, target, 0));
        Leftovers before = Leftovers.now();
        for (int i = 0; i < 50; i++) {
            await(source.copyToAsync(i, 1000, target, i));
        }
        assertThat(Leftovers.now().isNoMoreThan(before))
                .as("before: %s", before)
                .isTrue();
        if (ring().capabilities().support(OpCode.SPLICE_IN) == Support.NATIVE) {
            assertThat(ring().metrics().openHandles())
                    .as("two files and both ends of a pipe")
                    .isEqualTo(4);
        }
    }

    @Test
    void pipesAreClosedWithTheirRing() {
        Leftovers.assumeVisible();
        Path path = Bytes.file(directory, "source", 1000);
        Leftovers before = Leftovers.now();
        for (int i = 0; i < 5; i++) {
            Ring another = open(options());
            RingFile source = await(another.openFileAsync(path));
            RingFile target = await(another.openFileAsync(directory.resolve("target"), WRITE, CREATE));
            await(source.copyToAsync(0, 1000, target, 0));
            await(another.closeAsync());
            assertThat(another.metrics().openHandles()).isZero();
        }
        eventually(
                () -> "before " + before + ", after " + Leftovers.now(),
                () -> Leftovers.now().isNoMoreThan(before));
    }

    @Test
    void wholeFileArrivesOverAConnection() throws Exception {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            var sent = source(LARGE).copyToAsync(0, LARGE, pair.ours());
            byte[] received = pair.theirs().getInputStream().readNBytes(LARGE);
            assertThat(await(sent)).isEqualTo(LARGE);
            assertThat(received).isEqualTo(Bytes.content(LARGE));
            // the connection goes on as before
            await(pair.ours().sendFullyAsync(Bytes.direct(new byte[] {42})));
            assertThat(pair.theirs().getInputStream().read()).isEqualTo(42);
        }
    }

    @Test
    void partOfAFileArrivesOverAConnectionAndItsEndEndsIt() throws Exception {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingFile source = source(1000);
            assertThat(await(source.copyToAsync(900, 1L << 33, pair.ours()))).isEqualTo(100);
            assertThat(pair.theirs().getInputStream().readNBytes(100))
                    .isEqualTo(Arrays.copyOfRange(Bytes.content(1000), 900, 1000));
        }
    }

    /** The peer reads nothing: what is under way fills the connection and waits there. */
    private RingFuture<Long> stuck(RingFile source, TcpPair pair) {
        RingFuture<Long> sent = source.copyToAsync(0, Long.MAX_VALUE, pair.ours());
        eventually("something arrives", () -> {
            try {
                return pair.theirs().getInputStream().available() > 0;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        return sent;
    }

    private RingFile longSource() {
        RingFile source = await(ring().openFileAsync(directory.resolve("long"), READ, WRITE, CREATE));
        await(source.truncateAsync(1L << 30));
        return source;
    }

    @Test
    void cancellingACopyThatWaitsStopsItAndLeavesNothing() throws Exception {
        Leftovers.assumeVisible();
        RingFile source = longSource();
        try (TcpPair first = TcpPair.accepted(ring())) {
            await(source.copyToAsync(0, 1, first.ours()));
        }
        var before = Leftovers.now().descriptors();
        for (int i = 0; i < 5; i++) {
            try (TcpPair pair = TcpPair.accepted(ring())) {
                RingFuture<Long> sent = stuck(source, pair);
                assertThat(sent.cancel(false)).isTrue();
                await(sent.released());
                assertThat(failureOf(sent)).isInstanceOf(CancellationException.class);
                await(pair.ours().closeAsync());
            }
        }
        assertThat(ring().metrics().inFlight()).isZero();
        // a pipe in which something was left must not be kept, and what comes next must not find it
        RingFile target = target();
        assertThat(await(source(1000).copyToAsync(0, 1000, target, 0))).isEqualTo(1000);
        assertThat(onDisk(target)).isEqualTo(Bytes.content(1000));
        int files = 2; // source and target
        eventually(
                () -> "before " + before + ", after " + Leftovers.now().descriptors(),
                () -> Leftovers.now().descriptorCount()
                        <= before.values().stream().mapToInt(Integer::intValue).sum() + files);
    }

    @Test
    void closingTheConnectionEndsACopyThatWaits() throws Exception {
        RingFile source = longSource();
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingFuture<Long> sent = stuck(source, pair);
            await(pair.ours().closeAsync());
            assertThat(failureOf(sent)).isInstanceOfAny(AsynchronousCloseException.class, ClosedChannelException.class);
        }
    }

    @Test
    void closingTheRingEndsACopyThatWaits() throws Exception {
        RingFile source = longSource();
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingFuture<Long> sent = stuck(source, pair);
            await(ring().closeAsync());
            assertThat(failureOf(sent)).isInstanceOfAny(RingClosedException.class, AsynchronousCloseException.class);
            assertThat(ring().metrics().openHandles()).isZero();
        }
    }

    @Test
    void peerThatGoesAwayFailsTheCopy() throws Exception {
        RingFile source = longSource();
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingFuture<Long> sent = stuck(source, pair);
            Socket peer = pair.theirs();
            peer.setSoLinger(true, 0);
            peer.close();
            assertThat(failureOf(sent)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void cancelledCopiesBetweenFilesStopAndLeaveNothing() {
        Leftovers.assumeVisible();
        RingFile source = longSource();
        RingFile target = target();
        await(source.copyToAsync(0, 1, target, 0));
        var before = Leftovers.now().descriptors();
        for (int i = 0; i < 10; i++) {
            RingFuture<Long> copy = source.copyToAsync(0, 1L << 30, target, 0);
            long arrived = i * 3L << 20;
            eventually("some of it arrives", () -> await(target.sizeAsync()) >= arrived);
            copy.cancel(false);
            await(copy.released());
            await(target.truncateAsync(0));
        }
        eventually(
                () -> "before " + before + ", after " + Leftovers.now().descriptors(),
                () -> Leftovers.now().descriptors().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum()
                        <= before.values().stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void directoryAndClosedFilesFailTheCopy() {
        RingFile target = target();
        RingFile folder = await(ring().openFileAsync(directory));
        assertThat(failureOf(folder.copyToAsync(0, 10, target, 0)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("irectory");
        RingFile source = source(10);
        await(target.closeAsync());
        assertThat(failureOf(source.copyToAsync(0, 10, target, 0))).isInstanceOf(ClosedChannelException.class);
        await(source.closeAsync());
        assertThat(failureOf(source.copyToAsync(0, 10, target(), 0))).isInstanceOf(ClosedChannelException.class);
        assertThat(await(ring().openFileAsync(directory.resolve("source"))).isOpen())
                .isTrue();
    }

    @Test
    void wrongArgumentsAreRefusedAtOnce() {
        RingFile source = source(10);
        RingFile target = target();
        RingFile writeOnly = await(ring().openFileAsync(target.path(), WRITE));
        assertThatThrownBy(() -> source.copyToAsync(-1, 1, target, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> source.copyToAsync(0, -1, target, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> source.copyToAsync(0, 1, target, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> source.copyToAsync(0, Long.MAX_VALUE, target, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> source.copyToAsync(0, 1, source, 0)).isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> writeOnly.copyToAsync(0, 1, target, 0))
                .isInstanceOf(NonReadableChannelException.class);
        Ring another = open(options());
        RingFile elsewhere = await(another.openFileAsync(target.path(), WRITE));
        assertThatThrownBy(() -> source.copyToAsync(0, 1, elsewhere, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("on ");
    }
}
