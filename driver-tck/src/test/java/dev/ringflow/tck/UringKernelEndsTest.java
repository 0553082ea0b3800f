package dev.ringflow.tck;

final class UringKernelEndsTest extends KernelEndsContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
