package dev.ringflow.tck;

final class UringIncomingBufferTest extends IncomingBufferContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
