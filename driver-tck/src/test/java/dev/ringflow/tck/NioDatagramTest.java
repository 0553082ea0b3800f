package dev.ringflow.tck;

final class NioDatagramTest extends DatagramContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
