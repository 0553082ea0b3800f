package dev.ringflow.tck;

final class UringPacketTest extends PacketContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
