package dev.ringflow.tck;

final class NioStreamConnectTest extends StreamConnectContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
