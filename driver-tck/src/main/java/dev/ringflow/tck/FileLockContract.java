package dev.ringflow.tck;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.RingFuture;
import dev.ringflow.file.RingFile;
import dev.ringflow.file.RingFileLock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Locks against other programs. */
public abstract class FileLockContract extends DriverContract {
    /** For subclasses. */
    protected FileLockContract() {}

    private RingFile file() {
        return await(ring().openFileAsync(Bytes.file(directory, "a", 100), READ, WRITE));
    }

    /** Another program that has a lock on the first 10 bytes, until it is told to let go. */
    private static final class Holder implements AutoCloseable {
        private final Process process;
        private final BufferedReader output;

        Holder(Path path, boolean shared) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            LockingProgram.class.getName(),
                            path.toString(),
                            String.valueOf(shared))
                    .redirectErrorStream(true)
                    .start();
            output = process.inputReader();
            expect("locked");
        }

        private void expect(String line) throws IOException {
            assertThat(output.readLine()).isEqualTo(line);
        }

        void letsGo() throws IOException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            expect("given up");
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void lockOfAnotherProgramIsWaitedForAndNotMetElsewhere() throws IOException {
        RingFile file = file();
        try (Holder holder = new Holder(file.path(), false)) {
            assertThat(await(file.tryLockAsync(5, 1, false))).isNull();
            RingFuture<RingFileLock> waiting = file.lockAsync(0, 10, false);
            try (RingFileLock elsewhere = await(file.lockAsync(10, 90, false))) {
                assertThat(elsewhere.isValid()).isTrue();
                assertThat(waiting).isNotDone();
            }
            holder.letsGo();
            RingFileLock held = await(waiting);
            assertThat(held.isValid()).isTrue();
            assertThat(held.position()).isZero();
            assertThat(held.size()).isEqualTo(10);
            assertThat(held.isShared()).isFalse();
            held.close();
            assertThat(held.isValid()).isFalse();
            held.close();
        }
    }

    @Test
    void sharedLocksGoTogetherAndExclusiveOnesDoNot() throws IOException {
        RingFile file = file();
        try (Holder holder = new Holder(file.path(), true)) {
            assertThat(await(file.tryLockAsync(0, 10, false))).isNull();
            RingFileLock shared = await(file.tryLockAsync(0, 10, true));
            assertThat(shared).isNotNull();
            assertThat(shared.isShared()).isTrue();
            shared.close();
            holder.letsGo();
        }
    }

    @Test
    void anotherProgramMeetsOurLock() throws IOException {
        RingFile file = file();
        RingFileLock held = await(file.lockAsync(0, 10, false));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        LockingProgram.class.getName(),
                        file.path().toString(),
                        "false")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = process.inputReader()) {
            // giving up one lock must not give up the others
            await(file.lockAsync(50, 10, false)).close();
            assertThat(output.readLine()).isEqualTo("refused");
            held.close();
            assertThat(output.readLine()).isEqualTo("locked");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void overlappingLocksOfThisProgramAreRefused() throws IOException {
        RingFile file = file();
        RingFile again = await(ring().openFileAsync(file.path(), READ, WRITE));
        try (RingFileLock held = await(file.lockAsync(0, 10, false))) {
            assertThat(held.isValid()).isTrue();
            assertThat(failureOf(file.lockAsync(9, 1, true))).isInstanceOf(OverlappingFileLockException.class);
            assertThat(failureOf(again.lockAsync(0, Long.MAX_VALUE, true)))
                    .isInstanceOf(OverlappingFileLockException.class);
            assertThat(failureOf(again.tryLockAsync(5, 1, false))).isInstanceOf(OverlappingFileLockException.class);
        }
        await(again.lockAsync(0, Long.MAX_VALUE, true)).close();
    }

    @Test
    void closingTheFileGivesItsLocksUpAndRefusesMore() throws IOException {
        RingFile file = file();
        RingFileLock held = await(file.lockAsync(0, 10, false));
        file.close();
        assertThat(held.isValid()).isFalse();
        held.close();
        assertThat(failureOf(file.lockAsync(0, 10, false))).isInstanceOf(ClosedChannelException.class);
        assertThat(failureOf(file.tryLockAsync(0, 10, false))).isInstanceOf(ClosedChannelException.class);
        RingFile again = await(ring().openFileAsync(file.path(), READ, WRITE));
        await(again.lockAsync(0, 10, false)).close();
    }

    @Test
    void fileThatLostItsNameCannotBeLocked() throws IOException {
        Assumptions.assumeTrue(hasAttributes("unix"), "files have no numbers here");
        RingFile file = file();
        Files.delete(file.path());
        Bytes.file(directory, "a", 5);
        assertThat(failureOf(file.lockAsync(0, 10, false)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("path");
    }

    @Test
    void outcomeIsToldOnTheLoopThread() throws IOException {
        RingFile file = file();
        CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
        Recorder<RingFileLock> told = new Recorder<>() {
            @Override
            public boolean completed(RingFileLock lock) {
                onLoop.complete(ring().isLoopThread());
                return super.completed(lock);
            }
        };
        file.lock(0, 1, false, told);
        assertThat(await(onLoop)).isTrue();
        await(told.outcome()).close();
        // asked for on the loop thread, which must not wait
        CompletableFuture<RingFileLock> asked = onLoop(
                        ring(), () -> CompletableFuture.completedFuture(file.lockAsync(0, 1, false)))
                .join();
        await(asked).close();
    }

    @Test
    void cancelledLockIsGivenUpWhenItIsGot() throws IOException {
        RingFile file = file();
        try (Holder holder = new Holder(file.path(), false)) {
            RingFuture<RingFileLock> waiting = file.lockAsync(0, 10, false);
            waiting.cancel(false);
            holder.letsGo();
            eventually("the lock that nobody wants is given up", () -> {
                RingFuture<@Nullable RingFileLock> again = file.tryLockAsync(0, 10, false);
                if (outcomeOf(again).isPresent()) {
                    return false;
                }
                RingFileLock lock = again.join();
                try {
                    if (lock != null) {
                        lock.close();
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                return lock != null;
            });
        }
    }

    @Test
    void wrongArgumentsAreRefusedAtOnceAndWrongFilesLater() {
        RingFile file = file();
        assertThatThrownBy(() -> file.lockAsync(-1, 1, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.lockAsync(0, 0, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> file.tryLockAsync(2, Long.MAX_VALUE, false))
                .isInstanceOf(IllegalArgumentException.class);
        RingFile readOnly = await(ring().openFileAsync(file.path()));
        assertThat(failureOf(readOnly.lockAsync(0, 1, false))).isInstanceOf(NonWritableChannelException.class);
    }
}
