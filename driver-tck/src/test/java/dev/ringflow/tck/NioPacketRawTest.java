package dev.ringflow.tck;

final class NioPacketRawTest extends PacketRawContract {
    @Override
    protected String driverName() {
        return "nio";
    }

    @Override
    protected boolean hasRawPackets() {
        return false;
    }
}
