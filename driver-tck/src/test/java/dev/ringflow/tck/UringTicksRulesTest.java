package dev.ringflow.tck;

final class UringTicksRulesTest extends TicksRulesContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
