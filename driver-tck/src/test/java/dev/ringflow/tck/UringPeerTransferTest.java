package dev.ringflow.tck;

final class UringPeerTransferTest extends PeerTransferContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
