package dev.ringflow.tck;

final class NioIncomingBufferTest extends IncomingBufferContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
