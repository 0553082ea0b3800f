package dev.ringflow.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.util.Version;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Netty with one event loop: what was read is written as it is, and flushed when a read is over. */
final class NettyEchoServer implements EchoServer {
    private static final int BACKLOG = 4096;
    private static final short GROUP = 1;
    private static final short BUFFERS = 1024;
    private static final int SIZE = 2048;
    private static final int ENTRIES = 1024;
    private static final int COMPLETIONS = 16384;

    private final MultiThreadIoEventLoopGroup group;
    private final Channel listener;

    private NettyEchoServer(
            final IoHandlerFactory handlers, final Class<? extends ServerChannel> kind, final boolean bufferRing)
            throws InterruptedException {
        group = new MultiThreadIoEventLoopGroup(1, handlers);
        final ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(kind)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(final Channel channel) {
                        channel.pipeline().addLast(new Echo());
                    }
                });
        if (bufferRing) {
            bootstrap.childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, GROUP);
        }
        listener = bootstrap
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    /** With multishot receives into a ring of provided buffers. */
    static NettyEchoServer uring() throws InterruptedException {
        final IoUringIoHandlerConfig config = new IoUringIoHandlerConfig()
                .setRingSize(ENTRIES)
                .setCqSize(COMPLETIONS)
                .setBufferRingConfig(IoUringBufferRingConfig.builder()
                        .bufferGroupId(GROUP)
                        .bufferRingSize(BUFFERS)
                        .batchSize(BUFFERS / 16)
                        .allocator(new IoUringFixedBufferRingAllocator(SIZE))
                        .build());
        return new NettyEchoServer(IoUringIoHandler.newFactory(config), IoUringServerSocketChannel.class, true);
    }

    /** Which one it is. */
    static String version() {
        return Version.identify().values().stream()
                .map(Version::artifactVersion)
                .sorted()
                .findFirst()
                .orElse("unknown");
    }

    static NettyEchoServer epoll() throws InterruptedException {
        return new NettyEchoServer(EpollIoHandler.newFactory(), EpollServerSocketChannel.class, false);
    }

    static NettyEchoServer nio() throws InterruptedException {
        return new NettyEchoServer(NioIoHandler.newFactory(), NioServerSocketChannel.class, false);
    }

    /** One for each connection. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(final ChannelHandlerContext context, final Object bytes) {
            context.write(bytes, context.voidPromise());
        }

        @Override
        public void channelReadComplete(final ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
            context.close();
        }
    }

    @Override
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void close() throws InterruptedException {
        listener.close().sync();
        group.shutdownGracefully().sync();
    }
}
