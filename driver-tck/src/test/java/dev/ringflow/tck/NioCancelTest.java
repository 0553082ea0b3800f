package dev.ringflow.tck;

final class NioCancelTest extends CancelContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
