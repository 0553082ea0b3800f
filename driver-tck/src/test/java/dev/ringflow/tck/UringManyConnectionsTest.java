package dev.ringflow.tck;

final class UringManyConnectionsTest extends ManyConnectionsContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
