package dev.ringflow.tck;

final class UringMirroredBufferTest extends MirroredBufferContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
