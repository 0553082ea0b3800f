package dev.ringflow.tck;

final class UringTicksTest extends TicksContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
