package dev.ringflow.tck;

final class UringIncomingRacesTest extends IncomingRacesContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
