package dev.ringflow.tck;

final class NioModeTest extends ModeContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
