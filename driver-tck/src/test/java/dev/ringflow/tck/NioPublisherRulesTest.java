package dev.ringflow.tck;

final class NioPublisherRulesTest extends PublisherRulesContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
