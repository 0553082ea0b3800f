package dev.ringflow.tck;

final class NioSocketTest extends SocketContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
