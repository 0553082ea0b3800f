package dev.ringflow.tck;

final class NioPeerProtocolTest extends PeerProtocolContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
