package dev.ringflow.tck;

final class NioTicksRulesTest extends TicksRulesContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
