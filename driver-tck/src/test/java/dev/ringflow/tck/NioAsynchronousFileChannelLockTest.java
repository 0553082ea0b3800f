package dev.ringflow.tck;

final class NioAsynchronousFileChannelLockTest extends AsynchronousFileChannelLockContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.ring("nio");
    }
}
