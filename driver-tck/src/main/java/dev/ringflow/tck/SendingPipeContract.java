package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingFuture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What comes in over one connection goes out over another one. */
public abstract class SendingPipeContract extends DriverContract {
    private static final int LARGE = 6_000_000;

    /** For subclasses. */
    protected SendingPipeContract() {}

    private static CompletableFuture<Void> write(Socket to, byte[] content) {
        return OwnThread.run(() -> {
            try {
                to.getOutputStream().write(content);
                to.shutdownOutput();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static CompletableFuture<byte[]> read(Socket from) {
        return OwnThread.supply(() -> {
            try {
                return from.getInputStream().readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void proxyPassesBytesAndEndsOnInBothDirections() throws Exception {
        byte[] there = Bytes.content(LARGE);
        byte[] back = Arrays.copyOfRange(Bytes.content(LARGE + 777), 777, LARGE + 777 - 1);
        try (TcpPair client = TcpPair.accepted(ring());
                TcpPair server = TcpPair.connected(ring())) {
            RingFuture<Long> forth = client.ours().pipeToAsync(server.ours());
            RingFuture<Long> home = server.ours().pipeToAsync(client.ours());
            var atServer = read(server.theirs());
            await(write(client.theirs(), there));
            assertThat(Arrays.equals(await(atServer), there)).isTrue();
            assertThat(await(forth)).isEqualTo(LARGE);
            assertThat(home).as("the other direction goes on").isNotDone();
            var atClient = read(client.theirs());
            await(write(server.theirs(), back));
            assertThat(Arrays.equals(await(atClient), back)).isTrue();
            assertThat(await(home)).isEqualTo(back.length);
        }
    }

    @Test
    void slowReaderGetsEveryByte() throws Exception {
        byte[] content = Bytes.content(4 * LARGE);
        try (TcpPair client = TcpPair.accepted(ring());
                TcpPair server = TcpPair.connected(ring())) {
            RingFuture<Long> pipe = client.ours().pipeToAsync(server.ours());
            var writer = write(client.theirs(), content);
            int at = 0;
            for (int size = 1; at < content.length; size = Math.min(2 * size, 3_000_000)) {
                byte[] some = server.theirs().getInputStream().readNBytes(Math.min(size, content.length - at));
                assertThat(Arrays.equals(some, 0, some.length, content, at, at + some.length))
                        .isTrue();
                at += some.length;
            }
            assertThat(server.theirs().getInputStream().read()).isEqualTo(-1);
            await(writer);
            assertThat(await(pipe)).isEqualTo(content.length);
        }
    }

    @Test
    void cancelledPipeThatWaitsLeavesTheTargetUsable() throws Exception {
        try (TcpPair client = TcpPair.accepted(ring());
                TcpPair server = TcpPair.connected(ring())) {
            Recorder<Long> pipe = new Recorder<>();
            client.ours().pipeTo(server.ours(), pipe);
            client.theirs().getOutputStream().write(Bytes.content(10));
            assertThat(server.theirs().getInputStream().readNBytes(10)).isEqualTo(Bytes.content(10));
            RingFuture<Integer> behind = server.ours().sendFullyAsync(Bytes.direct(5));
            assertThat(behind).isNotDone();
            pipe.cancel(ring());
            assertThat(failureOf(pipe.outcome())).isInstanceOf(CancellationException.class);
            assertThat(await(behind)).isEqualTo(5);
            assertThat(server.theirs().getInputStream().readNBytes(5)).hasSize(5);
        }
    }

    @Test
    void closingEitherConnectionEndsThePipe() throws Exception {
        for (boolean source : new boolean[] {true, false}) {
            try (TcpPair client = TcpPair.accepted(ring());
                    TcpPair server = TcpPair.connected(ring())) {
                RingFuture<Long> pipe = client.ours().pipeToAsync(server.ours());
                onLoop(ring(), () -> null);
                await((source ? client : server).ours().closeAsync());
                assertThat(failureOf(pipe)).isInstanceOf(AsynchronousCloseException.class);
                assertThat(failureOf(client.ours().pipeToAsync(server.ours())))
                        .isInstanceOf(ClosedChannelException.class);
            }
        }
    }

    @Test
    void peersThatResetEndThePipe() throws Exception {
        for (boolean source : new boolean[] {true, false}) {
            try (TcpPair client = TcpPair.accepted(ring());
                    TcpPair server = TcpPair.connected(ring())) {
                RingFuture<Long> pipe = client.ours().pipeToAsync(server.ours());
                client.theirs().getOutputStream().write(1);
                server.theirs().getInputStream().read();
                if (source) {
                    client.reset();
                } else {
                    server.reset();
                    eventually("the pipe notices", () -> {
                        try {
                            client.theirs().getOutputStream().write(new byte[1000]);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        return pipe.isDone();
                    });
                }
                assertThat(resetOf(pipe)).isInstanceOf(SocketException.class);
            }
        }
    }

    @Test
    void manyPipesKeepTheirBytesApartAndHoldNothingWhenIdle() throws Exception {
        List<TcpPair> pairs = new ArrayList<>();
        List<RingFuture<Long>> pipes = new ArrayList<>();
        int count = 24;
        for (int i = 0; i < count; i++) {
            pairs.add(TcpPair.accepted(ring()));
            pairs.add(TcpPair.connected(ring()));
            pipes.add(pairs.get(2 * i).ours().pipeToAsync(pairs.get(2 * i + 1).ours()));
        }
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < count; i++) {
                byte[] mark = new byte[1 + round * 20_000];
                Arrays.fill(mark, (byte) (i * 8 + round));
                pairs.get(2 * i).theirs().getOutputStream().write(mark);
            }
            for (int i = 0; i < count; i++) {
                byte[] got = pairs.get(2 * i + 1).theirs().getInputStream().readNBytes(1 + round * 20_000);
                assertThat(got).containsOnly((byte) (i * 8 + round));
            }
        }
        eventually("only kept pipes are open", () -> ring().metrics().openHandles() <= 2 * count + 2 * 16);
        for (TcpPair each : pairs) {
            each.close();
        }
        pipes.forEach(DriverContract::outcomeOf); // the end of the stream, or the closing of one side
    }

    @Test
    void ringsMustBeTheSame() throws Exception {
        try (TcpPair client = TcpPair.accepted(ring());
                TcpPair other = TcpPair.accepted(open(options()))) {
            assertThatThrownBy(() -> client.ours().pipeToAsync(other.ours()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
