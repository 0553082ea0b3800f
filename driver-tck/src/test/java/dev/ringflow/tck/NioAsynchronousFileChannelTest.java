package dev.ringflow.tck;

final class NioAsynchronousFileChannelTest extends AsynchronousFileChannelContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.ring("nio");
    }
}
