package dev.ringflow.tck;

import dev.ringflow.Support;
import dev.ringflow.spi.OpCode;

final class UringPacketAllocationTest extends PacketAllocationContract {
    private static final long ONE_RECEIVE_EACH = 128;

    @Override
    protected String driverName() {
        return "uring";
    }

    /** Linux 5.10 has no multishot receive, and memory is borrowed for the message of each one. */
    @Override
    protected long most() {
        return ring().capabilities().support(OpCode.RECEIVE_PACKETS) == Support.NATIVE
                ? super.most()
                : ONE_RECEIVE_EACH;
    }
}
