package dev.ringflow.tck;

final class NioPacketAllocationTest extends PacketAllocationContract {
    @Override
    protected String driverName() {
        return "nio";
    }

    /** The JDK's channels allocate. */
    @Override
    protected long most() {
        return 10_000;
    }
}
