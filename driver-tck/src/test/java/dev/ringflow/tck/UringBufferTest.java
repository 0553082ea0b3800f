package dev.ringflow.tck;

final class UringBufferTest extends BufferContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
