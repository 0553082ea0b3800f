package dev.ringflow.tck;

final class UringTransferTest extends TransferContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
