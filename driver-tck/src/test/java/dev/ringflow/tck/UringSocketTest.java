package dev.ringflow.tck;

final class UringSocketTest extends SocketContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
