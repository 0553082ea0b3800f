package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.OpenDescriptor;
import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.Support;
import dev.ringflow.file.RingFile;
import dev.ringflow.net.DescriptorKind;
import dev.ringflow.net.ReceivedDescriptors;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import dev.ringflow.spi.OpCode;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Open files that travel over unix sockets: what they are at the other side, and that none is leaked. */
public abstract class StreamDescriptorContract extends DriverContract {
    /** For subclasses. */
    protected StreamDescriptorContract() {}

    private StreamPair pair() {
        return StreamPair.of(ring(), UnixDomainSocketAddress.of(directory.resolve("s")));
    }

    /** A pair whose driver can do it; what it says where it cannot is a test of its own. */
    private StreamPair pairThatPasses() {
        Assumptions.assumeTrue(
                ring().capabilities().support(OpCode.SEND_DESCRIPTORS) != Support.NONE,
                "the driver " + driverName() + " passes no descriptors");
        return pair();
    }

    private RingFile file(String content) throws IOException {
        Path path = Files.writeString(directory.resolve("file"), content);
        return await(ring().openFileAsync(path, StandardOpenOption.READ));
    }

    private static int send(RingSocket socket, OpenDescriptor... descriptors) {
        return await(socket.sendDescriptorsAsync(Bytes.direct(1), List.of(descriptors)));
    }

    private static ReceivedDescriptors receive(RingSocket socket, int most) {
        return await(socket.receiveDescriptorsAsync(Bytes.direct(8), most));
    }

    @Test
    void driverThatCannotSaysSo() throws IOException {
        Assumptions.assumeTrue(
                ring().capabilities().support(OpCode.SEND_DESCRIPTORS) == Support.NONE,
                "the driver " + driverName() + " can");
        try (StreamPair pair = pair();
                RingFile file = file("x")) {
            assertThat(failureOf(pair.client().sendDescriptorsAsync(Bytes.direct(1), List.of(file))))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(driverName());
            assertThat(failureOf(pair.client().receiveDescriptorsAsync(Bytes.direct(1), 1)))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(pair.echoes()).isTrue();
        }
    }

    @Test
    void fileIsReadAtTheOtherSideAfterItsSenderClosedIt() throws IOException {
        try (StreamPair pair = pairThatPasses()) {
            RingFile file = file("content");
            RingFuture<Integer> sending = pair.client().sendDescriptorsAsync(Bytes.direct(1), List.of(file));
            file.closeAsync();
            assertThat(await(sending)).isOne();
            try (ReceivedDescriptors received = receive(pair.accepted(), 4)) {
                assertThat(received.bytes()).isOne();
                assertThat(received.count()).isOne();
                assertThat(received.isTruncated()).isFalse();
                assertThat(received.kind(0)).isEqualTo(DescriptorKind.FILE);
                assertThatThrownBy(() -> received.takeSocket(0)).isInstanceOf(IllegalStateException.class);
                try (RingFile taken = received.takeFile(0)) {
                    assertThat(taken.path()).isEqualTo(file.path());
                    ByteBuffer in = Bytes.direct(7);
                    assertThat(await(taken.readFullyAsync(in, 0))).isEqualTo(7);
                    assertThat(Bytes.filled(in)).isEqualTo("content".getBytes());
                    assertThatThrownBy(() -> taken.writeAsync(Bytes.direct(1), 0))
                            .isInstanceOf(NonWritableChannelException.class);
                    assertThat(Files.readString(Path.of(
                                    "/proc/self/fdinfo/" + taken.unsafeHandle().value())))
                            .as("close-on-exec")
                            .containsPattern("flags:\\s*02[0-7]{6}");
                }
                assertThatThrownBy(() -> received.takeFile(0)).isInstanceOf(IllegalStateException.class);
            }
            assertThat(pair.echoes()).isTrue();
        }
    }

    @Test
    void connectionAndServerGoOnWithWhoeverGotThem() {
        RingServerSocket server = await(ring().listenAsync(loopback()));
        try (StreamPair pair = pairThatPasses();
                StreamPair tcp = StreamPair.of(server, dev.ringflow.net.ConnectOptions.defaults())) {
            send(pair.client(), tcp.accepted(), server);
            await(tcp.accepted().closeAsync());
            await(server.closeAsync());
            try (ReceivedDescriptors received = receive(pair.accepted(), 2)) {
                assertThat(received.kind(0)).isEqualTo(DescriptorKind.SOCKET);
                assertThat(received.kind(1)).isEqualTo(DescriptorKind.SERVER_SOCKET);
                RingSocket taken = received.takeSocket(0);
                assertThat(taken.remoteAddress()).isEqualTo(tcp.client().localAddress());
                assertThat(new StreamPair(tcp.client(), taken).echoes()).isTrue();
                RingServerSocket goesOn = received.takeServerSocket(1);
                assertThat(goesOn.localAddress()).isEqualTo(server.localAddress());
                try (StreamPair next = StreamPair.of(goesOn, dev.ringflow.net.ConnectOptions.defaults())) {
                    assertThat(next.echoes()).isTrue();
                }
                await(taken.closeAsync());
                await(goesOn.closeAsync());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @Test
    void descriptorsThatAreTooManyAreToldAndClosed() throws IOException {
        Leftovers.assumeVisible();
        try (StreamPair pair = pairThatPasses();
                RingFile file = file("x")) {
            Leftovers before = Leftovers.now();
            for (int most = 1; most < 4; most++) {
                send(pair.client(), file, file, file, file, file);
                ReceivedDescriptors received = receive(pair.accepted(), most);
                assertThat(received.count()).isEqualTo(most);
                assertThat(received.isTruncated()).isTrue();
                received.close();
            }
            eventually("all are closed", () -> Leftovers.now().isNoMoreThan(before));
            assertThat(pair.echoes()).isTrue();
        }
    }

    @Test
    void asManyAsTheSystemAllowsGoAtOnce() throws IOException {
        Leftovers.assumeVisible();
        try (StreamPair pair = pairThatPasses();
                RingFile file = file("x")) {
            Leftovers before = Leftovers.now();
            List<RingFile> many = Collections.nCopies(RingSocket.MOST_DESCRIPTORS, file);
            await(pair.client().sendDescriptorsAsync(Bytes.direct(1), many));
            ReceivedDescriptors received = receive(pair.accepted(), RingSocket.MOST_DESCRIPTORS);
            assertThat(received.count()).isEqualTo(RingSocket.MOST_DESCRIPTORS);
            assertThat(received.isTruncated()).isFalse();
            received.close();
            eventually("all are closed", () -> Leftovers.now().isNoMoreThan(before));
        }
    }

    @Test
    void descriptorsThatNobodyTakesAreClosed() throws IOException {
        Leftovers.assumeVisible();
        try (StreamPair pair = pairThatPasses();
                RingFile file = file("x")) {
            Leftovers before = Leftovers.now();
            send(pair.client(), file);
            assertThat(await(pair.accepted().receiveAsync(Bytes.direct(8))))
                    .as("by a receive that does not ask for them")
                    .isOne();
            assertThat(Leftovers.now().isNoMoreThan(before)).isTrue();

            RingFuture<ReceivedDescriptors> cancelled = pair.accepted().receiveDescriptorsAsync(Bytes.direct(8), 2);
            onLoop(ring(), () -> null);
            assertThat(cancelled).isNotDone();
            cancelled.cancel(false);
            send(pair.client(), file);
            await(cancelled.released());
            eventually("what was cancelled leaks none", () -> Leftovers.now().isNoMoreThan(before));
            assertThat(pair.client().isOpen()).isTrue();
        }
    }

    @Test
    void ringThatClosesTakesThemAlong() throws IOException {
        Leftovers.assumeVisible();
        ring();
        file("x").close();
        StreamPair warm = pairThatPasses();
        warm.close();
        Files.delete(directory.resolve("s"));
        open(options()).close();
        Leftovers before = Leftovers.now();
        Ring another = open(options());
        StreamPair pair = StreamPair.of(another, UnixDomainSocketAddress.of(directory.resolve("s")));
        RingFile file = await(another.openFileAsync(directory.resolve("file")));
        send(pair.client(), file, file);
        ReceivedDescriptors received = receive(pair.accepted(), 2);
        assertThat(received.count()).isEqualTo(2);
        await(another.closeAsync());
        eventually("all are closed", () -> Leftovers.now().isNoMoreThan(before));
        received.close();
    }

    @Test
    void endOfThePeerBringsNone() {
        try (StreamPair pair = pairThatPasses()) {
            await(pair.client().shutdownOutputAsync());
            ReceivedDescriptors received = receive(pair.accepted(), 1);
            assertThat(received.bytes()).isEqualTo(-1);
            assertThat(received.count()).isZero();
        }
    }

    @Test
    void largeMessagesCarryThemWithTheirFirstBytes() throws IOException {
        try (StreamPair pair = pairThatPasses();
                RingFile file = file("x")) {
            ByteBuffer out = ByteBuffer.wrap(Bytes.content(100_000));
            RingFuture<Integer> sending = pair.client().sendDescriptorsAsync(out, List.of(file));
            ByteBuffer in = ByteBuffer.allocate(100_000);
            try (ReceivedDescriptors received = await(pair.accepted().receiveDescriptorsAsync(in, 1))) {
                assertThat(received.count()).isOne();
                assertThat(received.bytes()).isPositive().isEqualTo(in.position());
            }
            int sent = await(sending);
            assertThat(sent).isPositive();
            await(pair.accepted().receiveFullyAsync(in.limit(sent)));
            assertThat(java.util.Arrays.copyOf(in.array(), sent))
                    .isEqualTo(java.util.Arrays.copyOf(Bytes.content(100_000), sent));
        }
    }

    @Test
    void whatCannotBeSentIsRefused() throws IOException {
        try (StreamPair pair = pairThatPasses();
                RingFile file = file("x")) {
            RingSocket socket = pair.client();
            Ring another = open(options());
            assertThatThrownBy(() -> socket.sendDescriptorsAsync(Bytes.direct(0), List.of(file)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.sendDescriptorsAsync(Bytes.direct(1), List.of()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.sendDescriptorsAsync(Bytes.direct(1), Collections.nCopies(254, file)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.receiveDescriptorsAsync(Bytes.direct(1), 0))
                    .isInstanceOf(IllegalArgumentException.class);
            try (RingFile foreign = await(another.openFileAsync(directory.resolve("file")))) {
                assertThatThrownBy(() -> socket.sendDescriptorsAsync(Bytes.direct(1), List.of(foreign)))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            await(file.closeAsync());
            assertThat(failureOf(socket.sendDescriptorsAsync(Bytes.direct(1), List.of(file))))
                    .isInstanceOf(ClosedChannelException.class);
            assertThat(pair.echoes()).isTrue();
        }
    }

    @Test
    void manyInBothDirectionsLeakNothing() throws IOException {
        Leftovers.assumeVisible();
        try (StreamPair pair = pairThatPasses();
                RingFile file = file("x")) {
            Leftovers before = Leftovers.now();
            for (int i = 0; i < 50; i++) {
                List<RingFuture<ReceivedDescriptors>> receiving = new ArrayList<>();
                receiving.add(pair.client().receiveDescriptorsAsync(Bytes.direct(1), 3));
                receiving.add(pair.accepted().receiveDescriptorsAsync(Bytes.direct(1), 3));
                send(pair.client(), file, pair.client());
                send(pair.accepted(), file, file, pair.accepted());
                for (RingFuture<ReceivedDescriptors> each : receiving) {
                    await(each).close();
                }
            }
            eventually("all are closed", () -> Leftovers.now().isNoMoreThan(before));
        }
    }
}
