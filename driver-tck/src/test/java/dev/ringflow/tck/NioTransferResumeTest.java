package dev.ringflow.tck;

final class NioTransferResumeTest extends TransferResumeContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
