package dev.ringflow.tck;

final class NioFutexTest extends FutexContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
