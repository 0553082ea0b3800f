package dev.ringflow.examples

import com.github.ajalt.mordant.terminal.Terminal
import dev.ringflow.Ring
import dev.ringflow.coroutines.copyFile
import dev.ringflow.coroutines.listen
import dev.ringflow.file.TransferListener
import dev.ringflow.file.TransferOptions
import dev.ringflow.file.TransferProgress
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.net.InetAddress
import java.net.InetSocketAddress
import java.nio.file.Files
import java.nio.file.Path

/** The main job: files and sockets on one ring, everything verified and measured. To be used on the loop thread. */
internal class Demo(private val ring: Ring, private val terminal: Terminal, private val meter: Meter) {
    /** Writes, copies and verifies a file of [size] bytes in a new directory in [parent]; answers the root of its hashes. */
    suspend fun files(parent: Path, size: Long): String {
        val directory = withContext(Dispatchers.IO) { Files.createTempDirectory(parent, "ringflow-demo-") }
        try {
            val source = directory.resolve("source")
            meter.begin()
            Progress(terminal, "write ", "B", size).use { FileFiller(ring, it::advance).fill(source, size) }
            meter.end("write and sync", size)
            return TransferBars(terminal, "copy").use { bars ->
                val options = TransferOptions.builder().watchedBy(Measuring(bars, size))
                ring.copyFile(source, directory.resolve("copy"), options).hash().rootHex()
            }.also { meter.end("verify and sync", size) }
        } finally {
            withContext(NonCancellable + Dispatchers.IO) { directory.toFile().deleteRecursively() }
        }
    }

    /** Runs an echo server and its clients: [messages] in all, over [connections]. */
    suspend fun echo(connections: Int, messages: Long) {
        ring.listen(InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).use { socket ->
            val server = EchoServer(socket)
            meter.begin()
            coroutineScope {
                val serving = launch { server.serve() }
                Progress(terminal, "echo  ", "msg", messages).use {
                    EchoClients(ring, it::advance).run(socket.localAddress(), connections, messages)
                }
                serving.cancelAndJoin()
            }
            meter.end("echo", 2 * server.bytes)
            val expected = messages * EchoClients.MESSAGE_SIZE
            if (server.bytes != expected || server.failures > 0) {
                throw UserFailure(
                    "the echo server sent ${server.bytes} bytes back instead of $expected, and ${server.failures}" +
                        " connections failed"
                )
            }
        }
    }

    private inner class Measuring(private val shown: TransferListener, private val size: Long) : TransferListener {
        private var phase: TransferProgress.Phase? = null

        override fun progressed(progress: TransferProgress) {
            if (progress.phase() != phase) {
                if (phase == TransferProgress.Phase.MOVING) {
                    meter.end("copy", 2 * size)
                }
                if (progress.phase() != TransferProgress.Phase.FINISHING) {
                    meter.begin()
                }
                phase = progress.phase()
            }
            shown.progressed(progress)
        }
    }
}
