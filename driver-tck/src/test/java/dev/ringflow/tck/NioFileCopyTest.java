package dev.ringflow.tck;

final class NioFileCopyTest extends FileCopyContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
