package dev.ringflow.net.packet;

import dev.ringflow.spi.CompletionFlags;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import dev.ringflow.spi.ProvidedBuffers;
import dev.ringflow.spi.ResultCodes;
import org.jspecify.annotations.Nullable;

/** One receive that goes on, into whichever of the provided buffers the kernel chooses. Confined to the loop thread. */
final class ProvidedReception extends PacketReception implements OperationHandler {
    private final ProvidedBuffers buffers;
    private final PacketSlot[] slots;
    private @Nullable Operation armed;
    private int activation;

    ProvidedReception(PacketPort port, ProvidedBuffers buffers) {
        super(port);
        this.buffers = buffers;
        this.slots = new PacketSlot[buffers.count()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new PacketSlot(buffers.memory(i).duplicate().clear(), port.isSynthesized(), i);
        }
    }

    @Override
    String describe() {
        return "one receive for all packets, " + slots.length + " provided buffers";
    }

    @Override
    void arm() {
        if (armed != null) {
            return;
        }
        Operation receive =
                port.operation(OpCode.RECEIVE_PACKETS).provided(buffers).handler(this);
        armed = receive;
        activation = receive.activation();
        ring.submit(receive);
    }

    @Override
    void disarm() {
        if (armed != null) {
            ring.cancel(armed, activation);
        }
    }

    @Override
    public void completed(Operation operation, int result, int flags) {
        boolean terminal = (flags & CompletionFlags.MORE) == 0;
        if (terminal) {
            armed = null;
        }
        try {
            if ((flags & CompletionFlags.BUFFER) != 0) {
                took(CompletionFlags.bufferId(flags));
            } else if (result == ResultCodes.NO_BUFFERS) {
                port.counters().exhausted.add(1);
            } else if (result < 0) {
                failed(operation, result);
            }
        } finally {
            if (terminal) {
                armIfWanted();
            }
        }
    }

    private void took(int id) {
        succeeded();
        try {
            port.deliver(slots[id]);
        } finally {
            buffers.giveBack(id);
        }
    }

    @Override
    void release() {
        buffers.close();
    }
}
