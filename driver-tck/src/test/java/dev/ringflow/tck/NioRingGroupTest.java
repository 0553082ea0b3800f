package dev.ringflow.tck;

final class NioRingGroupTest extends RingGroupContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
