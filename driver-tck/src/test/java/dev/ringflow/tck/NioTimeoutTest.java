package dev.ringflow.tck;

final class NioTimeoutTest extends TimeoutContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
