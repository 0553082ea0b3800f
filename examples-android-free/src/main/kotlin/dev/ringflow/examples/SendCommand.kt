package dev.ringflow.examples

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.terminal
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.arguments.multiple
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import dev.ringflow.Ring
import dev.ringflow.coroutines.connect
import dev.ringflow.coroutines.sendFile
import dev.ringflow.file.TransferOptions
import dev.ringflow.net.RingSocket
import java.net.ConnectException
import java.net.InetSocketAddress
import java.nio.file.Path

/** `ringflow send`. */
internal class SendCommand : RingCommand("send") {
    private val peer by argument("HOST:PORT", help = "Where `ringflow receive` listens.")
    private val files by argument("FILE", help = "The files to send, one after the other.").multiple(required = true)
    private val reading by ReadingSettings()

    override fun help(context: Context) =
        "Send files to a ringflow that receives.\n\nThe receiver verifies each chunk. What it has of a file already," +
            " from a transfer that was interrupted, is not sent again."

    override fun execute() {
        val address = parseAddress(peer)
        files.forEach { requireRegular(Path.of(it), "send") }
        openRing().use { ring -> runOnRing(ring) { send(ring, address) } }
    }

    private suspend fun send(ring: Ring, address: InetSocketAddress) {
        val socket = try {
            ring.connect(address)
        } catch (e: ConnectException) {
            throw UserFailure("$peer: nobody receives there. Start `ringflow receive` on that machine first.", e)
        }
        socket.use { files.forEach { file -> send(ring, socket, Path.of(file)) } }
    }

    private suspend fun send(ring: Ring, socket: RingSocket, file: Path) {
        val result = TransferBars(terminal, "send").use { bars ->
            socket.sendFile(file, reading.applyTo(TransferOptions.builder()).watchedBy(bars))
        }
        summary("sent", "of $file", ring.driver(), result).forEach { echo(it) }
    }
}

/** Reads `host:port` or `[ipv6]:port`. */
internal fun parseAddress(text: String): InetSocketAddress {
    val host = text.substringBeforeLast(':').removeSurrounding("[", "]")
    val port = text.substringAfterLast(':', "").toIntOrNull()
    if (host.isEmpty() || port == null || port !in 1..65_535) {
        throw UserFailure("$text: not an address. Write it as host:port, such as 192.0.2.7:7778 or [::1]:7778.")
    }
    val address = InetSocketAddress(host, port)
    if (address.isUnresolved) {
        throw UserFailure("$host: no such host")
    }
    return address
}
