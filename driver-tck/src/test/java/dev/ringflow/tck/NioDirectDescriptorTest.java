package dev.ringflow.tck;

final class NioDirectDescriptorTest extends DirectDescriptorContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
