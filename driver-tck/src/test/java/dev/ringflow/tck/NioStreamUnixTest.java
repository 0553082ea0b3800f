package dev.ringflow.tck;

final class NioStreamUnixTest extends StreamUnixContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
