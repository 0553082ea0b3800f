package dev.ringflow.tck;

final class NioPoolWaitingTest extends PoolWaitingContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
