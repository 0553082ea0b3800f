package dev.ringflow.tck;

final class UringIncomingTest extends IncomingContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
