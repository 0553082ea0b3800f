package dev.ringflow.tck;

final class UringIncomingPressureTest extends IncomingPressureContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
