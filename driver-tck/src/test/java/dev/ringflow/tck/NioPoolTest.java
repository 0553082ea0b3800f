package dev.ringflow.tck;

final class NioPoolTest extends PoolContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
