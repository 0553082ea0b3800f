package dev.ringflow.tck;

final class NioSendingZeroCopyTest extends SendingZeroCopyContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
