package dev.ringflow.tck;

final class UringBufferOwnershipTest extends BufferOwnershipContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
