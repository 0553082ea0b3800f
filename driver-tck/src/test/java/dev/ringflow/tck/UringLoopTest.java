package dev.ringflow.tck;

final class UringLoopTest extends LoopContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
