package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.EFD_CLOEXEC;
import static dev.ringflow.uring.UringConstants.EFD_NONBLOCK;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.internal.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Eventfds that are told of completions. */
@Timeout(60)
class EventfdTest {
    private Uring ring;
    private int eventfd;
    private int[] pipe;
    private final ByteBuffer buffer = Memory.allocate(8, 8);
    private final ByteBuffer count = Memory.allocate(8, 8);

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(UringParams.of(8).withWishedFlags(0));
        eventfd = LibC.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        pipe = Native.pipe();
    }

    @AfterEach
    void close() {
        ring.close();
        Native.close(eventfd);
        Native.close(pipe);
    }

    /** How often the eventfd was told since the last time. */
    private long told() {
        final long result = LibC.read(eventfd, Memory.address(count), 8);
        return result == -Errno.EAGAIN ? 0 : count.getLong(0);
    }

    private long awaitTold() throws InterruptedException {
        final long start = System.nanoTime();
        while (System.nanoTime() - start < 10_000_000_000L) {
            final long told = told();
            if (told > 0) {
                return told;
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return 0;
    }

    private static void nop(final Uring on, final int flags) {
        final Sqe sqe = on.getSqe();
        sqe.prepNop();
        sqe.setFlags(flags);
    }

    private void pendingRead(final Uring on) {
        on.getSqe().prepRead(pipe[0], buffer, -1);
        assertThat(on.submit()).isEqualTo(1);
    }

    /** X3. */
    @Test
    void shouldBeToldOncePerBatch() {
        assertThat(ring.registerEventfd(eventfd)).isZero();
        for (int i = 0; i < 4; i++) {
            nop(ring, 0);
        }
        assertThat(ring.submit()).isEqualTo(4);

        assertThat(told()).isEqualTo(1);
        assertThat(Completion.await(ring, 4)).hasSize(4);
        assertThat(told()).as("taking completions tells nobody").isZero();
    }

    /** X3. */
    @Test
    void shouldBeToldOfACompletionThatComesLater() throws InterruptedException {
        assertThat(ring.registerEventfd(eventfd)).isZero();
        pendingRead(ring);
        assertThat(told()).isZero();

        Native.write(pipe[1], "x");

        assertThat(awaitTold()).isEqualTo(1);
        assertThat(Completion.awaitResult(ring)).isEqualTo(1);
    }

    /** X3. */
    @Test
    void shouldBeToldOfWorkThatWaitsForTheOwner() throws Exception {
        Native.assumeSetup(UringConstants.IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
        try (Uring deferring = Uring.open(8)) {
            assertThat(deferring.registerEventfd(eventfd)).isZero();
            pendingRead(deferring);
            assertThat(told()).isZero();

            Native.write(pipe[1], "x");

            assertThat(awaitTold()).as("before the ring is entered").isEqualTo(1);
            assertThat(deferring.cqReady()).isZero();
            assertThat(Completion.awaitResult(deferring)).isEqualTo(1);
        }
    }

    /** X3. */
    @Test
    void shouldBeToldOfLateCompletionsOnly() throws InterruptedException {
        assertThat(ring.registerEventfdAsync(eventfd)).isZero();
        nop(ring, 0);
        assertThat(Completion.awaitResult(ring)).isZero();
        assertThat(told()).as("was complete when it was submitted").isZero();

        nop(ring, IOSQE_ASYNC);
        assertThat(ring.submit()).isEqualTo(1);
        assertThat(awaitTold()).isPositive();
        assertThat(Completion.awaitResult(ring)).isZero();
    }

    /** X3. */
    @Test
    void shouldServeTwoRings() throws Exception {
        final int second = LibC.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        try (Uring other = Uring.open(UringParams.of(8).withWishedFlags(0));
                Uring sharing = Uring.open(UringParams.of(8).withWishedFlags(0))) {
            assertThat(ring.registerEventfd(eventfd)).isZero();
            assertThat(other.registerEventfd(second)).isZero();
            assertThat(sharing.registerEventfd(eventfd)).as("the same eventfd").isZero();

            nop(other, 0);
            assertThat(Completion.awaitResult(other)).isZero();
            assertThat(told()).as("that was another's").isZero();
            assertThat(LibC.read(second, Memory.address(count), 8)).isEqualTo(8);

            nop(ring, 0);
            nop(sharing, 0);
            assertThat(Completion.awaitResult(ring)).isZero();
            assertThat(Completion.awaitResult(sharing)).isZero();
            assertThat(told()).as("one of each").isEqualTo(2);
        } finally {
            Native.close(second);
        }
    }

    /** X3. */
    @Test
    void shouldRefuseASecondOneAndWhatIsNone() {
        assertThat(ring.unregisterEventfd()).isEqualTo(-Errno.ENXIO);
        assertThat(ring.registerEventfd(pipe[0])).isEqualTo(-Errno.EINVAL);
        assertThat(ring.registerEventfd(1_000_000)).isEqualTo(-Errno.EBADF);
        assertThat(ring.registerEventfd(eventfd)).isZero();
        assertThat(ring.registerEventfd(eventfd)).isEqualTo(-Errno.EBUSY);
        assertThat(ring.registerEventfdAsync(eventfd)).isEqualTo(-Errno.EBUSY);

        assertThat(ring.unregisterEventfd()).isZero();
        assertThat(ring.unregisterEventfd()).isEqualTo(-Errno.ENXIO);
        nop(ring, 0);
        assertThat(Completion.awaitResult(ring)).isZero();
        assertThat(told()).as("no longer").isZero();
        assertThat(ring.registerEventfdAsync(eventfd)).as("again").isZero();
        assertThat(ring.unregisterEventfd()).isZero();
    }
}
