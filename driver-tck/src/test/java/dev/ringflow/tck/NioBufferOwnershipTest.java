package dev.ringflow.tck;

final class NioBufferOwnershipTest extends BufferOwnershipContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
