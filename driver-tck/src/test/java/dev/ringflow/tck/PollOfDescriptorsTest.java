package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingException;
import dev.ringflow.RingFuture;
import dev.ringflow.event.ForeignDescriptor;
import dev.ringflow.event.PollEvents;
import dev.ringflow.uring.event.Eventfd;
import dev.ringflow.uring.event.Inotify;
import dev.ringflow.uring.event.InotifyEvent;
import dev.ringflow.uring.event.Pidfd;
import dev.ringflow.uring.event.Timerfd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kernel's own descriptors of events, on a ring. */
final class PollOfDescriptorsTest extends DriverContract {
    @Override
    protected String driverName() {
        return "uring";
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    @Test
    void counterIsReadableOnceItCountsAndReadingTakesTheCount() throws IOException {
        try (Eventfd counter = Eventfd.open(0);
                ForeignDescriptor descriptor = ForeignDescriptor.of(ring(), counter.number())) {
            var events = TicksSubscriber.to(descriptor.eventsPublisher(PollEvents.READABLE), Long.MAX_VALUE);
            counter.add(3);
            assertThat(events.next().element()).isEqualTo(PollEvents.READABLE);
            ByteBuffer count = buffer(8);
            assertThat(await(descriptor.readAsync(count))).isEqualTo(8);
            assertThat(count.getLong(0)).isEqualTo(3);
            RingFuture<Integer> read = descriptor.readAsync(count.clear());
            counter.add(4);
            await(read);
            assertThat(count.getLong(0)).isEqualTo(4);
            await(descriptor.closeAsync());
            await(events.end());
            counter.add(1); // it is still open
        }
    }

    @Test
    void closedCounterIsRefused() throws IOException {
        Eventfd counter = Eventfd.open(1);
        counter.close();
        counter.close();
        assertThat(counter.isOpen()).isFalse();
        assertThatThrownBy(() -> counter.add(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ringClosesADescriptorThatItIsGiven() throws IOException {
        Eventfd counter = Eventfd.open(1);
        ForeignDescriptor descriptor = ForeignDescriptor.of(ring(), counter.number());
        Path link = Path.of("/proc/self/fd/" + counter.number());
        assertThat(Files.isSymbolicLink(link)).isTrue();
        RingFuture<PollEvents> poll = descriptor.pollAsync(PollEvents.PRIORITY);
        await(descriptor.closeDescriptorAsync());
        assertThat(failureOf(poll)).isInstanceOf(ClosedChannelException.class);
        assertThat(Files.isSymbolicLink(link)
                        && Files.readSymbolicLink(link).toString().contains("eventfd"))
                .isFalse();
        assertThat(ring().metrics().openHandles()).isZero();
    }

    @Test
    void timerTellsHowOftenItsTimeHasCome() throws IOException {
        try (Timerfd timer = Timerfd.open();
                ForeignDescriptor descriptor = ForeignDescriptor.of(ring(), timer.number())) {
            long start = System.nanoTime();
            timer.set(Duration.ofMillis(10), Duration.ofMillis(5));
            ByteBuffer count = buffer(8);
            long expired = 0;
            while (expired < 5) {
                assertThat(await(ring().pollAsync(timer.number(), PollEvents.READABLE)))
                        .isEqualTo(PollEvents.READABLE);
                await(descriptor.readAsync(count.clear()));
                expired += count.getLong(0);
            }
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertThat(millis).isGreaterThanOrEqualTo(10 + (expired - 1) * 5);
            timer.set(Duration.ZERO, Duration.ZERO);
        }
    }

    @Test
    void changesOfADirectoryAreTold() throws IOException {
        try (Inotify inotify = Inotify.open();
                ForeignDescriptor descriptor = ForeignDescriptor.of(ring(), inotify.number())) {
            int watch = inotify.watch(
                    directory, Inotify.IN_CREATE | Inotify.IN_CLOSE_WRITE | Inotify.IN_DELETE | Inotify.IN_ONLYDIR);
            Files.writeString(directory.resolve("näme"), "content");
            Files.createDirectory(directory.resolve("sub"));
            Files.delete(directory.resolve("näme"));
            List<InotifyEvent> told = new ArrayList<>();
            ByteBuffer buffer = buffer(4096);
            while (told.size() < 4) {
                await(descriptor.pollAsync(PollEvents.READABLE));
                await(descriptor.readAsync(buffer.clear()));
                told.addAll(InotifyEvent.takeFrom(buffer.flip()));
            }
            assertThat(told)
                    .containsExactly(
                            new InotifyEvent(watch, Inotify.IN_CREATE, 0, "näme"),
                            new InotifyEvent(watch, Inotify.IN_CLOSE_WRITE, 0, "näme"),
                            new InotifyEvent(watch, Inotify.IN_CREATE | Inotify.IN_ISDIR, 0, "sub"),
                            new InotifyEvent(watch, Inotify.IN_DELETE, 0, "näme"));
            inotify.forget(watch);
            await(descriptor.readAsync(buffer.clear()));
            assertThat(InotifyEvent.takeFrom(buffer.flip()))
                    .containsExactly(new InotifyEvent(watch, Inotify.IN_IGNORED, 0, ""));
            assertThatThrownBy(() -> inotify.watch(directory.resolve("absent"), Inotify.IN_MODIFY))
                    .isInstanceOf(RingException.class)
                    .hasMessageContaining("ENOENT");
        }
    }

    @Test
    void endOfAProcessIsReadableAndTheLastEvent() throws Exception {
        Process process = new ProcessBuilder("sleep", "100").start();
        try (Pidfd pidfd = Pidfd.open(process.pid());
                ForeignDescriptor descriptor = ForeignDescriptor.of(ring(), pidfd.number())) {
            RingFuture<PollEvents> poll = descriptor.pollAsync(PollEvents.READABLE);
            onLoop(ring(), () -> null);
            assertThat(poll).isNotDone();
            process.destroyForcibly();
            assertThat(await(poll).has(PollEvents.READABLE)).isTrue();
        }
        process.waitFor();
        assertThatThrownBy(() -> Pidfd.open(process.pid()))
                .isInstanceOf(RingException.class)
                .hasMessageContaining("ESRCH");
    }

    @Test
    void waitingForProcessesLeavesNoDescriptorBehind() throws Exception {
        long before = pidfds();
        Process process = new ProcessBuilder("sleep", "100").start();
        RingFuture<?> cancelled = ring().waitForExitAsync(process.pid());
        RingFuture<?> ends = ring().waitForExitAsync(process.pid());
        onLoop(ring(), () -> null);
        cancelled.cancel(false);
        await(cancelled.released());
        process.destroyForcibly();
        await(ends);
        eventually("they are closed", () -> pidfds() <= before);
    }

    private static long pidfds() {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(PollOfDescriptorsTest::isPidfd).count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean isPidfd(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("pidfd");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
