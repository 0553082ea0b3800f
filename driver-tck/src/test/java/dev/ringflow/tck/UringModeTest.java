package dev.ringflow.tck;

final class UringModeTest extends ModeContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
