package dev.ringflow.tck;

final class NioPeerTransferTest extends PeerTransferContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
