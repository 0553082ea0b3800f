package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.IncomingSubscription;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import dev.ringflow.tck.IncomingFixture.Collector;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Bytes and the end of a connection, or of a stream, that come in one moment, while a receive waits that goes on. */
public abstract class KernelEndsContract extends DriverContract {
    private static final byte[] LAST_WORDS = Bytes.content(123);

    /** For subclasses. */
    protected KernelEndsContract() {}

    /** How a peer goes. */
    private interface Departure {
        void go(SocketChannel peer) throws IOException;
    }

    /** What came from a peer that said something and went before the loop could look. */
    private Collector afterTheLastWords(RingServerSocket server, Departure departure) throws IOException {
        var accept = server.acceptAsync();
        try (SocketChannel peer = SocketChannel.open(server.localAddress());
                RingSocket ours = await(accept)) {
            Collector collector = new Collector();
            ours.receiveAll(IncomingOptions.defaults(), collector);
            peer.write(ByteBuffer.wrap(LAST_WORDS));
            eventually("it receives", () -> collector.size() == LAST_WORDS.length);
            onLoop(ring(), () -> null);
            CompletableFuture<Void> gate = blockLoop(ring());
            peer.write(ByteBuffer.wrap(LAST_WORDS));
            departure.go(peer);
            gate.complete(null);
            outcomeOf(collector.end);
            assertThat(collector.ends).hasSize(1);
            assertThat(collector.size()).isEqualTo(2 * LAST_WORDS.length);
            return collector;
        }
    }

    @Test
    void resetRightBehindTheLastBytesIsTold() throws IOException {
        RingServerSocket server = await(ring().listenAsync(loopback()));
        for (int i = 0; i < 5; i++) {
            Collector collector = afterTheLastWords(server, peer -> {
                peer.setOption(StandardSocketOptions.SO_LINGER, 0);
                peer.close();
            });
            assertThat(resetOf(collector.end)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void endRightBehindTheLastBytesIsTold() throws IOException {
        RingServerSocket server = await(ring().listenAsync(loopback()));
        for (int i = 0; i < 5; i++) {
            await(afterTheLastWords(server, SocketChannel::close).end);
            await(afterTheLastWords(server, SocketChannel::shutdownOutput).end);
        }
    }

    @Test
    void endOfALocalSocketRightBehindTheLastBytesIsTold() throws IOException {
        RingServerSocket server = awaitUnix(ring().listenAsync(UnixDomainSocketAddress.of(directory.resolve("ends"))));
        for (int i = 0; i < 5; i++) {
            await(afterTheLastWords(server, SocketChannel::close).end);
            await(afterTheLastWords(server, SocketChannel::shutdownOutput).end);
        }
    }

    @Test
    void byteThatComesWhenAListenerHasJustClosedIsTheNextOnes() throws IOException {
        for (int i = 0; i < 5; i++) {
            try (TcpPair pair = TcpPair.accepted(ring())) {
                Collector first = new Collector();
                IncomingSubscription begun = pair.ours().receiveAll(IncomingOptions.defaults(), first);
                pair.theirs().getOutputStream().write(1);
                eventually("the first byte", () -> first.size() == 1);
                onLoop(ring(), () -> null);
                Collector second = new Collector();
                await(CompletableFuture.runAsync(
                        () -> {
                            begun.close();
                            write(pair, 2);
                            pair.ours().receiveAll(IncomingOptions.defaults(), second);
                        },
                        ring()));
                eventually("it is received", () -> second.size() == 1);
                assertThat(second.content.toByteArray()).containsExactly(2);
            }
        }
    }

    private static void write(TcpPair pair, int content) {
        try {
            pair.theirs().getOutputStream().write(content);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
