package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingFuture;
import dev.ringflow.net.RingSocket;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

/** Ending one side of a connection, or both at once and without courtesy. */
public abstract class StreamEndContract extends DriverContract {
    /** For subclasses. */
    protected StreamEndContract() {}

    private UnixDomainSocketAddress path() {
        return UnixDomainSocketAddress.of(directory.resolve("s"));
    }

    @Test
    void receivingSideThatIsShutDownTellsTheEndAndSendingGoesOn() {
        try (StreamPair tcp = StreamPair.of(ring(), loopback());
                StreamPair unix = StreamPair.of(ring(), path())) {
            for (StreamPair pair : java.util.List.of(tcp, unix)) {
                RingFuture<Integer> waiting = pair.client().receiveAsync(Bytes.direct(10));
                onLoop(ring(), () -> null);
                assertThat(waiting).isNotDone();
                await(pair.client().shutdownInputAsync());
                assertThat(await(waiting)).isEqualTo(-1);
                assertThat(await(pair.client().receiveAsync(Bytes.direct(10)))).isEqualTo(-1);
                assertThat(StreamPair.reaches(pair.client(), pair.accepted())).isTrue();
            }
        }
    }

    @Test
    void peerOfAUnixSocketCannotSendToASideThatIsShutDown() {
        try (StreamPair pair = StreamPair.of(ring(), path())) {
            await(pair.client().shutdownInputAsync());
            assertThat(failureOf(pair.accepted().sendAsync(Bytes.direct(1))))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("Broken pipe");
        }
    }

    @Test
    void sidesOfAUnixSocketEndOneByOne() {
        try (StreamPair pair = StreamPair.of(ring(), path())) {
            await(pair.client().shutdownOutputAsync());
            assertThat(await(pair.accepted().receiveAsync(Bytes.direct(1)))).isEqualTo(-1);
            assertThat(StreamPair.reaches(pair.accepted(), pair.client())).isTrue();
            await(pair.accepted().shutdownOutputAsync());
            assertThat(await(pair.client().receiveAsync(Bytes.direct(1)))).isEqualTo(-1);
        }
    }

    @Test
    void abortedConnectionIsAResetForThePeerAndCancelsWhatWaits() throws IOException {
        PlainReset.require();
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingFuture<Integer> waiting = pair.ours().receiveAsync(Bytes.direct(10));
            onLoop(ring(), () -> null);
            await(pair.ours().abortAsync());
            assertThat(failureOf(waiting)).isInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(() -> pair.theirs().getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            assertThat(pair.ours().isOpen()).isFalse();
            assertThat(failureOf(pair.ours().sendAsync(Bytes.direct(1)))).isInstanceOf(ClosedChannelException.class);
            await(pair.ours().abortAsync());
            await(pair.ours().closeAsync());
        }
    }

    @Test
    void abortThrowsAwayWhatThePeerDoesNotTake() throws IOException {
        PlainReset.require();
        try (TcpPair pair = TcpPair.connected(ring())) {
            RingFuture<Integer> send = pair.ours().sendFullyAsync(Bytes.direct(30_000_000));
            assertThat(pair.theirs().getInputStream().read()).isEqualTo(0);
            await(pair.ours().abortAsync());
            assertThat(failureOf(send)).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(pair::readToEnd).hasRootCauseInstanceOf(SocketException.class);
        }
    }

    @Test
    void closedConnectionIsNoResetForThePeer() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            await(pair.ours().closeAsync());
            assertThat(pair.theirs().getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void abortedUnixSocketEndsForThePeer() {
        StreamPair pair = StreamPair.of(ring(), path());
        await(pair.client().abortAsync());
        assertThat(await(pair.accepted().receiveAsync(Bytes.direct(1)))).isEqualTo(-1);
    }

    @Test
    void abortingAndClosingAtTheSameTimeLeaksNothing() {
        Leftovers.assumeVisible();
        ring();
        StreamPair.of(ring(), loopback()).close();
        Leftovers before = Leftovers.now();
        for (int i = 0; i < 20; i++) {
            StreamPair pair = StreamPair.of(ring(), loopback());
            RingSocket client = pair.client();
            var abort = client.abortAsync();
            var close = client.closeAsync();
            var accepted = pair.accepted().abortAsync();
            await(abort);
            await(close);
            await(accepted);
        }
        eventually("all are closed", () -> Leftovers.now().isNoMoreThan(before));
    }
}
