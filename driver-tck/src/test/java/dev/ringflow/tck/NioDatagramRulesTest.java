package dev.ringflow.tck;

final class NioDatagramRulesTest extends DatagramRulesContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
