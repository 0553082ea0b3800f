package dev.ringflow.tck;

final class NioFileViewTest extends FileViewContract {
    @Override
    protected String driverName() {
        return "nio";
    }

    @Override
    protected boolean readsPipes() {
        return false;
    }
}
