package dev.ringflow.tck;

final class UringPeerProtocolTest extends PeerProtocolContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
