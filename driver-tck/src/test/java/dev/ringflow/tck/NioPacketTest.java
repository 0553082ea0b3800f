package dev.ringflow.tck;

final class NioPacketTest extends PacketContract {
    @Override
    protected String driverName() {
        return "nio";
    }

    @Override
    protected boolean tellsCutPackets() {
        return false;
    }
}
