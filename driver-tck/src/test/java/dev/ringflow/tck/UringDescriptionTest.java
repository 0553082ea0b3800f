package dev.ringflow.tck;

final class UringDescriptionTest extends DescriptionContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
