package dev.ringflow.windows.ioring;

import static dev.ringflow.windows.ioring.IoRingConstants.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.windows.internal.DirectMemory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes, full queues, waits, threads, and use after the close. */
@ParameterizedClass
@ValueSource(strings = {"x64", "flattened"})
class IoRingQueueTest extends SimulatedRings {
    private static final int NONE = 0;

    private final ByteBuffer buffer = IoRingMemory.allocate(8, 1);
    private final IoRingBufferRef memory = new IoRingBufferRef().setBuffer(buffer);

    IoRingQueueTest(final String abi) {
        super(abi);
    }

    private int read(final IoRing ring, final OverlappedFile file, final long userData) {
        return ring.buildReadFile(file.ref(), memory, 8, 0, userData, NONE);
    }

    @Test
    void sizesArePowersOfTwo() throws Exception {
        final IoRing ring = closedLater(IoRing.create(library, IORING_VERSION_3, 0, 0, 20, 20));
        assertThat(ring.getInfo()).isEqualTo(new IoRingInfo(IORING_VERSION_3, 0, 0, 32, 64));
        assertThat(ring).asString().contains("submissionQueueSize=32");
        assertThat(closedLater(IoRing.create(library, IORING_VERSION_3, 0, 0, 4, 100))
                        .getInfo()
                        .completionQueueSize())
                .isEqualTo(128);
    }

    @Test
    void openTakesTheBestVersion() throws Exception {
        assertThat(closedLater(IoRing.open(library, 4)).getInfo().version()).isEqualTo(IORING_VERSION_4);
        simulator.sim_ioring_set(SimulatedIoRing.MAX_VERSION, IORING_VERSION_3);
        assertThat(closedLater(IoRing.open(library, 4)).getInfo().version()).isEqualTo(IORING_VERSION_3);
        simulator.sim_ioring_set(SimulatedIoRing.MAX_VERSION, IORING_VERSION_2);
        assertThat(closedLater(IoRing.open(library, 4)).getInfo().version()).isEqualTo(IORING_VERSION_2);
    }

    @Test
    void whatCannotBeOpenedSaysWhyAndWhatToDo() {
        assertThatThrownBy(() -> IoRing.create(library, 999, 0, 0, 4, 0))
                .isInstanceOfSatisfying(IoRingException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(HResult.IORING_E_VERSION_NOT_SUPPORTED);
                    assertThat(failure.codeName()).isEqualTo("IORING_E_VERSION_NOT_SUPPORTED");
                    assertThat(failure.operation()).contains("CreateIoRing", "version 999");
                    assertThat(failure.advice()).contains("queryCapabilities");
                })
                .hasMessageContainingAll("version 999", "0x80460003", "queryCapabilities");
        assertThatThrownBy(() -> IoRing.create(library, IORING_VERSION_3, 1, 0, 4, 0))
                .hasMessageContaining("IORING_E_REQUIRED_FLAG_NOT_SUPPORTED");
        assertThatThrownBy(() -> IoRing.create(library, IORING_VERSION_3, 0, 0, 1 << 20, 0))
                .hasMessageContaining("IORING_E_SUBMISSION_QUEUE_TOO_BIG");
        assertThatThrownBy(() -> IoRing.create(library, IORING_VERSION_3, 0, 0, 4, 1 << 20))
                .hasMessageContaining("IORING_E_COMPLETION_QUEUE_TOO_BIG");
    }

    @Test
    void theSubmissionQueueIsFullExactlyAtItsSize() throws Exception {
        final OverlappedFile file = file("full", new byte[8]);
        final IoRing ring = open(3);
        for (int i = 1; i <= 4; i++) {
            ok(read(ring, file, i));
        }
        assertThat(read(ring, file, 5)).isEqualTo(HResult.IORING_E_SUBMISSION_QUEUE_FULL);
        assertThat(ring.buildRegisterBuffers(new ByteBuffer[] {buffer}, 5))
                .isEqualTo(HResult.IORING_E_SUBMISSION_QUEUE_FULL);
        assertThat(ring.heldArrays()).isZero();

        ok(ring.submit());
        assertThat(ring.submitted()).isEqualTo(4);
        ok(read(ring, file, 5));
        assertThat(finish(ring, 5)).containsOnlyKeys(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aSubmissionNeedsRoomForItsCompletionsAndIsThenRepeated() throws Exception {
        final OverlappedFile file = file("room", new byte[8]);
        final IoRing ring = open(2);
        assertThat(ring.getInfo().completionQueueSize()).isEqualTo(4);
        for (int i = 1; i <= 4; i++) {
            ok(read(ring, file, i));
            if (i % 2 == 0) {
                ok(ring.submit(2, INFINITE));
            }
        }
        ok(read(ring, file, 5));
        assertThat(ring.submit()).isEqualTo(HResult.IORING_E_COMPLETION_QUEUE_TOO_FULL);
        assertThat(ring.submitted())
                .as("entries taken by a submission that failed")
                .isZero();

        assertThat(pop(ring)).containsOnlyKeys(1L, 2L, 3L, 4L);
        ok(ring.submit(1, INFINITE));
        assertThat(ring.submitted()).isEqualTo(1);
        assertThat(pop(ring)).containsOnlyKeys(5L);
    }

    @Test
    void aFailedSubmissionKeepsItsEntries() throws Exception {
        final OverlappedFile file = file("failed", new byte[8]);
        final IoRing ring = open(4);
        ok(read(ring, file, 1));
        simulator.sim_ioring_set(SimulatedIoRing.FAIL_SUBMIT, HResult.E_OUTOFMEMORY);
        final int result = ring.submit();
        assertThat(HResult.name(result)).isEqualTo("E_OUTOFMEMORY");
        assertThat(IoRing.isSubmitted(result)).isFalse();
        assertThat(ring.submitted()).isZero();
        assertThat(finish(ring, 1)).containsOnlyKeys(1L);
    }

    @Test
    void aWaitThatTimesOutHasSubmittedAll() throws Exception {
        final OverlappedFile file = file("timeout", new byte[8]);
        final IoRing ring = open(4);
        hold(IORING_OP_READ);
        ok(read(ring, file, 1));
        final int result = ring.submit(1, 20);
        assertThat(result).isEqualTo(HResult.TIMEOUT);
        assertThat(IoRing.isSubmitted(result)).isTrue();
        assertThat(ring.submitted()).isEqualTo(1);
        assertThat(pop(ring)).isEmpty();
        hold();
        assertThat(finish(ring, 1)).containsOnlyKeys(1L);
    }

    @Test
    void waitsForAllAndNotForNothing() throws Exception {
        final OverlappedFile file = file("all", new byte[8]);
        final IoRing ring = open(8);
        ok(ring.submit(IORING_SUBMIT_WAIT_ALL, INFINITE));
        ok(ring.submit(1, INFINITE));
        for (int i = 1; i <= 8; i++) {
            ok(read(ring, file, i));
        }
        ok(ring.submit(IORING_SUBMIT_WAIT_ALL, INFINITE));
        assertThat(pop(ring)).hasSize(8);
        ok(read(ring, file, 9));
        assertThat(ring.submit(2, INFINITE)).as("more than can come").isEqualTo(HResult.E_INVALIDARG);
        finish(ring, 1);
    }

    @Test
    void anEmptyQueueLeavesTheCompletionAsItIs() throws Exception {
        final OverlappedFile file = file("empty", new byte[8]);
        final IoRing ring = open(4);
        final IoRingCompletion completion = new IoRingCompletion();
        assertThat(ring.popCompletion(completion)).isEqualTo(HResult.S_FALSE);
        ok(read(ring, file, 77));
        ok(ring.submit(1, INFINITE));
        ok(ring.popCompletion(completion));
        assertThat(ring.popCompletion(completion)).isEqualTo(HResult.S_FALSE);
        assertThat(completion.userData()).isEqualTo(77);
        assertThat(completion.information()).isEqualTo(8);
    }

    @Test
    void twoThreadsMayNotBuildAndOneMayPopMeanwhile() throws Exception {
        final OverlappedFile file = file("threads", new byte[8]);
        final IoRing ring = open(4);
        hold(IORING_OP_READ);
        ok(read(ring, file, 1));
        final CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> ring.submit(1, INFINITE));
        awaitTrue("the other thread submitted", () -> simulator.sim_ioring_in_flight() == 1);

        assertThat(library.calls().SubmitIoRing(ring.handle, 0, 0, 0))
                .as("what Windows would answer")
                .isEqualTo(HResult.IORING_E_SUBMIT_IN_PROGRESS);
        assertThatThrownBy(() -> read(ring, file, 2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(ring::submit)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another thread");
        assertThatThrownBy(ring::close).isInstanceOf(IllegalStateException.class);
        assertThat(ring.isClosed()).isFalse();
        final IoRingCompletion completion = new IoRingCompletion();
        assertThat(ring.popCompletion(completion)).isEqualTo(HResult.S_FALSE);

        hold();
        ok(waiting.get(20, TimeUnit.SECONDS));
        ok(ring.popCompletion(completion));
        ok(read(ring, file, 2));
        finish(ring, 1);
    }

    @Test
    void everyUseAfterTheCloseIsAnException() throws Exception {
        final OverlappedFile file = file("closed", new byte[8]);
        final IoRing ring = open(4);
        ok(read(ring, file, 1));
        ring.close();
        ring.close();
        assertThat(ring.isClosed()).isTrue();
        assertThat(ring).hasToString("IoRing[closed]");

        final Set<String> harmless = Set.of(
                "close",
                "isClosed",
                "getInfo",
                "submitted",
                "heldArrays",
                "toString",
                "hashCode",
                "equals",
                "wait",
                "notify",
                "notifyAll",
                "getClass");
        final List<Method> methods = Arrays.stream(IoRing.class.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !harmless.contains(method.getName()))
                .toList();
        assertThat(methods).hasSizeGreaterThanOrEqualTo(16);
        for (final Method method : methods) {
            final Object[] arguments = Arrays.stream(method.getParameterTypes())
                    .map(this::argument)
                    .toArray();
            assertThatThrownBy(() -> method.invoke(ring, arguments))
                    .as(method.getName())
                    .isInstanceOf(InvocationTargetException.class)
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("the ring is closed");
        }
        assertThat(ring.heldArrays()).isZero();
    }

    private Object argument(final Class<?> type) {
        if (type == int.class) {
            return 1;
        }
        if (type == long.class) {
            return 1L;
        }
        if (type == IoRingHandleRef.class) {
            return IoRingHandleRef.fromHandle(4);
        }
        if (type == IoRingBufferRef.class) {
            return memory;
        }
        if (type == FileSegments.class) {
            return FileSegments.ofAddresses(4096);
        }
        if (type == IoRingCompletion.class) {
            return new IoRingCompletion();
        }
        if (type == long[].class) {
            return new long[1];
        }
        if (type == int[].class) {
            return new int[1];
        }
        assertThat(type).isEqualTo(ByteBuffer[].class);
        return new ByteBuffer[1];
    }

    @Test
    void theFlagsAreNotMixedUp() {
        final ByteBuffer answer = DirectMemory.allocate(Long.BYTES, Long.BYTES);
        assertThat(library.calls().CreateIoRing(IORING_VERSION_3, 1L, 4, 0, DirectMemory.address(answer)))
                .as("required, in the lower half")
                .isEqualTo(HResult.IORING_E_REQUIRED_FLAG_NOT_SUPPORTED);
        ok(library.calls().CreateIoRing(IORING_VERSION_3, 1L << 32, 4, 0, DirectMemory.address(answer)));
        ok(library.calls().CloseIoRing(answer.getLong(0)));
    }
}
