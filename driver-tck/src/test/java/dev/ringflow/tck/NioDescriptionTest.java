package dev.ringflow.tck;

final class NioDescriptionTest extends DescriptionContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
