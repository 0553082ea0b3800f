package dev.ringflow.tck;

final class NioPacketLoadTest extends PacketLoadContract {
    @Override
    protected String driverName() {
        return "nio";
    }

    @Override
    protected boolean countsOverruns() {
        return false;
    }
}
