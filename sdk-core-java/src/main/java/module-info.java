/** Rings, files, sockets and buffers, and the fallback driver on NIO. */
module dev.ringflow {
    requires static java.management;
    requires static jdk.jfr;
    requires static transitive org.jspecify;
    requires org.apache.commons.codec;
    requires org.jctools.core.jdk11;

    exports dev.ringflow;
    exports dev.ringflow.buffer;
    exports dev.ringflow.event;
    exports dev.ringflow.file;
    exports dev.ringflow.net;
    exports dev.ringflow.net.packet;
    exports dev.ringflow.nio;
    exports dev.ringflow.spi;

    uses dev.ringflow.spi.DriverProvider;

    provides dev.ringflow.spi.DriverProvider with
            dev.ringflow.nio.NioDriverProvider;
}
