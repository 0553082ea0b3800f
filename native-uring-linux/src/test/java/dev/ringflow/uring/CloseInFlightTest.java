package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.struct.Timespec;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files that are closed, numbers that are used again, and memory that is changed, under requests in flight. */
@Timeout(60)
class CloseInFlightTest {
    private final ByteBuffer in = Memory.allocate(64, 8);
    private final ByteBuffer peerIn = Memory.allocate(64, 8);
    private Uring ring;

    @BeforeEach
    void open() throws UringException {
        ring = Uring.open(16);
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private Sqe sqe(final long userData) {
        final Sqe sqe = ring.getSqe();
        sqe.setData64(userData);
        return sqe;
    }

    /** Closing cancels nothing, and the file lives on: the order is cancel, reap, close. */
    @Test
    void shouldKeepASocketAliveUntilItsRequestsEnd() throws Exception {
        final int[] pair = Native.socketPair();
        sqe(1).prepRecv(pair[0], Memory.address(in), 8, 0);
        ring.submit();
        sqe(2).prepClose(pair[0]);
        assertThat(Completion.await(ring, 1)).containsExactly(new Completion(2, 0, 0));
        sqe(3).prepRecv(pair[1], Memory.address(peerIn), 8, 0);
        assertThat(ring.waitCqeTimeout(20_000_000)).as("the peer sees no end").isEqualTo(-Errno.ETIME);

        sqe(4).prepCancel64(1, 0);
        final List<Completion> completions = Completion.awaitSorted(ring, 3);

        assertThat(completions.get(0).res()).isIn(-Errno.ECANCELED, -Errno.EINTR);
        assertThat(completions.get(1).res()).as("now it does").isZero();
        Native.close(pair[1]);
    }

    /** The number of a closed file is another file's soon: an answer belongs to the request, not to the number. */
    @Test
    void shouldNotMixUpFilesThatShareANumber() throws Exception {
        for (int round = 0; round < 100; round++) {
            final int[] first = Native.pipe();
            sqe(1).prepRead(first[0], Memory.address(in), 8, 0);
            ring.submit();
            final int[] second = Native.pipe();
            // closes and opens in one step: otherwise the virtual machine may take the number between
            assertThat(Native.LIBC.dup2(second[0], first[0])).isEqualTo(first[0]);
            sqe(2).prepRead(first[0], Memory.address(in) + 16, 8, 0);
            ring.submit();
            Native.write(second[1], "second");
            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(2, 6, 0));
            Native.write(first[1], "one");
            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(1, 3, 0));
            Native.close(first[0], first[1], second[0], second[1]);
        }
    }

    /** What says "until the submission" may be used again after it. */
    @Test
    void shouldNotLookAtTimesAgainAfterTheSubmission() throws Exception {
        Native.assumeFeature(ring, UringConstants.IORING_FEAT_SUBMIT_STABLE);
        final ByteBuffer time = Memory.allocate(Timespec.SIZE, 8);
        for (int round = 0; round < 50; round++) {
            Timespec.setNanos(time, 0, 1_000_000);
            sqe(1).prepTimeout(Memory.address(time), 0, 0);
            ring.submit();
            Timespec.set(time, 0, -1, -1);
            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(1, -Errno.ETIME, 0));
        }
    }

    /** User data that is used anew must not be hit by a cancel of its former owner: unique numbers see to that. */
    @Test
    void shouldNotCancelTheSuccessor() throws Exception {
        final int[] pipe = Native.pipe();
        for (long generation = 1; generation < 200; generation++) {
            sqe(generation << 32).prepRead(pipe[0], Memory.address(in), 1, 0);
            ring.submit();
            Native.write(pipe[1], "x");
            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(generation << 32, 1, 0));
            sqe(generation + 1 << 32).prepRead(pipe[0], Memory.address(in), 1, 0);
            sqe(7).prepCancel64(generation << 32, 0);
            final int late = Completion.await(ring, 1).get(0).res();
            assertThat(late).isIn(-Errno.ENOENT, -Errno.EALREADY);
            Native.write(pipe[1], "y");
            assertThat(Completion.await(ring, 1)).containsExactly(new Completion(generation + 1 << 32, 1, 0));
        }
        Native.close(pipe);
    }
}
