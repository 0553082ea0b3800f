package dev.ringflow.tck;

final class UringPacketAllocationTest extends PacketAllocationContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
