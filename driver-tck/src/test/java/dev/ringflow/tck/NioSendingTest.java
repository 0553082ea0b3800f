package dev.ringflow.tck;

final class NioSendingTest extends SendingContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
