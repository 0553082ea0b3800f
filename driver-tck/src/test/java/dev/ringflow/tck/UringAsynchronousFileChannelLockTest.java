package dev.ringflow.tck;

final class UringAsynchronousFileChannelLockTest extends AsynchronousFileChannelLockContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.ring("uring");
    }
}
