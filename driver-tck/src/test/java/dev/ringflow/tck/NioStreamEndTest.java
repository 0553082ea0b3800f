package dev.ringflow.tck;

final class NioStreamEndTest extends StreamEndContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
