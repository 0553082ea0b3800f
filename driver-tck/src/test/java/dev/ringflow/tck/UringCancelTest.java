package dev.ringflow.tck;

final class UringCancelTest extends CancelContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
