package dev.ringflow.tck;

final class NioMirroredBufferTest extends MirroredBufferContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
