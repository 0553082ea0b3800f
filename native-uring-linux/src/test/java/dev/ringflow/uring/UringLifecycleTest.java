package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Opening, closing, and what must be gone afterwards. */
@Timeout(60)
class UringLifecycleTest {
    @Test
    void shouldLeaveNothingBehindAfterManyRings() throws IOException {
        Uring.open(8).close();
        final List<String> files = Native.openFiles();
        final long mappings = Native.ringMappings();
        final long kernelThreads = kernelThreads();

        for (int i = 0; i < 500; i++) {
            final int wishes = i % 3 == 0 ? 0 : UringParams.DEFAULT_WISHES;
            try (Uring ring = Uring.open(UringParams.of(8).withWishedFlags(wishes))) {
                ring.getSqe().prepNop();
                assertThat(ring.submitAndWait(1)).isEqualTo(1);
            }
        }

        assertThat(files).containsAll(Native.openFiles()); // what other tests left behind may go meanwhile
        assertThat(Native.ringMappings()).isLessThanOrEqualTo(mappings);
        assertThat(kernelThreads()).isLessThanOrEqualTo(kernelThreads);
    }

    /** Threads that the kernel works with for rings; idle ones of earlier tests may be left, and go. */
    private static long kernelThreads() throws IOException {
        return Native.threads().stream().filter(name -> name.startsWith("iou-")).count();
    }

    @Test
    void shouldThrowOnUseAfterClose() throws IOException {
        final Uring ring = Uring.open(8);
        final Sqe sqe = ring.getSqe();
        ring.getSqe().prepNop();
        ring.submitAndWait(1);
        final Cqe cqe = ring.peekCqe();
        ring.close();

        final ThrowingCallable[] uses = {
            ring::getSqe,
            ring::submit,
            () -> ring.submitAndWait(1),
            () -> ring.submitAndWaitTimeout(1, 1),
            ring::submitAndGetEvents,
            ring::getEvents,
            ring::peekCqe,
            () -> ring.peekBatchCqe(new Cqe[1]),
            ring::waitCqe,
            () -> ring.waitCqeTimeout(1),
            () -> ring.forEachCqe((userData, res, flags) -> {}),
            ring::cqReady,
            () -> ring.cqAdvance(1),
            () -> ring.cqeSeen(cqe),
            ring::sqReady,
            ring::sqSpaceLeft,
            ring::sqringWait,
            ring::cqHasOverflow,
            ring::cqOverflow,
            ring::sqDropped,
            ring::ringFd,
            ring::enableRings,
            ring::registerRingFd,
            ring::unregisterRingFd,
            ring::getProbe,
            ring::unregisterBuffers,
            () -> ring.registerFiles(0),
            () -> ring.registerFilesSparse(1),
            () -> ring.registerEventfd(0),
            sqe::prepNop,
            () -> sqe.prepRead(0, 0, 0, 0),
            () -> sqe.setData64(1),
            () -> sqe.setFlags(1),
            sqe::getData64,
            cqe::userData,
            cqe::res,
            cqe::flags,
        };
        for (final ThrowingCallable use : uses) {
            assertThatThrownBy(use).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        }
        ring.close();
        assertThat(ring).hasToString("Uring[closed]");
        assertThat(ring.params().sqEntries()).isEqualTo(8);
    }

    @Test
    void shouldOpenEverythingCloseOnExec() throws IOException {
        try (Uring ring = Uring.open(8)) {
            assertThat(Native.isCloseOnExec(ring.ringFd())).isTrue();
        }
        final int[] pipe = Native.pipe();
        assertThat(Native.isCloseOnExec(pipe[0])).isTrue();
        assertThat(Native.isCloseOnExec(pipe[1])).isTrue();
        Native.close(pipe);
    }

    @Test
    void shouldNotLetAChildProcessInheritTheRing() throws Exception {
        try (Uring ring = Uring.open(8)) {
            final Process child = new ProcessBuilder("ls", "-l", "/proc/self/fd").start();
            final String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            child.waitFor();

            assertThat(output).contains("/proc").doesNotContain("io_uring");
            assertThat(ring.submit()).isZero();
        }
    }

    @Test
    void shouldCloseTheFileDescriptorWhenTheRingCannotBeMapped() throws IOException {
        final int[] pipe = Native.pipe();
        final String whatItWas = Native.target(pipe[0]);
        final ByteBuffer answer = Memory.allocate(ParamsLayout.SIZE, 8);
        answer.putInt(ParamsLayout.SQ_ENTRIES, 8);
        answer.putInt(ParamsLayout.CQ_ENTRIES, 16);
        answer.putInt(ParamsLayout.CQ_CQES, 64);

        assertThatThrownBy(() -> Uring.map(pipe[0], answer, null)) // a pipe cannot be mapped
                .isInstanceOf(UringException.class)
                .hasMessageContaining("mmap of the submission ring")
                .hasMessageContaining("EACCES");

        assertThat(Native.target(pipe[0])).as("closed").isNotEqualTo(whatItWas);
        Native.close(pipe[1]);
    }

    @Test
    void shouldUndoTheFirstMappingWhenALaterOneFails() throws IOException {
        final long before = Native.ringMappings();
        final ByteBuffer answer = Memory.allocate(ParamsLayout.SIZE, 8);
        final int fd = new SetupNegotiation(answer).negotiate(UringParams.of(8));
        answer.putInt(ParamsLayout.SQ_ENTRIES, 0); // so the entries cannot be mapped

        assertThatThrownBy(() -> Uring.map(fd, answer, null))
                .isInstanceOf(UringException.class)
                .hasMessageContaining("mmap of the submission entries")
                .hasMessageContaining("EINVAL");

        assertThat(Native.ringMappings()).isLessThanOrEqualTo(before); // those of earlier tests may go meanwhile
        assertThat(Native.target(fd)).as("closed").doesNotContain("io_uring");
    }

    @Test
    void shouldTellWhyWhenNoFileDescriptorIsLeft() throws IOException {
        final UringException failure = new UringException(
                Errno.EMFILE, "io_uring_setup", SetupAdvice.forErrno(Errno.EMFILE, UringParams.of(8), 0), null);

        assertThat(failure)
                .hasMessageContaining("EMFILE")
                .hasMessageContaining("ulimit -n")
                .hasMessageContaining("io_uring_setup");
        assertThat(failure.errno()).isEqualTo(Errno.EMFILE);
        assertThat(failure.errnoName()).isEqualTo("EMFILE");
    }

    @Test
    void shouldNameTheLimitOfLockedMemory() {
        assertThat(SetupAdvice.forErrno(Errno.ENOMEM, UringParams.of(4096), 0))
                .contains("locked memory")
                .contains("404 KiB")
                .contains("ulimit -l");
    }

    @Test
    void shouldTellSeccompFromAnOldKernel() {
        assertThat(SetupAdvice.forErrno(Errno.ENOSYS, UringParams.of(8), 0)).contains("older than 5.1", "seccomp");
        assertThat(SetupAdvice.forErrno(Errno.EPERM, UringParams.of(8), 0)).containsAnyOf("seccomp", "sysctl");
    }
}
