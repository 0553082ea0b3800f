package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link AsynchronousFileChannel} specifies of completion handlers and threads. */
public abstract class CompletionHandlerContract extends ChannelContract {
    /** For subclasses. */
    protected CompletionHandlerContract() {}

    private AsynchronousFileChannel newChannel() throws IOException {
        return asynchronous(directory.resolve("a"), READ, WRITE, CREATE);
    }

    private AsynchronousFileChannel channelOf(int length) throws IOException {
        return asynchronous(Bytes.file(directory, "a", length), READ, WRITE);
    }

    private static <T extends @Nullable Object> T await(Future<T> future) {
        return DriverContract.await(future);
    }

    @Test
    void handlerIsToldCountAndAttachment() throws IOException {
        AsynchronousFileChannel channel = newChannel();
        Told<Integer> written = new Told<>();
        ByteBuffer out = Bytes.direct(Bytes.content(500));
        channel.write(out, 20, "attachment", written);
        assertThat(await(written.outcome())).isEqualTo(500);
        assertThat(written.attachment()).isEqualTo("attachment");
        assertThat(out.position()).isEqualTo(500);

        Told<Integer> read = new Told<>();
        ByteBuffer in = Bytes.direct(600);
        channel.read(in, 20, null, read);
        assertThat(await(read.outcome())).isEqualTo(500);
        assertThat(read.attachment()).isNull();
        assertThat(Bytes.filled(in)).isEqualTo(Bytes.content(500));
    }

    @Test
    void handlerNeverRunsOnTheStackOfAThreadOutsideThePool() throws IOException {
        AsynchronousFileChannel channel = channelOf(100);
        for (int i = 0; i < 200; i++) {
            Told<Integer> told = new Told<>();
            channel.read(ByteBuffer.allocate(i % 2), i, null, told);
            await(told.outcome());
            assertThat(told.thread()).isNotNull().isNotSameAs(Thread.currentThread());
        }
    }

    @Test
    void handlersRunOnTheThreadsOfTheirPool() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(3, task -> new Thread(task, "the pool's"));
        try {
            AsynchronousFileChannel channel = asynchronousWith(pool, Bytes.file(directory, "a", 100), READ, WRITE);
            List<Told<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Told<Integer> told = new Told<>();
                all.add(told);
                channel.read(ByteBuffer.allocate(1), i * 2, null, told);
            }
            for (int i = 0; i < 100; i++) {
                assertThat(await(all.get(i).outcome())).isEqualTo(i < 50 ? 1 : -1);
                assertThat(all.get(i).thread())
                        .isNotNull()
                        .extracting(Thread::getName)
                        .isEqualTo("the pool's");
            }
            channel.close();
        } finally {
            pool.shutdown();
            assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void operationOutlivesTheThreadThatStartedIt() throws Exception {
        AsynchronousFileChannel channel = channelOf(100);
        for (int i = 0; i < 50; i++) {
            AtomicReference<@Nullable Future<Integer>> started = new AtomicReference<>();
            Told<Integer> told = new Told<>();
            int at = i;
            Thread mortal = new Thread(() -> {
                started.set(channel.read(ByteBuffer.allocate(10), at));
                channel.read(ByteBuffer.allocate(10), at, null, told);
            });
            mortal.start();
            mortal.join();
            assertThat(await(java.util.Objects.requireNonNull(started.get()))).isEqualTo(10);
            assertThat(await(told.outcome())).isEqualTo(10);
        }
    }

    @Test
    void lotsOfWritesEachStartedByTheHandlerOfTheOneBefore() throws Exception {
        int writers = 8;
        int blocks = 1000;
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            Path path = directory.resolve("file" + i);
            WritingChain chain = new WritingChain(asynchronous(path, WRITE, CREATE), Bytes.content(blocks * 37), 37);
            all.add(chain.end);
            chain.next();
        }
        for (int i = 0; i < writers; i++) {
            assertThat(await(all.get(i))).isEqualTo(blocks);
            assertThat(directory.resolve("file" + i)).hasBinaryContent(Bytes.content(blocks * 37));
        }
    }

    private static final class WritingChain implements CompletionHandler<Integer, Integer> {
        private final AsynchronousFileChannel channel;
        private final byte[] content;
        private final int block;
        private final CompletableFuture<Integer> end = new CompletableFuture<>();
        private int position;

        WritingChain(AsynchronousFileChannel channel, byte[] content, int block) {
            this.channel = channel;
            this.content = content;
            this.block = block;
        }

        void next() {
            channel.write(ByteBuffer.wrap(content, position, block), position, position / block + 1, this);
        }

        @Override
        public void completed(Integer bytes, Integer number) {
            position += bytes;
            if (position == content.length) {
                end.complete(number);
            } else {
                next();
            }
        }

        @Override
        public void failed(Throwable cause, Integer number) {
            end.completeExceptionally(cause);
        }
    }

    @Test
    void manyThreadsUseOneChannel() throws Exception {
        AsynchronousFileChannel channel = newChannel();
        byte[] whole = Bytes.content(8 * 100 * 300);
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        CountDownLatch end = new CountDownLatch(8);
        for (int t = 0; t < 8; t++) {
            int number = t;
            new Thread(() -> {
                        try {
                            for (int i = 0; i < 100; i++) {
                                int at = (i * 8 + number) * 300;
                                await(channel.write(ByteBuffer.wrap(whole, at, 300), at));
                                ByteBuffer in = ByteBuffer.allocate(300);
                                await(channel.read(in, at));
                                assertThat(in.array()).isEqualTo(Arrays.copyOfRange(whole, at, at + 300));
                            }
                        } catch (Throwable e) {
                            failures.add(e);
                        } finally {
                            end.countDown();
                        }
                    })
                    .start();
        }
        assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(failures).isEmpty();
        assertThat(directory.resolve("a")).hasBinaryContent(whole);
    }
}
