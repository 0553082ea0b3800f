package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.Chain;
import dev.ringflow.file.ChainException;
import dev.ringflow.file.ChainMember;
import dev.ringflow.file.ChainMember.Outcome;
import dev.ringflow.file.ChainResult;
import dev.ringflow.file.RingFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Chains: order, failures that end them, and that nobody cuts them in two. */
public abstract class ChainContract extends DriverContract {
    /** For subclasses. */
    protected ChainContract() {}

    private RingFile file(String name, int length) {
        return file(ring(), name, length);
    }

    private RingFile file(Ring on, String name, int length) {
        return await(on.openFileAsync(
                Bytes.file(directory, name, length), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    private static ByteBuffer marker(int value) {
        return Bytes.direct(4).putInt(0, value);
    }

    private static ChainException failed(RingFuture<ChainResult> chain) {
        Throwable thrown = failureOf(chain);
        assertThat(thrown).isInstanceOf(ChainException.class);
        return (ChainException) thrown;
    }

    private static List<Outcome> outcomes(List<ChainMember> members) {
        return members.stream().map(ChainMember::outcome).toList();
    }

    // Order.

    @Test
    void membersRunInOrderAndEachIsToldOf() {
        RingFile file = file("a", 0);
        ByteBuffer written = Bytes.direct(Bytes.content(5000));
        ByteBuffer read = Bytes.direct(5000);
        ChainResult result = await(ring().linkAsync(chain -> chain.write(file, written, 100)
                .syncData(file)
                .truncate(file, 6000)
                .sync(file)
                .read(file, read, 100)));
        assertThat(result.members()).hasSize(5);
        assertThat(outcomes(result.members())).containsOnly(Outcome.DONE);
        assertThat(result.bytes(0)).isEqualTo(5000);
        assertThat(result.bytes(1)).isZero();
        assertThat(result.bytes(4)).isEqualTo(5000);
        assertThat(result.members().get(1)).hasToString("sync of " + file.path() + ": done");
        assertThat(Bytes.filled(read)).isEqualTo(Bytes.content(5000));
        assertThat(written.hasRemaining()).isFalse();
        assertThat(file.path()).hasSize(6000);
    }

    @Test
    void memberWritesWhatTheOneBeforeItHasRead() throws IOException {
        RingFile from = file("from", 1 << 20);
        RingFile to = file("to", 0);
        List<RingFuture<ChainResult>> copies = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            ByteBuffer chunk = Bytes.direct(16_384);
            long position = i * 16_384L;
            copies.add(
                    ring().linkAsync(chain -> chain.read(from, chunk, position).write(to, chunk, position)));
        }
        copies.forEach(DriverContract::await);
        assertThat(to.path()).hasBinaryContent(Bytes.content(1 << 20));
    }

    @Test
    void heapAndPooledBuffersServeAsWell() {
        RingFile file = file("a", 0);
        byte[] large = Bytes.content(300_000);
        ByteBuffer read = ByteBuffer.allocate(300_000);
        BufferPool pool = ring().bufferPool(4096, 2);
        RingBuffer lease = pool.acquire();
        RingBuffer another = pool.acquire();
        lease.byteBuffer().put(Bytes.content(4096)).flip();
        ChainResult result = await(ring().linkAsync(chain -> chain.write(file, ByteBuffer.wrap(large), 0)
                .write(file, lease, 300_000)
                .read(file, read, 0)
                .read(file, another, 300_000)));
        assertThat(result.bytes(2)).isEqualTo(300_000);
        assertThat(read.array()).isEqualTo(large);
        assertThat(Bytes.filled(another.byteBuffer())).isEqualTo(Bytes.content(4096));
        lease.close();
        another.close();
        assertThat(pool.available()).isEqualTo(pool.count());
    }

    @Test
    void chainLongerThanTheSubmissionQueueRunsAllTheSame() {
        Ring small = open(options().entries(4));
        RingFile file = file(small, "a", 0);
        ByteBuffer read = Bytes.direct(4);
        ChainResult result = await(small.linkAsync(chain -> {
            for (int i = 0; i < 30; i++) {
                chain.write(file, marker(i), 0);
            }
            chain.read(file, read, 0);
        }));
        assertThat(result.members()).hasSize(31);
        assertThat(read.getInt(0)).isEqualTo(29);
    }

    // Failures.

    @Test
    void failedMemberEndsTheChainWhereverItStands() throws IOException {
        for (int bad = 0; bad < 5; bad++) {
            RingFile file = file("file" + bad, 100);
            int failing = bad;
            ChainException thrown = failed(ring().linkAsync(chain -> {
                for (int i = 0; i < 5; i++) {
                    if (i == failing) {
                        chain.read(file, Bytes.direct(100), 50);
                    } else {
                        chain.write(file, marker(i), 4L * i);
                    }
                }
            }));
            assertThat(thrown.failedIndex()).isEqualTo(bad);
            assertThat(thrown)
                    .hasMessageContainingAll(
                            "Member " + (bad + 1) + " of 5", "read", file.path().toString())
                    .hasCauseInstanceOf(EOFException.class);
            assertThat(thrown.failedMember().bytes()).isEqualTo(50);
            byte[] expected = Bytes.content(100);
            for (int i = 0; i < 5; i++) {
                Outcome outcome = i < bad ? Outcome.DONE : i == bad ? Outcome.FAILED : Outcome.CANCELLED;
                assertThat(thrown.members().get(i).outcome()).isEqualTo(outcome);
                if (i < bad) {
                    ByteBuffer.wrap(expected).putInt(4 * i, i);
                }
            }
            assertThat(file.path()).hasBinaryContent(expected);
        }
    }

    @Test
    void chainThatGoesOnRunsWhatComesAfterAFailure() {
        RingFile file = file("a", 100);
        ChainException thrown = failed(ring().linkAsync(chain -> chain.continueAfterFailure()
                .read(file, Bytes.direct(8), 200)
                .write(file, marker(7), 0)
                .read(file, Bytes.direct(100), 50)
                .write(file, marker(8), 4)));
        assertThat(thrown.failedIndex()).isZero();
        assertThat(outcomes(thrown.members()))
                .containsExactly(Outcome.FAILED, Outcome.DONE, Outcome.FAILED, Outcome.DONE);
        assertThat(thrown.getSuppressed()).hasOnlyElementsOfType(EOFException.class);
        assertThat(file.path()).satisfies(path -> {
            byte[] expected = Bytes.content(100);
            ByteBuffer.wrap(expected).putInt(0, 7).putInt(4, 8);
            assertThat(path).hasBinaryContent(expected);
        });
    }

    @Test
    void memberOfAClosedFileFailsAfterWhatComesBeforeItWasDone() {
        RingFile open = file("open", 0);
        RingFile closed = file("closed", 0);
        await(closed.closeAsync());
        ChainException thrown = failed(ring().linkAsync(chain ->
                chain.write(open, marker(1), 0).write(closed, marker(2), 0).sync(open)));
        assertThat(thrown.failedIndex()).isOne();
        assertThat(thrown).hasCauseInstanceOf(ClosedChannelException.class);
        assertThat(outcomes(thrown.members())).containsExactly(Outcome.DONE, Outcome.FAILED, Outcome.CANCELLED);
        assertThat(open.path()).hasSize(4);
        assertThat(closed.path()).hasSize(0);
        assertThat(ring().metrics().inFlight()).isZero();
    }

    @Test
    void failedChainGivesItsBuffersBack() {
        RingFile file = file("a", 10);
        BufferPool pool = ring().bufferPool(4096, 4);
        for (int i = 0; i < 20; i++) {
            failed(ring().linkAsync(chain -> {
                for (int k = 0; k < 4; k++) {
                    RingBuffer lease = pool.acquire();
                    chain.read(file, lease, 0);
                    lease.close();
                }
            }));
            eventually("all leases are back", () -> pool.available() == pool.count());
        }
    }

    // What is refused at once.

    @Test
    void chainsThatCanNeverBeRightAreRefusedAtOnce() {
        RingFile file = file("a", 8);
        RingFile readOnly = await(ring().openFileAsync(file.path()));
        RingFile elsewhere = file(open(options()), "b", 8);
        assertThatIllegalArgumentException().isThrownBy(() -> ring().linkAsync(chain -> {}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ring().linkAsync(chain -> chain.sync(elsewhere)))
                .withMessageContaining("another ring");
        assertThatIllegalArgumentException().isThrownBy(() -> ring().linkAsync(chain -> chain.truncate(file, -1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ring().linkAsync(chain -> chain.write(file, marker(1), -1)));
        assertThatIllegalArgumentException().isThrownBy(() -> ring().linkAsync(chain -> chain.allocate(file, 0, 0)));
        assertThatThrownBy(() -> ring().linkAsync(chain -> chain.write(readOnly, marker(1), 0)))
                .isInstanceOf(NonWritableChannelException.class);
        ByteBuffer heap = ByteBuffer.allocate(8);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        ring().linkAsync(chain -> chain.read(file, heap, 0).write(file, heap, 8)))
                .withMessageContaining("direct");
        List<Chain> kept = new ArrayList<>();
        await(ring().linkAsync(chain -> kept.add(chain.sync(file))));
        assertThatIllegalStateException().isThrownBy(() -> kept.get(0).sync(file));
        assertThat(ring().metrics().inFlight()).isZero();
    }

    @Test
    void chainWhoseMakerThrowsHoldsNothing() {
        RingFile file = file("a", 8);
        BufferPool pool = ring().bufferPool(64, 1);
        Consumer<Chain> maker = chain -> {
            RingBuffer lease = pool.acquire();
            chain.read(file, lease, 0);
            lease.close();
            throw new IllegalStateException("of this test");
        };
        assertThatIllegalStateException()
                .isThrownBy(() -> ring().linkAsync(maker))
                .withMessage("of this test");
        assertThat(pool.available()).isEqualTo(pool.count());
    }

    // Never cut in two.

    @Test
    void chainIsNeverCutByAFullSubmissionQueue() throws IOException {
        Ring small = open(options().entries(8));
        RingFile file = file(small, "a", 100);
        Random random = new Random(99);
        List<RingFuture<ChainResult>> chains = new ArrayList<>();
        List<RingFuture<Integer>> others = new ArrayList<>();
        onLoop(small, () -> {
            for (int i = 0; i < 600; i++) {
                for (int k = random.nextInt(8); k > 0; k--) {
                    others.add(file.readAsync(Bytes.direct(1), 0));
                }
                int members = 2 + random.nextInt(7);
                chains.add(small.linkAsync(chain -> {
                    chain.read(file, Bytes.direct(8), 4000); // fails, so that nothing may come after it
                    for (int k = 1; k < members; k++) {
                        chain.write(file, marker(-1), 0);
                    }
                }));
            }
            return null;
        });
        for (RingFuture<ChainResult> each : chains) {
            ChainException thrown = failed(each);
            assertThat(thrown.failedIndex()).isZero();
            assertThat(outcomes(thrown.members()).subList(1, thrown.members().size()))
                    .containsOnly(Outcome.CANCELLED);
        }
        others.forEach(each -> assertThat(await(each)).isOne());
        assertThat(file.path()).hasBinaryContent(Bytes.content(100));
        assertThat(small.metrics().inFlight()).isZero();
    }

    // Cancelling and closing.

    @Test
    void chainsCancelledAtAnyMomentEndWithAPrefixDone() {
        Random random = new Random(17);
        for (int round = 0; round < 60; round++) {
            RingFile file = file("round" + round, 0);
            List<RingFuture<ChainResult>> chains = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                long base = i * 40L;
                chains.add(ring().linkAsync(chain -> {
                    for (int k = 0; k < 5; k++) {
                        chain.write(file, marker(-1), base + k * 8L).syncData(file);
                    }
                }));
            }
            long until = System.nanoTime() + random.nextInt(200_000);
            while (System.nanoTime() - until < 0) {
                Thread.onSpinWait();
            }
            chains.forEach(each -> each.cancel(false));
            chains.forEach(each -> await(each.released()));
            assertThat(ring().metrics().inFlight()).isZero();
            ByteBuffer content = Bytes.direct(400);
            await(file.readAsync(content, 0));
            for (int i = 0; i < 8; i++) {
                int holes = 0;
                for (int k = 0; k < 5; k++) {
                    boolean written = content.getInt(i * 40 + k * 8) == -1;
                    holes += written ? 0 : 1;
                    assertThat(written && holes > 0).as("written after a hole").isFalse();
                }
            }
            await(file.closeAsync());
        }
    }

    @Test
    void chainCancelledBeforeItWasHandedInDoesNothing() {
        RingFile file = file("a", 8);
        Recorder<ChainResult> recorder = new Recorder<>() {
            @Override
            public void submitted(Ring ring, dev.ringflow.spi.Operation operation, int activation) {
                ring.cancel(operation, activation);
            }
        };
        Chain.link(ring(), chain -> chain.write(file, marker(1), 0).write(file, ByteBuffer.allocate(4), 4), recorder);
        assertThat(failureOf(recorder.outcome())).isInstanceOf(CancellationException.class);
        assertThat(recorder.told()).isOne();
        assertThat(file.path()).hasBinaryContent(Bytes.content(8));
        assertThat(ring().metrics().inFlight()).isZero();
    }

    @Test
    void fileClosedWhileChainsRunEndsThemAndIsClosed() {
        for (int round = 0; round < 40; round++) {
            RingFile first = file("first" + round, 0);
            RingFile second = file("second" + round, 0);
            List<RingFuture<ChainResult>> chains = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                chains.add(ring().linkAsync(chain -> chain.write(first, marker(1), 0)
                        .write(second, marker(2), 0)
                        .syncData(first)));
            }
            await(second.closeAsync());
            for (RingFuture<ChainResult> each : chains) {
                outcomeOf(each)
                        .ifPresent(thrown -> assertThat(thrown)
                                .isInstanceOf(ChainException.class)
                                .cause()
                                .isInstanceOfAny(ClosedChannelException.class, CancellationException.class));
            }
            await(first.closeAsync());
        }
        assertThat(ring().metrics().inFlight()).isZero();
        assertThat(ring().metrics().openHandles()).isZero();
    }

    @Test
    void closedRingRefusesChainsAndEndsThoseInFlight() {
        Ring another = open(options());
        RingFile file = file(another, "a", 8);
        List<RingFuture<ChainResult>> chains = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            chains.add(
                    another.linkAsync(chain -> chain.write(file, marker(1), 0).syncData(file)));
        }
        await(another.closeAsync());
        for (RingFuture<ChainResult> each : chains) {
            outcomeOf(each).ifPresent(thrown -> {
                Throwable why = thrown instanceof ChainException ? thrown.getCause() : thrown;
                assertThat(why).isInstanceOfAny(RingClosedException.class, ClosedChannelException.class);
            });
        }
        RingFuture<ChainResult> late = another.linkAsync(chain -> chain.write(file, ByteBuffer.allocate(1), 0));
        assertThat(failureOf(late)).isInstanceOf(RingClosedException.class);
    }

    @Test
    void chainOnAPathThatWasOpenedForReadingReads() {
        Path path = Bytes.file(directory, "a", 10);
        RingFile file = await(ring().openFileAsync(path));
        ByteBuffer none = Bytes.direct(0);
        ChainResult result =
                await(ring().linkAsync(chain -> chain.read(file, none, 0).read(file, Bytes.direct(10), 0)));
        assertThat(result.bytes(0)).isZero();
        assertThat(result.bytes(1)).isEqualTo(10);
    }
}
