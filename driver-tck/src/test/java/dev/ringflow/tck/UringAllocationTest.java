package dev.ringflow.tck;

final class UringAllocationTest extends AllocationContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
