package dev.ringflow.tck;

final class UringDatagramRulesTest extends DatagramRulesContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
