package dev.ringflow.tck;

final class NioFileSpaceTest extends FileSpaceContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
