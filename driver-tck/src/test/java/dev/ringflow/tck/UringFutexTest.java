package dev.ringflow.tck;

final class UringFutexTest extends FutexContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
