package dev.ringflow.tck;

final class UringAcceptTest extends AcceptContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
