package dev.ringflow.tck;

final class NioKernelEndsTest extends KernelEndsContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
