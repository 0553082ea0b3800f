package dev.ringflow.tck;

final class UringPipeTest extends PipeContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
