package dev.ringflow.tck;

final class UringChildExitTest extends ChildExitContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
