package dev.ringflow.windows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.BufferPoolOptions;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import dev.ringflow.tck.DriverContract;
import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.Libraries;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Operations in random order, of which many are cancelled at once or a little later, on connections that are closed and
 * aborted in the middle: everything ends, nothing is left, and no queue was ever asked for more than it holds.
 */
@ExtendWith(Simulators.class)
class WindowsSocketStormTest extends DriverContract {
    private static final int STEPS = Libraries.isWindows() ? 1000 : 4000;
    private static final int MOST_SOCKETS = 60;
    private static final int PIECE = 20_000;

    /** One storm: confined to the test's thread, but for the sockets that arrive. */
    private static final class Storm {
        private final Random random;
        private final Ring ring;
        private final BufferPool pool;
        private final RingServerSocket server;
        private final ConcurrentLinkedQueue<RingSocket> arrived = new ConcurrentLinkedQueue<>();
        private final List<RingSocket> sockets = new ArrayList<>();
        private final List<RingFuture<?>> all = new ArrayList<>();
        private final List<CompletableFuture<?>> ends = new ArrayList<>();

        Storm(Ring ring, BufferPool pool, long seed) {
            this.random = new Random(seed);
            this.ring = ring;
            this.pool = pool;
            this.server = await(ring.listenAsync(loopback()));
        }

        void step() {
            for (RingSocket each = arrived.poll(); each != null; each = arrived.poll()) {
                each.zeroCopyThreshold(PIECE / 2);
                sockets.add(each);
            }
            int what = random.nextInt(16);
            if (sockets.isEmpty() || what < 2 && sockets.size() < MOST_SOCKETS) {
                RingFuture<RingSocket> accept = server.acceptAsync();
                RingFuture<RingSocket> connect = ring.connectAsync(server.localAddress());
                begun(accept).thenAccept(arrived::add);
                begun(connect).thenAccept(arrived::add);
                return;
            }
            RingSocket socket = sockets.get(random.nextInt(sockets.size()));
            switch (what) {
                case 2 -> sockets.remove(ended(socket));
                case 3 -> onLoop(ring, () -> null);
                case 4 -> all.get(random.nextInt(all.size())).cancel(false);
                case 5, 6, 7 -> begun(socket.receiveAsync(ByteBuffer.allocateDirect(1 + random.nextInt(PIECE))));
                case 8, 9 -> {
                    try (RingBuffer lease = pool.acquire()) {
                        lease.byteBuffer().clear();
                        begun(socket.receiveAsync(lease));
                    }
                }
                case 10, 11 -> {
                    try (RingBuffer lease = pool.acquire()) {
                        lease.byteBuffer().clear().limit(1 + random.nextInt(PIECE));
                        begun(random.nextBoolean() ? socket.sendAsync(lease) : socket.sendFullyAsync(lease));
                    }
                }
                case 12 -> begun(socket.sendFullyAsync(ByteBuffer.allocateDirect(1 + random.nextInt(10 * PIECE))));
                case 13 -> begun(random.nextInt(8) == 0 ? socket.shutdownOutputAsync() : socket.shutdownInputAsync());
                default -> begun(socket.sendAsync(ByteBuffer.allocateDirect(1 + random.nextInt(3 * PIECE))));
            }
        }

        private RingSocket ended(RingSocket socket) {
            ends.add(random.nextBoolean() ? socket.closeAsync() : socket.abortAsync());
            return socket;
        }

        private <T> RingFuture<T> begun(RingFuture<T> future) {
            all.add(future);
            if (random.nextInt(4) == 0) {
                future.cancel(false);
            }
            return future;
        }

        void end() {
            await(ring.closeAsync());
            for (RingFuture<?> each : all) {
                outcomeOf(each);
                await(each.released());
            }
            ends.forEach(DriverContract::outcomeOf);
        }
    }

    @Override
    protected String driverName() {
        return "windows";
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverIsBegunEndsAndNothingIsLeft(long seed) {
        LiveSockets before = LiveSockets.now();
        int refused = LiveSockets.refused();
        Ring own = open(options());
        BufferPool pool = own.bufferPool(BufferPoolOptions.builder()
                .bufferSize(PIECE)
                .slabSize(64)
                .initialSlabs(1)
                .maxSlabs(4)
                .registered(true)
                .build());
        Storm storm = new Storm(own, pool, seed);
        for (int i = 0; i < STEPS; i++) {
            storm.step();
        }
        storm.end();
        eventually(() -> "not all are back: " + pool, () -> pool.available() == pool.count());
        pool.close();
        eventually(
                () -> "there are " + LiveSockets.now() + ", not " + before,
                () -> LiveSockets.now().equals(before));
        assertThat(LiveSockets.refused())
                .as("requests beyond what a queue holds")
                .isEqualTo(refused);
    }
}
