package dev.ringflow.tck;

final class UringFileViewTest extends FileViewContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
