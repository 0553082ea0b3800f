package dev.ringflow.spi;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What {@link OpCode#OPEN_PACKET_SOCKET} tells of the socket that it made.
 *
 * @param local the address and port that it is bound to; null below IP
 * @param interfaceIndex number of the interface that it is bound to, 0 for none
 * @param hardwareAddress the hardware address of that interface, none above Ethernet
 */
public record PacketSocketInfo(@Nullable InetSocketAddress local, int interfaceIndex, byte[] hardwareAddress) {}
