package dev.ringflow.tck;

final class UringStreamUnixTest extends StreamUnixContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
