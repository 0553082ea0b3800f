package dev.ringflow.tck;

final class UringCloseTest extends CloseContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
