package dev.ringflow.tck;

final class UringIncomingAllocationTest extends IncomingAllocationContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
