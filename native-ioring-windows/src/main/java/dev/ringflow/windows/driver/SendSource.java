package dev.ringflow.windows.driver;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.nio.ByteBuffer;

/** Reads what an operation sends, from its one buffer or its several. Makes no objects. Confined to the loop thread. */
final class SendSource {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ByteBuffer[] one = {NOTHING};
    private ByteBuffer[] parts = one;
    private int part;
    private int at;
    private int end;
    private long left;

    static long length(Operation operation) {
        if (operation.opCode() != OpCode.SEND_VECTORED) {
            return operation.length();
        }
        long all = 0;
        for (ByteBuffer each : operation.vector()) {
            all += each.remaining();
        }
        return all;
    }

    void begin(Operation operation) {
        part = 0;
        left = length(operation);
        if (operation.opCode() == OpCode.SEND_VECTORED) {
            parts = operation.vector();
            at = parts.length == 0 ? 0 : parts[0].position();
            end = parts.length == 0 ? 0 : parts[0].limit();
        } else {
            one[0] = Preparation.whole(operation);
            parts = one;
            at = operation.memoryOffset();
            end = at + operation.length();
        }
    }

    long left() {
        return left;
    }

    /** Copies as much as there is, and has room; how many bytes. */
    int copyTo(ByteBuffer target) {
        int filled = 0;
        while (left > 0 && filled < target.capacity()) {
            int bytes = Math.min(end - at, target.capacity() - filled);
            target.put(filled, parts[part], at, bytes);
            filled += bytes;
            at += bytes;
            left -= bytes;
            if (at == end && left > 0) {
                part++;
                at = parts[part].position();
                end = parts[part].limit();
            }
        }
        return filled;
    }

    /** Holds on to nothing. */
    void end() {
        one[0] = NOTHING;
        parts = one;
    }
}
