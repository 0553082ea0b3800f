package dev.ringflow.tck;

final class NioManyConnectionsTest extends ManyConnectionsContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
