package dev.ringflow.tck;

final class UringSeekableByteChannelTest extends SeekableByteChannelContract {
    @Override
    protected ChannelSource newSource() {
        return ChannelSource.ring("uring");
    }
}
