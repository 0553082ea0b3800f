package dev.ringflow.nio;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.PickedBuffers;
import dev.ringflow.spi.ResultCodes;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** A connection of TCP or of unix sockets. Confined to the loop thread. */
final class StreamSocket extends DuplexSocket {
    /** The most buffers filled in one turn, so that a fast peer does not keep others waiting. */
    private static final int BURST = 16;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;

    StreamSocket(NioDriver driver, SocketChannel channel) {
        super(driver, NO_LIMIT);
        this.channel = channel;
    }

    SocketChannel connection() {
        return channel;
    }

    @Override
    SelectableChannel channel() {
        return channel;
    }

    @Override
    SocketAddress remoteAddress() throws IOException {
        return channel.getRemoteAddress();
    }

    // Receiving.

    void receive(Operation operation) throws IOException {
        if (operation.provided() != null) {
            enqueue(receives, operation, NOTHING, SelectionKey.OP_READ);
            return;
        }
        ByteBuffer memory = OperationMemory.of(operation);
        if (!memory.hasRemaining()) {
            completions.done(operation, 0);
        } else {
            receiveOrWait(operation, memory);
        }
    }

    @Override
    boolean received(Operation operation, ByteBuffer memory) throws IOException {
        if (operation.provided() instanceof PickedBuffers group) {
            return !goesOn(operation, group);
        }
        counters.systemCalls().add(1);
        int bytes = channel.read(memory);
        if (bytes == 0) {
            return false;
        }
        completions.done(operation, Math.max(0, bytes));
        return true;
    }

    /** Takes a buffer for each read, and gives it back if nothing came; false when the operation has ended. */
    private boolean goesOn(Operation operation, PickedBuffers group) throws IOException {
        boolean multishot = operation.opCode() == OpCode.RECEIVE_MULTISHOT;
        for (int i = 0; i < BURST; i++) {
            int id = group.take();
            if (id == PickedBuffers.NONE) {
                completions.done(operation, ResultCodes.NO_BUFFERS);
                return false;
            }
            int bytes = readInto(group, id);
            if (bytes == 0) {
                return true;
            } else if (bytes < 0) {
                completions.done(operation, 0);
                return false;
            }
            completions.received(operation, bytes, id, multishot);
            if (!multishot) {
                return false;
            }
            if (bytes < group.bufferSize()) {
                return true; // most likely all there was
            }
        }
        return true;
    }

    private int readInto(PickedBuffers group, int id) throws IOException {
        counters.systemCalls().add(1);
        int bytes = 0;
        try {
            bytes = channel.read(group.memory(id).clear());
        } finally {
            if (bytes <= 0) {
                group.giveBack(id);
            }
        }
        return bytes;
    }

    // Sending.

    void send(Operation operation) throws IOException {
        ByteBuffer memory = operation.opCode() == OpCode.SEND_VECTORED ? NOTHING : OperationMemory.of(operation);
        sendOrWait(operation, memory);
    }

    @Override
    boolean sent(Operation operation, ByteBuffer memory) throws IOException {
        counters.systemCalls().add(1);
        boolean several = operation.opCode() == OpCode.SEND_VECTORED;
        boolean nothing = !several && !memory.hasRemaining();
        int bytes = several ? writePieces(operation.vector()) : channel.write(memory);
        if (bytes == 0 && !nothing) {
            return false;
        }
        completions.done(operation, bytes);
        return true;
    }

    /** By copies, for the positions are the core's. */
    private int writePieces(ByteBuffer[] pieces) throws IOException {
        ByteBuffer[] own = new ByteBuffer[pieces.length];
        for (int i = 0; i < own.length; i++) {
            own[i] = pieces[i].duplicate();
        }
        return (int) channel.write(own);
    }

    /** Sends that wait fail, as those do that come later. */
    private void shutdownOutput(Operation operation) throws IOException {
        counters.systemCalls().add(1);
        channel.shutdownOutput();
        for (var first = sends.first(); first != null; first = sends.first()) {
            sends.remove(first);
            completions.failed(first.operation, NioFailures.of(first.operation, new SocketException("Broken pipe")));
        }
        awaitNoMore(SelectionKey.OP_WRITE);
        completions.done(operation, 0);
    }

    void shutdown(Operation operation) throws IOException {
        if (operation.flags() == 0) {
            shutdownOutput(operation);
        } else {
            shutdownInput(operation);
        }
    }

    /** Receives that wait are told the end, as those are that come later. */
    private void shutdownInput(Operation operation) throws IOException {
        counters.systemCalls().add(1);
        channel.shutdownInput();
        for (var first = receives.first(); first != null; first = receives.first()) {
            receives.remove(first);
            completions.done(first.operation, 0);
        }
        awaitNoMore(SelectionKey.OP_READ);
        completions.done(operation, 0);
    }
}
