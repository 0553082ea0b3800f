package dev.ringflow.tck;

final class NioEarlyStartTest extends EarlyStartContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
