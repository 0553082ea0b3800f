package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.ringflow.RingCallback;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.net.IncomingListener;
import dev.ringflow.net.IncomingOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Heap for each message received, on the loop thread, by the thread's own account. */
public abstract class IncomingAllocationContract extends DriverContract {
    private static final int MOST = 100;
    private static final int MESSAGES = 4000;
    private static final int SIZE = 64;

    /** For subclasses. */
    protected IncomingAllocationContract() {}

    /**
     * The most that a message may cost.
     *
     * @return bytes of heap
     */
    protected int most() {
        return MOST;
    }

    private long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return onLoop(
                ring(),
                () -> threads.getThreadAllocatedBytes(Thread.currentThread().getId()));
    }

    private void assertCheap(String what, TcpPair pair) throws IOException {
        echo(pair);
        long before = allocated();
        echo(pair);
        long each = (allocated() - before) / MESSAGES;
        System.out.println(driverName() + ": " + each + " bytes of heap for each message " + what);
        assertThat(each).as("bytes of heap for each message " + what).isLessThanOrEqualTo(most());
        assertThat(BufferGroup.ofRing(ring()).held()).isLessThanOrEqualTo(1);
    }

    private static void echo(TcpPair pair) throws IOException {
        OutputStream out = pair.theirs().getOutputStream();
        InputStream in = pair.theirs().getInputStream();
        byte[] message = new byte[SIZE];
        for (int i = 0; i < MESSAGES; i++) {
            out.write(message);
            assertThat(in.readNBytes(message, 0, SIZE)).isEqualTo(SIZE);
        }
    }

    /** Answers with one byte for each byte, from memory of its own. */
    private static final class Sent implements RingCallback<Integer> {
        @Override
        public boolean completed(Integer bytes) {
            return true;
        }

        @Override
        public void failed(Throwable cause) {}
    }

    @Test
    void listenerCostsLittleHeapForEachMessage() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Sent sent = new Sent();
            var answer = Bytes.direct(SIZE);
            pair.ours().receiveAll(IncomingOptions.defaults(), new IncomingListener() {
                @Override
                public void received(ReceivedBuffer buffer) {
                    pair.ours().send(answer.clear().limit(buffer.remaining()), sent);
                }

                @Override
                public void ended(@Nullable Throwable failure) {}
            });
            assertCheap("told to a listener", pair);
        }
    }

    @Test
    void publisherCostsLittleHeapForEachMessage() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            Sent sent = new Sent();
            var answer = Bytes.direct(SIZE);
            pair.ours().incomingPublisher().subscribe(new Flow.Subscriber<>() {
                private Flow.@Nullable Subscription subscription;

                @Override
                public void onSubscribe(Flow.Subscription its) {
                    subscription = its;
                    its.request(1);
                }

                @Override
                public void onNext(ReceivedBuffer buffer) {
                    pair.ours().send(answer.clear().limit(buffer.remaining()), sent);
                    java.util.Objects.requireNonNull(subscription).request(1);
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onComplete() {}
            });
            assertCheap("published", pair);
        }
    }
}
