package dev.ringflow.nio;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.WritableByteChannel;

/**
 * One end of a pipe. What can be done at once is; the rest waits in a queue that is served in order. Confined to the
 * loop thread.
 */
final class PipeChannel extends SelectableSocket {
    private final SelectableChannel channel;
    private final int interest;
    private final WaitQueue queue = new WaitQueue(completions);

    private PipeChannel(NioDriver driver, SelectableChannel channel, int interest) {
        super(driver);
        this.channel = channel;
        this.interest = interest;
    }

    /** Opens a pipe, both ends of which the driver closes in the end. */
    static void open(NioDriver driver, Operation operation) throws IOException {
        driver.counters().systemCalls().add(1);
        Pipe pipe = Pipe.open();
        PipeChannel source = new PipeChannel(driver, pipe.source(), SelectionKey.OP_READ);
        PipeChannel sink = new PipeChannel(driver, pipe.sink(), SelectionKey.OP_WRITE);
        driver.opened(source);
        driver.opened(sink);
        try {
            source.channel.configureBlocking(false);
            sink.channel.configureBlocking(false);
        } catch (IOException e) {
            driver.closeQuietly(source);
            driver.closeQuietly(sink);
            throw e;
        }
        driver.completions().opened(operation, driver.handle(source), driver.handle(sink));
    }

    void start(Operation operation) throws IOException {
        int needed = operation.opCode() == OpCode.READ ? SelectionKey.OP_READ : SelectionKey.OP_WRITE;
        if (needed != interest) {
            throw new IOException("Bad file descriptor: the wrong end of a pipe");
        }
        ByteBuffer memory = OperationMemory.of(operation);
        if (!queue.isEmpty() || !moved(operation, memory)) {
            enqueue(queue, operation, memory, interest);
        }
    }

    /** False if the pipe is empty or full. */
    private boolean moved(Operation operation, ByteBuffer memory) throws IOException {
        counters.systemCalls().add(1);
        boolean nothing = !memory.hasRemaining();
        int bytes = channel instanceof ReadableByteChannel source
                ? source.read(memory)
                : ((WritableByteChannel) channel).write(memory);
        if (bytes == 0 && !nothing) {
            return false;
        }
        completions.done(operation, Math.max(0, bytes));
        return true;
    }

    @Override
    void ready(SelectionKey selected) {
        for (var first = queue.first(); first != null; first = queue.first()) {
            try {
                if (!moved(first.operation, first.memory)) {
                    return;
                }
            } catch (IOException | RuntimeException e) {
                completions.failed(first.operation, NioFailures.of(first.operation, e));
            }
            queue.remove(first);
        }
        awaitNoMore(interest);
    }

    @Override
    SelectableChannel channel() {
        return channel;
    }

    @Override
    SocketAddress localAddress() throws IOException {
        throw new SocketException("A pipe has no address");
    }
}
