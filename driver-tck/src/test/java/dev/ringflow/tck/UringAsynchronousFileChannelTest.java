package dev.ringflow.tck;

final class UringAsynchronousFileChannelTest extends AsynchronousFileChannelContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.ring("uring");
    }
}
