package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * How the queues reach the memory that they share with the kernel, read from the compiled code: a missing barrier shows
 * in no test run on x86-64, where the processor orders most of it anyway.
 */
class MemoryOrderTest {
    @Test
    void shouldPublishTheTailWithReleaseOnly() throws IOException {
        assertThat(calls(SubmissionQueue.class, "flush")).contains("VarHandle.setRelease");
        assertThat(all(SubmissionQueue.class)).doesNotContain("VarHandle.set", "VarHandle.setOpaque");
    }

    @Test
    void shouldReadTheSubmissionHeadWithAcquire() throws IOException {
        assertThat(calls(SubmissionQueue.class, "head")).containsExactly("VarHandle.getAcquire");
    }

    @Test
    void shouldReadTheCompletionTailWithAcquireBeforeTheEntries() throws IOException {
        assertThat(calls(CompletionQueue.class, "tail")).containsExactly("VarHandle.getAcquire");
        assertThat(calls(CompletionQueue.class, "hasMore")).contains("CompletionQueue.tail");
        final List<String> forEach = calls(CompletionQueue.class, "forEach");
        assertThat(forEach.indexOf("CompletionQueue.hasMore")).isBetween(0, forEach.indexOf("CompletionQueue.visit"));
    }

    @Test
    void shouldPublishTheHeadWithReleaseAfterTheEntriesAreRead() throws IOException {
        assertThat(calls(CompletionQueue.class, "release")).contains("VarHandle.setRelease");
        assertThat(all(CompletionQueue.class)).doesNotContain("VarHandle.set", "VarHandle.setOpaque");
        final List<String> forEach = calls(CompletionQueue.class, "forEach");
        assertThat(forEach.indexOf("CompletionQueue.visit")).isBetween(0, forEach.indexOf("CompletionQueue.release"));
        assertThat(forEach.stream().filter("CompletionQueue.release"::equals).count())
                .as("after each visit, and when a handler throws")
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void shouldReadAnEntryBeforeTheHandlerRuns() throws IOException {
        final List<String> visit = calls(CompletionQueue.class, "visit");
        assertThat(visit.lastIndexOf("CompletionQueue.copy")).isBetween(0, visit.indexOf("CqeHandler.handle"));
        assertThat(visit).doesNotContain("LongBuffer.get");
        assertThat(calls(CompletionQueue.class, "copy")).contains("LongBuffer.get");
    }

    @Test
    void shouldTellTheKernelWhatIsConsumedBeforeEnteringIt() throws IOException {
        final List<String> enter = calls(UringEntering.class, "enter");
        assertThat(enter.indexOf("CompletionQueue.release")).isBetween(0, enter.indexOf("LibC.ioUringEnter"));
        final List<String> extended = calls(UringEntering.class, "enterExtended");
        assertThat(extended.indexOf("CompletionQueue.release")).isBetween(0, extended.indexOf("ExtendedEnter.call"));
    }

    @Test
    void shouldFenceBetweenTheTailAndTheWakeUpFlag() throws IOException {
        final List<String> wakeup = calls(UringEntering.class, "wakeup");
        assertThat(wakeup.indexOf("VarHandle.fullFence")).isBetween(0, wakeup.indexOf("SubmissionQueue.flags"));
        for (final Class<?> type : List.of(UringSubmission.class, UringWaiting.class)) {
            final List<String> calls = calls(type, "handIn");
            assertThat(calls.indexOf("SubmissionQueue.flush"))
                    .isBetween(0, calls.indexOf(type.getSimpleName() + ".wakeup"));
        }
        final List<String> calls = calls(UringWaiting.class, "submitAndWaitReg");
        assertThat(calls.indexOf("SubmissionQueue.flush")).isBetween(0, calls.indexOf("UringWaiting.wakeup"));
    }

    private static List<String> all(final Class<?> type) throws IOException {
        return calls(type, null);
    }

    /** The methods that a method calls, in the order of the code. */
    private static List<String> calls(final Class<?> type, final String method) throws IOException {
        final List<String> calls = new ArrayList<>();
        try (InputStream code = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            new ClassReader(code)
                    .accept(
                            new ClassVisitor(Opcodes.ASM9) {
                                @Override
                                public MethodVisitor visitMethod(
                                        final int access,
                                        final String name,
                                        final String descriptor,
                                        final String signature,
                                        final String[] exceptions) {
                                    return method == null || name.equals(method) ? recorder(calls) : null;
                                }
                            },
                            ClassReader.SKIP_DEBUG);
        }
        assertThat(calls).as("calls of %s.%s", type.getSimpleName(), method).isNotEmpty();
        return calls;
    }

    private static MethodVisitor recorder(final List<String> calls) {
        return new MethodVisitor(Opcodes.ASM9) {
            @Override
            public void visitMethodInsn(
                    final int opcode,
                    final String owner,
                    final String name,
                    final String descriptor,
                    final boolean isInterface) {
                calls.add(owner.substring(owner.lastIndexOf('/') + 1) + '.' + name);
            }
        };
    }
}
