package dev.ringflow.uring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.struct.ControlMessage;
import dev.ringflow.uring.struct.Iovec;
import dev.ringflow.uring.struct.Msghdr;
import dev.ringflow.uring.struct.Sockaddr;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** A message of a test, with all that it points to. */
final class Message {
    final ByteBuffer header = Memory.allocate(Msghdr.SIZE, 8);
    final ByteBuffer control = Memory.allocate(1024, 8);
    private final ByteBuffer name = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
    private final ByteBuffer iovecs;
    private final ByteBuffer[] pieces;

    Message(final ByteBuffer... pieces) {
        this.pieces = pieces;
        iovecs = Memory.allocate(Math.max(1, pieces.length) * Iovec.SIZE, 8);
        for (int i = 0; i < pieces.length; i++) {
            Iovec.set(iovecs, i, Memory.address(pieces[i]), pieces[i].capacity());
        }
        Msghdr.setIov(header, 0, Memory.address(iovecs), pieces.length);
    }

    Message to(final SocketAddress address) {
        return name(Sockaddr.set(name, 0, address));
    }

    /** The name as it is, or room for one. */
    Message name(final int length) {
        Msghdr.setName(header, 0, Memory.address(name), length);
        return this;
    }

    /** The control messages as they are, or room for them. */
    Message control(final int length) {
        Msghdr.setControl(header, 0, Memory.address(control), length);
        return this;
    }

    /** Sends it; answers the result. */
    int send(final Uring ring, final int fd) {
        ring.getSqe().prepSendmsg(fd, address(), UringConstants.MSG_NOSIGNAL);
        return known(Completion.awaitResult(ring));
    }

    /** Receives it; answers the result. */
    int receive(final Uring ring, final int fd, final int flags) {
        ring.getSqe().prepRecvmsg(fd, address(), flags);
        return known(Completion.awaitResult(ring));
    }

    /** Skips the test, visibly, where the kernel refuses control messages. */
    private int known(final int result) {
        assumeTrue(
                result != -Errno.EINVAL || Msghdr.controllen(header, 0) == 0,
                "this kernel's rings carry no control messages");
        return result;
    }

    long address() {
        return Memory.address(header);
    }

    SocketAddress from() {
        return Sockaddr.get(name, 0, Msghdr.namelen(header, 0));
    }

    int flags() {
        return Msghdr.flags(header, 0);
    }

    String text(final int piece, final int length) {
        return Native.text(pieces[piece], length);
    }

    /** Where a control message begins, or -1. */
    int find(final int level, final int type) {
        final long length = Msghdr.controllen(header, 0);
        int at = ControlMessage.first(control, 0, length);
        while (at >= 0 && !ControlMessage.is(control, at, level, type)) {
            at = ControlMessage.next(control, 0, length, at);
        }
        return at;
    }
}
