package dev.ringflow.tck;

final class NioAllocationTest extends AllocationContract {
    @Override
    protected String driverName() {
        return "nio";
    }

    @Override
    protected boolean countsTheDriver() {
        return false;
    }
}
