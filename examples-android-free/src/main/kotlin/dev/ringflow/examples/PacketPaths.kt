package dev.ringflow.examples

import dev.ringflow.net.packet.PacketEndpoint
import dev.ringflow.net.packet.PacketPort
import dev.ringflow.net.packet.PacketTransport
import java.net.InetAddress
import java.net.InetSocketAddress
import java.nio.ByteBuffer
import java.util.concurrent.CompletionException

/** The ports that packets go from and to, and what stands before each packet. */
internal class PacketPaths(
    val senders: List<PacketPort>,
    val receivers: List<PacketPort>,
    val head: ByteArray = ByteArray(0),
    val skip: Int = 0
) {
    companion object {
        /** The protocol number of IP that is there for experiments. */
        private const val IP_PROTOCOL = 253
        private const val ETHER_TYPE = 0x88B5
        private const val ETHERNET_HEADER = 14
        private const val IPV4_HEADER = 20
        private const val SOCKET_BUFFER = 4 shl 20

        /** From this process to itself over the loopback interface. */
        fun loopback(transport: PacketTransport, kind: PacketEndpoint.Kind, link: String): PacketPaths = when (kind) {
            PacketEndpoint.Kind.UDP -> {
                val receivers = bindEach(transport, PacketEndpoint.udp(InetSocketAddress("127.0.0.1", 0)))
                PacketPaths(connected(transport, checkNotNull(receivers[0].localAddress())), receivers)
            }

            PacketEndpoint.Kind.IP -> {
                val to = InetAddress.getByName("127.0.0.2")
                val receiver = bind(transport, PacketEndpoint.ip(to, IP_PROTOCOL))
                val from = PacketEndpoint.ip(InetAddress.getByName("127.0.0.1"), IP_PROTOCOL)
                val senders = transport.rings().map {
                    bind(transport, from.connectedTo(InetSocketAddress(to, 0)))
                }
                PacketPaths(senders, listOf(receiver), skip = IPV4_HEADER)
            }

            PacketEndpoint.Kind.LINK -> {
                val endpoint = PacketEndpoint.link(link, ETHER_TYPE)
                val receivers = bindEach(transport, endpoint)
                val senders = transport.rings().map { bind(transport, endpoint) }
                val own = receivers[0].hardwareAddress()
                val head = ByteBuffer.allocate(ETHERNET_HEADER).put(own).put(own).putShort(ETHER_TYPE.toShort())
                PacketPaths(senders, receivers, head.array(), ETHERNET_HEADER)
            }
        }

        /** To a peer that sends everything back. */
        fun roundTrip(transport: PacketTransport, peer: InetSocketAddress): PacketPaths =
            connected(transport, peer).let { PacketPaths(it, it) }

        /** A port for each queue, at one address. */
        fun listening(transport: PacketTransport, at: InetSocketAddress): List<PacketPort> =
            bindEach(transport, PacketEndpoint.udp(at))

        private fun connected(transport: PacketTransport, peer: InetSocketAddress): List<PacketPort> {
            val any = if (peer.address is java.net.Inet6Address) "::" else "0.0.0.0"
            val from = PacketEndpoint.udp(InetSocketAddress(any, 0)).connectedTo(peer)
            return transport.rings().map { bind(transport, from) }
        }

        private fun bind(transport: PacketTransport, endpoint: PacketEndpoint): PacketPort =
            orCause { transport.bindAsync(endpoint.socketBuffer(SOCKET_BUFFER)).join() }

        private fun bindEach(transport: PacketTransport, endpoint: PacketEndpoint): List<PacketPort> =
            orCause { transport.bindEachAsync(endpoint.socketBuffer(SOCKET_BUFFER)).join() }

        private fun <T> orCause(block: () -> T): T = try {
            block()
        } catch (e: CompletionException) {
            throw e.cause ?: e
        }
    }
}
