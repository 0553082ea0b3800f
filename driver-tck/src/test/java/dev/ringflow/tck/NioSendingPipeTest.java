package dev.ringflow.tck;

final class NioSendingPipeTest extends SendingPipeContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
