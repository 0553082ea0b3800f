package dev.ringflow.tck;

final class NioBufferTest extends BufferContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
