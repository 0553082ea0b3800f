package dev.ringflow.tck;

final class NioTransferTest extends TransferContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
