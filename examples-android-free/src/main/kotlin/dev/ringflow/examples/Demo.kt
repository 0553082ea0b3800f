package dev.ringflow.examples

import com.github.ajalt.mordant.terminal.Terminal
import dev.ringflow.Ring
import dev.ringflow.coroutines.listen
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
    /** Writes, copies and verifies a file of [size] bytes in a new directory in [parent]; answers its SHA-256. */
    suspend fun files(parent: Path, size: Long): String {
        val directory = withContext(Dispatchers.IO) { Files.createTempDirectory(parent, "ringflow-demo-") }
        try {
            val source = directory.resolve("source")
            meter.begin()
            Progress(terminal, "write ", "B", size).use { FileFiller(ring, it::advance).fill(source, size) }
            meter.end("write and sync", size)
            return CopyProgress(terminal).use { progress ->
                FileCopy(ring, listener = Measuring(progress, size)).copy(source, directory.resolve("copy")).sha256
            }.also { meter.end("verify", size) }
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

    private inner class Measuring(private val shown: FileCopy.Listener, private val size: Long) :
        FileCopy.Listener by shown {
        override fun begins(phase: FileCopy.Phase, size: Long) {
            if (phase == FileCopy.Phase.VERIFY) {
                meter.end("copy and sync", 2 * this.size)
            }
            if (phase != FileCopy.Phase.SYNC) {
                meter.begin()
            }
            shown.begins(phase, size)
        }
    }
}
