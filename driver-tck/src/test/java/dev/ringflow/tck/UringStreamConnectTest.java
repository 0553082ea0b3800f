package dev.ringflow.tck;

final class UringStreamConnectTest extends StreamConnectContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
