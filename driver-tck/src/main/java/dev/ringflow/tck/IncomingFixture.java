package dev.ringflow.tck;

import dev.ringflow.RingFuture;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferGroupOptions;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.net.IncomingListener;
import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.IncomingStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What tests of what comes on a connection share. */
abstract class IncomingFixture extends DriverContract {
    static byte[] bytes(ReceivedBuffer buffer) {
        byte[] content = new byte[buffer.remaining()];
        buffer.byteBuffer().get(content);
        return content;
    }

    static byte[] random(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    /** Keeps the bytes and the end. */
    static final class Collector implements IncomingListener {
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
        final List<@Nullable Throwable> ends = new ArrayList<>();

        @Override
        public synchronized void received(ReceivedBuffer buffer) {
            content.writeBytes(bytes(buffer));
        }

        synchronized int size() {
            return content.size();
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            ends.add(failure);
            if (failure == null) {
                end.complete(null);
            } else {
                end.completeExceptionally(failure);
            }
        }
    }

    static IncomingOptions into(BufferGroup group) {
        return IncomingOptions.builder().group(group).build();
    }

    final BufferGroup group(int count, int size) {
        return ring().bufferGroup(BufferGroupOptions.builder()
                .count(count)
                .bufferSize(size)
                .build());
    }

    static IncomingOptions into(BufferGroup group, int maxHeld) {
        return IncomingOptions.builder().group(group).maxHeld(maxHeld).build();
    }

    /** Retains all that comes. */
    static final class Hoarder implements IncomingListener {
        final List<ReceivedBuffer> hoard = new ArrayList<>();
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

        @Override
        public synchronized void received(ReceivedBuffer buffer) {
            hoard.add(buffer.retain());
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            if (failure == null) {
                end.complete(null);
            } else {
                end.completeExceptionally(failure);
            }
        }

        synchronized int size() {
            return hoard.size();
        }

        synchronized void release() {
            for (ReceivedBuffer each : hoard) {
                content.writeBytes(bytes(each));
                each.close();
            }
            hoard.clear();
        }
    }

    static void write(TcpPair pair, int... content) throws IOException {
        byte[] bytes = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            bytes[i] = (byte) content[i];
        }
        pair.theirs().getOutputStream().write(bytes);
    }

    static void aMoment() {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
    }

    static RingFuture<@Nullable ReceivedBuffer> nextOf(IncomingStream stream) {
        RingFuture<@Nullable ReceivedBuffer> future = new RingFuture<>();
        stream.next(future);
        return future;
    }

    static @Nullable ReceivedBuffer next(IncomingStream stream) {
        return await(nextOf(stream));
    }

    static CompletableFuture<Void> sendAndShutDown(TcpPair pair, byte[] content) {
        return OwnThread.run(() -> {
            try {
                pair.theirs().getOutputStream().write(content);
                pair.theirs().shutdownOutput();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Keeps the bytes and the end, and requests nothing by itself. */
    static final class Subscriber implements Flow.Subscriber<ReceivedBuffer> {
        final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscribed.complete(subscription);
        }

        @Override
        public synchronized void onNext(ReceivedBuffer buffer) {
            content.writeBytes(bytes(buffer));
        }

        synchronized int size() {
            return content.size();
        }

        synchronized byte[] content() {
            return content.toByteArray();
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }
}
