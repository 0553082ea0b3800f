package dev.ringflow.tck;

final class NioSeekableByteChannelTest extends SeekableByteChannelContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.ring("nio");
    }
}
