package dev.ringflow.tck;

final class UringFaultTest extends FaultContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
