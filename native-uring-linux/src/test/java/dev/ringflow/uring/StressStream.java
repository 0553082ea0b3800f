package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.AF_UNIX;
import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_ALL;
import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_FD_FIXED;
import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static dev.ringflow.uring.UringConstants.MSG_NOSIGNAL;
import static dev.ringflow.uring.UringConstants.MSG_WAITALL;
import static dev.ringflow.uring.UringConstants.SOCK_CLOEXEC;
import static dev.ringflow.uring.UringConstants.SOCK_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.struct.Iovec;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jnr.ffi.LibraryLoader;
import org.jspecify.annotations.Nullable;

/** A pipe, or one direction of a pair of sockets: what goes in comes out, in order, and nothing else does. */
final class StressStream {
    private static final Calls LIBC =
            LibraryLoader.create(Calls.class).failImmediately().load("c");
    private static final int HISTORY = 12;
    private static long keys;

    /** What the tests need besides. */
    public interface Calls {
        int socketpair(int domain, int type, int protocol, long fds);
    }

    /** What a stream is made of. */
    enum Kind {
        PIPE,
        UNIX,
        TCP
    }

    final StressRing stress;
    final Kind kind;
    final int readFd;
    final int writeFd;

    /** Slots of both ends in the table of files, or -1. */
    final int readSlot;

    final int writeSlot;
    final StressBuffers buffers;
    final Set<StressOperation> inFlight = new HashSet<>();

    /** The read or receive that is in flight: one at a time, or nobody could tell the order. */
    @Nullable
    StressOperation reading;

    /** Whether its files were closed, maybe with requests in flight. */
    boolean closing;

    private final long key = ++keys;
    private final StressReads reads = new StressReads(this);
    private final List<Write> writing = new ArrayList<>();
    private long written;
    private long read;

    /** The last things that happened, for when something goes wrong. */
    private final ArrayDeque<String> history = new ArrayDeque<>();

    StressStream(final StressRing stress, final Kind kind, final int readSlot, final StressBuffers buffers)
            throws Exception {
        this.stress = stress;
        this.kind = kind;
        this.buffers = buffers;
        this.readSlot = readSlot;
        writeSlot = readSlot < 0 ? -1 : readSlot + 1;
        final int[] ends = open(kind);
        readFd = ends[0];
        writeFd = ends[1];
        if (readSlot >= 0) {
            assertThat(stress.ring.registerFilesUpdate(readSlot, readFd, writeFd))
                    .isEqualTo(2);
        }
    }

    private static int[] open(final Kind kind) throws Exception {
        switch (kind) {
            case PIPE:
                return Native.pipe();
            case TCP:
                return Native.socketPair();
            default:
                final ByteBuffer fds = Memory.allocate(8, 4);
                assertThat(LIBC.socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, Memory.address(fds)))
                        .isZero();
                return new int[] {fds.getInt(0), fds.getInt(4)};
        }
    }

    void step() {
        if (closing || stress.memory.available() < 8) {
            return;
        }
        final int choice = stress.random.nextInt(100);
        if (choice < 40) {
            write();
        } else if (choice < 82) {
            if (reading == null) {
                reads.read();
            }
        } else if (choice < 88) {
            buffers.provide();
        } else if (choice < 96) {
            reads.poll();
        } else if (choice < 98) {
            cancelByFile();
        } else {
            closeUnderRequests();
        }
    }

    /** Whether it can be replaced by another one. */
    boolean isGone() {
        return closing && inFlight.isEmpty();
    }

    /** Bytes came: they must be the next ones. */
    void arrived(final int start, final int bytes, final int room) {
        assertThat(bytes).as("bytes that came").isBetween(1, room);
        assertThat(StressModel.mismatch(stress.memory.arena, start, bytes, key, read))
                .as("first wrong byte of %s, at position %s of %s, after %s", bytes, read, kind, history)
                .isEqualTo(-1);
        read += bytes;
    }

    /** An operation on this stream. */
    abstract class Request extends StressOperation {
        Request(final String name) {
            super(kind + " " + name);
            inFlight.add(this);
        }

        @Override
        final void complete(final int res, final int flags) {
            if ((flags & UringConstants.IORING_CQE_F_MORE) == 0) {
                inFlight.remove(this);
            }
            history.add(this + " = " + res + " flags 0x" + Integer.toHexString(flags) + " at " + read + "/" + written);
            if (history.size() > HISTORY) {
                history.remove();
            }
            completed(res, flags);
        }

        abstract void completed(int res, int flags);

        /** Whether a failure is none: it was cancelled, or its file closed. */
        final boolean mayFailWith(final int res) {
            return isCancelled(res)
                    || (closing
                            && (res == -Errno.ECANCELED
                                    || res == -Errno.EINTR
                                    || res == -Errno.EPIPE
                                    || res == -Errno.ECONNRESET
                                    || res == -Errno.EBADF));
        }
    }

    private final class Write extends Request {
        private final long position;
        private final int length;
        private final @Nullable Write previous;
        private boolean whole;

        Write(final String form, final int length, final @Nullable Write previous) {
            super(form);
            this.length = length;
            this.previous = previous;
            position = previous == null ? written : previous.position + previous.length;
            writing.add(this);
        }

        @Override
        void completed(final int res, final int flags) {
            writing.remove(this);
            whole = res == length;
            assertThat(StressModel.mismatch(stress.memory.arena, regions.get(0).start(), length, key, position))
                    .as("what is written is not changed by that")
                    .isEqualTo(-1);
            if (res > 0) {
                assertThat(res).as("bytes written").isLessThanOrEqualTo(length);
                assertThat(position).as("the chain before it is whole").isEqualTo(written);
                written += res;
            } else if (!mayFailWith(res) && !(previous != null && !previous.whole && res == -Errno.ECANCELED)) {
                throw wrong(res, "it should have written something");
            }
        }
    }

    private void write() {
        if (!writing.isEmpty()) {
            return;
        }
        final boolean chain = stress.chance(25);
        stress.reserve(chain ? 2 : 1);
        final Write first = write(null, chain);
        if (chain) {
            first.followers.add(write(first, false));
        }
    }

    private Write write(final @Nullable Write previous, final boolean linked) {
        final int form = stress.random.nextInt(stress.fixedBuffers ? 4 : 3);
        final int length = 1 + stress.random.nextInt(stress.chance(20) ? StressMemory.ROOM : 600);
        final Write operation =
                new Write(new String[] {"write", "writev", "send", "write fixed"}[form], length, previous);
        final StressMemory.Region region = stress.memory(operation, length, 1);
        StressModel.fill(stress.memory.arena, region.start(), length, key, operation.position);
        final StressMemory.Region vectors = form == 1 ? stress.memory(operation, 2 * Iovec.SIZE, 8) : null;
        final Sqe sqe = stress.beginAlone(operation);
        final boolean fixed = useSlot();
        final int file = fixed ? writeSlot : writeFd;
        if (form == 1) {
            StressFile.setVectors(stress.memory.arena, vectors, region, stress.random.nextInt(length));
            sqe.prepWritev(file, vectors.address(), 2, position());
        } else if (form == 2 && kind != Kind.PIPE) {
            // A short send ends a chain only if all was asked for.
            sqe.prepSend(
                    file, region.address(), length, MSG_NOSIGNAL | (linked || stress.chance(30) ? MSG_WAITALL : 0));
        } else if (form == 3) {
            sqe.prepWriteFixed(file, region.address(), length, position(), region.slot());
        } else {
            sqe.prepWrite(file, region.address(), length, position());
        }
        sqe.setFlags((linked ? IOSQE_IO_LINK : 0) | flags(fixed));
        return operation;
    }

    /** A stream has no positions: 0 always does. Linux 5.10 answers -ESPIPE to the -1 of a socket. */
    long position() {
        return kind == Kind.PIPE && stress.chance(50) ? -1 : 0;
    }

    boolean useSlot() {
        return readSlot >= 0 && stress.chance(40);
    }

    int flags(final boolean fixed) {
        return (fixed ? IOSQE_FIXED_FILE : 0) | (stress.chance(6) ? IOSQE_ASYNC : 0);
    }

    private void cancelByFile() {
        if (stress.unsupported.contains(StressControl.BY_FILE)) {
            return;
        }
        final boolean fixed = useSlot();
        final boolean reader = stress.chance(50);
        final Sqe sqe = stress.beginAlone(new StressControl.Cancel(stress, StressControl.BY_FILE, 1));
        inFlight.forEach(StressOperation::askToEnd);
        sqe.prepCancelFd(
                fixed ? (reader ? readSlot : writeSlot) : reader ? readFd : writeFd,
                IORING_ASYNC_CANCEL_ALL | (fixed ? IORING_ASYNC_CANCEL_FD_FIXED : 0));
    }

    /** Closes both ends, whatever is in flight, and only then asks the requests to end. */
    private void closeUnderRequests() {
        if (inFlight.stream().anyMatch(operation -> !operation.followers.isEmpty())) {
            return; // what is linked looks its file up late: by then the number may be another's
        }
        closing = true;
        for (final int fd : new int[] {writeFd, readFd}) {
            stress.beginAlone(new StressControl.Nop("close", 0) {
                        @Override
                        void complete(final int res, final int flags) {
                            if (isCancelled(res)) {
                                Native.close(fd);
                            } else {
                                super.complete(res, flags);
                            }
                        }
                    })
                    .prepClose(fd);
        }
        if (readSlot >= 0) {
            assertThat(stress.ring.registerFilesUpdate(readSlot, -1, -1)).isEqualTo(2);
        }
        for (final StressOperation operation : new ArrayList<>(inFlight)) {
            if (inFlight.contains(operation)) {
                StressControl.cancel(stress, operation);
            }
        }
    }

    /** Reads what is left, with nothing else in flight; then all that was written has come out. */
    void finish() {
        assertThat(inFlight).as("%s", kind).isEmpty();
        if (!closing) {
            while (read < written) {
                reads.readNow();
                stress.await(List.of(reading));
            }
            Native.close(readFd, writeFd);
        }
    }
}
