package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_R_DISABLED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_TASKRUN_FLAG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may use a ring. */
@Timeout(60)
class UringThreadTest {
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        other.shutdownNow();
    }

    private <T> T onAnotherThread(final Callable<T> task) throws Exception {
        return other.submit(task).get();
    }

    @Test
    void shouldRefuseSubmissionsAndRegistrationsOfAnotherThread() throws Exception {
        Native.assumeSetup(IORING_SETUP_SINGLE_ISSUER);
        try (Uring ring = Uring.open(8)) {
            ring.getSqe().prepNop();

            assertThat(onAnotherThread(ring::submit)).isEqualTo(-Errno.EEXIST);
            assertThat(onAnotherThread(ring::registerPersonality)).isEqualTo(-Errno.EEXIST);
            assertThat(onAnotherThread(() -> ring.submitAndWaitTimeout(1, 1))).isEqualTo(-Errno.EEXIST);

            assertThat(ring.sqReady()).as("the entry is kept").isEqualTo(1);
            assertThat(Completion.awaitResult(ring)).isZero();
        }
    }

    @Test
    void shouldLetTheThreadThatEnablesTheRingOwnIt() throws Exception {
        Native.assumeSetup(IORING_SETUP_SINGLE_ISSUER);
        final Uring ring = Uring.open(UringParams.of(8).withFlags(IORING_SETUP_R_DISABLED));
        ring.getSqe().prepNop();
        assertThat(ring.submit()).as("not yet enabled").isEqualTo(-Errno.EBADFD);

        assertThat(onAnotherThread(ring::enableRings)).isZero();

        assertThat(ring.submit()).isEqualTo(-Errno.EEXIST);
        assertThat(onAnotherThread(() -> ring.submitAndWait(1))).isEqualTo(1);
        assertThat(onAnotherThread(ring::enableRings)).isEqualTo(-Errno.EBADFD);
        assertThatThrownBy(ring::close).isInstanceOf(IllegalStateException.class);
        onAnotherThread(() -> {
            ring.close();
            return null;
        });
    }

    @Test
    void shouldRefuseToBeClosedUnderItsOwnersHands() throws Exception {
        Native.assumeSetup(IORING_SETUP_SINGLE_ISSUER);
        try (Uring ring = Uring.open(8)) {
            final Future<?> closing = other.submit(ring::close);

            assertThatThrownBy(closing::get).hasRootCauseInstanceOf(IllegalStateException.class);

            ring.getSqe().prepNop();
            assertThat(Completion.awaitResult(ring)).isZero();
        }
    }

    @Test
    void shouldBeClosedByAnyThreadWhenItsOwnerIsGone() throws Exception {
        final Uring[] ring = new Uring[1];
        final Thread owner = new Thread(() -> {
            try {
                ring[0] = Uring.open(8);
            } catch (final UringException e) {
                throw new AssertionError(e);
            }
        });
        owner.start();
        owner.join();

        ring[0].close();

        assertThatThrownBy(ring[0]::submit).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldPostCompletionsOfDeferredWorkOnlyWhenTheOwnerAsks() throws Exception {
        Native.assumeSetup(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
        final int[] pair = Native.socketPair();
        try (Uring ring = Uring.open(8)) {
            assertThat(ring.flags()).matches(flags -> (flags & IORING_SETUP_TASKRUN_FLAG) != 0);
            final ByteBuffer buffer = Memory.allocate(8, 1);
            ring.getSqe().prepRecv(pair[1], Memory.address(buffer), 8, 0);
            ring.submit();
            onAnotherThread(() -> {
                Native.write(pair[0], "abc");
                return null;
            });

            Thread.sleep(20);
            assertThat(ring.cqReady()).as("the kernel waits to be asked").isZero();
            assertThat(ring.forEachCqe((userData, res, flags) -> {})).isZero();

            assertThat(ring.peekCqe().res()).as("peek sees the flag and asks").isEqualTo(3);
        } finally {
            Native.close(pair);
        }
    }

    @Test
    void shouldUseTheRegisteredIndexOnlyOnTheThreadThatItBelongsTo() throws Exception {
        try (Uring ring = Uring.open(UringParams.of(8).withWishedFlags(0))) {
            assumeTrue(ring.registerRingFd() == 1, "this kernel cannot register rings");
            assertThat(ring.registerRingFd()).isEqualTo(-Errno.EEXIST);
            // Another thread's index 0 is another ring: entries must not go there.
            onAnotherThread(() -> {
                try (Uring second = Uring.open(UringParams.of(8).withWishedFlags(0))) {
                    assertThat(second.registerRingFd()).isEqualTo(1);
                    ring.getSqe().prepNop();
                    assertThat(ring.submitAndWait(1)).isEqualTo(1);
                    assertThat(ring.cqReady()).isEqualTo(1);
                    assertThat(second.cqReady()).isZero();
                    assertThat(ring.unregisterRingFd()).isEqualTo(-Errno.EINVAL);
                }
                return null;
            });
            ring.getSqe().prepNop();
            assertThat(ring.submitAndWait(2)).isEqualTo(1);
            assertThat(ring.unregisterRingFd()).isEqualTo(1);
            ring.getSqe().prepNop();
            assertThat(ring.submitAndWait(3)).isEqualTo(1);
        }
    }

    @Test
    void shouldOpenMoreRingsThanAThreadCanRegister() throws Exception {
        final Uring[] rings = new Uring[20];
        for (int i = 0; i < rings.length; i++) {
            rings[i] = Uring.open(4);
        }
        final Uring unregistered = rings[rings.length - 1];
        if ((unregistered.flags() & IORING_SETUP_SINGLE_ISSUER) != 0) {
            assertThatThrownBy(() -> other.submit(unregistered::close).get())
                    .as("it has an owner all the same")
                    .hasRootCauseInstanceOf(IllegalStateException.class);
        }
        for (final Uring ring : rings) {
            ring.getSqe().prepNop();
            assertThat(Completion.awaitResult(ring)).isZero();
            ring.close();
        }
    }

    @Test
    void shouldGiveItsRegistrationBackWhenItIsClosed() throws Exception {
        for (int i = 0; i < 40; i++) { // a thread has room for 16
            try (Uring ring = Uring.open(UringParams.of(4).withWishedFlags(0))) {
                final int result = ring.registerRingFd();
                assumeTrue(result != -Errno.EINVAL, "this kernel cannot register rings");
                assertThat(result).as("ring %s", i).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldWorkOnAVirtualThreadWhereThereAreAny() throws Exception {
        final ExecutorService virtual;
        try {
            virtual = (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (final NoSuchMethodException e) {
            assumeTrue(false, "this JDK has no virtual threads");
            return;
        }
        virtual.submit(() -> {
                    try (Uring ring = Uring.open(8)) {
                        assertThat(ring.flags() & IORING_SETUP_SINGLE_ISSUER)
                                .as("a virtual thread moves between the kernel's threads")
                                .isZero();
                        for (int i = 0; i < 100; i++) {
                            ring.getSqe().prepNop();
                            assertThat(Completion.awaitResult(ring)).isZero();
                            Thread.sleep(0, 100_000);
                        }
                    }
                    return null;
                })
                .get();
        virtual.shutdown();
    }
}
