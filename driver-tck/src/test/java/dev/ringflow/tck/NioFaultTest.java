package dev.ringflow.tck;

final class NioFaultTest extends FaultContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
