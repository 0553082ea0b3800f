package dev.ringflow.net.packet;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.OperationHandler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Several receives at once, each posted again when it has brought its packet. Confined to the loop thread. */
final class PostedReception extends PacketReception implements OperationHandler {
    private final PacketSlot[] idle;
    private final @Nullable PacketSlot[] posted;
    private final Operation[] operations;
    private final int[] activations;
    private int idleCount;

    PostedReception(PacketPort port, int count, int packet) {
        super(port);
        this.idle = new PacketSlot[count];
        this.posted = new PacketSlot[count];
        this.operations = new Operation[count];
        this.activations = new int[count];
        int size = PacketSlot.size(packet);
        var all = ring.unsafeDriver().memory().allocate(Math.multiplyExact(size, count), PacketPort.ALIGNMENT);
        for (int i = 0; i < count; i++) {
            idle[i] = new PacketSlot(all.slice(i * size, size), port.isSynthesized(), i);
        }
        idleCount = count;
    }

    @Override
    String describe() {
        return idle.length + " receives at a time";
    }

    @Override
    void arm() {
        while (idleCount > 0) {
            post(idle[--idleCount]);
        }
    }

    private void post(PacketSlot slot) {
        Operation receive = port.operation(OpCode.RECEIVE_PACKET)
                .memory(slot.memory, 0, slot.memory.capacity())
                .handler(this);
        int place = slot.index;
        receive.progress(place);
        posted[place] = slot;
        operations[place] = receive;
        activations[place] = receive.activation();
        ring.submit(receive);
    }

    @Override
    void disarm() {
        for (int i = 0; i < posted.length; i++) {
            if (posted[i] != null) {
                ring.cancel(operations[i], activations[i]);
            }
        }
    }

    @Override
    public void completed(Operation operation, int result, int flags) {
        int place = (int) operation.progress();
        PacketSlot slot = Objects.requireNonNull(posted[place]);
        posted[place] = null;
        try {
            if (result >= 0) {
                succeeded();
                port.deliver(slot);
            } else {
                failed(operation, result);
            }
        } finally {
            idle[idleCount++] = slot;
            armIfWanted();
        }
    }

    @Override
    void release() {}
}
