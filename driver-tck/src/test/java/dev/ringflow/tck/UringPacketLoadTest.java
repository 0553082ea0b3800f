package dev.ringflow.tck;

final class UringPacketLoadTest extends PacketLoadContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
