package dev.ringflow.tck;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.net.IncomingListener;
import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.util.BitSet;
import java.util.Queue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends back what comes, on however many connections, and looks at every byte. All but the counters is confined to the
 * loop thread.
 */
final class ManyConnectionsServer implements Flow.Subscriber<RingSocket> {
    final AtomicInteger accepted = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    /** Which connections ended as they should, and which were lost. */
    final BitSet finished = new BitSet();

    final BitSet lost = new BitSet();

    private final IncomingOptions incoming;
    private final Queue<String> problems;
    private final RingServerSocket listening;

    ManyConnectionsServer(Ring ring, IncomingOptions incoming, Queue<String> problems) {
        this.incoming = incoming;
        this.problems = problems;
        this.listening = DriverContract.await(ring.listenAsync(DriverContract.loopback()));
        listening.connectionsPublisher().subscribe(this);
    }

    RingServerSocket listening() {
        return listening;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(RingSocket socket) {
        accepted.incrementAndGet();
        socket.receiveAll(incoming, new Connection(socket));
    }

    @Override
    public void onError(Throwable failure) {
        problems.add("accepting ended with " + failure);
    }

    @Override
    public void onComplete() {}

    /** One of them. */
    private final class Connection implements IncomingListener, RingCallback<Integer> {
        private final RingSocket socket;
        private final ManyConnectionsContent content = ManyConnectionsContent.unknown();
        private @Nullable Throwable refused;

        Connection(RingSocket socket) {
            this.socket = socket;
        }

        @Override
        public void received(ReceivedBuffer buffer) {
            String mismatch = content.mismatch(buffer.byteBuffer());
            if (mismatch != null) {
                problems.add("came to the server: " + mismatch);
            }
            socket.sendFully(buffer, this);
        }

        @Override
        public boolean completed(Integer sent) {
            return true;
        }

        @Override
        public void failed(Throwable cause) {
            refused = cause;
        }

        /** Of a reset the kernel tells whoever asks first, the receive or a send; in which order they tell is open. */
        @Override
        public void ended(@Nullable Throwable failure) {
            socket.abortAsync().whenComplete((done, refusal) -> {
                (failure == null && refused == null ? finished : lost).set(content.connection());
                closed.incrementAndGet();
            });
        }
    }
}
