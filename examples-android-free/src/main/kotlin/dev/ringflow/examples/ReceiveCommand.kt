package dev.ringflow.examples

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.terminal
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.groups.provideDelegate
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.path
import com.github.ajalt.clikt.parameters.types.restrictTo
import dev.ringflow.Ring
import dev.ringflow.coroutines.receiveFile
import dev.ringflow.coroutines.serve
import dev.ringflow.file.TransferOptions
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import java.io.EOFException
import java.io.IOException

/** `ringflow receive`. */
internal class ReceiveCommand : ListeningCommand("receive", defaultPort = 7778) {
    private val directory by argument("DIR", help = "Where the files go.")
        .path(mustExist = true, canBeFile = false, mustBeWritable = true)
    private val count by option("--count", metavar = "N", help = "End after so many files; at Ctrl-C if not given.")
        .int()
        .restrictTo(1..Int.MAX_VALUE)
        .default(Int.MAX_VALUE)
    private val maxSize by option("--max-size", help = "Refuse larger files.").size(0L..Long.MAX_VALUE)
        .default(Long.MAX_VALUE)
    private val writing by WritingSettings()
    private var left = 0

    override fun help(context: Context) =
        "Receive files that `ringflow send` sends.\n\nEach is verified chunk by chunk, and appears under its name" +
            " whole or not at all. Senders choose names in the directory and nothing else; whoever reaches the port" +
            " may send."

    override suspend fun serve(ring: Ring, server: RingServerSocket) {
        left = count
        announce("receiving into $directory", server)
        server.serve { socket -> receiveAll(ring, socket, server) }
    }

    /** One file after the other, until the peer closes the connection. */
    private suspend fun receiveAll(ring: Ring, socket: RingSocket, server: RingServerSocket) {
        val peer = socket.remoteAddress()
        while (left > 0) {
            val result = try {
                receive(socket)
            } catch (_: EOFException) {
                return
            } catch (e: IOException) {
                echo("from $peer: ${explain(writeFailure(e, directory) ?: e)}", err = true)
                return
            }
            summary("received", "into ${result.path()} from $peer", ring.driver(), result).forEach { echo(it) }
            left--
        }
        server.closeAsync()
    }

    private suspend fun receive(socket: RingSocket) = TransferBars(terminal, "receive").use { bars ->
        socket.receiveFile(directory, writing.applyTo(TransferOptions.builder()).maxSize(maxSize).watchedBy(bars))
    }
}
