package dev.ringflow.tck;

final class NioIncomingPressureTest extends IncomingPressureContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
