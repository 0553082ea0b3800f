package dev.ringflow.tck;

final class NioPollTest extends PollContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
