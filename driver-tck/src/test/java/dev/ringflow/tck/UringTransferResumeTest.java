package dev.ringflow.tck;

final class UringTransferResumeTest extends TransferResumeContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
