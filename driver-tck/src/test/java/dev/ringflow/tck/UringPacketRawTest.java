package dev.ringflow.tck;

final class UringPacketRawTest extends PacketRawContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
