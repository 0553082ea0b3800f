package dev.ringflow.nio;

import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * A socket that receives and sends. What can be done at once is; the rest waits in two queues, each served in order.
 * Confined to the loop thread.
 */
abstract class DuplexSocket extends SelectableSocket {
    static final int NO_LIMIT = Integer.MAX_VALUE;

    final WaitQueue receives = new WaitQueue(completions);
    final WaitQueue sends = new WaitQueue(completions);
    private final int burst;

    /**
     * Makes one.
     *
     * @param burst the most receives served in one turn, so that a flood does not keep others waiting
     */
    DuplexSocket(NioDriver driver, int burst) {
        super(driver);
        this.burst = burst;
    }

    /** Receives, and completes the operation; false if there is nothing to receive now, or the operation goes on. */
    abstract boolean received(Operation operation, ByteBuffer memory) throws IOException;

    /** Sends, and completes the operation; false if there is no room now. */
    abstract boolean sent(Operation operation, ByteBuffer memory) throws IOException;

    final void receiveOrWait(Operation operation, ByteBuffer memory) throws IOException {
        if (awaits(SelectionKey.OP_READ) || !received(operation, memory)) {
            enqueue(receives, operation, memory, SelectionKey.OP_READ);
        }
    }

    final void sendOrWait(Operation operation, ByteBuffer memory) throws IOException {
        if (!sends.isEmpty() || !sent(operation, memory)) {
            enqueue(sends, operation, memory, SelectionKey.OP_WRITE);
        }
    }

    @Override
    final void ready(SelectionKey selected) {
        int ops = selected.readyOps();
        if ((ops & SelectionKey.OP_READ) != 0) {
            readable();
        }
        if ((ops & SelectionKey.OP_WRITE) != 0) {
            writable();
        }
    }

    /** The interest stays when the queue runs empty, since most receivers ask again. */
    private void readable() {
        if (receives.isEmpty()) {
            awaitNoMore(SelectionKey.OP_READ);
        }
        for (int i = 0; i < burst; i++) {
            var first = receives.first();
            if (first == null) {
                return;
            }
            try {
                if (!received(first.operation, first.memory)) {
                    return;
                }
            } catch (IOException | RuntimeException e) {
                completions.failed(first.operation, NioFailures.of(first.operation, e));
            }
            receives.remove(first);
        }
    }

    private void writable() {
        for (var first = sends.first(); first != null; first = sends.first()) {
            try {
                if (!sent(first.operation, first.memory)) {
                    return;
                }
            } catch (IOException | RuntimeException e) {
                completions.failed(first.operation, NioFailures.of(first.operation, e));
            }
            sends.remove(first);
        }
        awaitNoMore(SelectionKey.OP_WRITE);
    }
}
