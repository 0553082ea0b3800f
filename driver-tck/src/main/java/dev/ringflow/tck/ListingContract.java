package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingClosedException;
import dev.ringflow.file.EntryStream;
import dev.ringflow.file.RingFileSystem;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Listing directories and walking trees, no further than anybody wants. */
public abstract class ListingContract extends DriverContract {
    /** For subclasses. */
    protected ListingContract() {}

    private RingFileSystem files() {
        return ring().fileSystem();
    }

    private Set<Path> makeFiles(int count) throws IOException {
        Set<Path> made = new HashSet<>();
        for (int i = 0; i < count; i++) {
            made.add(Files.createFile(directory.resolve("f" + i)));
        }
        return made;
    }

    /** Collects what it is given; everything on the loop thread. */
    private final class Collector implements Flow.Subscriber<Path> {
        private final long first;
        private final List<Path> got = new ArrayList<>();
        private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        private final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        private boolean elsewhere;

        Collector(long first) {
            this.first = first;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            noteThread();
            if (first > 0) {
                subscription.request(first);
            }
            subscribed.complete(subscription);
        }

        private void noteThread() {
            elsewhere |= !ring().isLoopThread();
        }

        @Override
        public void onNext(Path item) {
            noteThread();
            got.add(item);
        }

        @Override
        public void onError(Throwable failure) {
            ended.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            noteThread();
            ended.complete(null);
        }

        int count() {
            return onLoop(ring(), got::size);
        }
    }

    private Collector collect(Flow.Publisher<Path> publisher, long first) {
        Collector collector = new Collector(first);
        publisher.subscribe(collector);
        await(collector.subscribed);
        return collector;
    }

    @Test
    void listHoldsEveryEntryOnce() throws IOException {
        assertThat(await(files().listAsync(directory))).isEmpty();
        Set<Path> made = makeFiles(300);
        assertThat(await(files().listAsync(directory))).containsExactlyInAnyOrderElementsOf(made);
        assertThat(failureOf(files().listAsync(directory.resolve("none")))).isInstanceOf(NoSuchFileException.class);
        assertThat(failureOf(files().listAsync(directory.resolve("f1")))).isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void publisherTellsEveryEntryOnceOnTheLoopThread() throws IOException {
        Set<Path> made = makeFiles(1000);
        Flow.Publisher<Path> publisher = files().entriesPublisher(directory);
        for (int i = 0; i < 2; i++) {
            Collector all = collect(publisher, Long.MAX_VALUE);
            await(all.ended);
            assertThat(all.got).containsExactlyInAnyOrderElementsOf(made);
            assertThat(all.elsewhere).isFalse();
        }
        Collector none = collect(files().entriesPublisher(directory.resolve("none")), 1);
        assertThat(failureOf(none.ended)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void publisherTellsNoMoreThanIsAskedFor() throws Exception {
        makeFiles(200);
        Collector some = collect(files().entriesPublisher(directory), 0);
        Flow.Subscription subscription = await(some.subscribed);
        int asked = 0;
        for (int n : new int[] {1, 10, 64, 70}) {
            subscription.request(n);
            asked += n;
            int expected = asked;
            eventually("the entries that were asked for", () -> some.count() >= expected);
            // whatever comes too much would come by a helper thread and the loop, as this does
            await(files().listAsync(directory));
            assertThat(some.count()).isEqualTo(asked);
            assertThat(some.ended).isNotDone();
        }
        subscription.request(Long.MAX_VALUE);
        subscription.request(Long.MAX_VALUE);
        await(some.ended);
        assertThat(some.got).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void requestOfNothingEndsTheSubscription() throws IOException {
        makeFiles(3);
        Collector collector = collect(files().entriesPublisher(directory), 0);
        await(collector.subscribed).request(0);
        assertThat(failureOf(collector.ended)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cancelledSubscriptionLetsTheDirectoryGo() throws IOException {
        Leftovers.assumeVisible();
        makeFiles(300);
        await(files().listAsync(directory)); // whatever is loaded once is loaded
        Leftovers before = Leftovers.now();
        for (int i = 0; i < 20; i++) {
            Collector some = collect(files().entriesPublisher(directory), 5);
            eventually("five entries", () -> some.count() == 5);
            await(some.subscribed).cancel();
            Collector early = collect(files().walkPublisher(directory, 5), 5);
            await(early.subscribed).cancel();
        }
        eventually(
                () -> before + " and then " + Leftovers.now(),
                () -> Leftovers.now().isNoMoreThan(before));
    }

    @Test
    void subscriberThatThrowsIsToldNothingMore() throws IOException {
        makeFiles(100);
        List<Path> got = new ArrayList<>();
        CompletableFuture<Void> thrown = new CompletableFuture<>();
        files().entriesPublisher(directory).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Path item) {
                got.add(item);
                thrown.complete(null);
                throw new IllegalStateException("as the test wants");
            }

            @Override
            public void onError(Throwable failure) {
                got.add(directory);
            }

            @Override
            public void onComplete() {
                got.add(directory);
            }
        });
        await(thrown);
        await(files().listAsync(directory));
        assertThat(onLoop(ring(), () -> List.copyOf(got))).hasSize(1);
        assertThat(ring().metrics().callbackFailures()).isEqualTo(1);
    }

    @Test
    void closingTheRingEndsSubscriptionsThatWaitForNothingAndClosesTheirDirectories() throws IOException {
        Leftovers.assumeVisible();
        makeFiles(300);
        await(files().listAsync(directory));
        Leftovers before = Leftovers.now();
        List<Collector> collectors = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            collectors.add(collect(files().entriesPublisher(directory), i));
        }
        collectors.forEach(each -> eventually("what was asked for", () -> each.count() == each.first));
        Flow.Publisher<Path> later = files().entriesPublisher(directory);
        await(ring().closeAsync());
        for (Collector each : collectors) {
            assertThat(failureOf(each.ended)).isInstanceOf(RingClosedException.class);
        }
        Collector tooLate = new Collector(1);
        later.subscribe(tooLate);
        assertThat(failureOf(tooLate.ended)).isInstanceOf(RingClosedException.class);
        eventually(
                () -> before + " and then " + Leftovers.now(),
                () -> !Leftovers.now()
                        .descriptors()
                        .containsKey(directory.toString().replaceAll("[0-9]+", "#")));
    }

    @Test
    void walkTellsATreeFromTheTopAndAsDeepAsItMay() throws IOException {
        Path deep = Files.createDirectories(directory.resolve("a/b/c"));
        Files.createFile(deep.resolve("file"));
        Files.createFile(directory.resolve("a/file"));
        for (int depth : new int[] {0, 1, 2, 10}) {
            Collector walk = collect(files().walkPublisher(directory, depth), Long.MAX_VALUE);
            await(walk.ended);
            try (var expected = Files.walk(directory, depth)) {
                assertThat(walk.got).containsExactlyInAnyOrderElementsOf(expected.toList());
            }
            Set<Path> seen = new HashSet<>();
            for (Path each : walk.got) {
                assertThat(each.equals(directory) || seen.contains(each.getParent()))
                        .as(each.toString())
                        .isTrue();
                seen.add(each);
            }
        }
        assertThatThrownBy(() -> files().walkPublisher(directory, -1)).isInstanceOf(IllegalArgumentException.class);
        Collector none = collect(files().walkPublisher(directory.resolve("none"), 3), 1);
        assertThat(failureOf(none.ended)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void walkThatFollowsLinksIntoACircleFails() throws IOException {
        SymbolicLinks.assumeIn(directory);
        Files.createSymbolicLink(Files.createDirectory(directory.resolve("a")).resolve("up"), directory);
        Collector plain = collect(files().walkPublisher(directory, 100), Long.MAX_VALUE);
        await(plain.ended);
        assertThat(plain.got).hasSize(3);
        Collector following =
                collect(files().walkPublisher(directory, 100, FileVisitOption.FOLLOW_LINKS), Long.MAX_VALUE);
        assertThat(failureOf(following.ended)).isInstanceOf(FileSystemLoopException.class);
    }

    @Test
    void streamOpensNothingBeforeItIsAskedAndNothingAfterItIsClosed() throws IOException {
        Set<Path> made = makeFiles(150);
        EntryStream stream = files().entryStream(directory);
        List<Path> got = new ArrayList<>();
        while (true) {
            Recorder<List<Path>> next = new Recorder<>();
            stream.next(next);
            List<Path> batch = await(next.outcome());
            if (batch.isEmpty()) {
                break;
            }
            assertThat(batch).hasSizeLessThanOrEqualTo(64);
            got.addAll(batch);
        }
        assertThat(got).containsExactlyInAnyOrderElementsOf(made);
        Recorder<List<Path>> again = new Recorder<>();
        stream.next(again);
        assertThat(await(again.outcome())).isEmpty();
        stream.close();
        stream.close();
        Recorder<List<Path>> closed = new Recorder<>();
        stream.next(closed);
        assertThat(failureOf(closed.outcome())).isInstanceOf(ClosedChannelException.class);
        try (EntryStream unused = files().entryStream(directory.resolve("none"))) {
            assertThat(unused).isNotNull();
        }
    }

    @Test
    void streamThatIsReadTakesNoSecondQuestionAndAnswersTheFirstWhenClosed() throws IOException {
        makeFiles(10);
        CompletableFuture<Void> gate = blockLoop(ring());
        EntryStream stream = files().entryStream(directory);
        Recorder<List<Path>> first = new Recorder<>();
        stream.next(first); // its answer has to come by the loop
        assertThatThrownBy(() -> stream.next(new Recorder<>())).isInstanceOf(IllegalStateException.class);
        stream.close();
        gate.complete(null);
        assertThat(failureOf(first.outcome())).isInstanceOf(ClosedChannelException.class);
        assertThat(first.told()).isEqualTo(1);
    }
}
