package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static dev.ringflow.uring.UringConstants.POLLIN;

import dev.ringflow.uring.struct.Timespec;
import java.nio.ByteBuffer;

/** A process that ends with rings open and everything in flight. */
final class ArmedExit {
    static final int EXIT_CODE = 42;

    private ArmedExit() {}

    /**
     * Arms everything and ends.
     *
     * @param arguments {@code exit}, {@code halt}, {@code return}, or {@code thread}: another thread owns the rings
     * @throws Exception if a ring cannot be had
     */
    public static void main(final String[] arguments) throws Exception {
        if (arguments[0].equals("thread")) {
            final Thread owner = new Thread(() -> {
                try {
                    arm();
                } catch (final Exception e) {
                    e.printStackTrace();
                    Runtime.getRuntime().halt(1);
                }
            });
            owner.start();
            owner.join();
        } else {
            arm();
        }
        System.out.println("armed");
        switch (arguments[0]) {
            case "halt":
                Runtime.getRuntime().halt(EXIT_CODE);
                break;
            case "return":
                break;
            default:
                System.exit(EXIT_CODE);
                break;
        }
    }

    private static void arm() throws Exception {
        final UringParams[] kinds = {
            UringParams.of(16),
            UringParams.of(16).withWishedFlags(0),
            UringParams.of(16).withSqThreadIdle(1000)
        };
        for (final UringParams kind : kinds) {
            final Uring ring = Uring.open(kind);
            final int[] pipe = Native.pipe();
            final int[] sockets = Native.socketPair();
            final ByteBuffer memory = Memory.allocate(4096, 8);
            final long address = Memory.address(memory);
            Timespec.set(memory, 0, 1000, 0);
            ring.getSqe().prepRead(pipe[0], address + 64, 8, 0);
            final Sqe worker = ring.getSqe();
            worker.prepRead(pipe[0], address + 128, 8, 0);
            worker.setFlags(IOSQE_ASYNC);
            ring.getSqe().prepRecv(sockets[0], address + 256, 8, 0);
            ring.getSqe().prepPollAdd(sockets[1], POLLIN);
            ring.getSqe().prepPollMultishot(pipe[0], POLLIN);
            ring.getSqe().prepTimeout(address, 0, 0);
            ring.getSqe().prepAccept(Native.listen(), 0, 0, UringConstants.SOCK_CLOEXEC);
            ring.getSqe().prepPollAdd(ring.ringFd(), POLLIN); // itself
            ring.registerFiles(ring.ringFd(), pipe[0]); // refused or not: the ring must not keep itself alive
            ring.submit();
        }
    }
}
