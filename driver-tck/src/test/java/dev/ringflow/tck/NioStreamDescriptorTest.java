package dev.ringflow.tck;

final class NioStreamDescriptorTest extends StreamDescriptorContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
