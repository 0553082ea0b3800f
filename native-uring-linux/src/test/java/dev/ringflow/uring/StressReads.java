package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_OP_SEND_ZC;
import static dev.ringflow.uring.UringConstants.IORING_OP_SOCKET;
import static dev.ringflow.uring.UringConstants.IORING_RECVSEND_POLL_FIRST;
import static dev.ringflow.uring.UringConstants.IOSQE_BUFFER_SELECT;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static dev.ringflow.uring.UringConstants.MSG_WAITALL;
import static dev.ringflow.uring.UringConstants.POLLIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.struct.Iovec;
import dev.ringflow.uring.struct.Timespec;

/** The reading end of a stream: all the ways to wait for bytes. */
final class StressReads {
    private static final String MULTISHOT_POLL = "multishot poll";

    private final StressStream stream;
    private boolean polling;

    StressReads(final StressStream stream) {
        this.stream = stream;
    }

    private StressRing stress() {
        return stream.stress;
    }

    void read() {
        final int choice = stress().random.nextInt(100);
        if (choice < 50) {
            readPlain();
        } else if (choice < 65) {
            readWithTimeout();
        } else if (choice < 75) {
            pollThenRead();
        } else if (stream.kind != StressStream.Kind.PIPE) {
            receiveProvided(choice < 90);
        } else {
            readProvided();
        }
    }

    /** A read into memory of its own. */
    private final class Read extends StressStream.Request {
        Read(final String form) {
            stream.super(form);
            stream.reading = this;
        }

        @Override
        void completed(final int res, final int flags) {
            stream.reading = null;
            if (res > 0) {
                stream.arrived(regions.get(0).start(), res, regions.get(0).length());
            } else if (!mayFailWith(res) && !(stream.closing && res == 0)) {
                throw wrong(res, "there is no end of the stream");
            }
        }
    }

    void readPlain() {
        prepare(0);
    }

    /** A read that ends with the first bytes. */
    void readNow() {
        final Read operation = new Read("last read");
        final StressMemory.Region region = stress().memory(operation, StressMemory.ROOM, 1);
        stress().beginAlone(operation).prepRead(stream.readFd, region.address(), region.length(), stream.position());
    }

    private Read prepare(final int link) {
        final boolean socket = stream.kind != StressStream.Kind.PIPE;
        final int form = stress().random.nextInt(stress().fixedBuffers ? 4 : 3);
        final Read operation = new Read(new String[] {"read", "readv", socket ? "recv" : "read", "read fixed"}[form]);
        final int length = 1 + stress().random.nextInt(stress().chance(30) ? StressMemory.ROOM : 600);
        final StressMemory.Region region = stress().memory(operation, length, 1);
        final StressMemory.Region vectors = form == 1 ? stress().memory(operation, 2 * Iovec.SIZE, 8) : null;
        final Sqe sqe = stress().beginAlone(operation);
        final boolean fixed = stream.useSlot();
        final int file = fixed ? stream.readSlot : stream.readFd;
        if (form == 1) {
            StressFile.setVectors(
                    stress().memory.arena, vectors, region, stress().random.nextInt(length));
            sqe.prepReadv(file, vectors.address(), 2, stream.position());
        } else if (form == 2 && socket) {
            sqe.prepRecv(file, region.address(), length, stress().chance(20) ? MSG_WAITALL : 0);
            if (stress().chance(20) && stress().has(IORING_OP_SOCKET)) {
                sqe.setIoprio(IORING_RECVSEND_POLL_FIRST);
            }
        } else if (form == 3) {
            sqe.prepReadFixed(file, region.address(), length, stream.position(), region.slot());
        } else {
            sqe.prepRead(file, region.address(), length, stream.position());
        }
        sqe.setFlags(link | stream.flags(fixed));
        return operation;
    }

    private void readWithTimeout() {
        stress().reserve(2);
        final Read read = prepare(IOSQE_IO_LINK);
        final StressOperation timeout = new StressOperation("link timeout") {
            @Override
            void complete(final int res, final int flags) {
                if (res != 0
                        && res != -Errno.ETIME
                        && res != -Errno.ECANCELED
                        && res != -Errno.EALREADY
                        && res != -Errno.ENOENT
                        && !(res == -Errno.EINVAL && !stress().startsLinkedTimeouts())) {
                    throw wrong(res, "not an answer of a link timeout");
                }
            }
        };
        timeout.mayAnswerTwice = true;
        final StressMemory.Region time = stress().memory(timeout, Timespec.SIZE, 8);
        Timespec.setNanos(stress().memory.arena, time.start(), stress().random.nextInt(2_000_000));
        stress().begin(timeout).prepLinkTimeout(time.address(), 0);
        read.askToEnd();
    }

    /** What answers with events, once or again and again. */
    private final class Poll extends StressStream.Request {
        Poll(final String form) {
            stream.super(form);
        }

        @Override
        void completed(final int res, final int flags) {
            if (multishot && (flags & UringConstants.IORING_CQE_F_MORE) == 0) {
                polling = false;
            }
            if (multishot && res == -Errno.EINVAL) {
                stress().unsupported.add(MULTISHOT_POLL);
            } else if (res <= 0 && !mayFailWith(res)) {
                throw wrong(res, "no event");
            }
        }
    }

    private void pollThenRead() {
        stress().reserve(2);
        final Poll poll = new Poll("poll before a read");
        final Sqe sqe = stress().begin(poll);
        sqe.prepPollAdd(stream.readFd, POLLIN);
        sqe.setFlags(IOSQE_IO_LINK);
        poll.followers.add(prepare(0));
    }

    void poll() {
        final boolean multishot = stress().chance(50) && !stress().unsupported.contains(MULTISHOT_POLL);
        if (multishot && polling) {
            return;
        }
        final Poll poll = new Poll(multishot ? MULTISHOT_POLL : "poll");
        poll.multishot = multishot;
        final Sqe sqe = stress().beginAlone(poll);
        if (multishot) {
            polling = true;
            sqe.prepPollMultishot(stream.readFd, POLLIN);
        } else {
            sqe.prepPollAdd(stream.readFd, POLLIN);
        }
        sqe.setFlags(stream.flags(false));
    }

    /** A read into a buffer that the kernel picks. */
    private final class Provided extends StressStream.Request {
        Provided(final String form) {
            stream.super(form);
            stream.reading = this;
        }

        @Override
        void completed(final int res, final int flags) {
            stream.buffers.completed(stream, res, flags);
            if ((flags & UringConstants.IORING_CQE_F_MORE) == 0) {
                stream.reading = null;
            } else {
                assertThat(res).as("an answer that is not the last").isPositive();
            }
            if (res <= 0 && res != -Errno.ENOBUFS && !mayFailWith(res) && !(stream.closing && res == 0)) {
                throw wrong(res, "there is no end of the stream");
            }
        }
    }

    private void receiveProvided(final boolean wishMultishot) {
        final boolean multishot = wishMultishot && stress().has(IORING_OP_SEND_ZC);
        final Provided operation = new Provided(multishot ? "multishot recv" : "recv provided");
        operation.multishot = multishot;
        final Sqe sqe = stress().beginAlone(operation);
        final boolean fixed = stream.useSlot();
        final int file = fixed ? stream.readSlot : stream.readFd;
        if (multishot) {
            sqe.prepRecvMultishot(file, 0, 0, 0);
        } else {
            sqe.prepRecv(file, 0, 1 + stress().random.nextInt(StressMemory.ROOM), 0);
        }
        sqe.setBufGroup(stream.buffers.group);
        sqe.setFlags(IOSQE_BUFFER_SELECT | stream.flags(fixed));
    }

    private void readProvided() {
        final Sqe sqe = stress().beginAlone(new Provided("read provided"));
        sqe.prepRead(stream.readFd, 0, 1 + stress().random.nextInt(StressMemory.ROOM), stream.position());
        sqe.setBufGroup(stream.buffers.group);
        sqe.setFlags(IOSQE_BUFFER_SELECT | stream.flags(false));
    }
}
