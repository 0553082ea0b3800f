package dev.ringflow.tck;

final class UringPoolWaitingTest extends PoolWaitingContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
